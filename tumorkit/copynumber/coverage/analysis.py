"""From depths of targets to a coverage table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate
from tumorkit.copynumber.coverage.params import CoverageParams
from tumorkit.copynumber.coverage.result import CoverageResult
from tumorkit.genome.contigs import order
from tumorkit.genome.interval import Interval
from tumorkit.genome.segment import OFF_TARGET_NAMES, CopyRatios

# CNVkit's word for "no read" (cnvlib/params.py, NULL_LOG2_COVERAGE).
NO_READS_LOG2 = -20.0
NO_GENE = "-"


def tabulate_coverage(
    targets: Sequence[Interval],
    depths: NDArray[np.float64],
    params: CoverageParams | None = None,
) -> CoverageResult:
    """Put the depths of targets into genome order and sum them up.

    ``depths`` has one mean depth per target, NaN for a target that holds no base; such targets
    are left out and counted as rejected.

    >>> targets = [Interval("chr2", 0, 10), Interval("chr1", 5, 25, "TP53")]
    >>> result = tabulate_coverage(targets, np.array([0.0, 32.0]))
    >>> result.bins.contig.tolist(), result.bins.log2_ratio.tolist(), result.mean_depth.value
    (['chr1', 'chr2'], [5.0, -20.0], 21.333333333333332)
    """
    known = [
        (order(item.contig), item.start, item.end, number)
        for number, item in enumerate(targets)
        if np.isfinite(depths[number])
    ]
    numbers = [number for *_, number in sorted(known)]
    rows = [targets[number] for number in numbers]
    depth = np.asarray(depths, dtype=np.float64)[numbers]
    genes = [item.name or NO_GENE for item in rows]
    bins = CopyRatios(
        contig=np.array([item.contig for item in rows], dtype=np.str_),
        start=np.array([item.start for item in rows], dtype=np.int64),
        end=np.array([item.end for item in rows], dtype=np.int64),
        log2_ratio=log2_of(depth),
        weight=np.ones(len(rows)),
        gene=np.array(genes, dtype=np.object_),
        depth=depth,
        target=np.array([name not in OFF_TARGET_NAMES for name in genes], dtype=np.bool_),
    )
    return CoverageResult(
        bins=bins,
        mean_depth=mean_over_bases(bins),
        median_depth=median_over_targets(bins),
        targets=len(targets),
        rejected=len(targets) - len(rows),
        without_reads=int((depth == 0).sum()),
        params=params or CoverageParams(),
    )


def log2_of(depth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log2 of depths, -20 where the depth is 0.

    >>> log2_of(np.array([8.0, 0.0])).tolist()
    [3.0, -20.0]
    """
    return np.log2(depth, out=np.full(len(depth), NO_READS_LOG2), where=depth > 0)


def mean_over_bases(bins: CopyRatios) -> Estimate:
    """Return the mean depth, each base of each target counted alike."""
    if len(bins) == 0:
        return Estimate.not_evaluable("no target holds a base", unit="x")
    value = float(np.average(bins.depth, weights=bins.end - bins.start))
    return Estimate(value=value, unit="x")


def median_over_targets(bins: CopyRatios) -> Estimate:
    """Return the median of the targets' mean depths."""
    if len(bins) == 0:
        return Estimate.not_evaluable("no target holds a base", unit="x")
    return Estimate(value=float(np.median(bins.depth)), unit="x")
