"""What the fit of purity and ploidy promises, at full size with ``--full-calibration``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TypeVar

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
FULL, QUICK = 200, 4
# A segment this long is one that a reader looks at.
LONG = 10_000_000
Job = tuple[int, int]
Found = TypeVar("Found")


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
    # Counts of what follows from a right solution, by kind: cases and how many of them hold.
    follow: dict[str, tuple[int, int]]

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


def row_of(made: Tumor, sample: Sample, found: PurityResult) -> Row:
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
    row = Row(
        made.purity, made.ploidy, made.doubled, found.state, purity.value, ploidy.value,
        covered[0], covered[1], listed, {},
    )  # fmt: skip
    if row.answered and row.purity_right and row.ploidy_right:
        row.follow.update(followed(sample, found))
    return row


def followed(sample: Sample, found: PurityResult) -> dict[str, tuple[int, int]]:
    """Count shares of cells in their intervals, and segments whose copies are right."""
    seen: dict[str, list[bool]] = {}
    for truth, called in zip(sample.ccf, found.mutations, strict=True):
        if called.ccf is not None:
            inside = (called.ccf_low or 0.0) <= truth <= (called.ccf_high or 0.0)
            kind = "clonal mutations" if truth == 1 else "subclonal mutations"
            seen.setdefault(kind, []).append(bool(inside))
    by_place = {(item.contig, item.start): item for item in found.segments}
    for piece in sample.spans:
        item = by_place.get((piece.contig, piece.start))
        if item is None or piece.end - piece.start < LONG:
            continue
        if piece.share:
            seen.setdefault("subclonal segments", []).append(item.subclonal)
            if item.part_low is not None and item.part_high is not None:
                # Which of two states came first cannot be told.
                inside = any(
                    item.part_low - 0.0125 <= share <= item.part_high + 0.0125
                    for share in (piece.share, 1 - piece.share)
                )
                seen.setdefault("their shares", []).append(inside)
        else:
            seen.setdefault("clonal segments", []).append(not item.subclonal)
            alleles = item.major_cn is not None and item.minor_cn is not None
            right = (
                sorted((item.major_cn or 0, item.minor_cn or 0)) == sorted(piece.clone)
                if alleles
                else item.total_cn == sum(piece.clone)
            )
            seen.setdefault("copies", []).append(right)
    return {kind: (len(values), sum(values)) for kind, values in seen.items()}


def tumor_case(job: Job) -> Row:
    """Fit one simulated tumour of a stratum."""
    stratum, number = job
    assay, aberrant = STRATA[stratum]
    rng = np.random.default_rng([FIRST_SEED, stratum, number])
    made = tumor(rng, aberrant)
    sample = sequenced(made, ASSAYS[assay], rng)
    return row_of(made, sample, fitted(sample))


def levels_case(job: Job) -> Row:
    """Fit one simulated tumour without alleles and mutations."""
    stratum, number = job
    assay, aberrant = STRATA[stratum]
    rng = np.random.default_rng([9300, stratum, number])
    made = tumor(rng, aberrant)
    sample = sequenced(made, ASSAYS[assay], rng, snps=False, mutations=0)
    return row_of(made, sample, fitted(sample))


def normal_case(job: Job) -> str:
    """Return the state of a sample without tumour."""
    assay, number = job
    rng = np.random.default_rng([FIRST_SEED, 50, assay, number])
    return fitted(normal(list(ASSAYS.values())[assay], rng)).state


def diploid_case(job: Job) -> Row:
    """Fit one tumour with mutations and no other change."""
    assay, number = job
    rng = np.random.default_rng([FIRST_SEED, 60, assay, number])
    made, sample = diploid(list(ASSAYS.values())[assay], rng)
    return row_of(made, sample, fitted(sample))


def every(case: Callable[[Job], Found], listed: list[Job], *, full: bool) -> list[Found]:
    """Return what each case gives; two at a time where there are many."""
    if not full:
        return [case(job) for job in listed]
    # The seed of a case, not its turn, makes it.
    with get_context("fork").Pool(2) as pool:
        return pool.map(case, listed, chunksize=10)


def jobs(kinds: int, count: int) -> list[Job]:
    return [(kind, number) for kind in range(kinds) for number in range(count)]


def share(values: Iterable[bool]) -> float:
    listed = list(values)
    return float(np.mean(listed)) if listed else float("nan")


def line(name: str, rows: Sequence[Row]) -> str:
    """Return a row of the table in the methods page; the first columns from purity .2 on."""
    fit = [row for row in rows if row.purity >= 0.2]
    said = [row for row in fit if row.answered]
    values = (
        share(row.purity_right for row in said),
        share(row.ploidy_right for row in said),
        1 - share(row.answered for row in fit),
        share(row.listed for row in fit),
        share(bool(row.covered) for row in rows if row.answered),
        share(bool(row.ploidy_covered) for row in rows if row.answered),
    )
    parts = [f"{100 * value:.1f} %" for value in values]
    return f"| {name} | {len(fit)} of {len(rows)} | " + " | ".join(parts) + " |"


def follow_lines(tables: dict[str, list[Row]]) -> list[str]:
    """Return by assay how much of what follows from a right solution holds."""
    found = []
    for assay in ASSAYS:
        rows = [row for name, own in tables.items() if name.startswith(assay) for row in own]
        for kind in sorted({kind for row in rows for kind in row.follow}):
            counts = np.array([row.follow.get(kind, (0, 0)) for row in rows]).sum(axis=0)
            found.append(f"| {assay} | {kind} | {counts[0]} | {counts[1] / counts[0]:.1%} |")
    return found


@pytest.mark.calibration
@pytest.mark.timeout(7200)
def test_purity_and_ploidy_are_found(full_calibration: bool) -> None:
    listed = jobs(len(STRATA), FULL if full_calibration else QUICK)
    rows = every(tumor_case, listed, full=full_calibration)
    tables: dict[str, list[Row]] = {}
    for (stratum, _), row in zip(listed, rows, strict=True):
        tables.setdefault(", ".join(STRATA[stratum]), []).append(row)
    for name, own in [*tables.items(), ("all", rows)]:
        print(line(name, own))
    print("\n".join(follow_lines(tables)))
    many = [
        row
        for name, own in tables.items()
        for row in own
        if name.endswith("many") and row.purity >= 0.2
    ]
    said = [row for row in many if row.answered]
    print(line("> 20 % changed", many))
    assert share(row.purity_right for row in said) >= 0.90
    assert share(row.ploidy_right for row in said) >= 0.85
    assert share(not row.answered for row in many) <= 0.10
    if full_calibration:
        for kind in ("covered", "ploidy_covered"):
            pooled = share(bool(getattr(row, kind)) for row in rows if row.answered)
            print("coverage of the 95 % range, pooled:", kind, round(pooled, 4))
            assert 0.92 <= pooled <= 0.98


@pytest.mark.calibration
@pytest.mark.timeout(7200)
def test_ranges_of_levels_alone_hold_the_truth(full_calibration: bool) -> None:
    listed = jobs(6, 40 if full_calibration else QUICK)
    rows = every(levels_case, listed, full=full_calibration)
    for at in range(6):
        own = [row for (kind, _), row in zip(listed, rows, strict=True) if kind == at]
        print(line(", ".join(STRATA[at]), own))
    answered = [row for row in rows if row.answered]
    for kind in ("covered", "ploidy_covered"):
        pooled = share(bool(getattr(row, kind)) for row in answered)
        print("levels alone,", kind, round(pooled, 4), "of", len(answered))
        assert pooled >= (0.92 if full_calibration else 0.8)


@pytest.mark.calibration
@pytest.mark.timeout(7200)
def test_a_normal_has_no_tumour_signal(full_calibration: bool) -> None:
    listed = jobs(len(ASSAYS), FULL if full_calibration else QUICK)
    states = every(normal_case, listed, full=full_calibration)
    silent = [state == "no_tumor_signal" for state in states]
    print("normals without a tumour signal:", sum(silent), "of", len(silent))
    assert share(silent) >= 0.98 if full_calibration else sum(silent) >= len(silent) - 1


@pytest.mark.calibration
@pytest.mark.timeout(7200)
def test_a_quiet_tumour_with_mutations_is_not_taken_for_a_normal(full_calibration: bool) -> None:
    listed = jobs(len(ASSAYS), FULL if full_calibration else QUICK)
    rows = every(diploid_case, listed, full=full_calibration)
    for at, assay in enumerate(ASSAYS):
        own = [row for (kind, _), row in zip(listed, rows, strict=True) if kind == at]
        print(line(f"{assay}, diploid", own))
    silent = [row.state == "no_tumor_signal" for row in rows]
    print("diploid tumours without a tumour signal:", sum(silent), "of", len(silent))
    assert share(silent) <= 0.02
