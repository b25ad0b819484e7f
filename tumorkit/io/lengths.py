"""Count lengths of microsatellites in a BAM or CRAM.

What counts, and once per fragment, is said in :mod:`tumorkit.io.htslib.lengths_python`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.core.kernels import load_kernel
from tumorkit.errors import InputError
from tumorkit.genome.repeat import Repeat
from tumorkit.io.alignment import Alignment, quiet
from tumorkit.io.regions import grouped, in_threads

# Units that a tract may gain and still be counted; further ones are counted as too long.
GAIN = 20
# Reasons for which an alignment does not vote (tumorkit.io.htslib.lengths_python).
REASONS = 12

Counted = tuple[NDArray[np.int32], NDArray[np.int32]]


def rooms_of(loci: Sequence[Repeat]) -> NDArray[np.int64]:
    """Return how many lengths are counted at each site: 0 to ``repeats`` + 20 units."""
    return np.array([locus.repeats + GAIN + 1 for locus in loci], dtype=np.int64)


def count_lengths(
    alignment: Alignment,
    loci: Sequence[Repeat],
    *,
    min_mapping_quality: int,
    min_base_quality: int,
    max_mismatches: int,
    threads: int = 1,
    progress: Progress = SILENT,
) -> Counted:
    """Return votes by site and length, and alignments that did not vote by site and reason.

    The sites carry the contig names of the alignment, in any order. Votes are one array, sites one
    behind the other, with :func:`rooms_of` lengths each. Threads change nothing but the time.
    """
    rooms = rooms_of(loci)
    edges = np.concatenate([[0], np.cumsum(rooms)])
    votes = np.zeros(edges[-1], dtype=np.int32)
    kernel = load_kernel("tumorkit.io.htslib.lengths")
    lost = np.zeros((len(loci), REASONS), dtype=np.int32)
    groups = groups_of(loci)
    reference = "" if alignment.reference is None else str(alignment.reference)

    def measure(counter: Any, group: list[int]) -> Counted:
        here = [loci[number] for number in group]
        found: Counted = counter.site_lengths(
            here[0].contig,
            np.array([locus.start for locus in here], dtype=np.int64),
            np.array([locus.repeats for locus in here], dtype=np.int64),
            [locus.unit for locus in here],
            [locus.left_flank for locus in here],
            [locus.right_flank for locus in here],
            rooms[group],
            min_mapping_quality,
            min_base_quality,
            max_mismatches,
        )
        return found

    try:
        with quiet():
            answers = in_threads(
                lambda: kernel.LengthCounter(str(alignment.path), reference),
                measure,
                groups,
                threads,
            )
            tracked = progress.track(answers, label="lengths", total=len(groups))
            for group, (seen, gone) in zip(groups, tracked, strict=True):
                at = 0
                for number in group:
                    votes[edges[number] : edges[number + 1]] = seen[at : at + rooms[number]]
                    at += int(rooms[number])
                lost[group] = gone
    except OSError as error:
        raise InputError(
            alignment.path, f"cannot be read to its end: {error}", hint="copy or make it again"
        ) from error
    return votes, lost


def groups_of(loci: Sequence[Repeat]) -> list[list[int]]:
    """Return numbers of sites by contig and start, grouped for one index query each."""
    by_contig: dict[str, list[int]] = {}
    for number, locus in enumerate(loci):
        by_contig.setdefault(locus.contig, []).append(number)
    groups: list[list[int]] = []
    for numbers in by_contig.values():
        numbers.sort(key=lambda number: loci[number].start)
        starts = [loci[number].start for number in numbers]
        ends = np.maximum.accumulate([loci[number].end for number in numbers]).tolist()
        groups += [numbers[a:b] for a, b in grouped(starts, ends)]
    return groups
