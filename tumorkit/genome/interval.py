"""Intervals and sets of intervals, 0-based and half-open."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tumorkit.genome.contigs import order


@dataclass(frozen=True)
class Interval:
    """A stretch of a contig, 0-based half-open, perhaps with a name."""

    contig: str
    start: int
    end: int
    name: str = ""

    def __post_init__(self) -> None:
        if self.start < 0 or self.end < self.start:
            raise ValueError(f"no interval: {self.contig}:{self.start}-{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def __str__(self) -> str:
        return f"{self.contig}:{self.start + 1}-{self.end}"


class Territory:
    """A set of bases: intervals merged so that each base counts once.

    >>> panel = Territory([Interval("chr1", 0, 100), Interval("chr1", 50, 150)])
    >>> panel.bases, panel.contains("chr1", 149), panel.contains("chr1", 150)
    (150, True, False)
    """

    def __init__(self, intervals: Iterable[Interval] = ()) -> None:
        grouped: dict[str, list[tuple[int, int]]] = {}
        for item in intervals:
            if item.end > item.start:
                grouped.setdefault(item.contig, []).append((item.start, item.end))
        self._spans = {name: merge(grouped[name]) for name in sorted(grouped, key=order)}
        self._starts = {name: [start for start, _ in spans] for name, spans in self._spans.items()}

    @property
    def bases(self) -> int:
        """Number of bases."""
        return sum(end - start for spans in self._spans.values() for start, end in spans)

    @property
    def megabases(self) -> float:
        """Number of bases in units of a million."""
        return self.bases / 1e6

    @property
    def contigs(self) -> tuple[str, ...]:
        """Contigs in chromosome order."""
        return tuple(self._spans)

    def __iter__(self) -> Iterator[Interval]:
        for name, spans in self._spans.items():
            for start, end in spans:
                yield Interval(name, start, end)

    def __len__(self) -> int:
        return sum(len(spans) for spans in self._spans.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Territory) and self._spans == other._spans

    def __hash__(self) -> int:
        return hash(tuple((name, tuple(spans)) for name, spans in self._spans.items()))

    def contains(self, contig: str, position: int) -> bool:
        """Whether a 0-based position lies inside."""
        starts = self._starts.get(contig)
        if starts is None:
            return False
        at = bisect_right(starts, position) - 1
        return at >= 0 and position < self._spans[contig][at][1]

    def overlap(self, contig: str, start: int, end: int) -> int:
        """Return how many bases of an interval lie inside.

        >>> panel = Territory([Interval("chr1", 0, 100), Interval("chr1", 150, 200)])
        >>> panel.overlap("chr1", 90, 160)
        20
        """
        spans = self._spans.get(contig, [])
        at = max(0, bisect_right(self._starts.get(contig, []), start) - 1)
        total = 0
        while at < len(spans) and spans[at][0] < end:
            total += max(0, min(end, spans[at][1]) - max(start, spans[at][0]))
            at += 1
        return total

    def intersect(self, other: Territory) -> Territory:
        """Return the bases in both."""
        return Territory(
            Interval(name, max(a, c), min(b, d))
            for name, spans in self._spans.items()
            for (a, b), (c, d) in overlapping(spans, other._spans.get(name, []))
        )

    def subtract(self, other: Territory) -> Territory:
        """Return the bases that are not in the other."""
        left: list[Interval] = []
        for name, spans in self._spans.items():
            holes = other._spans.get(name, [])
            at = 0
            for start, end in spans:
                cursor = start
                while at < len(holes) and holes[at][1] <= start:
                    at += 1
                step = at
                while step < len(holes) and holes[step][0] < end:
                    if holes[step][0] > cursor:
                        left.append(Interval(name, cursor, holes[step][0]))
                    cursor = max(cursor, holes[step][1])
                    step += 1
                if cursor < end:
                    left.append(Interval(name, cursor, end))
        return Territory(left)

    def renamed(self, names: dict[str, str]) -> Territory:
        """Return the same bases under other contig names; contigs without a new name are lost."""
        return Territory(
            Interval(names[item.contig], item.start, item.end)
            for item in self
            if item.contig in names
        )


def merge(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merge overlapping and touching spans into sorted ones."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def overlapping(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the pairs of overlapping spans of two sorted lists."""
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i][0] < right[j][1] and right[j][0] < left[i][1]:
            yield left[i], right[j]
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
