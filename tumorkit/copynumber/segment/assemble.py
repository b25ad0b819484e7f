"""From change-points to segments: levels, intervals, alleles, genes."""

from __future__ import annotations

import itertools
from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.alleles import Alleles
from tumorkit.copynumber.segment.bins import UsedBins
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.copynumber.segment.result import Noise
from tumorkit.core.imbalance import Imbalance, imbalance
from tumorkit.core.partition import breakpoint_intervals
from tumorkit.core.robust import biweight_location
from tumorkit.genome.segment import CopyRatios, Segment

NO_GENE = frozenset(("", "-", ".", "CGH", "Antitarget", "Background"))


def build_segments(
    ratios: CopyRatios,
    bins: UsedBins,
    points: list[int],
    events: list[tuple[int, int]],
    noise: Noise,
    params: SegmentParams,
    alleles: Alleles | None = None,
) -> tuple[Segment, ...]:
    """Make the nouns: coordinates, levels, intervals, alleles, genes."""
    walls = set(bins.walls)
    inner = {at for event in events for at in event} - {len(bins.values)}
    edges = [0, *sorted({*points, *walls, *inner} - {0}), len(bins.values)]
    spans = list(itertools.pairwise(edges))
    levels = [
        biweight_location(bins.values[start:end], bins.weights[start:end]) for start, end in spans
    ]
    totals = [alleles.total(start, end) for start, end in spans] if alleles else []
    penalty = 2 * noise.sd**2 * log(max(noise.bins, 3)) / params.sensitivity
    possible = breakpoint_intervals(
        bins.values,
        bins.weights,
        np.array(edges[1:-1], dtype=np.int64),
        np.array(levels),
        margin=penalty,
        cap=(params.outlier_sd * noise.sd) ** 2,
        others=held_losses(alleles, edges, totals, noise.sd) if alleles else None,
    )
    bounds = {
        edge: (int(low), int(high)) for edge, (low, high) in zip(edges[1:-1], possible, strict=True)
    }
    focal = set(events)
    made = []
    for number, (start, end) in enumerate(spans):
        count = alleles.count(start, end) if alleles else None
        found = imbalance(totals[number], alleles.levels) if alleles and count else None
        made.append(
            make_segment(
                ratios,
                bins,
                (start, end),
                levels[number],
                noise,
                params,
                focal=(start, end) in focal,
                left=None if start in walls else bounds.get(start),
                right=None if end in walls else bounds.get(end),
                snps=count,
                alleles=found,
            )
        )
    return tuple(made)


def held_losses(
    alleles: Alleles, edges: list[int], totals: list[NDArray[np.float64]], sd: float
) -> list[NDArray[np.float64]]:
    """Return for each change-point what SNPs lose bin by bin by the left level, not the right.

    In squared log2 units, as the copy ratios' loss is.
    """
    best = [int(total.argmin()) for total in totals]
    found = []
    for number in range(len(edges) - 2):
        start, end = edges[number], edges[number + 2]
        rows, losses = alleles.by_bin(start, end)
        change = np.zeros(end - start)
        held = rows >= 0
        change[held] = losses[:, best[number]] - losses[:, best[number + 1]]
        found.append(change * sd**2)
    return found


def make_segment(
    ratios: CopyRatios,
    bins: UsedBins,
    span: tuple[int, int],
    level: float,
    noise: Noise,
    params: SegmentParams,
    *,
    focal: bool,
    left: tuple[int, int] | None,
    right: tuple[int, int] | None,
    snps: int | None,
    alleles: Imbalance | None,
) -> Segment:
    """Make one segment; ``left`` and ``right`` bound its breakpoints, None at ends of arms."""
    rows = bins.rows[span[0] : span[1]]
    first, last = int(rows[0]), int(rows[-1])
    start, end = int(ratios.start[first]), int(ratios.end[last])
    following = int(bins.rows[span[1]]) if span[1] < len(bins.rows) else -1
    if following >= 0 and ratios.contig[following] == ratios.contig[last]:
        end = min(end, int(ratios.start[following]))
    error = noise.error_of(float(bins.weights[span[0] : span[1]].sum()), len(rows))
    reach = NormalDist().inv_cdf((1 + params.level) / 2) * error
    depth = ratios.depth[rows]
    measured = depth[np.isfinite(depth)]
    starts = [int(ratios.start[bins.rows[at]]) for at in left] if left else [start, start]
    ends = [int(ratios.end[bins.rows[at - 1]]) for at in right] if right else [end, end]
    return Segment(
        contig=str(ratios.contig[first]),
        start=start,
        end=end,
        log2_ratio=level,
        bins=len(rows),
        weight=float(ratios.weight[rows].sum()),
        depth=float(measured.mean()) if len(measured) else None,
        gene=",".join(
            name for name in dict.fromkeys(ratios.gene[rows].tolist()) if name not in NO_GENE
        ),
        log2_low=level - reach,
        log2_high=level + reach,
        start_low=starts[0],
        start_high=starts[1],
        end_low=ends[0],
        end_high=ends[1],
        focal=focal,
        baf=alleles.level if alleles else None,
        snps=snps,
        baf_low=alleles.low if alleles else None,
        baf_high=alleles.high if alleles else None,
        imbalance_p=alleles.p_value if alleles else None,
    )
