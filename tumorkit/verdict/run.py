"""Join reading of results, judging and writing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.errors import InputError, TumorkitError
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import Outputs
from tumorkit.io.text import require_file
from tumorkit.verdict.analysis import judge_hr, judge_mmr
from tumorkit.verdict.documents import Document
from tumorkit.verdict.params import HrTests, MmrTests
from tumorkit.verdict.result import VerdictResult
from tumorkit.verdict.text import line_text, summary


def run_mmr(
    paths: Sequence[Path], *, params: MmrTests | None = None, progress: Progress = SILENT
) -> VerdictResult:
    """Read results (profile.json, or those of single commands) and judge mismatch repair."""
    return described(judge_mmr(read_documents(paths, progress), params), paths)


def run_hr(
    paths: Sequence[Path], *, params: HrTests | None = None, progress: Progress = SILENT
) -> VerdictResult:
    """Read results and judge homologous recombination."""
    return described(judge_hr(read_documents(paths, progress), params), paths)


def described(result: VerdictResult, paths: Sequence[Path]) -> VerdictResult:
    """Return a verdict with its inputs."""
    return replace(result, inputs=tuple(input_file("result", path) for path in paths))


def read_documents(paths: Sequence[Path], progress: Progress = SILENT) -> list[Document]:
    """Read results as JSON; raise :class:`InputError` for what is none."""
    found = []
    for path in paths:
        require_file(path)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, UnicodeDecodeError) as error:
            raise InputError(
                path, f"no JSON: {error}", hint="give what --json wrote, or a profile.json"
            ) from error
        if not isinstance(content, dict):
            raise InputError(path, "is no result of tumorkit")
        progress.log(f"{path.name}: {content.get('schema', 'no schema named')}")
        found.append(Document(path.name, content))
    return found


def write_verdict(result: VerdictResult, outputs: Outputs) -> None:
    """Write lines and JSON where they were asked for, and show the table."""
    outputs.claim()
    outputs.write_output(line_text(result))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def check_evaluable(result: VerdictResult) -> None:
    """Raise where the lines do not suffice."""
    if result.conclusion == "insufficient":
        raise TumorkitError(f"no verdict: {result.because}")
