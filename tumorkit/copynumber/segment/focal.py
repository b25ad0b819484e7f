"""The focal pass: events of a few bins, which a capped loss cannot see however deep they are."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.core.robust import MAD_TO_SD

Values = NDArray[np.float64]
Groups = NDArray[np.int64]

SAME_SIGN = 0.8
GRID = 2000
# Windows that tell the spread of a length; more of them say the same.
SAMPLE = 20_000


def normal_scores(values: Values) -> Values:
    """Return for each value the Gaussian quantile of its rank; equal values share one.

    Heavy tails and piles of equal values (bins without reads) then have the say that their
    frequency in this sample gives them, and no more (van der Waerden 1952).

    >>> normal_scores(np.array([9.0, -3.0, 0.0])).round(2).tolist()
    [0.97, -0.97, 0.0]
    """
    size = len(values)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    fresh = np.append(True, ordered[1:] != ordered[:-1])
    first = np.flatnonzero(fresh)
    counts = np.diff(np.append(first, size))
    ranks = first + (counts + 1) / 2
    if size <= GRID:
        grid = np.arange(1, size + 1, dtype=float)
        # Where values tie, ranks lie half-way; finer steps are not needed.
        grid = np.sort(np.concatenate([grid, grid[:-1] + 0.5]))
    else:
        edge = np.arange(1, GRID // 4, 0.5)
        inner = np.linspace(GRID // 4, size + 1 - GRID // 4, GRID)
        grid = np.concatenate([edge, inner, (size + 1 - edge)[::-1]])
    quantile = NormalDist().inv_cdf
    known = np.array([quantile((rank - 0.5) / size) for rank in grid.tolist()])
    scores = np.empty(size)
    scores[order] = np.repeat(np.interp(ranks, grid, known), counts)
    return scores


def focal_events(
    residuals: Values, segments: Groups, params: SegmentParams
) -> list[tuple[int, int]]:
    """Return stretches of 2 to ``focal_max_bins`` bins that leave their segment together.

    ``residuals`` are in units of each bin's own noise, ``segments`` numbers the segment of each
    bin. Windows are judged by the sum of normal scores, scaled at each length by its robust
    spread in this genome, so that correlated neighbours do not count twice. As many windows as
    ``focal_false_events`` would pass in a genome without events. At least four fifths of an
    event's bins lie on its side. Returned events do not overlap and are sorted.
    """
    size = len(residuals)
    longest = min(params.focal_max_bins, size // 2)
    if params.focal_false_events <= 0 or longest < 2:
        return []
    chance = params.focal_false_events / (2 * size * (longest - 1))
    needed = -NormalDist().inv_cdf(chance)
    sums = np.concatenate(([0.0], np.cumsum(normal_scores(residuals))))
    negative = np.concatenate(([0], np.cumsum(residuals < 0)))
    # How many bins of its segment follow each bin, itself included.
    ends = np.append(np.flatnonzero(np.diff(segments)) + 1, size)
    room = np.repeat(ends, np.diff(ends, prepend=0)) - np.arange(size)
    sample = np.arange(0, size, max(1, size // SAMPLE))
    found: list[tuple[float, int, int]] = []
    for bins in range(2, longest + 1):
        z = sums[bins:] - sums[:-bins]
        np.abs(z, out=z)
        tried = sample[(sample < len(z)) & (room[sample] >= bins)]
        spread = MAD_TO_SD * float(np.median(z[tried])) / bins**0.5 if len(tried) else 1.0
        unit = max(1.0, spread) * bins**0.5
        passing = np.flatnonzero(z > needed * unit)
        passing = passing[room[passing] >= bins]
        below = negative[passing + bins] - negative[passing]
        passing = passing[np.maximum(below, bins - below) >= SAME_SIGN * bins]
        found += [(-float(z[at]) / unit, at, at + bins) for at in passing.tolist()]
    events: list[tuple[int, int]] = []
    for _, start, end in sorted(found):
        if all(end <= other[0] or start >= other[1] for other in events):
            events.append((start, end))
    return sorted(events)
