"""Read two profiles, and write what changed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.io.digest import input_file
from tumorkit.io.documents import read_document
from tumorkit.io.outputs import Outputs
from tumorkit.io.text import read_lines
from tumorkit.report.diff.analysis import Allele, diff_profiles
from tumorkit.report.diff.params import ReportDiffParams
from tumorkit.report.diff.result import CHANGES, ReportDiffResult
from tumorkit.report.diff.words import rows_of, summary_of

AUDIT = "variants.audit.tsv"


def run_report_diff(
    old: Path,
    new: Path,
    *,
    params: ReportDiffParams | None = None,
    progress: Progress = SILENT,
) -> ReportDiffResult:
    """Compare two profiles (JSON).

    Why a variant is not in one of them is read from the table of verdicts beside it, if it is
    there.
    """
    trails = []
    for path in (old, new):
        beside = path.parent / AUDIT
        trails.append(read_trail(beside) if beside.is_file() else {})
        if not beside.is_file():
            progress.log(f"{beside}: not there; reasons of lost variants are not known")
    result = diff_profiles(
        read_document(old),
        read_document(new),
        params,
        old_trail=trails[0],
        new_trail=trails[1],
        names=(str(old), str(new)),
    )
    inputs = (input_file("old", old), input_file("new", new))
    return dataclasses.replace(result, inputs=inputs)


def read_trail(path: Path) -> dict[Allele, str]:
    """Return what a table of verdicts has against each allele; kept ones say that they pass."""
    found: dict[Allele, str] = {}
    columns: list[str] = []
    for _, line in read_lines(path):
        fields = line.split("\t")
        if not columns:
            columns = fields
            if not {"contig", "pos", "ref", "alt", "reason"} <= set(columns):
                return {}
            continue
        row = dict(zip(columns, fields, strict=False))
        if not row.get("pos", "").isdigit():
            continue
        allele = (row["contig"], int(row["pos"]), row["ref"], row["alt"])
        said = row.get("reason", "")
        found[allele] = f"{found[allele]}; {said}" if allele in found else said
    return found


def write_report_diff(result: ReportDiffResult, outputs: Outputs) -> None:
    """Write the table of changes and the JSON, and show the changes."""
    outputs.write_output(CHANGES.text_of(rows_of(result)))
    outputs.write_json(to_document(result))
    outputs.summarize(summary_of(result))
