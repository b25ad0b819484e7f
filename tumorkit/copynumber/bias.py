"""Depth's own biases: G and C, repeats, the edges of targets; and levels that events leave."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.partition import solution_path
from tumorkit.core.robust import difference_scale, weighted_median
from tumorkit.core.smooth import read_off, trend
from tumorkit.genome.bins import Bins

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

READ_LENGTH = 150
# Half a read keeps a bin without reads finite and still far below one copy.
PSEUDO_READS = 0.5
# Typical insert size, which says how far a target's coverage reaches over its edges.
INSERT_SIZE = 250
# Effects are fitted one after the other, so the first must be fitted again.
ROUNDS = 2
# A covariate with less range than this among the bins explains nothing.
LEAST_RANGE = 0.02
# Steps that survive four times the usual penalty are events, not noise or waves.
COARSE_PENALTY = 8.0
CAP_SD = 3.0


@dataclass(frozen=True, kw_only=True)
class Effect:
    """How much a covariate moves the log2 depth of one group of bins.

    ``group`` is ``target`` or ``off-target``, ``range`` the difference between the 95th and the
    5th percentile of the correction, in log2.
    """

    covariate: str
    group: str
    bins: int
    range: float


def log2_depth(depth: Values, size: NDArray[np.int64]) -> Values:
    """Return log2 of mean depths, those below half a read as of half a read; NaN stays.

    A deletion without reads is then as deep as the bin can show, and no deeper.

    >>> log2_depth(np.array([8.0, 0.0, np.nan]), np.array([150, 150, 150])).tolist()
    [3.0, -1.0, nan]
    """
    half = PSEUDO_READS * READ_LENGTH / np.maximum(size, READ_LENGTH)
    found: Values = np.log2(np.maximum(depth, half))
    return found


def edge_density(bins: Bins, insert: float = INSERT_SIZE) -> Values:
    """Return what a target's coverage gains from its neighbours minus what it loses at its edges.

    With insert size i, target size t and gap g to a neighbour: loss is i/2t, minus
    (i-t)^2/2it where t < i; each neighbour with g < i gives (i-g)^2/4it, minus (i-t-g)^2/4it
    where t + g < i (CNVkit, Talevich 2016). Off-target bins are NaN.
    """
    density = np.full(len(bins), np.nan)
    rows = np.flatnonzero(bins.target)
    if len(rows) == 0:
        return density
    t = bins.size[rows].astype(float)
    loss = insert / (2 * t)
    short = t < insert
    loss[short] -= (insert - t[short]) ** 2 / (2 * insert * t[short])
    gap = np.maximum(bins.start[rows][1:] - bins.end[rows][:-1], 0).astype(float)
    gap[bins.contig[rows][1:] != bins.contig[rows][:-1]] = np.inf
    gain = np.zeros(len(rows))
    for side in (np.append(np.inf, gap), np.append(gap, np.inf)):
        near = side < insert
        g, size = side[near], t[near]
        part = (insert - g) ** 2 / (4 * insert * size)
        beyond = size + g < insert
        part[beyond] -= (insert - size[beyond] - g[beyond]) ** 2 / (4 * insert * size[beyond])
        gain[near] += part
    density[rows] = gain - loss
    return density


def groups_of(bins: Bins) -> tuple[tuple[str, Mask], ...]:
    """Return the groups of bins that behave alike: targets and off-target bins."""
    both = (("target", bins.target), ("off-target", ~bins.target))
    return tuple((name, rows) for name, rows in both if rows.any())


def bias(
    values: Values, bins: Bins, edges: Values, fit: Mask, weights: Values | None = None
) -> tuple[Values, list[Effect]]:
    """Return what GC, repeats (off-target) and edges (targets) add to ``values``, and each effect.

    Curves are robust trends of the bins of ``fit``; a covariate that is unknown or does not vary,
    and a group of fewer than 120 bins, are left alone.
    """
    total = np.zeros(len(values))
    effects: list[Effect] = []
    for name, rows in groups_of(bins):
        second = (("edge", edges),) if name == "target" else (("repeat", bins.repeat),)
        listed = [(what, column[rows]) for what, column in (("gc", bins.gc), *second)]
        known = [(what, column) for what, column in listed if varies(column[fit[rows]])]
        own = values[rows]
        chosen = fit[rows]
        share = None if weights is None else weights[rows][chosen]
        parts = {what: np.zeros(len(own)) for what, _ in known}
        for _ in range(ROUNDS if len(known) > 1 else 1):
            for what, column in known:
                others = sum((part for key, part in parts.items() if key != what), np.zeros(1))
                curve = trend(column[chosen], (own - others)[chosen], share)
                moved = read_off(curve, column)
                # A curve has the level of its values; the level is not the covariate's.
                level = float(np.median(moved[chosen])) if chosen.any() else 0.0
                parts[what] = np.where(np.isfinite(column), moved - level, 0.0)
        for what, part in parts.items():
            if part.any():
                low, high = np.percentile(part[chosen], [5, 95])
                effects.append(
                    Effect(covariate=what, group=name, bins=int(chosen.sum()), range=high - low)
                )
                total[rows] += part
    return total, effects


def varies(column: Values) -> bool:
    """Whether a covariate is known for most bins and differs between them."""
    known = column[np.isfinite(column)]
    if len(known) < max(3, len(column) / 2):
        return False
    low, high = np.percentile(known, [5, 95])
    return bool(high - low > LEAST_RANGE)


def group_medians(values: Values, bins: Bins, fit: Mask, weights: Values | None = None) -> Values:
    """Return for each bin the median of its group's bins in ``fit`` (all of it if none is)."""
    levels = np.zeros(len(values))
    for _, rows in groups_of(bins):
        chosen = rows & fit & np.isfinite(values)
        if not chosen.any():
            chosen = rows & np.isfinite(values)
        if chosen.any():
            own = None if weights is None else weights[chosen]
            levels[rows] = weighted_median(values[chosen], own)
    return levels


def event_levels(values: Values, bins: Bins, weights: Values | None = None) -> Values:
    """Return the level of the large, sharp events at each bin: zero where there is none.

    A coarse robust partition of each contig; slow waves and single bins leave no level. A level
    is relative to the median of all bins. NaN bins take the level of zero.
    """
    levels = np.zeros(len(values))
    rows = np.flatnonzero(np.isfinite(values))
    if len(rows) < 3:
        return levels
    names = bins.contig[rows]
    edges = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1).tolist(), len(rows)]
    groups = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    known = values[rows]
    precision = np.ones(len(rows)) if weights is None else weights[rows] / weights[rows].mean()
    sd = difference_scale(known, precision, groups)
    if not sd > 0:
        return levels
    penalty = COARSE_PENALTY * sd**2 * log(max(len(rows), 3))
    middle = weighted_median(known, precision)
    for first, last in itertools.pairwise(edges):
        step = solution_path(
            known[first:last],
            precision[first:last],
            penalties=[penalty],
            cap=(CAP_SD * sd) ** 2,
        )[0]
        inner = [first, *(step.points + first).tolist(), last]
        for start, end in itertools.pairwise(inner):
            level = weighted_median(known[start:end], precision[start:end]) - middle
            error = sd / float(precision[start:end].sum()) ** 0.5
            # Whole contigs without a step keep their level only where it is plainly no chance.
            if abs(level) > 5 * error and abs(level) > sd / 4:
                levels[rows[start:end]] = level
    return levels
