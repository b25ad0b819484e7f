"""Log probabilities of counts against scalar sums."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.core.beta_binomial import beta_shapes, log_beta_binomial
from tumorkit.core.log_space import log_binomial, log_choose, log_sum

SHAPES = st.floats(0.05, 500)


@given(st.integers(0, 300), SHAPES, SHAPES, st.data())
def test_beta_binomial_equals_the_scalar_formula(
    total: int, alpha: float, beta: float, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, total))
    scalar = (
        math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
        + math.lgamma(count + alpha) + math.lgamma(total - count + beta)
        - math.lgamma(total + alpha + beta)
        + math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
    )  # fmt: skip
    assert math.isclose(float(log_beta_binomial(count, total, alpha, beta)), scalar, abs_tol=1e-8)


@given(st.integers(0, 200), SHAPES, SHAPES)
def test_probabilities_sum_to_one(total: int, alpha: float, beta: float) -> None:
    counts = np.arange(total + 1.0)
    assert math.isclose(
        np.exp(log_beta_binomial(counts, total, alpha, beta)).sum(), 1, rel_tol=1e-9
    )
    share = alpha / (alpha + beta)
    assert math.isclose(np.exp(log_binomial(counts, total, share)).sum(), 1, rel_tol=1e-9)


@given(st.floats(0.01, 0.99), st.floats(1e-5, 0.3))
def test_shapes_give_mean_and_overdispersion(mean: float, rho: float) -> None:
    alpha, beta = beta_shapes(mean, rho)
    assert math.isclose(float(alpha / (alpha + beta)), mean, rel_tol=1e-9)
    assert math.isclose(float(1 / (alpha + beta + 1)), rho, rel_tol=1e-9)


def test_edges() -> None:
    assert float(log_binomial(0, 5, 0.0)) == 0.0
    assert float(log_binomial(5, 5, 1.0)) == 0.0
    assert float(log_binomial(1, 5, 0.0)) == -math.inf
    assert math.isclose(float(np.exp(log_choose(60, 30))), math.comb(60, 30), rel_tol=1e-9)
    assert np.isnan(log_sum(np.array([np.nan]), np.array([0.0]))).all()
    assert log_beta_binomial(np.empty(0), np.empty(0), 1, 1).shape == (0,)
