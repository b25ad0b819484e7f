"""From weighted points to solutions: modes, their weights and ranges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.purity.grid import Points
from tumorkit.purity.result import GridPoint, Solution

Values = NDArray[np.float64]

# Cells on which hills are told apart, and how far around a cell the next higher one is sought.
CELL = (0.02, 0.08)
AROUND = 2
LEVEL = 0.95
MOST_SOLUTIONS = 6
# A solution with less weight than this is not worth a line.
LEAST_WEIGHT = 0.005


def hills(points: Points) -> NDArray[np.int64]:
    """Return for each point the number of its hill, 0 the heaviest."""
    keys = np.stack(
        [np.round(points.purity / CELL[0]), np.round(points.ploidy / CELL[1])], axis=1
    ).astype(np.int64)
    cells, row = np.unique(keys, axis=0, return_inverse=True)
    row = row.reshape(-1)
    mass = np.bincount(row, points.weight)
    at = {(int(a), int(b)): number for number, (a, b) in enumerate(cells)}
    reach = range(-AROUND, AROUND + 1)
    upward = np.arange(len(cells))
    for number, (a, b) in enumerate(cells.tolist()):
        near = [at[a + i, b + j] for i in reach for j in reach if (a + i, b + j) in at]
        upward[number] = max(near, key=lambda other: (mass[other], -other))
    for _ in range(len(cells)):
        further = upward[upward]
        if (further == upward).all():
            break
        upward = further
    tops, hill = np.unique(upward, return_inverse=True)
    hill = hill.reshape(-1)
    total = np.bincount(hill, mass)
    rank = np.empty(len(tops), dtype=np.int64)
    rank[np.lexsort((np.arange(len(tops)), -total))] = np.arange(len(tops))
    return np.asarray(rank[hill][row])


def quantile(values: Values, weights: Values, share: float) -> float:
    """Return the weighted quantile of values.

    >>> quantile(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]), 0.5)
    2.0
    """
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    at = int(np.searchsorted(total, share * total[-1]))
    return float(values[order[min(at, len(order) - 1)]])


def bounds(values: Values, weights: Values, half_cell: float, top: float) -> tuple[float, float]:
    """Return the equal-tailed 95 % range; half a cell of the grid is added on each side."""
    low = quantile(values, weights, (1 - LEVEL) / 2) - half_cell
    high = quantile(values, weights, (1 + LEVEL) / 2) + half_cell
    return max(low, 0.0), min(high, top)


def solutions(points: Points) -> tuple[Solution, ...]:
    """Return the best solution and up to five alternatives, by weight."""
    hill = hills(points)
    found = []
    for number in range(min(int(hill.max()) + 1, MOST_SOLUTIONS)):
        mine = hill == number
        weight = points.weight[mine]
        if number and weight.sum() < LEAST_WEIGHT:
            break
        purity, ploidy = points.purity[mine], points.ploidy[mine]
        p_low, p_high = bounds(purity, weight, points.cell[0] / 2, 1.0)
        s_low, s_high = bounds(ploidy, weight, points.cell[1], np.inf)
        found.append(
            Solution(
                purity=float(np.average(purity, weights=weight)),
                ploidy=float(np.average(ploidy, weights=weight)),
                weight=float(weight.sum()),
                purity_low=p_low,
                purity_high=p_high,
                ploidy_low=s_low,
                ploidy_high=s_high,
                doubled=float(np.average(points.doubled[mine], weights=weight)),
            )
        )
    return tuple(found)


def thinned(points: Points, most: int) -> tuple[GridPoint, ...]:
    """Return the posterior on a coarser grid: cells .01 by .05, the heaviest ``most`` of them."""
    keys = np.stack(
        [np.round(points.purity / 0.01), np.round(points.ploidy / 0.05)], axis=1
    ).astype(np.int64)
    _, row = np.unique(keys, axis=0, return_inverse=True)
    row = row.reshape(-1)
    weight = np.bincount(row, points.weight)
    means = [
        np.bincount(row, points.weight * values) / weight
        for values in (points.purity, points.ploidy, points.doubled)
    ]
    kept = np.sort(np.lexsort((np.arange(len(weight)), -weight))[:most])
    kept = kept[weight[kept] > 1e-6 * weight.sum()]
    total = weight[kept].sum()
    return tuple(
        GridPoint(
            purity=float(means[0][at]),
            ploidy=float(means[1][at]),
            weight=float(weight[at] / total),
            doubled=float(means[2][at]),
        )
        for at in kept
    )
