"""Allele counts at sites in plain code: the definition, and the form used without a compiler.

Reads count as in :mod:`tumorkit.io.htslib.depth_python`. What a read says of a site:

- one base: the base aligned there, if its quality is high enough and it is not N; a read that
  deletes the site is counted as a deletion, whatever its qualities;
- several bases for as many (an MNV): all of them in one aligned stretch, judged by the lowest
  quality; an insertion inside is "other", a deletion inside is a deletion, and a read that ends
  inside says nothing;
- an insertion or a deletion: the CIGAR operation that follows the anchor base (the first base of
  ref), and for an insertion its bases too; the anchor's quality is what must be high enough. A
  read that ends on the anchor says nothing.

A fragment counts once. Mates that both see a site and agree count as one read, on the strand of
one mate chosen by the parity of the name's bytes (always taking the left mate would put all
overlapping fragments on the forward strand). Mates that disagree are counted as discordant and
as nothing else. Reads without qualities pass every quality limit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pysam
from numpy.typing import NDArray

from tumorkit.io.htslib.depth_python import EXCLUDED, has_mate_here, reads

REF, ALT, OTHER, DELETED, DISCORDANT = range(5)
SNV, MNV, INSERTION, DELETION = range(4)
CLASSES = 5

_CODES = {base: code for code, base in enumerate("=ACMGRSVTWYHKDBN")}


@dataclass(frozen=True)
class Part:
    """A stretch of aligned bases, and the operation that follows it."""

    start: int
    end: int
    query: int
    next_kind: int
    next_size: int


class AlleleCounter:
    """Counts fragments by allele at sites of one alignment file."""

    def __init__(self, path: str, reference: str = "") -> None:
        self.file = pysam.AlignmentFile(path, reference_filename=reference or None)

    def site_counts(
        self,
        contig: str,
        positions: NDArray[np.int64] | Sequence[int],
        kinds: NDArray[np.int8] | Sequence[int],
        refs: Sequence[str],
        alts: Sequence[str],
        min_mapping_quality: int,
        min_base_quality: int,
    ) -> NDArray[np.int32]:
        """Return counts by site, class (ref, alt, other, deleted, discordant) and strand.

        ``positions`` are 0-based and sorted; ``kinds`` says how each site is read. The strands
        are forward and reverse.
        """
        counts = np.zeros((len(positions), CLASSES, 2), dtype=np.int32)
        if len(positions) == 0:
            return counts
        sites = [
            (int(pos), int(kind), ref.upper(), alt.upper())
            for pos, kind, ref, alt in zip(positions, kinds, refs, alts, strict=True)
        ]
        waiting: dict[str, dict[int, tuple[int, int]]] = {}
        for read in reads(self.file, contig, sites[0][0], sites[-1][0] + 1):
            if read.flag & EXCLUDED or read.mapping_quality < min_mapping_quality:
                continue
            if read.query_sequence and read.infer_query_length() != read.query_length:
                raise OSError(f"damaged data at {contig}:{read.reference_start + 1}")
            seen = dict(observations(read, sites, min_base_quality))
            strand = int(read.is_reverse)
            here = has_mate_here(read)
            mate = None
            if here and read.next_reference_start <= read.reference_start:
                mate = waiting.pop(read.query_name, None)
            for site, code in seen.items():
                if mate is not None and site in mate:
                    settle(counts[site], mate[site], (code, strand), read.query_name)
                else:
                    counts[site, code & 7, strand] += 1
            if (
                here
                and mate is None
                and read.reference_start <= read.next_reference_start < (read.reference_end or 0)
            ):
                waiting.setdefault(read.query_name, {s: (c, strand) for s, c in seen.items()})
        return counts


def settle(
    counts: NDArray[np.int32], first: tuple[int, int], second: tuple[int, int], name: str
) -> None:
    """Turn the count of the first mate into the count of the fragment."""
    if first[0] != second[0]:
        counts[first[0] & 7, first[1]] -= 1
        counts[DISCORDANT, first[1]] += 1
    elif sum(name.encode()) & 1:
        counts[first[0] & 7, first[1]] -= 1
        counts[first[0] & 7, second[1]] += 1


def observations(
    read: pysam.AlignedSegment,
    sites: Sequence[tuple[int, int, str, str]],
    min_base_quality: int,
) -> Iterator[tuple[int, int]]:
    """Yield site numbers and what the read says there: class, and above it a finer code."""
    parts = list(parts_of(read.reference_start, read.cigartuples or []))
    sequence = (read.query_sequence or "").upper()
    qualities = read.query_qualities
    if not sequence:
        return
    first = bisect_left(sites, (read.reference_start,))
    last = bisect_left(sites, (read.reference_end,))
    for number, (pos, kind, ref, alt) in enumerate(sites[first:last], first):
        for part in parts:
            if part.start <= pos < part.end:
                at = part.query + pos - part.start
                span = min(len(ref), part.end - pos) if kind == MNV else 1
                if qualities is None or min(qualities[at : at + span]) >= min_base_quality:
                    code = observed(part, pos, at, kind, ref, alt, sequence)
                    if code is not None:
                        yield number, code
            elif part.end <= pos < part.end + part.next_size and part.next_kind == 2:
                yield number, DELETED


def observed(  # noqa: PLR0911 - one return per thing a read can say
    part: Part, pos: int, at: int, kind: int, ref: str, alt: str, sequence: str
) -> int | None:
    """Return what an aligned read says of a site, None if nothing."""
    if kind == SNV:
        base = sequence[at]
        if base == "N":
            return None
        known = {alt: ALT, ref: REF}.get(base, OTHER)
        return known | _CODES[base] << 3
    if kind == MNV:
        if pos + len(ref) > part.end:
            return {1: OTHER, 2: DELETED}.get(part.next_kind)
        return {alt: ALT, ref: REF}.get(sequence[at : at + len(ref)], OTHER)
    if pos + 1 < part.end:
        return REF
    fine = part.next_kind << 3 | part.next_size << 7
    if part.next_kind == 1:
        inserted = sequence[at + 1 : at + 1 + part.next_size]
        return (ALT if kind == INSERTION and inserted == alt[1:] else OTHER) | fine
    if part.next_kind == 2:
        return (ALT if kind == DELETION and part.next_size == len(ref) - 1 else OTHER) | fine
    return None


def parts_of(pos: int, operations: Sequence[tuple[int, int]]) -> Iterator[Part]:
    """Yield aligned stretches; M, = and X that touch are one, padding is passed over.

    >>> list(parts_of(10, [(4, 2), (7, 3), (8, 1), (1, 2), (0, 4)]))
    [Part(start=10, end=14, query=2, next_kind=1, next_size=2),
     Part(start=14, end=18, query=8, next_kind=-1, next_size=0)]
    """
    query = 0
    start: int | None = None
    start_query = 0
    for kind, size in operations:
        if kind == 6:
            continue
        if kind in (0, 7, 8):
            if start is None:
                start, start_query = pos, query
            pos += size
            query += size
            continue
        if start is not None:
            yield Part(start, pos, start_query, kind, size)
            start = None
        elif kind == 2:
            # A deletion that follows an insertion or a skip: no aligned base stands before it.
            yield Part(pos, pos, query, kind, size)
        if kind in (1, 4):
            query += size
        elif kind in (2, 3):
            pos += size
    if start is not None:
        yield Part(start, pos, start_query, -1, 0)
