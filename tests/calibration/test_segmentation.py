"""What segmentation promises on average, at full size with ``--full-calibration``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.copynumber.models import Profile, breakpoints, easy, f1, hard, make_ratios, null
from tumorkit.copynumber.segment import segment

FIRST_SEED = 9000


def scores(model: Callable[[int], Profile], count: int) -> tuple[float, float, float, float]:
    """Mean F1 within 5 and 2 bins, error of levels, and segments marked focal."""
    rows = []
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        profile = model(seed)
        result = segment(profile.ratios)
        found = breakpoints(result.segments, profile.ratios)
        levels = np.repeat(
            [item.log2_ratio for item in result.segments], [item.bins for item in result.segments]
        )
        error = float(np.sqrt(np.mean((levels - profile.truth) ** 2)))
        focal = sum(item.focal for item in result.segments)
        rows.append((f1(found, profile.points, 5), f1(found, profile.points, 2), error, focal))
    five, two, error, focal = np.mean(rows, axis=0).tolist()
    print(f"F5 {five:.3f}  F2 {two:.3f}  rmse {error:.4f}  focal {focal:.2f}  ({count} profiles)")
    return five, two, error, focal


@pytest.mark.calibration
@pytest.mark.parametrize(
    ("name", "model", "full", "least"),
    [
        ("easy 20k", lambda seed: easy(seed, 20_000), 60, 0.97),
        ("easy 200k", lambda seed: easy(seed, 200_000), 20, 0.99),
        ("hard 30k", hard, 60, 0.91),
    ],
)
def test_breakpoints_are_found(
    name: str,
    model: Callable[[int], Profile],
    full: int,
    least: float,
    full_calibration: bool,
) -> None:
    count = full if full_calibration else max(1, full // 20)
    print(name, end=": ")
    five, *_ = scores(model, count)
    # A handful of profiles scatters by about .01 around the mean of many.
    assert five >= (least if full_calibration else least - 0.02)


@pytest.mark.calibration
def test_flat_genomes_have_few_false_breakpoints(full_calibration: bool) -> None:
    count = 100 if full_calibration else 5
    main = focal = 0
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        segments = segment(null(seed).ratios).segments
        marked = sum(item.focal for item in segments)
        focal += marked
        main += len(segments) - 22 - 2 * marked
    print(f"false breakpoints {main / count:.2f}, false focal events {focal / count:.2f} a genome")
    assert main <= 0.5 * count * (1 if full_calibration else 2)
    assert focal <= 0.2 * count


@pytest.mark.calibration
def test_four_bin_deletions_are_found_at_half_purity(full_calibration: bool) -> None:
    count = 200 if full_calibration else 10
    hits = false = 0
    names = np.repeat([f"chr{number}" for number in range(1, 23)], 500)
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        rng = np.random.default_rng(seed)
        values = rng.normal(0, 0.2, len(names))
        at = int(rng.integers(20, 480)) + 500 * int(rng.integers(0, 22))
        values[at : at + 4] -= 1.0
        ratios = make_ratios(values, names)
        segments = segment(ratios).segments
        where = (names[at], ratios.start[at] + 2000)
        found = [s for s in segments if s.bins <= 30]
        hit = [s for s in found if s.contig == where[0] and s.start <= where[1] < s.end]
        hits += bool(hit)
        false += len(found) - len(hit)
    print(f"recall {hits / count:.3f}, false events {false / count:.3f} a sample")
    assert hits >= 0.95 * count
    assert false <= 0.2 * count + 1
