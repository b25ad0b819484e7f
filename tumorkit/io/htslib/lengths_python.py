"""Lengths of microsatellites in reads, in plain code: the definition.

Of every site, all alignments that share a base with the tract are sorted into the columns below,
the first that fits:

- flagged secondary, supplementary, QC fail or duplicate, or of too low mapping quality;
- ``NOT_SPANNING``: the first base of the left flank and the last of the right one are not both
  aligned, so that the tract's end was not seen;
- ``FLANK_DIFFERS``: more than ``max_mismatches`` bases of a flank differ from the list's;
- ``LOW_QUALITY``: the mean base quality of the tract is below ``min_base_quality`` (the flanks',
  where the tract is gone);
- ``INTERRUPTED``: what lies between the flanks is not the unit and nothing but the unit, or a
  part of the reference was skipped;
- ``TOO_LONG``: more units than there is room to count;
- else the read votes for its number of units.

A fragment votes once: mates that agree are one vote (``SECOND_MATE`` for the other), mates that
disagree are none (both in ``MATES_DISAGREE``). The length is told by the read's bases between the
flanks, so it does not matter where an aligner puts a gap. Reads without qualities pass.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pysam
from numpy.typing import NDArray

from tumorkit.io.htslib.counts_python import Part, parts_of
from tumorkit.io.htslib.depth_python import has_mate_here

(
    SECONDARY,
    SUPPLEMENTARY,
    QC_FAIL,
    DUPLICATE,
    LOW_MAPPING_QUALITY,
    NOT_SPANNING,
    FLANK_DIFFERS,
    LOW_QUALITY,
    INTERRUPTED,
    TOO_LONG,
    MATES_DISAGREE,
    SECOND_MATE,
) = range(12)
REASONS = 12
FLAGS = ((0x100, SECONDARY), (0x800, SUPPLEMENTARY), (0x200, QC_FAIL), (0x400, DUPLICATE))


class LengthCounter:
    """Counts fragments by length of microsatellites in one alignment file."""

    def __init__(self, path: str, reference: str = "") -> None:
        self.file = pysam.AlignmentFile(path, reference_filename=reference or None)

    def site_lengths(  # noqa: PLR0912 - one walk, a branch per thing a read can be
        self,
        contig: str,
        starts: NDArray[np.int64],
        repeats: NDArray[np.int64],
        units: Sequence[str],
        left_flanks: Sequence[str],
        right_flanks: Sequence[str],
        rooms: NDArray[np.int64],
        min_mapping_quality: int,
        min_base_quality: int,
        max_mismatches: int,
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return votes by length, and alignments that did not vote by site and reason.

        Sites are sorted by start (0-based). ``rooms`` gives the lengths that are counted at each
        site: 0 to room - 1 units; the sites' votes stand one behind the other in one array.
        """
        edges = np.concatenate([[0], np.cumsum(rooms)])
        counts = np.zeros(edges[-1], dtype=np.int32)
        lost = np.zeros((len(starts), REASONS), dtype=np.int32)
        if len(starts) == 0:
            return counts, lost
        ends = np.asarray(starts) + np.asarray(repeats) * [len(unit) for unit in units]
        waiting: dict[str, dict[int, int]] = {}
        for read in self.file.fetch(contig, int(starts[0]), int(ends.max())):
            if read.is_unmapped:
                continue
            if read.query_sequence and read.infer_query_length() != read.query_length:
                raise OSError(f"damaged data at {contig}:{read.reference_start + 1}")
            votes: dict[int, int] = {}
            for site in range(len(starts)):
                if not (starts[site] < (read.reference_end or 0)):
                    break
                if ends[site] <= read.reference_start:
                    continue
                reason = refused(read, min_mapping_quality)
                if reason < 0:
                    reason, length = seen_length(
                        read,
                        (int(starts[site]), int(ends[site])),
                        (left_flanks[site], units[site], right_flanks[site]),
                        min_base_quality,
                        max_mismatches,
                    )
                    if reason < 0 and length >= rooms[site]:
                        reason = TOO_LONG
                if reason < 0:
                    votes[site] = length
                else:
                    lost[site, reason] += 1
            mate = mate_of(read, votes, waiting)
            for site, length in votes.items():
                if mate is None or site not in mate:
                    counts[edges[site] + length] += 1
                elif mate[site] == length:
                    lost[site, SECOND_MATE] += 1
                else:
                    counts[edges[site] + mate[site]] -= 1
                    lost[site, MATES_DISAGREE] += 2
        return counts, lost


def refused(read: pysam.AlignedSegment, min_mapping_quality: int) -> int:
    """Return the reason why an alignment does not count anywhere, -1 for none."""
    for flag, reason in FLAGS:
        if read.flag & flag:
            return reason
    return LOW_MAPPING_QUALITY if read.mapping_quality < min_mapping_quality else -1


def mate_of(
    read: pysam.AlignedSegment, votes: dict[int, int], waiting: dict[str, dict[int, int]]
) -> dict[int, int] | None:
    """Return the votes of a mate that came before, or let a read wait for its mate."""
    if not votes or not has_mate_here(read):
        return None
    mate = None
    if read.next_reference_start <= read.reference_start:
        mate = waiting.pop(str(read.query_name), None)
    if mate is None and (
        read.reference_start <= read.next_reference_start < (read.reference_end or 0)
    ):
        waiting.setdefault(str(read.query_name), votes)
    return mate


def seen_length(
    read: pysam.AlignedSegment,
    tract: tuple[int, int],
    expected: tuple[str, str, str],
    min_base_quality: int,
    max_mismatches: int,
) -> tuple[int, int]:
    """Return the reason why a read says nothing of a site (-1 for none), and its length."""
    left, unit, right = expected
    sequence = (read.query_sequence or "").upper()
    parts = list(parts_of(read.reference_start, read.cigartuples or []))
    first = place_of(parts, tract[0] - len(left))
    last = place_of(parts, tract[1] + len(right) - 1)
    if first is None or last is None or not sequence:
        return NOT_SPANNING, 0
    begin, end = first[1] + len(left), last[1] + 1 - len(right)
    if any(part.next_kind == 3 for part in parts[first[0] : last[0]]) or end < begin:
        return INTERRUPTED, 0
    for found, wanted in ((sequence[begin - len(left) : begin], left),
                          (sequence[end : end + len(right)], right)):  # fmt: skip
        if sum(a != b for a, b in zip(found, wanted.upper(), strict=True)) > max_mismatches:
            return FLANK_DIFFERS, 0
    qualities = read.query_qualities
    if qualities is not None:
        looked = (
            qualities[begin:end] if end > begin else qualities[begin - len(left) : end + len(right)]
        )
        if sum(looked) < min_base_quality * len(looked):
            return LOW_QUALITY, 0
    length, rest = divmod(end - begin, len(unit))
    if rest or sequence[begin:end] != unit.upper() * length:
        return INTERRUPTED, 0
    return -1, length


def place_of(parts: Sequence[Part], pos: int) -> tuple[int, int] | None:
    """Return the aligned stretch and the read's base at a place of the reference, if aligned."""
    for number, part in enumerate(parts):
        if part.start <= pos < part.end:
            return number, part.query + pos - part.start
    return None
