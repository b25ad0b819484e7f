"""How deeply genes were read, and where not deeply enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_GAPS = 20


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Bases (or a target) of one depth or more; 0-based half-open."""

    contig: str
    start: int
    end: int
    depth: float


@dataclass(frozen=True, kw_only=True)
class GeneCoverage:
    """A gene's depth: median and lowest, the share deep enough, and the gaps."""

    gene: str
    size: int
    share: float
    median_depth: float
    lowest_depth: float
    gaps: tuple[Stretch, ...]
    gaps_left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Depth of the genes of a table, and what it was held against.

    ``unit`` says whether depth is known for each base, or as a mean for each target.
    """

    source: str
    unit: str
    needed_depth: int | None
    needed_vaf: float
    genes: tuple[GeneCoverage, ...]


def gene_coverage(
    gene: str,
    pieces: Sequence[tuple[str, int, NDArray[np.float64]]],
    needed: int,
) -> GeneCoverage:
    """Summarize a gene from the depth of its bases: contig, first base, depths for each piece.

    >>> found = gene_coverage("KRAS", [("chr12", 100, np.array([9.0, 9.0, 2.0, 3.0, 9.0]))], 5)
    >>> found.share, found.gaps
    (0.6, (Stretch(contig='chr12', start=102, end=104, depth=2.0),))
    """
    gaps: list[Stretch] = []
    for contig, start, depth in pieces:
        shallow = depth < needed
        turns = np.flatnonzero(np.diff(shallow, prepend=False, append=False))
        for first, last in turns.reshape(-1, 2).tolist():
            low = float(depth[first:last].min())
            gaps.append(Stretch(contig=contig, start=start + first, end=start + last, depth=low))
    depths = np.concatenate([depth for _, _, depth in pieces])
    return summarized(gene, depths, np.ones(depths.size), gaps, needed)


def target_coverage(gene: str, targets: Iterable[Stretch], needed: int) -> GeneCoverage:
    """Summarize a gene from the mean depths of its targets."""
    rows = list(targets)
    depths = np.array([row.depth for row in rows])
    sizes = np.array([float(row.end - row.start) for row in rows])
    return summarized(gene, depths, sizes, [row for row in rows if row.depth < needed], needed)


def summarized(
    gene: str,
    depths: NDArray[np.float64],
    sizes: NDArray[np.float64],
    gaps: Sequence[Stretch],
    needed: int,
) -> GeneCoverage:
    """Join depths, weighted by size, to one row."""
    order = np.argsort(depths, kind="stable")
    upto = np.cumsum(sizes[order])
    middle = depths[order][int(np.searchsorted(upto, upto[-1] / 2))]
    return GeneCoverage(
        gene=gene,
        size=int(sizes.sum()),
        share=float(sizes[depths >= needed].sum() / sizes.sum()),
        median_depth=float(middle),
        lowest_depth=float(depths.min()),
        gaps=tuple(sorted(gaps, key=lambda row: (row.depth, row.contig, row.start))[:MOST_GAPS]),
        gaps_left_out=max(0, len(gaps) - MOST_GAPS),
    )
