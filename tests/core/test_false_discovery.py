"""Thresholds of false discovery, against published vectors and slow twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.core.false_discovery import (
    adjusted_p,
    expected_false,
    f_score_threshold,
    false_discovery_threshold,
)

ERRORS = st.lists(
    st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.5, 1.0])), max_size=30
).map(np.array)


@pytest.mark.parametrize(
    ("errors", "alpha", "threshold"),
    [
        ([0.01, 0.01, 0.05, 0.01, 0.3, 0.4], 0.1, 0.3),
        ([0.01, 0.01, 0.9, 0.9, 0.9], 0.05, 0.01),
        ([0.01] * 5, 0.05, 1.0),
        ([0.99, 0.99, 0.99, 1.0, 1.0], 0.05, 0.0),
        ([0.01, 0.01, 0.05, 0.01, 0.3, 0.4], 0.0, 0.0),
    ],
)
def test_threshold_vectors_of_gatk(errors: list[float], alpha: float, threshold: float) -> None:
    assert false_discovery_threshold(np.array(errors), alpha) == threshold


def slow_threshold(errors: list[float], alpha: float) -> float:
    best = 0.0
    for level in sorted(set(errors)):
        accepted = [p for p in errors if p <= level]
        if sum(accepted) / len(accepted) <= alpha + 1e-12:
            best = 1.0 if len(accepted) == len(errors) else level
    return best


@given(ERRORS, st.floats(0, 1))
def test_threshold_equals_its_slow_twin(errors: np.ndarray, alpha: float) -> None:
    expected = slow_threshold(errors.tolist(), alpha) if len(errors) else 1.0
    found = false_discovery_threshold(errors, alpha)
    assert found == expected
    accepted = errors[errors <= found] if found > 0 else errors[:0]
    assert len(accepted) == 0 or accepted.mean() <= alpha + 1e-9


def slow_f(errors: list[float], beta: float) -> float:
    total = sum(1 - p for p in errors)
    best, found = -1.0, 0.0
    for level in sorted(set(errors)):
        accepted = [p for p in errors if p <= level]
        score = sum(1 - p for p in accepted) / (beta**2 * total + len(accepted)) if total else 0.0
        if score > best + 1e-12:
            best, found = score, 1.0 if len(accepted) == len(errors) else level
    return found if total > 0 else 0.0


@given(ERRORS.filter(lambda e: len(e) > 0), st.sampled_from([0.5, 1.0, 2.0]))
def test_f_threshold_is_as_good_as_its_slow_twin(errors: np.ndarray, beta: float) -> None:
    def score(level: float) -> float:
        accepted = errors[errors <= level] if level > 0 else errors[:0]
        total = (1 - errors).sum()
        return float((1 - accepted).sum() / (beta**2 * total + len(accepted))) if total else 0.0

    found = f_score_threshold(errors, beta)
    assert score(found) >= score(slow_f(errors.tolist(), beta)) - 1e-9


@given(ERRORS, st.randoms())
def test_order_does_not_matter(errors: np.ndarray, random: object) -> None:
    shuffled = np.array(errors)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert false_discovery_threshold(shuffled, 0.1) == false_discovery_threshold(errors, 0.1)
    assert f_score_threshold(shuffled) == f_score_threshold(errors)


@given(ERRORS)
def test_adjusted_p_equals_its_slow_twin(p: np.ndarray) -> None:
    ranked = sorted(p.tolist())
    size = len(ranked)

    def slow(value: float) -> float:
        # The least rate at which a threshold at or above the value accepts it.
        levels: list[float] = [level for level in ranked if level >= value]
        rates = [level * size / sum(q <= level for q in ranked) for level in levels]
        return float(min(1.0, *rates, 1.0))

    np.testing.assert_allclose(adjusted_p(p), [slow(value) for value in p.tolist()], atol=1e-12)


def test_unknown_is_left_out() -> None:
    errors = np.array([0.01, np.nan, 0.9])
    assert false_discovery_threshold(errors, 0.05) == 0.01
    assert expected_false(errors, np.array([True, True, False])) == 0.01
    q = adjusted_p(np.array([0.01, np.nan, 0.04]))
    assert np.isnan(q[1])
    assert q[[0, 2]].tolist() == [0.02, 0.04]


def test_empty() -> None:
    assert false_discovery_threshold(np.empty(0), 0.1) == 1.0
    assert f_score_threshold(np.empty(0)) == 1.0
    assert adjusted_p(np.empty(0)).shape == (0,)
