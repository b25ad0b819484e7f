"""Smooth curves through scattered points, and regression that wild points do not move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.robust import MAD_TO_SD, weighted_median

Values = NDArray[np.float64]

MAX_KNOTS = 60
PER_KNOT = 40
# Neighbours on each side that a knot's local line reaches.
REACH = 4
# Where Tukey's biweight loses interest: 95 % efficiency for Gaussian noise.
BISQUARE = 4.685


def trend(x: Values, y: Values, weights: Values | None = None) -> tuple[Values, Values]:
    """Return knots and levels of a robust smooth curve of ``y`` over ``x``.

    Points are cut into groups of equal number along ``x``; the weighted median of each group is
    smoothed by a local line with tricube weights (Cleveland 1979). NaN points are passed over.
    Empty arrays where fewer than three groups of 40 points can be made.

    >>> x = np.linspace(0, 1, 400)
    >>> at, level = trend(x, 2 * x)
    >>> bool(np.allclose(level, 2 * at, atol=0.02))
    True
    """
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    weights = None if weights is None else weights[known]
    knots = min(MAX_KNOTS, len(x) // PER_KNOT)
    if knots < 3:
        return np.empty(0), np.empty(0)
    order = np.argsort(x, kind="stable")
    at, level, mass = [], [], []
    for rows in np.array_split(order, knots):
        own = None if weights is None else weights[rows]
        at.append(float(x[rows].mean()))
        level.append(weighted_median(y[rows], own))
        mass.append(float(len(rows) if own is None else own.sum()))
    return _local_lines(np.array(at), np.array(level), np.array(mass))


def _local_lines(at: Values, level: Values, mass: Values) -> tuple[Values, Values]:
    """Smooth levels by a weighted line through the neighbours of each knot."""
    smooth = np.empty(len(at))
    for number, here in enumerate(at):
        low, high = max(0, number - REACH), min(len(at), number + REACH + 1)
        distance = np.abs(at[low:high] - here)
        reach = distance.max() * 1.0001
        near = (1 - (distance / reach) ** 3) ** 3 * mass[low:high] if reach > 0 else mass[low:high]
        x, y = at[low:high] - here, level[low:high]
        total = near.sum()
        middle = (near * x).sum() / total
        across = (near * (x - middle) ** 2).sum()
        slope = (near * (x - middle) * y).sum() / across if across > 1e-12 else 0.0
        smooth[number] = (near * y).sum() / total - slope * middle
    kept = np.append(True, np.diff(at) > 0)
    return at[kept], smooth[kept]


def read_off(curve: tuple[Values, Values], x: Values) -> Values:
    """Return the curve at ``x``: straight between knots, flat beyond, 0 where x is unknown.

    >>> read_off((np.array([0.0, 1.0]), np.array([0.0, 2.0])), np.array([0.5, 3.0, np.nan]))
    array([1., 2., 0.])
    """
    at, level = curve
    if len(at) == 0:
        return np.zeros(len(x))
    found = np.interp(x, at, level)
    return np.where(np.isfinite(x), found, 0.0)


def robust_coefficients(
    design: Values, y: Values, weights: Values | None = None, *, rounds: int = 20
) -> Values:
    """Return coefficients of ``y`` on the columns of ``design`` by an M-estimate with bisquare.

    Iterated weighted least squares (Huber and Ronchetti 2009); the scale is the median absolute
    residual. A constant is fitted beside the columns and left out of what is returned. Rows with
    NaN are passed over.

    >>> x = np.arange(10.0)[:, None]
    >>> y = 3 * x[:, 0] + 1
    >>> y[4] = 99
    >>> float(robust_coefficients(x, y).round(6)[0])
    3.0
    """
    known = np.isfinite(y) & np.isfinite(design).all(axis=1)
    full = np.column_stack([np.ones(int(known.sum())), design[known]])
    values = y[known]
    precision = np.ones(len(values)) if weights is None else weights[known]
    if len(values) <= full.shape[1]:
        return np.zeros(design.shape[1])
    share = precision.copy()
    found = np.zeros(full.shape[1])
    # A first fit on values brought in to three scales: one wild point must not choose the start.
    middle = weighted_median(values)
    scale = MAD_TO_SD * weighted_median(np.abs(values - middle))
    target = np.clip(values, middle - 3 * scale, middle + 3 * scale) if scale > 0 else values
    for number in range(rounds):
        crossed = full * share[:, None]
        moved = np.linalg.lstsq(crossed.T @ full, crossed.T @ target, rcond=None)[0]
        target = values
        residual = (values - full @ moved) * np.sqrt(precision)
        scale = MAD_TO_SD * float(np.median(np.abs(residual)))
        done = number > 0 and np.allclose(moved, found, rtol=1e-6, atol=1e-9)
        found = moved
        if done or not scale > 0:
            break
        u = residual / (BISQUARE * scale)
        share = np.where(np.abs(u) < 1, (1 - u * u) ** 2, 0.0) * precision
    coefficients: Values = found[1:]
    return coefficients
