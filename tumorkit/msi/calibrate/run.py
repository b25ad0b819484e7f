"""Join reading a table of cases, calibrating and writing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import InputError
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import Outputs
from tumorkit.io.text import read_lines
from tumorkit.msi.calibrate.analysis import HIGH, STABLE, calibrate
from tumorkit.msi.calibrate.params import CalibrateParams
from tumorkit.msi.calibrate.result import CalibrateResult

EXPECTED = "expected columns status (MSI-H or MSS) and score, or status and result"


def run_calibrate(
    table: Path, *, params: CalibrateParams | None = None, progress: Progress = SILENT
) -> CalibrateResult:
    """Set a cut-off from a table of cases.

    Columns are ``status`` (MSI-H or MSS) and ``score`` (a share), or ``result``: the JSON of
    ``msi score``, beside the table. Cases without a score are left out and counted.
    """
    cases: list[tuple[str, float]] = []
    left_out = 0
    names: list[str] = []
    for number, line in read_lines(table):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split("\t")]
        if not names:
            names = fields
            if "status" not in names or not {"score", "result"} & {*names}:
                raise InputError(table, f"the header is {', '.join(names)}", line=1, hint=EXPECTED)
            continue
        if len(fields) != len(names):
            raise InputError(
                table, f"expected {len(names)} columns, found {len(fields)}", line=number
            )
        row = dict(zip(names, fields, strict=True))
        if row["status"] not in (HIGH, STABLE):
            raise InputError(
                table, f"status {row['status']!r} is neither {HIGH} nor {STABLE}", line=number
            )
        score = score_of(table, number, row)
        if score is None:
            left_out += 1
        else:
            cases.append((row["status"], score))
    if not cases and not left_out:
        raise InputError(table, "holds no case", hint=EXPECTED)
    progress.log(f"{table.name}: {len(cases)} cases with a score, {left_out} without")
    result = calibrate(cases, params)
    notes = (f"{left_out} cases without a score were left out",) if left_out else ()
    return replace(result, inputs=(input_file("cases", table),), left_out=left_out, notes=notes)


def score_of(table: Path, number: int, row: dict[str, str]) -> float | None:
    """Return a case's score, None where it has none."""
    if "score" in row:
        if row["score"] in ("", "NA", "."):
            return None
        try:
            value = float(row["score"])
        except ValueError as error:
            raise InputError(
                table, f"score: expected a number, found {row['score']!r}", line=number
            ) from error
        if not 0 <= value <= 1:
            raise InputError(
                table, f"score {value:g} is no share", line=number, hint="give 0.12, not 12 %"
            )
        return value
    path = table.parent / row["result"]
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(table, f"cannot read result {row['result']}", line=number) from error
    if document.get("schema") != "tumorkit/msi":
        raise InputError(table, f"{row['result']} is no result of msi score", line=number)
    found = document.get("value")
    return None if found is None else float(found)


def write_calibrate(result: CalibrateResult, outputs: Outputs) -> None:
    """Write JSON and the short table."""
    outputs.write_json(to_document(result))
    rows = [("cases", f"{result.unstable_cases} {HIGH}, {result.stable_cases} {STABLE}")]
    if result.cutoff.value is None:
        rows.append(("not evaluable", result.cutoff.reason or ""))
    else:
        rows.append(
            (
                "cut-off",
                f"{result.cutoff.value:.4g} (equally good from above {result.cutoff.low:.4g} to "
                f"{result.cutoff.high:.4g})",
            )
        )
        for name, share in (
            ("sensitivity", result.sensitivity),
            ("specificity", result.specificity),
        ):
            rows.append(
                (f"{name}, left out", f"{share.value:.3f} ({share.low:.3f} to {share.high:.3f})")
            )
        rows.append(("area under the curve", f"{result.area:.3f}"))
    outputs.summarize(
        Summary(
            title="MSI cut-off", columns=("what", "value"), rows=tuple(rows), notes=result.notes
        )
    )
