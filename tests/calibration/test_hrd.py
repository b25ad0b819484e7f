"""What the HRD sum promises on panels, at full size with ``--full-calibration``."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests.hrd.simulated import PANELS, genome, measured, sequenced
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import Segment
from tumorkit.hrd import score_hrd
from tumorkit.hrd.arms import arm_spans

FIRST_SEED = 50_000
FULL = {"backbone": 200, "middling": 100, "thin": 100, "sparse": 60, "exome": 100}
# Purities, largest mean error, least share of intervals that hold the truth.
LOW_PURITY, HIGH_PURITY = 0.3, 0.8
BIAS, COVERED = 3.0, 0.90


@dataclass(frozen=True)
class Row:
    """One tumour: kind, true counts, what was found."""

    kind: str
    doubled: bool
    truth: dict[str, int]
    value: float | None
    low: float
    high: float
    evaluable: float


def scored(panel: str, count: int) -> list[Row]:
    """Score tumours, every second one with failed recombination."""
    rows = []
    for number in range(count):
        rng = np.random.default_rng([FIRST_SEED, list(PANELS).index(panel), number])
        kind = ("low", "high")[number % 2]
        made = genome(rng, kind)
        purity = float(rng.uniform(LOW_PURITY, HIGH_PURITY))
        segments, fit = measured(*sequenced(made, PANELS[panel], purity, rng))
        found = score_hrd(segments, GRCH38, purity=fit)
        rows.append(
            Row(
                kind, made.doubled, made.scars(), found.sum.value, found.sum.low or 0.0,
                found.sum.high or 0.0, found.evaluable,
            )
        )  # fmt: skip
    return rows


def line(rows: list[Row], words: str) -> str:
    """Return one row of the table."""
    told = [row for row in rows if row.value is not None]
    if not told:
        return f"| {words} | {len(rows)} | 0 | | | | |"
    errors = np.array([(row.value or 0.0) - row.truth["sum"] for row in told])
    covered = np.mean([row.low <= row.truth["sum"] <= row.high for row in told])
    width = np.mean([row.high - row.low for row in told])
    return (
        f"| {words} | {len(rows)} | {len(told)} | {errors.mean():+.1f} | {errors.std():.1f} | "
        f"{covered:.3f} | {width:.1f} |"
    )


@pytest.mark.calibration
@pytest.mark.parametrize("panel", list(FULL))
def test_the_sum_of_a_panel_is_that_of_the_genome(panel: str, full_calibration: bool) -> None:
    rows = scored(panel, FULL[panel] if full_calibration else FULL[panel] // 20)
    print()
    for kind in ("low", "high"):
        print(line([row for row in rows if row.kind == kind], f"{panel}, {kind}"))
    print(line([row for row in rows if row.doubled], f"{panel}, doubled"))
    told = [row for row in rows if row.value is not None]
    if panel == "sparse":
        assert len(told) <= 0.1 * len(rows)
        return
    if not full_calibration:
        return
    assert len(told) >= 0.9 * len(rows)
    for kind in ("low", "high"):
        own = [row for row in told if row.kind == kind]
        errors = [(row.value or 0.0) - row.truth["sum"] for row in own]
        assert abs(np.mean(errors)) <= BIAS
    covered = [row.low <= row.truth["sum"] <= row.high for row in told]
    assert np.mean(covered) >= COVERED


def without_arms(segments: list[Segment], arms: list[tuple[str, str, int, int]]) -> list[Segment]:
    """Return what is left of segments where these arms were not covered."""
    found = []
    for item in segments:
        pieces = [(item.start, item.end)]
        for contig, arm, start, end in arms:
            if contig == item.contig:
                low, high = (0, end) if arm == "p" else (start, end)
                pieces = [
                    piece
                    for a, b in pieces
                    for piece in ((a, min(b, low)), (max(a, high), b))
                    if piece[1] > piece[0]
                ]
        found += [replace(item, start=a, end=b, bins=0) for a, b in pieces]
    return found


@pytest.mark.calibration
def test_unseen_arms_are_made_up_for_on_average(full_calibration: bool) -> None:
    rows = []
    for number in range(300 if full_calibration else 16):
        rng = np.random.default_rng([FIRST_SEED + 1, number])
        kind = ("low", "high")[number % 2]
        made = genome(rng, kind)
        spans = arm_spans(GRCH38)
        lost = [spans[at] for at in rng.permutation(len(spans))[: int(rng.integers(3, 10))]]
        found = score_hrd(without_arms(made.segments(), lost), GRCH38)
        rows.append(
            Row(
                kind, made.doubled, made.scars(), found.sum.value, found.sum.low or 0.0,
                found.sum.high or 0.0, found.evaluable,
            )
        )  # fmt: skip
    told = [row for row in rows if row.value is not None]
    print()
    for kind in ("low", "high"):
        print(line([row for row in rows if row.kind == kind], f"unseen arms, {kind}"))
    if not full_calibration:
        return
    assert abs(np.mean([(row.value or 0.0) - row.truth["sum"] for row in told])) <= BIAS
    assert np.mean([row.low <= row.truth["sum"] <= row.high for row in told]) >= COVERED
