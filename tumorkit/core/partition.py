"""Optimal partitioning of a sequence into stretches of constant level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.kernels import load_kernel

Values = NDArray[np.float64]
Points = NDArray[np.int64]
KERNEL = "tumorkit.core.kernels.partition"


def partition(
    values: Values,
    weights: Values | None = None,
    *,
    penalty: float,
    cap: float = float("inf"),
) -> Points:
    """Return the index of the first value of each segment but the first.

    Exact minimum, over change-points and levels, of the sum of
    ``weight * min((value - level)**2, cap)`` plus ``penalty`` per change-point (Maidstone et al.
    2017; Fearnhead and Rigaill 2019). A finite ``cap`` keeps wild values from making segments;
    an inner stretch of m values can then be found only if ``m * cap`` exceeds two penalties.

    ``values`` are finite, ``weights`` (relative precision) positive; neither is changed. Raises
    ValueError for anything else.

    >>> partition(np.array([0.0, 0.1, -0.1, 5.0, 5.1, 4.9]), penalty=1.0)
    array([3])
    """
    return solution_path(values, weights, penalties=(penalty,), cap=cap)[0].points


def checked(values: Values, weights: Values | None) -> tuple[Values, Values]:
    """Return values and weights as float arrays, or raise ValueError."""
    data = np.asarray(values, dtype=np.float64)
    precision = np.ones(len(data)) if weights is None else np.asarray(weights, dtype=np.float64)
    if data.ndim != 1 or precision.shape != data.shape:
        raise ValueError(f"values {data.shape} and weights {precision.shape} do not match")
    if not np.isfinite(data).all():
        raise ValueError("values must be finite")
    if not (np.isfinite(precision) & (precision > 0)).all():
        raise ValueError("weights must be finite and positive")
    return data, precision


@dataclass(frozen=True)
class PathStep:
    """The best partition at one penalty."""

    penalty: float
    points: Points


def solution_path(
    values: Values,
    weights: Values | None = None,
    *,
    penalties: Sequence[float],
    cap: float = float("inf"),
) -> list[PathStep]:
    """Return the best partition, as :func:`partition` gives it, for each penalty.

    >>> steps = solution_path(np.array([0.0, 0.0, 1.0, 1.0]), penalties=[0.1, 10.0])
    >>> [len(step.points) for step in steps]
    [1, 0]
    """
    data, precision = checked(values, weights)
    for penalty in penalties:
        if not penalty > 0 or not cap > 0:
            raise ValueError(f"penalty and cap must be positive, found {penalty} and {cap}")
    if len(data) == 0:
        return [PathStep(penalty, np.empty(0, dtype=np.int64)) for penalty in penalties]
    # Around zero the quadratic pieces do not lose digits.
    centered = data - np.median(data)
    kernel = load_kernel(KERNEL)
    return [
        PathStep(penalty, kernel.partition(centered, precision, float(penalty), float(cap)))
        for penalty in penalties
    ]


def joint_partition(
    values: Values,
    weights: Values | None = None,
    *,
    rows: Points,
    losses: Values,
    penalty: float,
    cap: float = float("inf"),
) -> Points:
    """Return the index of the first value of each segment but the first, for two channels.

    Exact minimum of what :func:`partition` minimises plus the loss of a second channel, whose
    level is one of the columns of ``losses``: ``losses[rows[t], k]`` is what value t costs at the
    level k, and nothing where ``rows[t]`` is -1. Any loss can so be given, in the units of the
    penalty. Both channels share their change-points and pay one ``penalty`` for each.

    >>> silent, high = [0.0, 9.0], [9.0, 0.0]
    >>> joint_partition(np.zeros(6), rows=np.arange(6), losses=np.array([silent] * 3 + [high] * 3),
    ...                 penalty=4.0)
    array([3])
    """
    data, precision = checked(values, weights)
    places, table = np.asarray(rows, dtype=np.int64), np.asarray(losses, dtype=np.float64)
    if not penalty > 0 or not cap > 0:
        raise ValueError(f"penalty and cap must be positive, found {penalty} and {cap}")
    if places.shape != data.shape or table.ndim != 2:
        raise ValueError(f"rows {places.shape} and losses {table.shape} do not match the values")
    if not np.isfinite(table).all() or table.shape[1] == 0:
        raise ValueError("losses must be finite, with a column at least")
    if len(places) and places.max() >= len(table):
        raise ValueError("a row lies beyond the losses")
    if len(data) == 0:
        return np.empty(0, dtype=np.int64)
    found: Points = load_kernel(KERNEL).joint_partition(
        data - np.median(data), precision, places, table, float(penalty), float(cap)
    )
    return found


def breakpoint_intervals(
    values: Values,
    weights: Values,
    points: Points,
    levels: Values,
    *,
    margin: float,
    cap: float = float("inf"),
    others: Sequence[Values] | None = None,
) -> NDArray[np.int64]:
    """Return the first and last position that each change-point could as well have.

    A position is possible if moving the change-point there, between its neighbours and with the
    levels held, costs at most ``margin`` more than the best position. ``levels`` has one more
    entry than ``points``. ``others`` holds for each change-point what a second channel loses, value
    by value of both its segments, by the left level against the right one. Returns an array of
    shape (points, 2).

    >>> values = np.array([0.0, 0.0, 0.5, 1.0, 1.0])
    >>> breakpoint_intervals(
    ...     values, np.ones(5), np.array([2]), np.array([0.0, 1.0]), margin=0.1
    ... ).tolist()
    [[2, 3]]
    """
    edges = [0, *points.tolist(), len(values)]
    found = np.empty((len(points), 2), dtype=np.int64)
    for number, point in enumerate(points.tolist()):
        start, end = edges[number], edges[number + 2]
        window = slice(start, end)
        left = np.minimum((values[window] - levels[number]) ** 2, cap)
        right = np.minimum((values[window] - levels[number + 1]) ** 2, cap)
        change = weights[window] * (left - right)
        if others is not None:
            change = change + others[number]
        gain = np.concatenate(([0.0], np.cumsum(change)))[1:-1]
        possible = np.flatnonzero(gain <= gain.min() + margin) + start + 1
        found[number] = min(possible[0], point), max(possible[-1], point)
    return found
