"""Depth of each base in plain code: the definition, and the form used without a compiler.

The depth of a base is the number of fragments with an aligned base on it. A read counts when it is
primary, mapped, not marked as duplicate or as failing quality control, and its mapping quality is
at least the minimum. Only the CIGAR operations M, = and X count; deleted and skipped bases do
not. Where two mates of a fragment overlap, a base that both of them cover counts once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import numpy as np
import pysam
from numpy.typing import NDArray

EXCLUDED = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
ALIGNED = frozenset((0, 7, 8))
REFERENCE_ONLY = frozenset((2, 3))


class DepthCounter:
    """Counts fragments over bases of one alignment file."""

    def __init__(self, path: str, reference: str = "") -> None:
        self.file = pysam.AlignmentFile(path, reference_filename=reference or None)

    def block_depths(
        self,
        contig: str,
        starts: NDArray[np.int64] | Sequence[int],
        ends: NDArray[np.int64] | Sequence[int],
        min_mapping_quality: int,
    ) -> NDArray[np.int32]:
        """Return the depth of every base of sorted, disjoint blocks, one after the other."""
        if len(starts) == 0:
            return np.empty(0, dtype=np.int32)
        low, high = int(starts[0]), int(ends[-1])
        steps = np.zeros(high - low + 1, dtype=np.int32)
        waiting: dict[str, list[tuple[int, int]]] = {}
        for read in reads(self.file, contig, low, high):
            if read.flag & EXCLUDED or read.mapping_quality < min_mapping_quality:
                continue
            parts, end = aligned_parts(read.reference_start, read.cigartuples or [])
            add(steps, parts, 1, low, high)
            if not has_mate_here(read):
                continue
            mate = None
            if read.next_reference_start <= read.reference_start:
                mate = waiting.pop(read.query_name, None)
            if mate is not None:
                add(steps, common_parts(mate, parts), -1, low, high)
            elif read.reference_start <= read.next_reference_start < end:
                waiting.setdefault(read.query_name, parts)
        depths = np.cumsum(steps[:-1], dtype=np.int32)
        kept = [depths[int(a) - low : int(b) - low] for a, b in zip(starts, ends, strict=True)]
        return np.concatenate(kept)

    def block_sums(
        self,
        contig: str,
        starts: NDArray[np.int64] | Sequence[int],
        ends: NDArray[np.int64] | Sequence[int],
        min_mapping_quality: int,
    ) -> NDArray[np.int64]:
        """Return the sum of depths over each of sorted, disjoint blocks."""
        depths = self.block_depths(contig, starts, ends, min_mapping_quality)
        before = np.concatenate(([0], np.cumsum(depths, dtype=np.int64)))
        sizes = np.asarray(ends, dtype=np.int64) - np.asarray(starts, dtype=np.int64)
        return np.diff(before[np.concatenate(([0], np.cumsum(sizes)))])


def reads(
    file: pysam.AlignmentFile, contig: str, low: int, high: int
) -> Iterator[pysam.AlignedSegment]:
    """Yield the reads of a region; damaged data are an OSError that names the place."""
    at = low
    try:
        for read in file.fetch(contig, low, high):
            at = read.reference_start
            yield read
    except OSError as error:
        # A file whose reading failed fails to close as well, and would say so when it is deleted.
        with contextlib.suppress(OSError):
            file.close()
        raise OSError(f"damaged data at {contig}:{at + 1}") from error


def has_mate_here(read: pysam.AlignedSegment) -> bool:
    """Whether the read's mate is mapped on the same contig."""
    return bool(
        read.is_paired and not read.mate_is_unmapped and read.next_reference_id == read.reference_id
    )


def aligned_parts(
    pos: int, operations: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, int]], int]:
    """Return the stretches where bases are aligned, and the end of the alignment.

    >>> aligned_parts(100, [(4, 5), (0, 10), (2, 3), (0, 10)])
    ([(100, 110), (113, 123)], 123)
    """
    parts = []
    for kind, size in operations:
        if kind in ALIGNED:
            parts.append((pos, pos + size))
            pos += size
        elif kind in REFERENCE_ONLY:
            pos += size
    return parts, pos


def common_parts(
    left: Sequence[tuple[int, int]], right: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the stretches that lie in both lists.

    >>> common_parts([(0, 10), (20, 30)], [(5, 25)])
    [(5, 10), (20, 25)]
    """
    pairs = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return [(start, end) for start, end in pairs if start < end]


def add(
    steps: NDArray[np.int32],
    parts: Sequence[tuple[int, int]],
    amount: int,
    low: int,
    high: int,
) -> None:
    """Change the depth of the stretches, as far as they lie between ``low`` and ``high``."""
    for start, end in parts:
        if start < high and end > low:
            steps[max(start, low) - low] += amount
            steps[min(end, high) - low] -= amount
