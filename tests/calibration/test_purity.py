"""What the fit of purity and ploidy promises, at full size with ``--full-calibration``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tests.purity.simulated import (
    ABERRANT,
    ASSAYS,
    Sample,
    Tumor,
    diploid,
    normal,
    sequenced,
    tumor,
)
from tumorkit.purity import PurityResult, fit_purity

FIRST_SEED = 4100
STRATA = [(assay, aberrant) for assay in ASSAYS for aberrant in ABERRANT]
PURITY_WITHIN, PLOIDY_WITHIN = 0.05, 0.3


@dataclass(frozen=True)
class Row:
    """One case: its truth and what was found."""

    purity: float
    ploidy: float
    doubled: bool
    state: str
    found_purity: float | None
    found_ploidy: float | None
    covered: bool | None
    ploidy_covered: bool | None
    listed: bool
    doubling: str

    @property
    def answered(self) -> bool:
        return self.found_purity is not None

    @property
    def purity_right(self) -> bool:
        return abs((self.found_purity or 9.0) - self.purity) <= PURITY_WITHIN

    @property
    def ploidy_right(self) -> bool:
        return abs((self.found_ploidy or 9.0) - self.ploidy) <= PLOIDY_WITHIN


def fitted(sample: Sample) -> PurityResult:
    return fit_purity(
        sample.segments, sample.mutations, curves=sample.curves or None, fractions=False
    )


def row_of(made: Tumor, found: PurityResult) -> Row:
    purity, ploidy = found.purity, found.ploidy
    listed = any(
        abs(item.purity - made.purity) <= PURITY_WITHIN
        and abs(item.ploidy - made.ploidy) <= PLOIDY_WITHIN
        for item in found.solutions
    )
    covered = [
        None if e.value is None else bool((e.low or 0.0) <= truth <= (e.high or 0.0))
        for e, truth in ((purity, made.purity), (ploidy, made.ploidy))
    ]
    return Row(
        made.purity, made.ploidy, made.doubled, found.state, purity.value, ploidy.value,
        covered[0], covered[1], listed, found.doubling,
    )  # fmt: skip


def measured(assay: str, aberrant: str, count: int) -> list[Row]:
    """Fit simulated tumours of one stratum."""
    stratum = STRATA.index((assay, aberrant))
    rows = []
    for number in range(count):
        rng = np.random.default_rng([FIRST_SEED, stratum, number])
        made = tumor(rng, aberrant)
        rows.append(row_of(made, fitted(sequenced(made, ASSAYS[assay], rng))))
    return rows


def share(values: list[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")


def line(name: str, rows: list[Row]) -> str:
    """Return a row of the table in the methods page; cases below purity .2 are left out."""
    fit = [row for row in rows if row.purity >= 0.2]
    said = [row for row in fit if row.answered]
    values = (
        share([row.purity_right for row in said]),
        share([row.ploidy_right for row in said]),
        1 - share([row.answered for row in fit]),
        share([row.listed for row in fit]),
        share([bool(row.covered) for row in rows if row.answered]),
        share([bool(row.ploidy_covered) for row in rows if row.answered]),
    )
    return (
        f"| {name} | {len(fit)} | " + " | ".join(f"{100 * value:.0f} %" for value in values) + " |"
    )


@pytest.mark.calibration
def test_purity_and_ploidy_are_found(full_calibration: bool) -> None:
    count = 200 if full_calibration else 5
    tables = {stratum: measured(*stratum, count) for stratum in STRATA}
    for stratum, rows in tables.items():
        print(line(", ".join(stratum), rows))
    many = [
        row
        for (_, aberrant), rows in tables.items()
        for row in rows
        if aberrant == "many" and row.purity >= 0.2
    ]
    said = [row for row in many if row.answered]
    assert share([row.purity_right for row in said]) >= 0.90
    assert share([row.ploidy_right for row in said]) >= 0.85
    assert share([not row.answered for row in many]) <= 0.10
    if full_calibration:
        pooled = [bool(row.covered) for rows in tables.values() for row in rows if row.answered]
        print("coverage of the purity's 95 % range, pooled:", share(pooled))
        assert 0.92 <= share(pooled) <= 0.98


@pytest.mark.calibration
def test_a_normal_has_no_tumour_signal(full_calibration: bool) -> None:
    states = []
    for assay in ASSAYS:
        for number in range(200 if full_calibration else 10):
            rng = np.random.default_rng([FIRST_SEED, 50, number])
            states.append(fitted(normal(ASSAYS[assay], rng)).state == "no_tumor_signal")
    print("normals without a tumour signal:", share(states), len(states))
    assert share(states) >= 0.98 if full_calibration else sum(states) >= len(states) - 1


@pytest.mark.calibration
def test_a_quiet_tumour_with_mutations_is_not_taken_for_a_normal(full_calibration: bool) -> None:
    rows = []
    for assay in ASSAYS:
        for number in range(200 if full_calibration else 10):
            rng = np.random.default_rng([FIRST_SEED, 60, number])
            made, sample = diploid(ASSAYS[assay], rng)
            rows.append(row_of(made, fitted(sample)))
    print("quiet diploid tumours", line("diploid", rows), {row.state for row in rows})
    assert share([row.state == "no_tumor_signal" for row in rows]) <= 0.02
