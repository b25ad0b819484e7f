"""Optimal partitioning with a capped squared loss: the Python twin of ``partition.pyx``.

Every operation is done in the order in which the compiled form does it, so that both give the
same change-points to the last tie.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

Piece = tuple[float, float, float, float, float, int]


def partition(
    values: NDArray[np.float64], weights: NDArray[np.float64], penalty: float, cap: float
) -> NDArray[np.int64]:
    """Return the index of the first value of each segment but the first.

    The change-points minimise, over change-points and levels, the sum over values of
    ``weight * min((value - level)**2, cap)`` plus ``penalty`` per change-point; ``cap`` infinite
    is least squares. Functional pruning: Maidstone et al. 2017, Fearnhead and Rigaill 2019.
    The cost of the best fit as a function of the last level is kept as pieces
    ``(left, right, a, b, c, tag)``: ``a*x*x + b*x + c`` on ``[left, right]``, where tag is the
    last change-point. ``values`` should lie around 0 and must be finite, ``weights`` positive.
    """
    size = len(values)
    if size == 0:
        return np.empty(0, dtype=np.int64)
    data, precision = values.tolist(), weights.tolist()
    low, high = min(data) - 1e-6, max(data) + 1e-6
    reach = sqrt(cap)
    pieces: list[Piece] = [(low, high, 0.0, 0.0, 0.0, 0)]
    last = [0] * (size + 1)
    for t in range(size):
        pieces = added(pieces, data[t], precision[t], cap, reach)
        best, tag = lowest(pieces)
        last[t + 1] = tag
        pieces = pruned(pieces, best, penalty, t + 1)
    return traced(last)


def joint_partition(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    rows: NDArray[np.int64],
    losses: NDArray[np.float64],
    penalty: float,
    cap: float,
) -> NDArray[np.int64]:
    """Return the index of the first value of each segment but the first, for two channels.

    The change-points minimise what :func:`partition` minimises plus, for each segment, the least
    over the columns of ``losses`` of the sum of that column over the segment's values: the second
    channel's loss at each of its possible levels. ``rows[t]`` is the row of value t, -1 if the
    second channel is silent there. The best cost is kept as a function of both levels: a list of
    pieces for each column.
    """
    size = len(values)
    if size == 0:
        return np.empty(0, dtype=np.int64)
    data, precision, places = values.tolist(), weights.tolist(), rows.tolist()
    table: list[list[float]] = losses.tolist()
    silent = [0.0] * losses.shape[1]
    low, high = min(data) - 1e-6, max(data) + 1e-6
    reach = sqrt(cap)
    lists: list[list[Piece]] = [[(low, high, 0.0, 0.0, 0.0, 0)] for _ in silent]
    last = [0] * (size + 1)
    for t in range(size):
        others = table[places[t]] if places[t] >= 0 else silent
        best = float("inf")
        for level, other in enumerate(others):
            lists[level] = added(lists[level], data[t], precision[t], cap, reach, other)
            cost, tag = lowest(lists[level])
            if cost < best:
                best, last[t + 1] = cost, tag
        lists = [pruned(pieces, best, penalty, t + 1) for pieces in lists]
    return traced(last)


def traced(last: list[int]) -> NDArray[np.int64]:
    """Follow the last change-points back to the start."""
    points = []
    t = len(last) - 1
    while last[t] > 0:
        points.append(last[t])
        t = last[t]
    return np.array(points[::-1], dtype=np.int64)


def added(
    pieces: list[Piece],
    value: float,
    weight: float,
    cap: float,
    reach: float,
    other: float = 0.0,
) -> list[Piece]:
    """Add the loss of one value, cutting pieces where the value becomes an outlier.

    ``other`` is what a second channel adds at every level.
    """
    below, above = value - reach, value + reach
    outlier = weight * cap + other
    slope, constant = 2.0 * weight * value, weight * value * value + other
    out: list[Piece] = []
    for left, right, a, b, c, tag in pieces:
        at = left
        if at < below:
            end = below if below < right else right
            out.append((at, end, a, b, c + outlier, tag))
            at = end
        if at < right and at < above:
            end = above if above < right else right
            out.append((at, end, a + weight, b - slope, c + constant, tag))
            at = end
        if at < right:
            out.append((at, right, a, b, c + outlier, tag))
    return out


def lowest(pieces: list[Piece]) -> tuple[float, int]:
    """Return the minimum over all levels and the tag of the first piece that attains it."""
    best, best_tag = float("inf"), 0
    for left, right, a, b, c, tag in pieces:
        if a > 0.0:
            x = -b / (2.0 * a)
            if x < left:
                x = left
            elif x > right:
                x = right
            cost = (a * x + b) * x + c
        else:
            cost = c
        if cost < best:
            best, best_tag = cost, tag
    return best, best_tag


def pruned(pieces: list[Piece], best: float, penalty: float, tag: int) -> list[Piece]:
    """Replace all that costs more than a new segment by that constant; the minimum becomes 0."""
    out: list[Piece] = []
    for left, right, a, b, c_old, old in pieces:
        c = c_old - best
        over = c - penalty
        if a <= 0.0:
            if over >= 0.0:
                new_segment(out, left, right, penalty, tag)
            else:
                keep(out, left, right, a, b, c, old)
            continue
        discriminant = b * b - 4.0 * a * over
        if discriminant <= 0.0:
            new_segment(out, left, right, penalty, tag)
            continue
        root = sqrt(discriminant)
        start, end = (-b - root) / (2.0 * a), (-b + root) / (2.0 * a)
        start = start if start > left else left
        end = end if end < right else right
        if start >= end:
            new_segment(out, left, right, penalty, tag)
            continue
        if start > left:
            new_segment(out, left, start, penalty, tag)
        keep(out, start, end, a, b, c, old)
        if end < right:
            new_segment(out, end, right, penalty, tag)
    return out


def new_segment(out: list[Piece], left: float, right: float, penalty: float, tag: int) -> None:
    """Append the constant of a new segment, or widen it if it stands last."""
    if out and out[-1][5] == tag:
        out[-1] = (out[-1][0], right, 0.0, 0.0, penalty, tag)
    else:
        out.append((left, right, 0.0, 0.0, penalty, tag))


def keep(
    out: list[Piece], left: float, right: float, a: float, b: float, c: float, tag: int
) -> None:
    """Append a piece, or widen the last one if it is the same function."""
    if out and out[-1][2:] == (a, b, c, tag):
        out[-1] = (out[-1][0], right, a, b, c, tag)
    else:
        out.append((left, right, a, b, c, tag))
