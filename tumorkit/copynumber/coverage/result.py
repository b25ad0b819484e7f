"""Depth of targets, and the sample's summary of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.copynumber.coverage.params import CoverageParams
from tumorkit.genome.coverage import TargetDepth


@dataclass(frozen=True, kw_only=True)
class CoverageResult(Result):
    """Mean depth of each target in genome order.

    ``mean_depth`` is the mean over bases, ``median_depth`` the median over targets. ``targets`` =
    rows of ``depths`` + ``rejected``, the targets that hold no base. ``without_reads`` counts
    targets of depth 0.
    """

    schema_name: ClassVar[str] = "copynumber.coverage"
    main: ClassVar[str] = "mean_depth"

    mean_depth: Estimate
    median_depth: Estimate
    targets: int
    rejected: int
    without_reads: int
    depths: tuple[TargetDepth, ...]
    params: CoverageParams
