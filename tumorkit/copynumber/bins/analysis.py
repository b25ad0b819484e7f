"""From targets and accessible regions to bins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

from tumorkit.copynumber.bins.params import BinsParams
from tumorkit.copynumber.bins.result import BinsResult
from tumorkit.genome.bins import OFF_TARGET, Bins
from tumorkit.genome.contigs import PRIMARY, order, standard
from tumorkit.genome.interval import Interval, Territory
from tumorkit.genome.segment import Gene

TARGET_SIZE = 267
OFF_TARGET_SIZE = 150_000
WINDOW_SIZE = 10_000
# Bounds within which depth may choose a size.
TARGET_RANGE = (20, 50_000)
OFF_TARGET_RANGE = (500, 1_000_000)
# An off-target bin smaller than this share of the average holds too few reads.
LEAST_SHARE = 1 / 16
NO_GENE = "-"


def make_bins(
    targets: Sequence[Interval],
    accessible: Iterable[Interval],
    params: BinsParams | None = None,
    *,
    target_depth: float | None = None,
    off_target_depth: float | None = None,
    genes: Sequence[Gene] = (),
) -> BinsResult:
    """Make bins of targets (hybrid, amplicon) or of accessible regions (wgs).

    Targets may come in any order and overlap; overlapping ones are joined under both names, and
    each is cut into equal parts near the average size. Off-target bins fill the accessible
    regions, shrunk by the gap, between targets grown by the gap (Talevich 2016). A depth chooses a
    size that was not given. ``genes`` name bins that have no name of their own. GC, repeats and
    mappability are left unknown.

    >>> result = make_bins([Interval("chr1", 0, 500, "A")], [], BinsParams(method="amplicon"))
    >>> result.bins.end.tolist()
    [250, 500]
    """
    params = params or BinsParams()
    joined = joined_targets(targets)
    size = params.bin_size or by_depth(target_depth, params, TARGET_RANGE, default_size(params))
    off_size: int | None = None
    if params.method == "wgs":
        rows = [part for region in accessible for part in split(region, size)]
    else:
        rows = [part for target in joined for part in split(target, size)]
    off: list[Interval] = []
    if params.method == "hybrid":
        off_size = params.off_target_size or by_depth(
            off_target_depth, params, OFF_TARGET_RANGE, OFF_TARGET_SIZE
        )
        off = off_target_bins(joined, accessible, off_size, params.off_target_gap)
    named = with_names(rows, genes)
    return BinsResult(
        bins=as_columns([*named, *off]),
        method=params.method,
        intervals=len(targets),
        merged=len(targets) - len(joined) if params.method != "wgs" else 0,
        target_bins=len(named),
        off_target_bins=len(off),
        target_bases=sum(map(len, named)),
        off_target_bases=sum(map(len, off)),
        target_size=size,
        off_target_size=off_size,
        target_depth=target_depth,
        off_target_depth=off_target_depth,
        params=params,
    )


def default_size(params: BinsParams) -> int:
    """Return the size of bins where neither option nor depth says one."""
    return WINDOW_SIZE if params.method == "wgs" else TARGET_SIZE


def by_depth(
    depth: float | None, params: BinsParams, bounds: tuple[int, int], otherwise: int
) -> int:
    """Return the size at which a bin holds the bases asked for, within bounds.

    >>> by_depth(500.0, BinsParams(), (20, 50_000), 267), by_depth(None, BinsParams(), (1, 2), 267)
    (200, 267)
    """
    if depth is None or depth <= 0:
        return otherwise
    return int(min(max(round(params.bases_per_bin / depth), bounds[0]), bounds[1]))


def joined_targets(targets: Sequence[Interval]) -> list[Interval]:
    """Return targets in genome order; overlapping ones as one, with all names.

    Touching targets stay apart: they may be two exons or probes.

    >>> [(t.start, t.end, t.name) for t in joined_targets(
    ...     [Interval("1", 90, 200, "B"), Interval("1", 0, 100, "A"), Interval("1", 200, 300)])]
    [(0, 200, 'A,B'), (200, 300, '')]
    """
    joined: list[Interval] = []
    names: dict[str, None] = {}
    for item in sorted(targets, key=lambda one: (order(one.contig), one.start, one.end)):
        if item.end == item.start:
            continue
        last = joined[-1] if joined else None
        if last is not None and last.contig == item.contig and item.start < last.end:
            names.update(dict.fromkeys(filter(None, item.name.split(","))))
            joined[-1] = Interval(last.contig, last.start, max(last.end, item.end), ",".join(names))
        else:
            names = dict.fromkeys(filter(None, item.name.split(",")))
            joined.append(item)
    return joined


def split(interval: Interval, size: int) -> list[Interval]:
    """Cut an interval into equal parts near a size.

    >>> [len(part) for part in split(Interval("1", 0, 1000), 267)]
    [250, 250, 250, 250]
    """
    length = len(interval)
    parts = max(1, round(length / size))
    edges = [interval.start + length * number // parts for number in range(parts + 1)]
    return [
        Interval(interval.contig, edges[number], edges[number + 1], interval.name)
        for number in range(parts)
    ]


def off_target_bins(
    targets: Sequence[Interval], accessible: Iterable[Interval], size: int, gap: int
) -> list[Interval]:
    """Fill what lies between targets with bins near a size; too short stretches stay empty."""
    regions = Territory(
        Interval(item.contig, item.start + gap, item.end - gap)
        for item in accessible
        if len(item) > 2 * gap
    )
    grown = Territory(
        Interval(item.contig, max(0, item.start - gap), item.end + gap) for item in targets
    )
    least = int(size * LEAST_SHARE)
    return [
        Interval(part.contig, part.start, part.end, OFF_TARGET)
        for region in regions.subtract(grown)
        if len(region) >= least
        for part in split(region, size)
    ]


def with_names(bins: Sequence[Interval], genes: Sequence[Gene]) -> list[Interval]:
    """Name bins without a name after the genes they overlap."""
    by_contig: dict[str, list[Gene]] = {}
    for gene in sorted(genes, key=lambda one: one.start):
        by_contig.setdefault(standard(gene.contig), []).append(gene)
    starts = {name: [gene.start for gene in listed] for name, listed in by_contig.items()}
    longest = {
        name: max(gene.end - gene.start for gene in listed) for name, listed in by_contig.items()
    }
    named = []
    for item in bins:
        name = standard(item.contig)
        if item.name or name not in by_contig:
            named.append(item)
            continue
        first = bisect_left(starts[name], item.start - longest[name])
        last = bisect_left(starts[name], item.end)
        over = [gene.name for gene in by_contig[name][first:last] if gene.end > item.start]
        named.append(Interval(item.contig, item.start, item.end, ",".join(dict.fromkeys(over))))
    return named


def as_columns(bins: Sequence[Interval]) -> Bins:
    """Return intervals as bins in genome order."""
    listed = sorted(bins, key=lambda one: (order(one.contig), one.start, one.end))
    unknown = np.full(len(listed), np.nan)
    return Bins(
        contig=np.array([item.contig for item in listed], dtype=np.str_),
        start=np.array([item.start for item in listed], dtype=np.int64),
        end=np.array([item.end for item in listed], dtype=np.int64),
        gene=np.array([item.name or NO_GENE for item in listed], dtype=object),
        target=np.array([item.name != OFF_TARGET for item in listed], dtype=np.bool_),
        gc=unknown,
        repeat=unknown.copy(),
        mappability=unknown.copy(),
    )


def usual_contigs(contigs: Iterable[str], targets: Sequence[Interval]) -> list[str]:
    """Return contigs to fill with bins: chromosomes, or those of targets where there are none.

    Decoys, unplaced contigs and the mitochondrion hold no copy number of the tumour's genome. A
    chromosome without any target is filled too: that is what off-target bins are for.
    """
    listed = list(contigs)
    primary = [name for name in listed if standard(name) in PRIMARY]
    if primary:
        return sorted(primary, key=order)
    wanted = {item.contig for item in targets}
    return sorted((name for name in listed if not wanted or name in wanted), key=order)
