"""Location and scale that a few wild values do not move, with weights.

A weight is relative precision: the variance of a value is the common variance over its weight.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

# Median absolute deviation to standard deviation of a Gaussian.
MAD_TO_SD = 1 / NormalDist().inv_cdf(0.75)
# Beyond this many scales a value has no say (Mosteller and Tukey 1977).
BIWEIGHT_REACH = 6.0


def weighted_median(values: Values, weights: Values | None = None) -> float:
    """Return the value that halves the weight; NaN where there are no values.

    >>> weighted_median(np.array([3.0, 1.0, 2.0]))
    2.0
    >>> weighted_median(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 5.0]))
    3.0
    """
    if len(values) == 0:
        return float("nan")
    if weights is None or weights.min() == weights.max():
        return float(np.median(values))
    rank = np.argsort(values, kind="stable")
    total = np.cumsum(weights[rank])
    half = total[-1] / 2
    at = int(np.searchsorted(total, half))
    value = values[rank[at]]
    if at + 1 < len(values) and total[at] <= half * (1 + 1e-12):
        value = (value + values[rank[at + 1]]) / 2
    return float(value)


def mad_scale(values: Values, weights: Values | None = None) -> float:
    """Return the standard deviation by the median absolute deviation from the median.

    >>> round(mad_scale(np.array([-1.0, 0.0, 1.0, 0.5, 99.0])), 3)
    0.741
    """
    if len(values) == 0:
        return float("nan")
    center = weighted_median(values, weights)
    return MAD_TO_SD * weighted_median(np.abs(values - center), weights)


def biweight_location(values: Values, weights: Values | None = None) -> float:
    """Return Tukey's biweight location with weights, by iteration from the median.

    >>> round(biweight_location(np.array([-1.0, 0.0, 1.0, 50.0])), 6)  # the wild value has no say
    0.0
    """
    if len(values) == 0:
        return float("nan")
    precision = np.ones(len(values)) if weights is None else weights
    center = weighted_median(values, weights)
    scale = weighted_median(np.abs(values - center), weights)
    if not scale > 0:
        return center
    root = np.sqrt(precision / precision.mean())
    for _ in range(20):
        distance = (values - center) * root
        u = distance / (BIWEIGHT_REACH * scale)
        share = np.where(np.abs(u) < 1, (1 - u * u) ** 2, 0.0) * precision
        if share.sum() <= 0:
            return center
        moved = float((share * values).sum() / share.sum())
        if abs(moved - center) < 1e-7 * scale:
            return moved
        center = moved
    return center


def difference_scale(
    values: Values,
    weights: Values | None = None,
    groups: NDArray[np.int64] | None = None,
    *,
    lag: int = 1,
) -> float:
    """Return the standard deviation of a value of weight 1, from differences ``lag`` apart.

    Steps between levels hit few differences, so the level need not be known. ``groups`` marks
    stretches (chromosome arms) across which no difference is taken. NaN with less than three
    differences. Slow waves hide from short lags and show at long ones.

    >>> round(difference_scale(np.array([0.0, 1.0, 0.0, -1.0, 0.0, 5.0, 6.0, 5.0])), 3)
    2.097
    """
    if len(values) <= lag + 2:
        return float("nan")
    step = values[lag:] - values[:-lag]
    if weights is not None:
        step = step / np.sqrt((1 / weights[lag:] + 1 / weights[:-lag]) / 2)
    if groups is not None:
        step = step[groups[lag:] == groups[:-lag]]
    if len(step) < 3:
        return float("nan")
    return mad_scale(step) / float(np.sqrt(2))
