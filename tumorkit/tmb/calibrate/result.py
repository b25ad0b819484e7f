"""A calibration: line, scatter and how well both are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.tmb.calibrate.params import CalibrateParams


@dataclass(frozen=True, kw_only=True)
class PairedBurden:
    """One sample's counts by a panel and by an exome, with the megabases of each."""

    sample: str
    panel_count: int
    panel_megabases: float
    exome_count: int
    exome_megabases: float


@dataclass(frozen=True, kw_only=True)
class TmbCalibration(Result):
    """Exome TMB = ``intercept`` + ``slope`` x panel TMB, times a scatter of its own per sample.

    ``scatter`` is the relative standard deviation of samples about the line beyond that of the
    counts; the rest says how well the line is known. ``lowest`` and ``highest`` are the panel's
    burdens in the table. ``rmse_before`` and ``rmse_after`` compare the panel's burden with the
    exome's as it is and on the line. ``plain_slope``, ``plain_intercept`` and ``r_squared`` are
    those of a least-squares line, as comparisons of panels publish them; nothing is computed from
    them, since noise in the panel makes that line too flat.
    """

    schema_name: ClassVar[str] = "tmb.calibration"

    scheme: str
    samples: int
    slope: float
    intercept: float
    slope_sd: float
    intercept_sd: float
    covariance: float
    scatter: float
    lowest: float
    highest: float
    rmse_before: float
    rmse_after: float
    plain_slope: float | None = None
    plain_intercept: float | None = None
    r_squared: float | None = None
    notes: tuple[str, ...] = ()
    params: CalibrateParams = field(default_factory=CalibrateParams)

    def exome(self, panel: float) -> float:
        """Return the exome's burden for a panel's; never below 0."""
        return max(0.0, self.intercept + self.slope * panel)
