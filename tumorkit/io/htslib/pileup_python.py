"""All alleles of every base of a stretch in plain code: the definition, and the fallback.

What a read says of a base, and that a fragment counts once, is as at listed sites
(:mod:`tumorkit.io.htslib.counts_python`): the count of an allele here is the count that a list
with this allele would give. Two things are asked of every base and settled apart between mates:

- its base: A, C, G, T, or deleted; mates that disagree are discordant;
- what follows it (as anchor): nothing, an insertion with its bases, or a deletion with its size.
  A read that ends on the base, or is clipped behind it, says nothing of that.

An insertion longer than :data:`LONGEST` bases, or with a base other than A, C, G, T, has no name;
it counts among the fragments that say something.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pysam
from numpy.typing import NDArray

from tumorkit.io.htslib.counts_python import Part, parts_of
from tumorkit.io.htslib.depth_python import EXCLUDED, has_mate_here, reads

BASES = "ACGT"
DELETED, DISCORDANT, SPANNING = 4, 5, 6
CLASSES = 7
INSERTION, DELETION = 1, 2
LONGEST = 31
# What follows a base: nothing, or the base itself is deleted; else kind, size, bases.
Event = tuple[int, int, int]
NOTHING_FOLLOWS: Event = (0, 0, 0)
IS_DELETED: Event = (3, 0, 0)
NAMELESS = -1
Seen = tuple[int | None, Event | None]


class PileupCounter:
    """Counts fragments by allele over bases of one alignment file."""

    def __init__(self, path: str, reference: str = "") -> None:
        self.file = pysam.AlignmentFile(path, reference_filename=reference or None)

    def block_alleles(
        self,
        contig: str,
        starts: NDArray[np.int64] | Sequence[int],
        ends: NDArray[np.int64] | Sequence[int],
        min_mapping_quality: int,
        min_base_quality: int,
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return counts of every base of sorted, disjoint blocks, and the indels found.

        Counts have a row per base and columns A, C, G, T, deleted, discordant, spanning (fragments
        that say whether an indel follows). Indels have a row each, sorted: row of the anchor, kind
        (1 insertion, 2 deletion), size, inserted bases (two bits each, the first base highest),
        fragments.
        """
        blocks = [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
        offsets = np.cumsum([0, *(b - a for a, b in blocks)])
        counts = np.zeros((int(offsets[-1]), CLASSES), dtype=np.int32)
        events: Counter[tuple[int, int, int, int]] = Counter()
        if not len(counts):
            return counts, np.empty((0, 5), dtype=np.int64)
        first = [a for a, _ in blocks]

        def row_of(pos: int) -> int | None:
            at = bisect_right(first, pos) - 1
            if at < 0 or pos >= blocks[at][1]:
                return None
            return int(offsets[at]) + pos - blocks[at][0]

        waiting: dict[str, dict[int, Seen]] = {}
        for read in reads(self.file, contig, blocks[0][0], blocks[-1][1]):
            if read.flag & EXCLUDED or read.mapping_quality < min_mapping_quality:
                continue
            if read.query_sequence and read.infer_query_length() != read.query_length:
                raise OSError(f"damaged data at {contig}:{read.reference_start + 1}")
            seen = {
                row: said
                for pos, said in said_by(read, min_base_quality)
                if (row := row_of(pos)) is not None
            }
            here = has_mate_here(read)
            mate = None
            if here and read.next_reference_start <= read.reference_start:
                mate = waiting.pop(read.query_name, None)
            for row, said in seen.items():
                settle(counts[row], events, row, said, (mate or {}).get(row, (None, None)))
            if (
                here
                and mate is None
                and seen
                and read.reference_start <= read.next_reference_start < (read.reference_end or 0)
            ):
                waiting.setdefault(read.query_name, seen)
        listed = sorted((*key, number) for key, number in events.items() if number)
        return counts, np.array(listed, dtype=np.int64).reshape(-1, 5)


def settle(
    counts: NDArray[np.int32],
    events: Counter[tuple[int, int, int, int]],
    row: int,
    said: Seen,
    before: Seen,
) -> None:
    """Add what a read says of one base, given what its mate said before."""
    base, follows = said
    if base is not None:
        if before[0] is None:
            counts[base] += 1
        elif before[0] != base:
            counts[before[0]] -= 1
            counts[DISCORDANT] += 1
    if follows is None:
        return
    if before[1] is None:
        counts[SPANNING] += 1
        if follows[0] in (INSERTION, DELETION) and follows[2] != NAMELESS:
            events[row, *follows] += 1
    elif before[1] != follows:
        counts[SPANNING] -= 1
        if before[1][0] in (INSERTION, DELETION) and before[1][2] != NAMELESS:
            events[row, *before[1]] -= 1


def said_by(read: pysam.AlignedSegment, min_base_quality: int) -> Iterator[tuple[int, Seen]]:
    """Yield positions and what a read says there: class of the base, and what follows it."""
    sequence = (read.query_sequence or "").upper()
    qualities = read.query_qualities
    if not sequence:
        return
    for part in parts_of(read.reference_start, read.cigartuples or []):
        for pos in range(part.start, part.end):
            at = part.query + pos - part.start
            if qualities is not None and qualities[at] < min_base_quality:
                continue
            base = BASES.find(sequence[at])
            yield pos, (base if base >= 0 else None, following(part, pos, at, sequence))
        if part.next_kind == DELETION:
            for pos in range(part.end, part.end + part.next_size):
                yield pos, (DELETED, IS_DELETED)


def following(part: Part, pos: int, at: int, sequence: str) -> Event | None:
    """Return what follows a base of a read, None where the read does not say."""
    if pos + 1 < part.end:
        return NOTHING_FOLLOWS
    if part.next_kind == DELETION:
        return DELETION, part.next_size, 0
    if part.next_kind != INSERTION:
        return None
    size = part.next_size
    codes = [BASES.find(base) for base in sequence[at + 1 : at + 1 + size]]
    if size > LONGEST or min(codes) < 0:
        return INSERTION, size, NAMELESS
    packed = 0
    for code in codes:
        packed = packed << 2 | code
    return INSERTION, size, packed
