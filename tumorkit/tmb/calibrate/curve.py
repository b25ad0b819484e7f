"""A burden led over a calibration line, with the error of the line and of the sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.late import special
from tumorkit.core.rates import bisect, exposure_nodes
from tumorkit.core.uncertain_counts import CountDistribution
from tumorkit.tmb.calibrate.result import TmbCalibration

Values = NDArray[np.float64]
POINTS = 2000  # of equal probability, over each distribution of a rate
WORTH = 1e-6  # weight below which a count is left out
LEAST = 1e-9


def calibrated_interval(
    found: CountDistribution,
    exposure: float,
    calibration: TmbCalibration,
    level: float = 0.95,
    exposure_cv: float = 0.0,
) -> tuple[float, float]:
    """Return the interval of an exome's burden given a panel's count.

    The panel's rate has Garwood's distributions of confidence (gamma with the count for the lower,
    the count and one for the upper limit); the line and the scatter about it are normal around
    each rate. Without their errors it is Garwood's interval on the line.

    >>> from tumorkit.core.uncertain_counts import certain
    >>> from dataclasses import replace
    >>> line = TmbCalibration(scheme="", samples=50, slope=1.0, intercept=0.0, slope_sd=0.0,
    ...     intercept_sd=0.0, covariance=0.0, scatter=0.0, lowest=0, highest=50, rmse_before=1,
    ...     rmse_after=1)
    >>> [round(limit, 1) for limit in calibrated_interval(certain(8), 0.8, line)]
    [4.3, 19.7]
    >>> wide = calibrated_interval(certain(8), 0.8, replace(line, scatter=0.3))
    >>> wide[0] < 4.3 and wide[1] > 19.7
    True
    """
    tail = (1 - level) / 2
    upper = on_line(found, exposure, calibration, 1.0, exposure_cv)
    lower = on_line(found, exposure, calibration, 0.0, exposure_cv)
    top = float((upper[0] + 9 * upper[1]).max()) + 1
    high = bisect(lambda limit: above(upper, limit) - tail, top)
    if above(lower, 0.0) <= 1 - tail:
        return 0.0, high
    return bisect(lambda limit: above(lower, limit) - (1 - tail), top), high


def calibrated_probability_above(
    found: CountDistribution,
    exposure: float,
    calibration: TmbCalibration,
    limit: float,
    exposure_cv: float = 0.0,
) -> float:
    """Return P(exome's burden >= ``limit``) given a panel's count, under Jeffreys' prior."""
    return above(on_line(found, exposure, calibration, 0.5, exposure_cv), limit)


def on_line(
    found: CountDistribution,
    exposure: float,
    calibration: TmbCalibration,
    more: float,
    exposure_cv: float,
) -> tuple[Values, Values, Values]:
    """Return means, standard deviations and weights of an exome's burden."""
    kept = found.weights > WORTH
    shares = (np.arange(POINTS) + 0.5) / POINTS
    shapes = found.counts[kept] + more
    rates = special.gammaincinv(np.maximum(shapes, LEAST)[:, None], shares)
    scales, mass = exposure_nodes(exposure, exposure_cv)
    rate = (rates[:, :, None] / scales).ravel()
    weights = (
        found.weights[kept][:, None, None] * np.ones(POINTS)[:, None] / POINTS * mass
    ).ravel()
    line = calibration
    means = line.intercept + line.slope * rate
    variance = (
        line.intercept_sd**2
        + 2 * line.covariance * rate
        + (line.slope_sd * rate) ** 2
        + (line.scatter * means) ** 2
    )
    return means, np.sqrt(np.maximum(variance, LEAST**2)), weights / weights.sum()


def above(parts: tuple[Values, Values, Values], limit: float) -> float:
    """Return P(burden > limit)."""
    means, sds, weights = parts
    return float(weights @ special.ndtr((means - limit) / sds))
