"""Tiers and oncogenicity of a case, by the tables that its laboratory keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tumorkit.contract.progress import Progress
from tumorkit.contract.result import to_document
from tumorkit.interpretation.classify import ClassifyParams
from tumorkit.interpretation.classify.run import (
    named_tables,
    read_tables,
    run_classify,
)
from tumorkit.interpretation.classify.text import table_text
from tumorkit.io.outputs import Outputs

RESULT, TABLE = "interpretation.json", "interpretation.tsv"


def check_tables(path: Path) -> None:
    """Raise for a table that cannot be read, before any work."""
    files, _ = named_tables(path)
    read_tables(files)


def interpret(
    profile: Path, named: Path, *, date: str, outdir: Path, progress: Progress
) -> tuple[str, ...]:
    """Class what a profile found by the tables that a TOML file names; return the files written.

    Expiry dates are held against the date of the report.
    """
    files, said = named_tables(named)
    params = ClassifyParams.from_mapping({"date": date} | said, where=str(named))
    result = run_classify(profile, files, params=params, progress=progress)
    # The profile is written again with what came of it, so its digest here would be another's.
    kept = tuple(item for item in result.inputs if item.role != "variants")
    result = replace(result, inputs=kept)
    outputs = Outputs(output=outdir / TABLE, json=outdir / RESULT)
    outputs.write_output(table_text(result))
    outputs.write_json(to_document(result))
    return RESULT, TABLE
