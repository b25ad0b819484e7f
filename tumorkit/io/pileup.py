"""Count all alleles of targeted bases in several alignments, stretch by stretch.

What counts is said in :mod:`tumorkit.io.htslib.pileup_python`; a VCF in an alignment's place
(:mod:`tumorkit.io.normal_vcf`) says what its program counted.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.core.kernels import load_kernel
from tumorkit.errors import InputError
from tumorkit.genome.interval import Interval, Territory
from tumorkit.io.alignment import Alignment, quiet
from tumorkit.io.normal_vcf import VcfCounter
from tumorkit.io.regions import cut, grouped

# Bounds what is held at once: 7 counts a base and alignment.
LONGEST = 20_000
SPAN = 100_000

Counted = tuple[NDArray[np.int32], NDArray[np.int64]]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Blocks of one contig that are counted together, 0-based, sorted and disjoint."""

    contig: str
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def positions(self) -> NDArray[np.int64]:
        """All bases, 0-based."""
        return np.concatenate(
            [np.arange(a, b) for a, b in zip(self.starts, self.ends, strict=True)]
        )


def stretches_of(targets: Sequence[Interval]) -> list[Stretch]:
    """Return the bases of targets, each once, in stretches that fit into memory."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for item in Territory(targets):
        spans.setdefault(item.contig, []).append((item.start, item.end))
    made = []
    for contig, listed in spans.items():
        blocks = np.array(cut(listed, LONGEST), dtype=np.int64)
        edges = [blocks[:, side].tolist() for side in (0, 1)]
        made += [
            Stretch(
                contig=contig,
                starts=np.ascontiguousarray(blocks[a:b, 0]),
                ends=np.ascontiguousarray(blocks[a:b, 1]),
            )
            for a, b in grouped(*edges, max_gap=LONGEST, max_span=SPAN)
        ]
    return made


def count_bases(
    alignments: Sequence[Alignment],
    names: Sequence[dict[str, str]],
    stretches: Sequence[Stretch],
    min_mapping_quality: int,
    min_base_quality: int,
    *,
    threads: int = 1,
    progress: Progress = SILENT,
) -> Iterator[list[Counted]]:
    """Yield, for each stretch in order, counts and indels of every alignment.

    ``names`` gives the contig's name in each alignment. Threads take stretches in turn, at most
    two ahead of what was asked for, and change nothing but the time.
    """
    kernel = load_kernel("tumorkit.io.htslib.pileup")
    local = threading.local()

    def measure(stretch: Stretch) -> list[Counted]:
        if not hasattr(local, "counters"):
            local.counters = [
                VcfCounter(str(one.path))
                if one.form == "VCF"
                else kernel.PileupCounter(str(one.path), str(one.reference or ""))
                for one in alignments
            ]
        found = []
        for one, name, counter in zip(alignments, names, local.counters, strict=True):
            try:
                counted = counter.block_alleles(
                    name[stretch.contig],
                    stretch.starts,
                    stretch.ends,
                    min_mapping_quality,
                    min_base_quality,
                )
            except OSError as error:
                raise InputError(
                    one.path, f"cannot be read to its end: {error}", hint="copy or make it again"
                ) from error
            found.append(counted)
        return found

    with quiet():
        tracked = progress.track(stretches, label="counts", total=len(stretches))
        if threads <= 1:
            yield from map(measure, tracked)
            return
        with ThreadPoolExecutor(threads) as pool:
            waiting: deque[Future[list[Counted]]] = deque()
            for stretch in tracked:
                waiting.append(pool.submit(measure, stretch))
                if len(waiting) >= 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
