"""Robust statistics agree with their definitions and shrug off wild values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.core.robust import biweight_location, difference_scale, mad_scale, weighted_median

NUMBERS = st.lists(st.integers(-50, 50), min_size=1, max_size=30)


@given(NUMBERS, st.data())
def test_a_weight_is_a_number_of_copies(numbers: list[int], data: st.DataObject) -> None:
    size = len(numbers)
    copies = data.draw(st.lists(st.integers(1, 4), min_size=size, max_size=size))
    repeated = np.repeat(np.array(numbers, dtype=float), copies)
    weighted = weighted_median(np.array(numbers, dtype=float), np.array(copies, dtype=float))
    assert weighted == np.median(repeated)


@given(NUMBERS, st.integers(-9, 9), st.integers(1, 5))
def test_location_and_scale_follow_shift_and_unit(numbers: list[int], by: int, unit: int) -> None:
    values = np.array(numbers, dtype=float)
    moved = values * unit + by
    assert mad_scale(moved) == pytest.approx(mad_scale(values) * unit)
    assert biweight_location(moved) == pytest.approx(biweight_location(values) * unit + by)


def test_outliers_do_not_move_the_location() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(0.5, 0.1, 200)
    wild = np.concatenate([values, np.full(40, -20.0)])
    assert biweight_location(wild) == pytest.approx(np.mean(values), abs=0.02)


def test_noise_is_measured_past_steps_and_by_weight() -> None:
    rng = np.random.default_rng(2)
    weights = rng.uniform(0.1, 1, 4000)
    values = rng.normal(0, 0.2, 4000) / np.sqrt(weights) + np.repeat([0.0, 1.0, -2.0, 0.5], 1000)
    assert difference_scale(values, weights) == pytest.approx(0.2, rel=0.06)
    assert difference_scale(values, weights, lag=20) == pytest.approx(0.2, rel=0.06)


def test_no_difference_is_taken_between_groups() -> None:
    values = np.array([0.0, 0.0, 0.0, 9.0, 9.0, 9.0] * 3)
    groups = np.repeat(np.arange(6), 3)
    assert difference_scale(values, None, groups) == 0
    assert np.isnan(difference_scale(np.array([1.0, 2.0])))
