"""Copies and states where purity and ploidy are known as a posterior, not as two numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.call.states import Mixture

Values = NDArray[np.float64]

# Quantiles of a Gaussian at the middles of nine equal shares: a level within its interval.
NODES = np.array([-1.593, -0.967, -0.589, -0.282, 0.0, 0.282, 0.589, 0.967, 1.593])
WIDTH_95 = 3.92
BOUNDS = (0.025, 0.975)
# The heaviest points that a state is asked at.
MOST_ASKED = 60


def copy_bounds(
    mixture: Mixture,
    level: float,
    interval: tuple[float | None, float | None],
    contig: str,
    position: int,
) -> tuple[float | None, float | None]:
    """Return the 95 % interval of copies: from the level's interval and, if there is one, the
    posterior of purity and ploidy.

    Without a posterior, the copies at the ends of the level's interval. Else the level is spread
    over its interval, and purity and ploidy over theirs, and weighted quantiles are taken.
    """
    raw = mixture.copies(level, contig, position)
    if raw is None:
        return None, None
    low, high = interval
    if mixture.points is None:
        return (
            None if low is None else mixture.copies(low, contig, position),
            None if high is None else mixture.copies(high, contig, position),
        )
    sd = 0.0 if low is None or high is None else (high - low) / WIDTH_95
    ratio = 2.0 ** (level + NODES * sd) / mixture.baseline
    ratio *= mixture.reference_copies(contig, position) / 2
    purity, ploidy, weight = mixture.points.T
    normal = mixture.normal_copies(contig, position) * (1 - purity)
    average = purity * ploidy + 2 * (1 - purity)
    copies = (ratio[:, None] * average - normal) / purity
    flat = copies.ravel()
    order = np.argsort(flat, kind="stable")
    mass = np.cumsum(np.tile(weight, len(NODES))[order])
    at = np.minimum(np.searchsorted(mass, np.array(BOUNDS) * mass[-1]), len(flat) - 1)
    return min(float(flat[order[at[0]]]), raw), max(float(flat[order[at[1]]]), raw)


def state_probability(
    mixture: Mixture,
    state: str,
    level: float,
    interval: tuple[float | None, float | None],
    contig: str,
    position: int,
    *,
    focal: bool,
) -> float | None:
    """Return the share of the posterior at which this level has this state; None without one."""
    if mixture.points is None or mixture.copies(level, contig, position) is None:
        return None
    asked = mixture.points[np.argsort(-mixture.points[:, 2], kind="stable")[:MOST_ASKED]]
    alike = 0.0
    for purity, ploidy, weight in asked.tolist():
        own = replace(mixture, purity=purity, ploidy=ploidy, points=None)
        if own.state(level, interval, contig, position, focal=focal) == state:
            alike += weight
    return float(alike / asked[:, 2].sum())
