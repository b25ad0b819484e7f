"""What samples tell of an error: the grid is the integral, and nothing seen is not certainty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tumorkit.core.beta_binomial import beta_shapes, log_beta_binomial, mixture_tails
from tumorkit.core.error_rates import (
    RatePrior,
    fit_prior,
    grid_likelihood,
    log_prior,
    posterior,
    priors_document,
    standard_grid,
)

PRIOR = RatePrior(
    log_mean=float(np.log(5e-4)), log_mean_sd=1.0, log_rho=float(np.log(1e-3)), log_rho_sd=0.7
)
COUNTS = st.lists(
    st.lists(st.tuples(st.integers(0, 3000), st.floats(0, 0.03)), min_size=4, max_size=4),
    min_size=1,
    max_size=6,
)


def as_arrays(
    rows: list[list[tuple[int, float]]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    n = np.array([[depth for depth, _ in row] for row in rows])
    return np.array([[int(share * depth) for depth, share in row] for row in rows]), n


@settings(deadline=None, max_examples=40)
@given(COUNTS)
def test_likelihood_is_the_product_over_samples(rows: list[list[tuple[int, float]]]) -> None:
    grid = standard_grid()
    k, n = as_arrays(rows)
    found = grid_likelihood(k, n, grid)
    for row in range(len(k)):
        slow = sum(
            log_beta_binomial(a, b, grid.alpha, grid.beta)
            for a, b in zip(k[row], n[row], strict=True)
        )
        difference = found[row] - slow
        np.testing.assert_allclose(difference, difference[0], rtol=1e-6, atol=1e-6)


def predictive_by_brute_force(k: list[int], n: list[int], alt: int, depth: int) -> float:
    """P(K >= alt) by a sum over 300 x 120 pairs of mean and rho."""
    log_mean, log_rho = np.meshgrid(
        np.linspace(np.log(1e-8), np.log(0.3), 300), np.linspace(-12, -0.8, 120), indexing="ij"
    )
    alpha, beta = beta_shapes(np.exp(log_mean), np.exp(log_rho))
    logs = -0.5 * ((log_mean - PRIOR.log_mean) / PRIOR.log_mean_sd) ** 2
    logs -= 0.5 * ((log_rho - PRIOR.log_rho) / PRIOR.log_rho_sd) ** 2
    for a, b in zip(k, n, strict=True):
        logs = logs + log_beta_binomial(a, b, alpha, beta)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    below = sum(np.exp(log_beta_binomial(j, depth, alpha, beta)) for j in range(alt))
    return float((weights * (1 - below)).sum()) if alt else 1.0


@pytest.mark.parametrize(
    ("k", "n", "alt", "depth"),
    [
        ([0] * 20, [1000] * 20, 1, 1000),
        ([0] * 20, [1000] * 20, 6, 1000),
        ([1, 0, 2, 0, 1] * 4, [1000] * 20, 4, 800),
        ([12, 9, 11, 10, 8] * 4, [1000] * 20, 18, 1000),
        ([0, 0, 0, 0, 40], [900, 1100, 1000, 30, 1000], 9, 500),
        ([3], [120], 5, 200),
        ([0] * 50, [5000] * 50, 3, 5000),
    ],
)
def test_the_small_grid_is_the_integral(k: list[int], n: list[int], alt: int, depth: int) -> None:
    grid = standard_grid()
    weights = posterior(grid_likelihood(np.array([k]), np.array([n]), grid), log_prior(PRIOR, grid))
    tail, _ = mixture_tails(np.array([alt]), np.array([depth]), weights, grid.alpha, grid.beta)
    assert tail[0] == pytest.approx(predictive_by_brute_force(k, n, alt, depth), rel=0.02)


def test_nothing_seen_takes_the_prior_and_more_reads_mean_fewer_errors() -> None:
    grid = standard_grid()
    depth = np.array([[0] * 5, [100] * 5, [1000] * 5, [10_000] * 5])
    weights = posterior(grid_likelihood(np.zeros_like(depth), depth, grid), log_prior(PRIOR, grid))
    np.testing.assert_allclose(weights[0], np.exp(log_prior(PRIOR, grid)), atol=1e-12)
    tail, _ = mixture_tails(np.full(4, 4), np.full(4, 1000), weights, grid.alpha, grid.beta)
    assert (np.diff(tail) < 0).all()
    # Never certain: the standard deviation of nothing is not 0.
    assert tail[-1] > 1e-9


def test_priors_are_found_again() -> None:
    rng = np.random.default_rng(5)
    size = 3000
    mean = np.exp(rng.normal(PRIOR.log_mean, PRIOR.log_mean_sd, size))
    rho = np.exp(rng.normal(PRIOR.log_rho, PRIOR.log_rho_sd, size))
    alpha, beta = beta_shapes(np.minimum(mean, 0.2), rho)
    n = np.full((size, 20), 1000)
    k = rng.binomial(n, rng.beta(alpha[:, None], beta[:, None], n.shape))
    grid = standard_grid()
    found = fit_prior(grid_likelihood(k, n, grid), np.ones(size), grid)
    assert found.log_mean == pytest.approx(PRIOR.log_mean, abs=0.06)
    assert found.log_mean_sd == pytest.approx(PRIOR.log_mean_sd, abs=0.05)
    assert found.log_rho == pytest.approx(PRIOR.log_rho, abs=0.15)
    assert found.log_rho_sd == pytest.approx(PRIOR.log_rho_sd, abs=0.15)


def test_few_alleles_lean_on_the_rest() -> None:
    grid = standard_grid()
    k, n = np.full((1, 20), 30), np.full((1, 20), 1000)
    likelihood = grid_likelihood(k, n, grid)
    alone = fit_prior(likelihood, np.ones(1), grid)
    leaning = fit_prior(likelihood, np.ones(1), grid, start=PRIOR, towards=PRIOR, prior_alleles=50)
    assert alone.log_mean == pytest.approx(np.log(0.03), abs=0.1)
    assert leaning.log_mean == pytest.approx(
        PRIOR.log_mean + (np.log(0.03) - PRIOR.log_mean) / 51, abs=0.05
    )
    many = fit_prior(
        likelihood, np.full(1, 1e5), grid, start=PRIOR, towards=PRIOR, prior_alleles=50
    )
    assert many.log_mean == pytest.approx(np.log(0.03), abs=0.1)
    assert fit_prior(likelihood[:0], np.empty(0), grid, start=PRIOR) is PRIOR


def test_priors_are_written_with_six_digits() -> None:
    assert priors_document({"b": PRIOR, "a": PRIOR})["a"] == [-7.6009, 1.0, -6.90776, 0.7, 0.0]
