"""Count alleles at sites in a BAM or CRAM.

What counts, and once per fragment, is said in :mod:`tumorkit.io.htslib.counts_python`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.core.kernels import load_kernel
from tumorkit.errors import InputError
from tumorkit.genome.site import Site
from tumorkit.io.alignment import Alignment, quiet
from tumorkit.io.regions import grouped, in_threads

KINDS = {"snv": 0, "mnv": 1, "insertion": 2, "deletion": 3}
REF, ALT, OTHER, DELETED, DISCORDANT = range(5)


def count_alleles(
    alignment: Alignment,
    sites: Sequence[Site],
    *,
    min_mapping_quality: int,
    min_base_quality: int,
    threads: int = 1,
    progress: Progress = SILENT,
) -> NDArray[np.int32]:
    """Return counts by site, class (ref, alt, other, deleted, discordant) and strand.

    Sites carry the contig names of the alignment, in any order; the strands are forward and
    reverse. Threads change nothing but the time.
    """
    counts = np.zeros((len(sites), 5, 2), dtype=np.int32)
    groups = groups_of(sites)
    kernel = load_kernel("tumorkit.io.htslib.counts")
    reference = "" if alignment.reference is None else str(alignment.reference)

    def measure(counter: Any, group: list[int]) -> NDArray[np.int32]:
        here = [sites[number] for number in group]
        found: NDArray[np.int32] = counter.site_counts(
            here[0].contig,
            np.array([site.position for site in here], dtype=np.int64),
            np.array([KINDS[site.kind] for site in here], dtype=np.int8),
            [site.ref for site in here],
            [site.alt for site in here],
            min_mapping_quality,
            min_base_quality,
        )
        return found

    try:
        with quiet():
            answers = in_threads(
                lambda: kernel.AlleleCounter(str(alignment.path), reference),
                measure,
                groups,
                threads,
            )
            tracked = progress.track(answers, label="counts", total=len(groups))
            for group, found in zip(groups, tracked, strict=True):
                counts[group] = found
    except OSError as error:
        raise InputError(
            alignment.path, f"cannot be read to its end: {error}", hint="copy or make it again"
        ) from error
    return counts


def groups_of(sites: Sequence[Site]) -> list[list[int]]:
    """Return numbers of sites by contig and position, grouped for one index query each."""
    by_contig: dict[str, list[int]] = {}
    for number, site in enumerate(sites):
        by_contig.setdefault(site.contig, []).append(number)
    groups: list[list[int]] = []
    for numbers in by_contig.values():
        numbers.sort(key=lambda number: sites[number].position)
        places = [sites[number].position for number in numbers]
        groups += [numbers[a:b] for a, b in grouped(places, [place + 1 for place in places])]
    return groups
