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
    groups = groups_of(targets)
    # Bases counted before each edge of a contig; a target is the difference of two edges.
    edges = {name: np.unique(np.concatenate([starts[at], ends[at]])) for name, at in rows(contigs)}
    sums = {name: np.zeros(len(edge), dtype=np.int64) for name, edge in edges.items()}
    for (name, first, last), depth in walk(
        alignment, groups, min_mapping_quality, threads, progress
    ):
        add_group(edges[name], sums[name], first, last, depth)
    totals = np.zeros(len(targets), dtype=np.int64)
    for name, at in rows(contigs):
        before = np.concatenate([[0], np.cumsum(sums[name])])
        edge = edges[name]
        totals[at] = (
            before[np.searchsorted(edge, ends[at])] - before[np.searchsorted(edge, starts[at])]
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


def add_group(
    edges: NDArray[np.int64],
    sums: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    depth: NDArray[np.int32],
) -> None:
    """Add the counted bases of a group to ``sums``: those from each edge up to the next.

    Edges outside blocks bound gaps in which nothing is counted.
    """
    low, high = np.searchsorted(edges, [starts[0], ends[-1]], side="left")
    inner = edges[low:high]
    # A group may begin or end inside the stretch between two edges, where a long target was cut.
    points = np.unique(np.concatenate([inner, starts, ends]))
    offsets = np.concatenate([[0], np.cumsum(ends - starts)])
    block = np.searchsorted(starts, points, side="right") - 1
    place = offsets[block] + np.minimum(points, ends[block]) - starts[block]
    before = np.concatenate([[0], np.cumsum(depth, dtype=np.int64)])
    pieces = np.diff(before[place])
    owner = np.searchsorted(edges, points[:-1], side="right") - 1
    np.add.at(sums, owner, pieces)


def walk(
    alignment: Alignment,
    groups: Sequence[Group],
    min_mapping_quality: int,
    threads: int,
    progress: Progress,
) -> Iterator[tuple[Group, NDArray[np.int32]]]:
    """Yield each group with the depth of its bases, in order."""
    kernel = load_kernel("tumorkit.io.htslib.depth")
    reference = "" if alignment.reference is None else str(alignment.reference)

    def measure(counter: Any, group: Group) -> NDArray[np.int32]:
        name, starts, ends = group
        depth: NDArray[np.int32] = counter.block_depths(name, starts, ends, min_mapping_quality)
        return depth

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
