"""Rates with background and uncertain exposure."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tumorkit.core.poisson import garwood_interval
from tumorkit.core.rates import (
    background_weights,
    exposure_nodes,
    probability_rate_above,
    rate_interval,
)

# count, exposure, value, low, high, P(rate >= 10), made with R's poisson.test and pgamma.
ANCHORS = [
    (0, 0.5, 0.0, 0.0, 7.378, 0.0016),
    (0, 1.0, 0.0, 0.0, 3.689, 0.0000),
    (5, 0.5, 10.0, 3.247, 23.337, 0.5304),
    (10, 1.0, 10.0, 4.795, 18.390, 0.5213),
    (8, 0.5, 16.0, 6.908, 31.526, 0.9036),
    (15, 1.0, 15.0, 8.395, 24.740, 0.9358),
    (0, 0.8, 0.0, 0.0, 4.611, 0.0001),
    (20, 1.0, 20.0, 12.217, 30.888, 0.9976),
    (1, 0.8, 1.25, 0.032, 6.965, 0.0011),
    (0, 1.3, 0.0, 0.0, 2.838, 0.0000),
    (3, 0.8, 3.75, 0.773, 10.959, 0.0251),
    (10, 1.3, 7.692, 3.689, 14.146, 0.2064),
    (8, 0.8, 10.0, 4.317, 19.704, 0.5238),
    (13, 1.3, 10.0, 5.325, 17.100, 0.5186),
    (10, 0.8, 12.5, 5.994, 22.988, 0.7697),
    (15, 1.3, 11.538, 6.458, 19.031, 0.7213),
    (13, 0.8, 16.25, 8.652, 27.788, 0.9529),
    (20, 1.3, 15.385, 9.397, 23.760, 0.9672),
    (20, 1.94, 10.309, 6.297, 15.922, 0.5688),
    (12, 1.19, 10.084, 5.211, 17.615, 0.5309),
    (30, 1.94, 15.464, 10.433, 22.076, 0.9881),
    (30, 34.0, 0.882, 0.595, 1.260, 0.0000),
]


@pytest.mark.parametrize("anchor", ANCHORS)
def test_published_intervals_are_reproduced(anchor: tuple[float, ...]) -> None:
    count, exposure, _, low, high, above = anchor
    found = rate_interval(int(count), exposure)
    assert found == pytest.approx((low, high), abs=6e-4)
    assert probability_rate_above(int(count), exposure, 10.0) == pytest.approx(above, abs=1e-4)


@pytest.mark.parametrize("anchor", ANCHORS)
def test_interval_agrees_with_the_chi_square_form_to_six_digits(anchor: tuple[float, ...]) -> None:
    count, exposure = int(anchor[0]), anchor[1]
    low = stats.chi2.ppf(0.025, 2 * count) / 2 / exposure if count else 0.0
    high = stats.chi2.ppf(0.975, 2 * count + 2) / 2 / exposure
    assert rate_interval(count, exposure) == pytest.approx((low, high), abs=1e-6)


def covered(mean: float, *, background: float = 0.0, spread: float = 0.0) -> float:
    """Probability, by enumeration, that the interval of the signal's mean holds it."""
    total = 0.0
    weights = background_weights(400, background, spread)
    signal = stats.poisson.pmf(np.arange(401), mean)
    pmf = np.convolve(signal, weights)[:401]
    for count in np.flatnonzero(pmf > 1e-9):
        low, high = rate_interval(int(count), 1.0, background=background, background_sd=spread)
        total += float(pmf[count]) * (low <= mean <= high)
    return total


@pytest.mark.parametrize("mean", range(1, 14))
def test_interval_covers_at_least_its_level(mean: int) -> None:
    assert covered(float(mean)) >= 0.95


def test_coverage_is_that_of_the_exact_interval() -> None:
    found = [round(covered(float(mean)), 3) for mean in (1, 2, 3, 5, 8, 10, 13)]
    assert found == [0.981, 0.983, 0.988, 0.980, 0.969, 0.975, 0.975]


@pytest.mark.parametrize("mean", [1.0, 3.0, 8.0])
@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_interval_covers_with_background(mean: float, spread: float) -> None:
    assert covered(mean, background=2.0, spread=spread) >= 0.949


def test_background_of_no_spread_moves_the_limits_by_its_mean() -> None:
    low, high = garwood_interval(20)
    found = rate_interval(20, 1.0, background=2.0)
    assert found[0] == pytest.approx(low - 2.0, abs=1e-9)
    assert found[1] == pytest.approx(high - 2.0, abs=1e-6)


def test_uncertainty_of_background_and_exposure_widens_the_interval() -> None:
    exact = rate_interval(20, 1.0, background=2.0)
    spread = rate_interval(20, 1.0, background=2.0, background_sd=3.0)
    both = rate_interval(20, 1.0, background=2.0, background_sd=3.0, exposure_cv=0.2)
    assert exact[1] - exact[0] < spread[1] - spread[0] < both[1] - both[0]


def test_uncertain_exposure_agrees_with_simulation() -> None:
    generator = np.random.default_rng(5)
    exposures = generator.lognormal(0.0, math.sqrt(math.log1p(0.2**2)), 400_000)
    low, high = rate_interval(12, 1.0, exposure_cv=0.2)
    assert np.mean(generator.poisson(high * exposures) <= 12) == pytest.approx(0.025, abs=0.001)
    assert np.mean(generator.poisson(low * exposures) >= 12) == pytest.approx(0.025, abs=0.001)


def test_posterior_agrees_with_integration_over_background() -> None:
    count, background, limit = 9, 3.0, 6.0
    rates = np.linspace(1e-6, 60, 200_001)
    likelihood = stats.poisson.pmf(count, rates + background)
    # Jeffreys' prior of each mixture component is that of the signal alone.
    density = likelihood * rates**-0.5
    above = density[rates >= limit].sum() / density.sum()
    found = probability_rate_above(count, 1.0, limit, background=background)
    assert found == pytest.approx(above, abs=2e-3)


@given(st.integers(0, 40), st.floats(0, 8), st.floats(0, 4), st.floats(0, 0.3))
@settings(max_examples=40, deadline=None)
def test_interval_holds_the_value_and_probability_is_one(
    count: int, background: float, spread: float, cv: float
) -> None:
    low, high = rate_interval(
        count, 1.2, background=background, background_sd=spread, exposure_cv=cv
    )
    value = max(0.0, count - background) / 1.2
    assert 0 <= low <= value <= high
    above = probability_rate_above(
        count, 1.2, value, background=background, background_sd=spread, exposure_cv=cv
    )
    assert 0 <= above <= 1


def test_background_weights_have_the_mean_and_variance_asked_for() -> None:
    events = np.arange(200)
    weights = background_weights(199, 4.0, 2.0)
    mean = float(weights @ events[: len(weights)])
    assert mean == pytest.approx(4.0, abs=1e-6)
    variance = float(weights @ (events[: len(weights)] - mean) ** 2)
    assert variance == pytest.approx(4.0 + 2.0**2, abs=1e-4)


def test_exposure_nodes_keep_mass() -> None:
    scales, mass = exposure_nodes(1.3, 0.2)
    assert mass.sum() == pytest.approx(1.0)
    assert float(scales @ mass) == pytest.approx(1.3 * math.exp(math.log1p(0.04) / 2), rel=1e-6)
