"""Optimal partitioning is exact, robust, and the same in its compiled and its Python form."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tumorkit.core.kernels import load_kernel, partition_python
from tumorkit.core.partition import (
    KERNEL,
    breakpoint_intervals,
    joint_partition,
    partition,
    solution_path,
)

Values = NDArray[np.float64]

VALUES = st.lists(
    st.one_of(st.integers(-40, 40).map(lambda n: n / 8), st.floats(-5, 5, width=32)),
    min_size=1,
    max_size=24,
).map(np.array)


def segment_cost(values: Values, weights: Values, cap: float) -> float:
    """The least capped loss over all levels, by trying every stretch between cut points."""
    if not np.isfinite(cap):
        mean = np.average(values, weights=weights)
        return float((weights * (values - mean) ** 2).sum())
    reach = np.sqrt(cap)
    cuts = np.unique(np.concatenate([values - reach, values + reach]))
    levels = list(cuts)
    for low, high in itertools.pairwise(cuts):
        inside = np.abs(values - (low + high) / 2) < reach
        if inside.any():
            mean = np.average(values[inside], weights=weights[inside])
            levels.append(min(max(mean, low), high))
    return min(float((weights * np.minimum((values - x) ** 2, cap)).sum()) for x in levels)


def oracle_cost(values: Values, weights: Values, penalty: float, cap: float) -> float:
    """The least total cost, by the quadratic recurrence over all last change-points."""
    size = len(values)
    best = [-penalty, *[float("inf")] * size]
    for t in range(1, size + 1):
        best[t] = min(
            best[s] + penalty + segment_cost(values[s:t], weights[s:t], cap) for s in range(t)
        )
    return best[size]


def cost_of(
    points: NDArray[np.int64], values: Values, weights: Values, penalty: float, cap: float
) -> float:
    edges = [0, *points.tolist(), len(values)]
    pairs = itertools.pairwise(edges)
    costs = [segment_cost(values[a:b], weights[a:b], cap) for a, b in pairs]
    return sum(costs) + penalty * len(points)


@settings(max_examples=50, deadline=None)
@given(VALUES, st.sampled_from([0.2, 1.0, 5.0]), st.sampled_from([float("inf"), 0.5, 2.0]))
def test_partition_attains_the_least_cost(values: Values, penalty: float, cap: float) -> None:
    weights = np.where(np.arange(len(values)) % 3 == 0, 0.5, 1.0)
    points = partition(values, weights, penalty=penalty, cap=cap)
    found = cost_of(points, values, weights, penalty, cap)
    assert found == pytest.approx(oracle_cost(values, weights, penalty, cap), abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(VALUES, st.sampled_from([0.1, 1.0, 5.0]), st.sampled_from([float("inf"), 0.3, 2.0]))
def test_compiled_form_equals_its_python_twin(values: Values, penalty: float, cap: float) -> None:
    compiled = load_kernel(KERNEL)
    weights = np.where(np.arange(len(values)) % 4 == 0, 0.25, 1.0)
    left = compiled.partition(values, weights, penalty, cap)
    right = partition_python.partition(values, weights, penalty, cap)
    assert left.tolist() == right.tolist()


@pytest.mark.parametrize("cap", [float("inf"), 0.36])
def test_twins_agree_on_a_whole_chromosome(cap: float) -> None:
    rng = np.random.default_rng(5)
    values = rng.standard_t(4, 4000) * 0.2 + np.repeat(rng.normal(0, 0.4, 40), 100)
    weights = rng.uniform(0.2, 1, 4000)
    compiled = load_kernel(KERNEL).partition(values, weights, 1.2, cap)
    twin = partition_python.partition(values, weights, 1.2, cap)
    assert compiled.tolist() == twin.tolist()
    assert len(compiled) > 5


def test_a_long_exact_fit_equals_the_quadratic_recurrence() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(0, 0.3, 66) + np.repeat([0.0, 1.0, -0.5], 22)
    weights = np.ones(66)
    for cap in (float("inf"), 0.8):
        points = partition(values, weights, penalty=1.0, cap=cap)
        best = oracle_cost(values, weights, 1.0, cap)
        assert cost_of(points, values, weights, 1.0, cap) == pytest.approx(best, abs=1e-6)


LEVELS = st.integers(1, 4)


def joint_oracle(
    values: Values,
    weights: Values,
    rows: NDArray[np.int64],
    losses: Values,
    penalty: float,
    cap: float,
) -> list[float]:
    """The least joint cost of each beginning, by the quadratic recurrence."""
    size = len(values)
    best = [-penalty, *[float("inf")] * size]
    for t in range(1, size + 1):
        best[t] = min(
            best[s] + penalty + joint_cost(slice(s, t), values, weights, rows, losses, cap)
            for s in range(t)
        )
    return best


def joint_cost(
    span: slice,
    values: Values,
    weights: Values,
    rows: NDArray[np.int64],
    losses: Values,
    cap: float,
) -> float:
    held = rows[span][rows[span] >= 0]
    return segment_cost(values[span], weights[span], cap) + float(losses[held].sum(axis=0).min())


def joint_case(
    seed: int, size: int, levels: int
) -> tuple[Values, Values, NDArray[np.int64], Values]:
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(0, 1, size) + np.repeat(rng.normal(0, 1, size), 6)[:size], 2)
    rows = np.where(rng.random(size) < 0.6, np.arange(size), -1)
    losses = np.round(rng.exponential(1, (size, levels)), 2)
    losses[:, 0] += np.where(np.arange(size) > size // 2, 1.5, 0.0)
    return values, rng.uniform(0.3, 1.0, size), rows, losses


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(1, 20),
    LEVELS,
    st.sampled_from([0.5, 2.0]),
    st.sampled_from([float("inf"), 1.0]),
)
def test_joint_fit_attains_the_least_cost_of_both_channels(
    seed: int, size: int, levels: int, penalty: float, cap: float
) -> None:
    values, weights, rows, losses = joint_case(seed, size, levels)
    points = joint_partition(values, weights, rows=rows, losses=losses, penalty=penalty, cap=cap)
    edges = [0, *points.tolist(), size]
    found = penalty * len(points) + sum(
        joint_cost(slice(a, b), values, weights, rows, losses, cap)
        for a, b in itertools.pairwise(edges)
    )
    best = joint_oracle(values, weights, rows, losses, penalty, cap)[size]
    assert found == pytest.approx(best, abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), LEVELS, st.sampled_from([float("inf"), 1.0]))
def test_joint_twins_agree(seed: int, size: int, levels: int, cap: float) -> None:
    case = joint_case(seed, size, levels)
    compiled = load_kernel(KERNEL).joint_partition(*case, 1.5, cap)
    twin = partition_python.joint_partition(*case, 1.5, cap)
    assert compiled.tolist() == twin.tolist()


def test_joint_twins_agree_on_a_long_arm() -> None:
    values, weights, rows, losses = joint_case(3, 1500, 8)
    compiled = load_kernel(KERNEL).joint_partition(values, weights, rows, losses, 6.0, 2.0)
    twin = partition_python.joint_partition(values, weights, rows, losses, 6.0, 2.0)
    assert compiled.tolist() == twin.tolist()
    assert len(compiled) > 5


def test_a_silent_second_channel_leaves_the_fit_of_the_first() -> None:
    values, weights, rows, losses = joint_case(4, 400, 5)
    alone = partition(values, weights, penalty=3.0, cap=1.0).tolist()
    for places, table in ((rows * 0 - 1, losses), (rows, losses[:, :1] * 0)):
        both = joint_partition(values, weights, rows=places, losses=table, penalty=3.0, cap=1.0)
        assert both.tolist() == alone


def test_a_joint_fit_read_backwards_costs_the_same() -> None:
    values, weights, rows, losses = joint_case(5, 60, 4)
    back = rows[::-1].copy()
    best = joint_oracle(values, weights, rows, losses, 2.0, 1.0)[-1]
    other = joint_oracle(values[::-1], weights[::-1], back, losses, 2.0, 1.0)[-1]
    assert best == pytest.approx(other)
    points = joint_partition(
        values[::-1], weights[::-1], rows=back, losses=losses, penalty=2.0, cap=1.0
    )
    there = joint_partition(values, weights, rows=rows, losses=losses, penalty=2.0, cap=1.0)
    assert sorted(60 - points) == there.tolist()


@pytest.mark.parametrize(
    ("rows", "losses", "penalty"),
    [
        ([0], np.ones((2, 2)), 1.0),
        ([0, 5], np.ones((2, 2)), 1.0),
        ([0, 1], np.full((2, 2), np.nan), 1.0),
        ([0, 1], np.ones((2, 0)), 1.0),
        ([0, 1], np.ones((2, 2)), 0.0),
    ],
)
def test_joint_input_that_has_no_answer_is_refused(
    rows: list[int], losses: Values, penalty: float
) -> None:
    with pytest.raises(ValueError, match=r"finite|positive|match|beyond"):
        joint_partition(np.zeros(2), rows=np.array(rows), losses=losses, penalty=penalty)


def test_wild_values_make_no_segments_under_a_cap() -> None:
    values = np.zeros(200)
    values[[20, 90, 91, 150]] = [9.0, -8.0, -8.5, 30.0]
    assert len(partition(values, penalty=2.0)) > 0
    assert len(partition(values, penalty=2.0, cap=0.5)) == 0


@given(VALUES, st.sampled_from([float("inf"), 1.0]))
def test_a_shift_moves_no_change_point_and_input_stays(values: Values, cap: float) -> None:
    exact = np.round(values * 8) / 8
    before = exact.copy()
    there = partition(exact, penalty=1.0, cap=cap)
    assert partition(exact + 4.0, penalty=1.0, cap=cap).tolist() == there.tolist()
    assert (exact == before).all()


@pytest.mark.parametrize(
    ("values", "weights", "penalty"),
    [
        ([0.0, float("nan")], [1.0, 1.0], 1.0),
        ([0.0, 1.0], [1.0, -1.0], 1.0),
        ([0.0, 1.0], [1.0, 0.0], 1.0),
        ([0.0, 1.0], [1.0], 1.0),
        ([0.0, 1.0], [1.0, 1.0], 0.0),
    ],
)
def test_input_that_has_no_answer_is_refused(
    values: list[float], weights: list[float], penalty: float
) -> None:
    with pytest.raises(ValueError, match=r"finite|positive|match"):
        partition(np.array(values), np.array(weights), penalty=penalty)


def test_nothing_and_one_value_have_no_change_point() -> None:
    assert partition(np.array([]), penalty=1.0).tolist() == []
    assert partition(np.array([3.0]), penalty=1.0).tolist() == []


def test_a_higher_penalty_never_gives_more_segments() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(0, 0.3, 500) + np.repeat(rng.normal(0, 1, 10), 50)
    steps = solution_path(values, penalties=[0.1, 0.5, 1.0, 5.0, 50.0], cap=0.8)
    counts = [len(step.points) for step in steps]
    assert counts == sorted(counts, reverse=True)


def test_breakpoint_intervals_widen_where_levels_are_close() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(0, 0.2, 300) + np.repeat([0.0, 2.0, 2.15], 100)
    points, levels = np.array([100, 200]), np.array([0.0, 2.0, 2.15])
    found = breakpoint_intervals(values, np.ones(300), points, levels, margin=1.0)
    sharp, vague = np.diff(found, axis=1).ravel()
    assert found[0].tolist() == [100, 100]
    assert vague > 5 > sharp
    assert (found[:, 0] <= points).all()
    assert (points <= found[:, 1]).all()
