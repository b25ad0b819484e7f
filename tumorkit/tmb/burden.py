"""A burden from what was counted in how much territory, with all that makes it unsure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tumorkit.core.rates import background_weights, probability_rate_above, rate_interval
from tumorkit.core.uncertain_counts import (
    CountDistribution,
    certain,
    events_of,
    probability_uncertain_rate_above,
    uncertain_rate_interval,
)
from tumorkit.tmb.calibrate.curve import calibrated_interval, calibrated_probability_above
from tumorkit.tmb.calibrate.result import TmbCalibration
from tumorkit.tmb.params import TmbParams


@dataclass(frozen=True, kw_only=True)
class Burden:
    """``counted`` variants in ``size`` megabases.

    ``weights`` are their P(somatic) where the scheme weighs them; ``calibration`` leads from a
    panel's burden to an exome's.

    >>> eight = Burden(params=TmbParams(), counted=8, size=0.8)
    >>> eight.value, [round(limit, 3) for limit in eight.interval()]
    (10.0, [4.317, 19.704])
    >>> unsure = Burden(params=TmbParams(germline="posterior"), counted=8, size=0.8,
    ...                 weights=(0.5,) * 8)
    >>> unsure.value, unsure.interval()[1] > 12.8
    (5.0, True)
    """

    params: TmbParams
    counted: int
    size: float
    weights: tuple[float, ...] | None = None
    calibration: TmbCalibration | None = None

    @property
    def expected(self) -> float:
        """Somatic variants expected among the counted ones."""
        if self.weights is not None:
            return float(sum(self.weights))
        return max(0.0, self.counted - self.params.background[0])

    @property
    def raw(self) -> float:
        """Burden before any calibration."""
        return self.expected / self.size

    @property
    def value(self) -> float:
        """The burden."""
        return self.raw if self.calibration is None else self.calibration.exome(self.raw)

    @cached_property
    def somatic(self) -> CountDistribution:
        """How many somatic variants there were."""
        if self.weights is not None:
            return events_of(self.weights)
        mean, sd = self.params.background
        if mean <= 0:
            return certain(self.counted)
        weights = background_weights(self.counted, mean, sd)[::-1]
        counts = np.arange(self.counted - len(weights) + 1, self.counted + 1, dtype=np.int64)
        total = float(weights.sum())
        if total <= 0:  # The background explains far more than was seen.
            return certain(int(counts[0]))
        return CountDistribution(counts, weights / total)

    def interval(self) -> tuple[float, float]:
        """Return the limits of the burden."""
        params = self.params
        if self.calibration is not None:
            return calibrated_interval(
                self.somatic, self.size, self.calibration, params.level, params.size_cv
            )
        if self.weights is not None:
            return uncertain_rate_interval(
                self.somatic, self.size, exposure_cv=params.size_cv, level=params.level
            )
        background, sd = params.background
        return rate_interval(
            self.counted,
            self.size,
            background=background,
            background_sd=sd,
            exposure_cv=params.size_cv,
            level=params.level,
        )

    def probability_above(self, limit: float) -> float:
        """Return P(true burden >= ``limit``)."""
        cv = self.params.size_cv
        if self.calibration is not None:
            return calibrated_probability_above(
                self.somatic, self.size, self.calibration, limit, cv
            )
        if self.weights is not None:
            return probability_uncertain_rate_above(self.somatic, self.size, limit, exposure_cv=cv)
        background, sd = self.params.background
        return probability_rate_above(
            self.counted, self.size, limit, background=background, background_sd=sd, exposure_cv=cv
        )

    def evidence(self) -> dict[str, float | int | str]:
        """Return what the burden rests on."""
        found: dict[str, float | int | str] = {"counted": self.counted, "megabases": self.size}
        if self.params.background[0]:
            found["expected_germline"] = self.params.background[0]
        if self.weights is not None:
            found["expected_somatic"] = self.expected
            found["expected_somatic_sd"] = self.somatic.variance**0.5
        if self.calibration is not None:
            found["uncalibrated"] = self.raw
        return found
