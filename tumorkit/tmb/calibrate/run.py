"""From a table of panel and exome counts to a calibration file, and back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import InputError
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import Outputs
from tumorkit.io.text import read_lines, require_file
from tumorkit.tmb.calibrate.analysis import calibrate_tmb
from tumorkit.tmb.calibrate.params import CalibrateParams
from tumorkit.tmb.calibrate.result import PairedBurden, TmbCalibration

COLUMNS = ("sample", "panel_count", "panel_megabases", "exome_count", "exome_megabases")
NUMBERS = (
    "samples", "slope", "intercept", "slope_sd", "intercept_sd", "covariance", "scatter",
    "lowest", "highest", "rmse_before", "rmse_after",
)  # fmt: skip


def run_calibrate(table: Path, *, params: CalibrateParams | None = None) -> TmbCalibration:
    """Fit a panel's TMB against an exome's from a table with a row per sample.

    Columns, separated by tabs, with a header: ``sample``, ``panel_count``, ``panel_megabases``,
    ``exome_count``, ``exome_megabases``; others are passed over.
    """
    found = calibrate_tmb(read_pairs(table), params)
    return dataclasses.replace(found, inputs=(input_file("pairs", table),))


def read_pairs(path: Path) -> list[PairedBurden]:
    """Read the rows of a table; raises :class:`InputError` with the line of what is no number."""
    at: dict[str, int] = {}
    pairs: list[PairedBurden] = []
    seen: dict[str, int] = {}
    for number, line in read_lines(path):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if not at:
            at = {name.strip().lower(): place for place, name in enumerate(fields)}
            missing = [name for name in COLUMNS if name not in at]
            if missing:
                raise InputError(
                    path, f"no column {missing[0]}", line=number,
                    hint=f"columns needed, separated by tabs: {', '.join(COLUMNS)}",
                )  # fmt: skip
            continue
        row = {name: fields[at[name]] if at[name] < len(fields) else "" for name in COLUMNS}
        if row["sample"] in seen:
            raise InputError(
                path, f"sample {row['sample']} stands in line {seen[row['sample']]} already",
                line=number, hint="each tumour counts once",
            )  # fmt: skip
        seen[row["sample"]] = number
        pairs.append(
            PairedBurden(
                sample=row["sample"],
                panel_count=int(value_of(path, number, row, "panel_count")),
                panel_megabases=value_of(path, number, row, "panel_megabases"),
                exome_count=int(value_of(path, number, row, "exome_count")),
                exome_megabases=value_of(path, number, row, "exome_megabases"),
            )
        )
    if not pairs:
        raise InputError(path, "has no rows", hint=f"columns needed: {', '.join(COLUMNS)}")
    return pairs


def value_of(path: Path, line: int, row: dict[str, str], name: str) -> float:
    """Return a count (whole, not negative) or a size in megabases (above 0)."""
    count = name.endswith("_count")
    try:
        value = float(row[name])
    except ValueError:
        value = -1.0
    whole = not count or value == int(value)
    if not (value >= 0 if count else 0 < value < float("inf")) or not whole:
        expected = "a whole number of variants" if count else "megabases above 0"
        raise InputError(
            path, f"{name}: expected {expected}, found {row[name]!r}", line=line,
            hint="the fit needs counts and sizes: a TMB alone does not say how unsure it is",
        )  # fmt: skip
    return value


def read_calibration(path: Path) -> TmbCalibration:
    """Read a calibration that ``tumorkit tmb calibrate --json`` wrote."""
    require_file(path)
    wanted = f"tumorkit/{TmbCalibration.schema_name}"
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != wanted:
            raise ValueError(f"expected a document of {wanted}, found {document['schema']!r}")
        numbers = {name: document[name] + 0 for name in NUMBERS}
        return TmbCalibration(
            scheme=str(document["scheme"]), notes=tuple(document["notes"]), **numbers
        )
    except (ValueError, KeyError, TypeError) as error:
        said = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(
            path, f"not a calibration: {said}",
            hint="make it with tumorkit tmb calibrate TABLE.tsv --json FILE",
        ) from error  # fmt: skip


def write_calibration(found: TmbCalibration, outputs: Outputs) -> None:
    """Write a calibration as JSON and show it as a short table."""
    outputs.write_json(to_document(found))
    rows: tuple[tuple[str, str], ...] = (
        ("slope", f"{found.slope:.3f} (sd {found.slope_sd:.3f})"),
        ("intercept", f"{found.intercept:.3f} (sd {found.intercept_sd:.3f}) mut/Mb"),
        ("scatter of samples", f"{found.scatter:.1%} of the value"),
        ("panel's burdens", f"{found.lowest:.2f} to {found.highest:.2f} mut/Mb"),
        ("root mean square error", f"{found.rmse_before:.2f}, calibrated {found.rmse_after:.2f}"),
    )
    if found.plain_slope is not None:
        line = f"{found.plain_slope:.3f}, intercept {found.plain_intercept:.3f}"
        rows = (*rows, ("least squares, to compare", f"{line}, R2 {found.r_squared:.3f}"))
    title = f"Exome TMB by panel TMB, {found.samples} samples"
    outputs.summarize(Summary(title=title, columns=("what", "found"), rows=rows, notes=found.notes))
