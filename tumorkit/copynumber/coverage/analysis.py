"""From depths of targets to a coverage table."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate
from tumorkit.copynumber.coverage.params import CoverageParams
from tumorkit.copynumber.coverage.result import CoverageResult
from tumorkit.genome.contigs import order
from tumorkit.genome.coverage import TargetDepth
from tumorkit.genome.interval import Interval

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
    >>> [(row.contig, row.log2_ratio) for row in result.depths], result.median_depth.value
    ([('chr1', 5.0), ('chr2', -20.0)], 16.0)
    """
    known = [
        (order(item.contig), item.start, item.end, number)
        for number, item in enumerate(targets)
        if np.isfinite(depths[number])
    ]
    numbers = [number for *_, number in sorted(known)]
    depth = np.asarray(depths, dtype=np.float64)[numbers]
    rows = tuple(
        TargetDepth(
            contig=targets[number].contig,
            start=targets[number].start,
            end=targets[number].end,
            gene=targets[number].name or NO_GENE,
            log2_ratio=log2,
            depth=value,
        )
        for number, log2, value in zip(
            numbers, log2_of(depth).tolist(), depth.tolist(), strict=True
        )
    )
    return CoverageResult(
        mean_depth=mean_over_bases(rows),
        median_depth=median_over_targets(rows),
        targets=len(targets),
        rejected=len(targets) - len(rows),
        without_reads=int((depth == 0).sum()),
        depths=rows,
        params=params or CoverageParams(),
    )


def log2_of(depth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log2 of depths, -20 where the depth is 0.

    >>> log2_of(np.array([8.0, 0.0])).tolist()
    [3.0, -20.0]
    """
    return np.log2(depth, out=np.full(len(depth), NO_READS_LOG2), where=depth > 0)


def mean_over_bases(rows: Sequence[TargetDepth]) -> Estimate:
    """Return the mean depth, each base of each target counted alike."""
    if not rows:
        return Estimate.not_evaluable("no target holds a base", unit="x")
    bases = sum(row.end - row.start for row in rows)
    return Estimate(value=sum(row.depth * (row.end - row.start) for row in rows) / bases, unit="x")


def median_over_targets(rows: Sequence[TargetDepth]) -> Estimate:
    """Return the median of the targets' mean depths."""
    if not rows:
        return Estimate.not_evaluable("no target holds a base", unit="x")
    return Estimate(value=median(row.depth for row in rows), unit="x")
