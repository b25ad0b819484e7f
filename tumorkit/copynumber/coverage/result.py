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
    """Mean depth of each bin in genome order.

    ``mean_depth`` is the mean over bases of targets, ``median_depth`` the median over targets,
    ``off_target_depth`` the mean over bases of off-target bins (Antitarget), of which there are
    ``off_targets``. ``targets`` + ``off_targets`` = rows of ``depths`` + ``rejected``, the bins
    that hold no base. ``without_reads`` counts targets of depth 0, ``off_targets_without_reads``
    off-target bins. ``notes`` says what a reader of the table should know.
    """

    schema_name: ClassVar[str] = "copynumber.coverage"
    main: ClassVar[str] = "mean_depth"

    mean_depth: Estimate
    median_depth: Estimate
    targets: int
    rejected: int
    without_reads: int
    off_targets: int
    off_targets_without_reads: int
    off_target_depth: Estimate
    depths: tuple[TargetDepth, ...]
    notes: tuple[str, ...] = ()
    params: CoverageParams
