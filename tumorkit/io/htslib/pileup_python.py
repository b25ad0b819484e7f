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

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pysam
from numpy.typing import NDArray

from tumorkit.io.htslib.counts_python import Part, parts_of
from tumorkit.io.htslib.depth_python import EXCLUDED, has_mate_here, reads

BASES = "ACGT"
COLUMN = np.full(256, -1)
COLUMN[np.frombuffer(b"ACGTacgt", dtype=np.uint8)] = [0, 1, 2, 3, 0, 1, 2, 3]
DELETED, DISCORDANT, SPANNING = 4, 5, 6
CLASSES = 7
INSERTION, DELETION = 1, 2
LONGEST = 31
NAMELESS = -1
# What follows a base: kind, size, bases. A number stands for it: 0 where the read does not say, 1
# for nothing, 2 where the base itself is deleted, then insertions and deletions as they come.
Event = tuple[int, int, int]
UNSAID, NOTHING_FOLLOWS, IS_DELETED, FIRST_EVENT = range(4)


@dataclass(frozen=True, slots=True)
class Said:
    """What a read says of bases: row, class of the base (-1 none), number of what follows."""

    rows: NDArray[np.int64]
    bases: NDArray[np.int64]
    follows: NDArray[np.int64]

    def at(self, keep: NDArray[np.bool_] | NDArray[np.int64]) -> Said:
        """Return what is said of some of the bases."""
        return Said(self.rows[keep], self.bases[keep], self.follows[keep])


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
        first, last = np.asarray(starts, dtype=np.int64), np.asarray(ends, dtype=np.int64)
        tally = Tally(int((last - first).sum()))
        if not len(tally.counts):
            return tally.listed()
        # Row of a base = its position less the shift of its block.
        shifts = first - np.concatenate([[0], np.cumsum(last - first)[:-1]])
        waiting: dict[str, Said] = {}
        for read in reads(self.file, contig, int(first[0]), int(last[-1])):
            if read.flag & EXCLUDED or read.mapping_quality < min_mapping_quality:
                continue
            if read.query_sequence and read.infer_query_length() != read.query_length:
                raise OSError(f"damaged data at {contig}:{read.reference_start + 1}")
            said = said_by(read, min_base_quality, tally.numbers)
            block = np.searchsorted(first, said.rows, side="right") - 1
            inside = (block >= 0) & (said.rows < last[block])
            said = Said(said.rows - shifts[block], said.bases, said.follows).at(inside)
            here = has_mate_here(read)
            mate = None
            if here and read.next_reference_start <= read.reference_start:
                mate = waiting.pop(read.query_name, None)
            tally.settle(said, mate)
            if (
                here
                and mate is None
                and len(said.rows)
                and read.reference_start <= read.next_reference_start < (read.reference_end or 0)
            ):
                waiting.setdefault(read.query_name, said)
        return tally.listed()


class Tally:
    """Counts of all rows, and the living insertions and deletions."""

    def __init__(self, rows: int) -> None:
        self.counts = np.zeros((rows, CLASSES), dtype=np.int32)
        self.numbers: dict[Event, int] = {}
        self.events: Counter[tuple[int, int]] = Counter()

    def settle(self, said: Said, mate: Said | None) -> None:
        """Add what a read says of its bases, given what its mate said before."""
        if mate is None:
            self.add(said)
            return
        _, mine, theirs = np.intersect1d(
            said.rows, mate.rows, assume_unique=True, return_indices=True
        )
        alone = np.ones(len(said.rows), dtype=bool)
        alone[mine] = False
        self.add(said.at(alone))
        both, before = said.at(mine), mate.at(theirs)
        # A mate speaks where the first was silent; where both speak and differ, neither counts.
        new_base, new_follows = before.bases < 0, before.follows == UNSAID
        self.add(
            Said(
                both.rows,
                np.where(new_base, both.bases, -1),
                np.where(new_follows, both.follows, UNSAID),
            )
        )
        differ = ~new_base & (both.bases >= 0) & (both.bases != before.bases)
        self.counts[both.rows[differ], before.bases[differ]] -= 1
        self.counts[both.rows[differ], DISCORDANT] += 1
        differ = ~new_follows & (both.follows != UNSAID) & (both.follows != before.follows)
        self.count_events(before.at(differ), -1)

    def add(self, said: Said) -> None:
        """Count bases that nothing was said of before; rows are different."""
        known = said.bases >= 0
        self.counts[said.rows[known], said.bases[known]] += 1
        self.count_events(said.at(said.follows != UNSAID), 1)

    def count_events(self, said: Said, number: int) -> None:
        """Add ``number`` to what follows bases."""
        self.counts[said.rows, SPANNING] += number
        for at in np.flatnonzero(said.follows >= FIRST_EVENT).tolist():
            self.events[int(said.rows[at]), int(said.follows[at])] += number

    def listed(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the counts and the indels that have a name and living fragments."""
        names = {number: event for event, number in self.numbers.items()}
        found = sorted(
            (row, *names[event], number)
            for (row, event), number in self.events.items()
            if number and names[event][2] != NAMELESS
        )
        return self.counts, np.array(found, dtype=np.int64).reshape(-1, 5)


def said_by(read: pysam.AlignedSegment, min_base_quality: int, numbers: dict[Event, int]) -> Said:
    """Return what a read says of every position it is aligned to (the rows of the result).

    Insertions and deletions not met before get their number in ``numbers``.
    """
    sequence = read.query_sequence or ""
    rows, bases, follows = [[np.empty(0, dtype=np.int64)] for _ in range(3)]
    if not sequence:
        return Said(rows[0], bases[0], follows[0])
    columns = COLUMN[np.frombuffer(sequence.encode("latin-1"), dtype=np.uint8)]
    good = np.ones(len(sequence), dtype=bool)
    if read.query_qualities is not None:
        good = np.asarray(read.query_qualities) >= min_base_quality
    for part in parts_of(read.reference_start, read.cigartuples or []):
        size = part.end - part.start
        here = slice(part.query, part.query + size)
        behind = np.full(size, NOTHING_FOLLOWS)
        if size and good[here][-1]:
            behind[-1] = number_of(following(part, columns[here.stop :]), numbers)
        rows.append(np.arange(part.start, part.end)[good[here]])
        bases.append(columns[here][good[here]])
        follows.append(behind[good[here]])
        if part.next_kind == DELETION:
            rows.append(np.arange(part.end, part.end + part.next_size))
            bases.append(np.full(part.next_size, DELETED))
            follows.append(np.full(part.next_size, IS_DELETED))
    return Said(np.concatenate(rows), np.concatenate(bases), np.concatenate(follows))


def number_of(event: Event | None, numbers: dict[Event, int]) -> int:
    """Return the number that stands for what follows a base."""
    if event is None:
        return UNSAID
    return numbers.setdefault(event, FIRST_EVENT + len(numbers))


def following(part: Part, behind: NDArray[np.int64]) -> Event | None:
    """Return what follows the last base of a part, None where the read does not say.

    ``behind`` are the classes of the read's bases behind the part.
    """
    if part.next_kind == DELETION:
        return DELETION, part.next_size, 0
    if part.next_kind != INSERTION:
        return None
    size = part.next_size
    codes = behind[:size].tolist()
    if size > LONGEST or min(codes) < 0:
        return INSERTION, size, NAMELESS
    packed = 0
    for code in codes:
        packed = packed << 2 | code
    return INSERTION, size, packed
