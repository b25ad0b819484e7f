"""Exact intervals of counts: anchors, coverage, and the posterior above a limit."""

from __future__ import annotations

import math

import pytest

from tumorkit.core.poisson import garwood_interval, probability_mean_above


@pytest.mark.parametrize(
    ("count", "megabases", "low", "high", "above"),
    [
        (0, 0.5, 0.0, 7.378, 0.0016),
        (1, 0.8, 0.032, 6.965, 0.0011),
        (8, 0.8, 4.317, 19.704, 0.5238),
        (13, 1.3, 5.325, 17.100, 0.5186),
        (20, 1.94, 6.297, 15.922, 0.5688),
        (12, 1.19, 5.211, 17.615, 0.5309),
        (30, 34.0, 0.595, 1.260, 0.0),
    ],
)
def test_published_anchors(
    count: int, megabases: float, low: float, high: float, above: float
) -> None:
    found = [limit / megabases for limit in garwood_interval(count)]
    assert found == pytest.approx([low, high], abs=6e-4)
    assert probability_mean_above(count, 10 * megabases) == pytest.approx(above, abs=6e-5)


@pytest.mark.parametrize("mean", [0.5, 1, 2, 3, 5, 8, 10, 13])
def test_the_interval_covers_at_least_its_level(mean: float) -> None:
    covered = 0.0
    for count in range(80):
        low, high = garwood_interval(count)
        if low <= mean <= high:
            covered += math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    assert covered >= 0.95
