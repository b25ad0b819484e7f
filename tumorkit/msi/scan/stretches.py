"""Where reading may begin and end so that a stretch shows the sites of the whole contig.

Reading goes from left to right and on behind a hit, so what is found depends on where it began
only as long as a hit lies across the beginning. A position that no repeat can cover is therefore
as good as the contig's start, and as good as its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.interval import Interval
from tumorkit.msi.scan.params import ScanParams

# Targets this close are read in one go: finding the edges costs as much as reading so many bases.
GAP = 10_000
WINDOW = 256
Fetch = Callable[[int, int], str]


def stretches(
    spans: Sequence[Interval], fetch: Fetch, length: int, params: ScanParams, *, gap: int = GAP
) -> Iterator[tuple[int, int, list[Interval]]]:
    """Yield where reading begins and ends, and the sorted, disjoint intervals in between.

    ``fetch`` returns the bases of a half-open interval of a contig of ``length`` bases.
    """
    group: list[Interval] = []
    for span in [*spans, None]:
        if group and (span is None or span.start - group[-1].end > gap):
            begin = calm_before(group[0].start, fetch, length, params)
            yield begin, calm_behind(group[-1].end, fetch, length, params), group
            group = []
        if span is not None:
            group.append(span)


def calm_before(at: int, fetch: Fetch, length: int, params: ScanParams) -> int:
    """Return the last position before ``at`` that no repeat can cover, 0 where there is none."""
    size = WINDOW
    at = min(at, length)
    while size < at:
        calm = np.flatnonzero(~may_be_covered(fetch(at - size, at), params))
        if len(calm):
            return at - size + int(calm[-1])
        size *= 2
    return 0


def calm_behind(at: int, fetch: Fetch, length: int, params: ScanParams) -> int:
    """Return the first position from ``at`` on that no repeat can cover, else the length."""
    size = WINDOW
    while at + size < length:
        calm = np.flatnonzero(~may_be_covered(fetch(at, at + size), params))
        if len(calm):
            return at + int(calm[0])
        size *= 2
    return length


def may_be_covered(text: str, params: ScanParams) -> NDArray[np.bool_]:
    """Return for each base of a window whether a repeat may lie across it.

    A run of equal units that touches an edge of the window may go on behind it.
    """
    bases = np.frombuffer(text.upper().encode("latin-1", "replace"), dtype=np.uint8)
    known = np.isin(bases, np.frombuffer(b"ACGT", dtype=np.uint8))
    # The first and the last base have no neighbour to tell.
    covered = np.zeros(len(bases) + 1, dtype=np.int64)
    for unit in range(1, params.max_unit + 1):
        least = params.min_homopolymer if unit == 1 else params.min_repeats
        if len(bases) <= unit:
            return np.ones(len(bases), dtype=bool)
        same = (bases[unit:] == bases[:-unit]) & known[unit:]
        # What lies before and behind the window might repeat its outermost units.
        edges = np.diff(np.concatenate([[0], same.astype(np.int8), [0]]))
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        long = (ends - starts >= unit * (least - 1)) | (starts == 0) | (ends == len(same))
        np.add.at(covered, starts[long], 1)
        np.add.at(covered, ends[long] + unit, -1)
        covered[0] += 1
        covered[unit] -= 1
        covered[len(bases) - unit] += 1
        covered[len(bases)] -= 1
    return np.cumsum(covered[:-1]) > 0
