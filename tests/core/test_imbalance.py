"""Imbalance of unphased SNPs: no bias at balance, honest tests, no say for outliers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tumorkit.core.imbalance import (
    Imbalance,
    deviances,
    imbalance,
    least,
    level_grid,
    loss_table,
    overdispersion,
)

Counts = NDArray[np.int64]


def drawn(
    rng: np.random.Generator, snps: int, level: float, *, depth: int = 100, center: float = 0.5
) -> tuple[Counts, Counts]:
    """Reads of both alleles at a major-allele fraction, phases at random."""
    reads = rng.poisson(depth, snps)
    odds = np.log(level / (1 - level)) * rng.choice([-1, 1], snps)
    share = 1 / (1 + np.exp(-(np.log(center / (1 - center)) + odds)))
    ref = rng.binomial(reads, share)
    return ref, reads - ref


def found(ref: Counts, alt: Counts, **noise: float) -> Imbalance:
    losses = loss_table(ref, alt, **{"concentration": 10_000.0, **noise})
    return imbalance(losses.total(0, len(ref)), losses.levels)


def test_balanced_snps_show_no_imbalance_on_average() -> None:
    rng = np.random.default_rng(1)
    for snps in (5, 20, 100):
        levels = [found(*drawn(rng, snps, 0.5)).level for _ in range(150)]
        assert np.mean(levels) - 0.5 < 0.005
        folded = [np.abs(ref / (ref + alt) - 0.5).mean() for ref, alt in [drawn(rng, snps, 0.5)]]
        assert folded[0] > 0.02  # what the mean of |VAF - .5| would say


@pytest.mark.parametrize("level", [0.55, 0.6, 0.75, 0.95])
def test_levels_of_unbalanced_snps_are_right_on_average(level: float) -> None:
    rng = np.random.default_rng(2)
    levels = [found(*drawn(rng, 200, level)).level for _ in range(60)]
    assert np.mean(levels) == pytest.approx(level, abs=0.003)


def test_p_values_of_balanced_snps_are_no_smaller_than_they_say() -> None:
    rng = np.random.default_rng(3)
    p_values = np.array([found(*drawn(rng, 30, 0.5)).p_value for _ in range(400)])
    assert (p_values < 0.05).mean() < 0.08
    assert (p_values < 0.01).mean() < 0.025
    assert (p_values < 0.2).mean() > 0.1


@pytest.mark.parametrize("level", [0.5, 0.53, 0.6, 0.8])
def test_intervals_hold_the_truth_as_often_as_they_say(level: float) -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(150):
        one = found(*drawn(rng, 50, level))
        assert one.low <= one.level <= one.high
        held += one.low - 1e-9 <= level <= one.high
    assert held / 150 > 0.9


def test_a_bias_for_the_reference_is_no_imbalance_once_it_is_known() -> None:
    ref, alt = drawn(np.random.default_rng(5), 400, 0.5, center=0.46)
    assert found(ref, alt).p_value < 1e-3
    assert found(ref, alt, center=0.46).p_value > 0.01


def test_swapping_alleles_of_any_snps_changes_nothing() -> None:
    rng = np.random.default_rng(6)
    ref, alt = drawn(rng, 100, 0.7)
    swap = rng.random(100) < 0.5
    other = found(np.where(swap, alt, ref), np.where(swap, ref, alt))
    one = found(ref, alt)
    assert (other.level, other.low, other.high) == pytest.approx((one.level, one.low, one.high))


def test_snps_without_reads_change_nothing() -> None:
    ref, alt = drawn(np.random.default_rng(7), 60, 0.65)
    nothing = np.zeros(40, dtype=np.int64)
    more = found(np.concatenate([ref, nothing]), np.concatenate([alt, nothing]))
    assert more.level == pytest.approx(found(ref, alt).level)
    assert more.p_value == pytest.approx(found(ref, alt).p_value)


def test_wrong_genotypes_do_not_carry_a_segment_away() -> None:
    ref, alt = drawn(np.random.default_rng(8), 100, 0.5)
    ref[:5], alt[:5] = 100, 0
    assert found(ref, alt).level < 0.56


def test_overdispersion_is_told_from_binomial_noise() -> None:
    rng = np.random.default_rng(9)
    ref, alt = drawn(rng, 2000, 0.6)
    assert overdispersion(ref, alt) >= 1000
    share = rng.beta(25, 25, 2000)
    ref = rng.binomial(100, share)
    assert overdispersion(ref, 100 - ref) in (20.0, 50.0, 100.0)
    assert overdispersion(ref[:20], alt[:20]) == 200.0


def test_deviance_is_that_of_both_phases_counted_one_by_one() -> None:
    """Against the beta-binomial distribution of SciPy."""
    from scipy.stats import betabinom

    for ref, alt in ((3, 9), (0, 4), (30, 31)):
        for level in (0.5, 0.7, 0.95):
            both = [
                betabinom.pmf(ref, ref + alt, 80 * share, 80 * (1 - share))
                for share in (level, 1 - level)
            ]
            one = deviances(np.array([ref]), np.array([alt]), np.array([level]), concentration=80.0)
            ways = betabinom.logpmf(ref, ref + alt, 40, 40) + 0.5 * float(
                deviances(np.array([ref]), np.array([alt]), np.array([0.5]), concentration=80.0)[
                    0, 0
                ]
            )
            expected = -2 * (np.log(np.mean(both)) - ways)
            assert one[0, 0] == pytest.approx(expected)


def test_the_grid_is_even_on_the_scale_of_its_noise() -> None:
    grid = level_grid(9)
    assert grid[0] == pytest.approx(0.5)
    steps = np.diff(np.arcsin(np.sqrt(grid)))
    assert steps == pytest.approx(np.full(8, steps[0]))
    place, loss = least(np.array([4.0, 1.0, 5.0, 20.0]))
    assert 0.5 < place < 1.5
    assert loss <= 1.0
