"""Depth of targets and callable territory from a BAM or CRAM.

What a depth counts is said in :mod:`tumorkit.io.htslib.depth_python`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.core.kernels import load_kernel
from tumorkit.errors import InputError
from tumorkit.genome.interval import Interval, Territory, merge
from tumorkit.io.alignment import Alignment, quiet
from tumorkit.io.regions import cut, grouped, in_threads

# Sums need no array of bases, so a query may span more than one for depths of bases.
MAX_SUMMED = 16_000_000

Group = tuple[str, NDArray[np.int64], NDArray[np.int64]]


def mean_depths(
    alignment: Alignment,
    targets: Sequence[Interval],
    *,
    min_mapping_quality: int,
    threads: int = 1,
    progress: Progress = SILENT,
) -> NDArray[np.float64]:
    """Return the mean depth of each target, NaN for a target without bases.

    Targets carry the contig names of the alignment (:func:`tumorkit.io.alignment.placed_on`) and
    may overlap. Sums are exact integers, so threads and grouping cannot change a bit of them.
    """
    starts = np.array([item.start for item in targets], dtype=np.int64)
    ends = np.array([item.end for item in targets], dtype=np.int64)
    contigs = np.array([item.contig for item in targets], dtype=np.str_)
    placed = [(name, at, *pieces_of(starts[at], ends[at])) for name, at in rows(contigs)]
    groups: list[Group] = []
    for name, _, edges, covered in placed:
        first, last = edges[:-1][covered], edges[1:][covered]
        near = grouped(first.tolist(), last.tolist(), max_span=MAX_SUMMED)
        groups += [(name, first[a:b], last[a:b]) for a, b in near]
    found: dict[str, list[NDArray[np.int64]]] = {}
    for (name, _, _), sums in walk(
        alignment, groups, min_mapping_quality, threads, progress, "block_sums"
    ):
        found.setdefault(name, []).append(sums)
    totals = np.zeros(len(targets), dtype=np.int64)
    for name, at, edges, covered in placed:
        pieces = np.zeros(len(covered), dtype=np.int64)
        if name in found:
            pieces[covered] = np.concatenate(found[name])
        before = np.concatenate([[0], np.cumsum(pieces)])
        totals[at] = (
            before[np.searchsorted(edges, ends[at])] - before[np.searchsorted(edges, starts[at])]
        )
    sizes = ends - starts
    means = np.full(len(targets), np.nan)
    np.divide(totals, sizes, out=means, where=sizes > 0)
    return means


def callable_intervals(
    alignment: Alignment,
    targets: Sequence[Interval],
    min_depth: int,
    *,
    min_mapping_quality: int,
    threads: int = 1,
    progress: Progress = SILENT,
) -> Territory:
    """Return the bases of targets whose depth is at least ``min_depth``."""
    groups = groups_of(targets)
    deep: list[Interval] = []
    for (name, first, last), depth in walk(
        alignment, groups, min_mapping_quality, threads, progress
    ):
        at = 0
        for start, end in zip(first.tolist(), last.tolist(), strict=True):
            enough = depth[at : at + end - start] >= min_depth
            at += end - start
            turns = np.flatnonzero(np.diff(enough, prepend=False, append=False)) + start
            deep += [Interval(name, int(a), int(b)) for a, b in turns.reshape(-1, 2)]
    return Territory(deep)


def rows(contigs: NDArray[np.str_]) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Yield each contig with the numbers of its targets."""
    for name in dict.fromkeys(contigs.tolist()):
        yield name, np.flatnonzero(contigs == name)


def groups_of(targets: Sequence[Interval]) -> list[Group]:
    """Merge targets into disjoint blocks and group the near ones for one index query."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for item in targets:
        if item.end > item.start:
            spans.setdefault(item.contig, []).append((item.start, item.end))
    groups: list[Group] = []
    for name, listed in spans.items():
        blocks = np.array(cut(merge(listed)), dtype=np.int64)
        starts, ends = np.ascontiguousarray(blocks[:, 0]), np.ascontiguousarray(blocks[:, 1])
        groups += [
            (name, starts[a:b], ends[a:b]) for a, b in grouped(starts.tolist(), ends.tolist())
        ]
    return groups


def pieces_of(
    starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the edges of targets of one contig, and which pieces between them lie in a target.

    Targets may overlap; each is a run of pieces, and each base is counted in one piece.

    >>> edges, covered = pieces_of(np.array([0, 5, 20]), np.array([10, 15, 30]))
    >>> edges.tolist(), covered.tolist()
    ([0, 5, 10, 15, 20, 30], [True, True, True, False, True])
    """
    edges = np.unique(np.concatenate([starts, ends]))
    turns = np.zeros(len(edges), dtype=np.int64)
    np.add.at(turns, np.searchsorted(edges, starts), 1)
    np.add.at(turns, np.searchsorted(edges, ends), -1)
    return edges, np.cumsum(turns)[:-1] > 0


def walk(
    alignment: Alignment,
    groups: Sequence[Group],
    min_mapping_quality: int,
    threads: int,
    progress: Progress,
    method: str = "block_depths",
) -> Iterator[tuple[Group, NDArray[Any]]]:
    """Yield each group with the depth of its bases (or sums over its blocks), in order."""
    kernel = load_kernel("tumorkit.io.htslib.depth")
    reference = "" if alignment.reference is None else str(alignment.reference)

    def measure(counter: Any, group: Group) -> NDArray[Any]:
        name, starts, ends = group
        measured: NDArray[Any] = getattr(counter, method)(name, starts, ends, min_mapping_quality)
        return measured

    try:
        with quiet():
            answers = in_threads(
                lambda: kernel.DepthCounter(str(alignment.path), reference),
                measure,
                groups,
                threads,
            )
            yield from zip(
                groups,
                progress.track(answers, label="depth", total=len(groups)),
                strict=True,
            )
    except OSError as error:
        raise InputError(
            alignment.path, f"cannot be read to its end: {error}", hint="copy or make it again"
        ) from error
