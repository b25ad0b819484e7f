"""Beta-binomial numbers are those of the textbook, and keep their digits in the tails."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tumorkit.core.beta_binomial import (
    beta_shapes,
    log_beta_binomial,
    lower_sums,
    mixture_tails,
    moments,
    quantile_counts,
    upper_tail,
)

MEANS = st.floats(1e-6, 0.9)
RHOS = st.floats(1e-5, 0.3)
DEPTHS = st.integers(1, 400)


def exact_pmf(n: int, alpha: Fraction, beta: Fraction) -> list[Fraction]:
    """Probabilities of 0 to n by exact fractions: the urn of Polya, one draw after the other."""
    row = [Fraction(1)]
    for drawn in range(n):
        total = alpha + beta + drawn
        more = [Fraction(0)] * (drawn + 2)
        for k, mass in enumerate(row):
            more[k + 1] += mass * (alpha + k) / total
            more[k] += mass * (beta + drawn - k) / total
        row = more
    return row


@given(st.integers(0, 25), st.integers(1, 40), st.integers(1, 40))
def test_probabilities_are_those_of_an_urn(n: int, a: int, b: int) -> None:
    exact = [float(mass) for mass in exact_pmf(n, Fraction(a, 8), Fraction(b, 3))]
    found = np.exp(log_beta_binomial(np.arange(n + 1), n, a / 8, b / 3))
    np.testing.assert_allclose(found, exact, rtol=1e-10)


@given(DEPTHS, MEANS, RHOS)
def test_probabilities_are_those_of_scipy(n: int, mean: float, rho: float) -> None:
    alpha, beta = beta_shapes(mean, rho)
    k = np.arange(n + 1)
    expected = stats.betabinom.logpmf(k, n, alpha, beta)
    np.testing.assert_allclose(log_beta_binomial(k, n, alpha, beta), expected, rtol=1e-9, atol=1e-9)
    assert np.exp(log_beta_binomial(k, n, alpha, beta)).sum() == pytest.approx(1, abs=1e-6)


@given(DEPTHS, MEANS, RHOS, st.data())
def test_upper_tail_is_the_sum_from_there(
    n: int, mean: float, rho: float, data: st.DataObject
) -> None:
    k = data.draw(st.integers(0, n))
    alpha, beta = (np.atleast_1d(value) for value in beta_shapes(mean, rho))
    whole = np.exp(log_beta_binomial(np.arange(k, n + 1), n, alpha, beta)).sum()
    assert upper_tail(k, n, alpha, beta) == pytest.approx(min(1, whole), rel=1e-6, abs=1e-300)


def test_far_tails_keep_their_digits() -> None:
    alpha, beta = (np.atleast_1d(value) for value in beta_shapes(1e-4, 1e-3))
    exact = exact_pmf(60, Fraction(alpha[0]).limit_denominator(10**9), Fraction(beta[0]))
    expected = float(sum(exact[40:]))
    assert expected < 1e-30
    assert upper_tail(40, 60, alpha, beta) == pytest.approx(expected, rel=1e-6)


@given(st.lists(st.tuples(DEPTHS, st.floats(0, 1)), min_size=1, max_size=8), st.integers(1, 4))
def test_mixtures_for_many_rows_are_mixtures_row_by_row(
    rows: list[tuple[int, float]], nodes: int
) -> None:
    rng = np.random.default_rng(nodes)
    alpha, beta = beta_shapes(rng.uniform(1e-5, 0.2, nodes), rng.uniform(1e-4, 0.2, nodes))
    weights = rng.dirichlet(np.ones(nodes), len(rows))
    n = np.array([depth for depth, _ in rows])
    k = np.array([round(share * depth) for depth, share in rows])
    tail, at = mixture_tails(k, n, weights, alpha, beta)
    for row in range(len(rows)):
        pmf = (
            np.exp(log_beta_binomial(np.arange(n[row] + 1)[:, None], n[row], alpha, beta))
            @ weights[row]
        )
        assert tail[row] == pytest.approx(min(1.0, pmf[k[row] :].sum()), rel=1e-5)
        assert at[row] == pytest.approx(pmf[k[row]], rel=1e-7)


@given(DEPTHS, MEANS, RHOS, st.floats(1e-6, 0.5), st.integers(1, 5))
def test_the_count_that_convinces_is_the_least_that_does(
    n: int, mean: float, rho: float, level: float, least: int
) -> None:
    alpha, beta = (np.atleast_1d(value) for value in beta_shapes(mean, rho))
    found = int(
        quantile_counts(
            np.array([n]), np.ones((1, 1)), alpha, beta, alpha_level=level, least=least
        )[0]
    )
    assert found >= min(least, n + 1)
    if found <= n:
        assert upper_tail(found, n, alpha, beta) <= level * (1 + 1e-6)
    if found > least:
        assert upper_tail(found - 1, n, alpha, beta) > level * (1 - 1e-6)


def test_a_mixture_of_one_is_itself_at_no_reads() -> None:
    tail, at = lower_sums(np.array([0]), np.array([0]), np.ones((1, 1)), np.ones(1), np.ones(1))
    assert (tail.tolist(), at.tolist()) == ([1.0], [1.0])


def moments_by_hand(k: list[int], n: list[int]) -> tuple[float, float]:
    pairs = [(a, b) for a, b in zip(k, n, strict=True) if b]
    total = sum(b for _, b in pairs)
    mean = sum(a for a, _ in pairs) / total
    size = total / len(pairs)
    squares = sum(b * (a / b - mean) ** 2 for a, b in pairs) / ((len(pairs) - 1) * size)
    rho = (squares / (mean * (1 - mean)) - 1 / size) / (1 - 1 / size)
    return mean, min(max(rho, 1e-5), 0.2)


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0, 0.3)), min_size=3, max_size=12))
def test_moments_are_those_of_the_formula(samples: list[tuple[int, float]]) -> None:
    n = [depth for depth, _ in samples]
    k = [int(share * depth) for depth, share in samples]
    mean, rho = moments(np.array([k]), np.array([n]))
    if sum(n) == 0:
        assert np.isnan(mean[0])
        assert np.isnan(rho[0])
    elif sum(k) and sum(b > 0 for b in n) > 1 and sum(n) > len(n):
        assert (mean[0], rho[0]) == pytest.approx(moments_by_hand(k, n))
    else:
        assert np.isnan(rho[0])
