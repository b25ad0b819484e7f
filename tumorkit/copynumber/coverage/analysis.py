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
from tumorkit.genome.segment import OFF_TARGET_NAMES

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
    on = [row for row in rows if row.gene not in OFF_TARGET_NAMES]
    off = [row for row in rows if row.gene in OFF_TARGET_NAMES]
    off_targets = sum(item.name in OFF_TARGET_NAMES for item in targets)
    return CoverageResult(
        mean_depth=mean_over_bases(on),
        median_depth=median_over_targets(on),
        targets=len(targets) - off_targets,
        rejected=len(targets) - len(rows),
        without_reads=sum(row.depth == 0 for row in on),
        off_targets=off_targets,
        off_targets_without_reads=sum(row.depth == 0 for row in off),
        off_target_depth=mean_over_bases(off, "no off-target bin (Antitarget) was given"),
        depths=rows,
        params=params or CoverageParams(),
    )


def log2_of(depth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log2 of depths, -20 where the depth is 0.

    >>> log2_of(np.array([8.0, 0.0])).tolist()
    [3.0, -20.0]
    """
    return np.log2(depth, out=np.full(len(depth), NO_READS_LOG2), where=depth > 0)


def mean_over_bases(
    rows: Sequence[TargetDepth], without: str = "no target holds a base"
) -> Estimate:
    """Return the mean depth, each base of each bin counted alike; ``without`` bins say why not."""
    if not rows:
        return Estimate.not_evaluable(without, unit="x")
    bases = sum(row.end - row.start for row in rows)
    return Estimate(value=sum(row.depth * (row.end - row.start) for row in rows) / bases, unit="x")


def median_over_targets(rows: Sequence[TargetDepth]) -> Estimate:
    """Return the median of the targets' mean depths."""
    if not rows:
        return Estimate.not_evaluable("no target holds a base", unit="x")
    return Estimate(value=median(row.depth for row in rows), unit="x")
