"""How noisy a sample is: bin by bin, and in slow waves."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.result import Noise
from tumorkit.core.robust import MAD_TO_SD, difference_scale

Values = NDArray[np.float64]
Groups = NDArray[np.int64]

# Fewer bins of a class do not tell its noise.
MIN_CLASS = 100
# Fewer differences of block means do not tell the wave at that scale.
MIN_BLOCKS = 30
# With fewer bins the noise is their whole spread: what could be a step could be chance.
FEW = 20
# Distance at which bins are clipped where no setting says otherwise.
REACH = 3.0


def balanced_weights(
    values: Values, weights: Values, target: NDArray[np.bool_], groups: Groups
) -> tuple[Values, float, float]:
    """Return weights of mean 1 that tell the truth about both kinds of bins, and both noises.

    Weights of on- and off-target bins come from different models; each kind is rescaled by its
    own measured noise. The two noises are standard deviations of a bin of average weight of its
    kind, NaN where there are too few.
    """
    balanced = weights / weights.mean()
    scales = []
    for kind in (target, ~target):
        if kind.sum() < MIN_CLASS:
            scales.append(float("nan"))
            continue
        own = weights[kind] / weights[kind].mean()
        scale = difference_scale(values[kind], own, groups[kind])
        scales.append(scale)
    if all(scale > 0 for scale in scales):
        for kind, scale in zip((target, ~target), scales, strict=True):
            balanced[kind] = weights[kind] / weights[kind].mean() / scale**2
        balanced /= balanced.mean()
    return balanced, scales[0], scales[1]


def clipped(residuals: Values, weights: Values, sd: float, reach: float) -> Values:
    """Return residuals with wild ones brought back to ``reach`` standard deviations."""
    limit = reach * sd / np.sqrt(weights)
    return np.clip(residuals, -limit, limit)


def block_sizes(longest: int) -> list[int]:
    """Return the ladder of block sizes that a stretch of bins can be compared at."""
    sizes, size = [], 5.0
    while size <= max(5, longest // 2):
        sizes.append(int(size))
        size *= 1.6
    return sizes


def wave_table(
    residuals: Values, weights: Values, groups: Groups, spread: float, sizes: list[int]
) -> dict[int, float]:
    """Return by how much means of neighbouring blocks vary beyond independent noise.

    ``residuals`` are clipped, from a fit that leaves waves in; ``spread`` is the variance of a bin
    of weight 1. For each block size: the robust variance of differences between neighbouring
    block means within a group, minus what ``spread`` explains. A size with too few blocks takes
    the variance of the size below.
    """
    bounds = np.flatnonzero(np.diff(groups, prepend=-1, append=-1))
    sums = np.concatenate(([0.0], np.cumsum(weights * residuals)))
    totals = np.concatenate(([0.0], np.cumsum(weights)))
    table: dict[int, float] = {}
    excess = 0.0
    for size in sizes:
        found = []
        for start, end in itertools.pairwise(bounds):
            for first in (start, start + size // 2):
                edges = np.arange(first, end + 1, size)
                if len(edges) < 3:
                    continue
                mass = np.diff(totals[edges])
                means = np.diff(sums[edges]) / mass
                share = np.sqrt(2 / size / (1 / mass[:-1] + 1 / mass[1:]))
                found.append(np.diff(means) * share)
        steps = np.concatenate(found) if found else np.empty(0)
        if len(steps) >= MIN_BLOCKS:
            variance = float(MAD_TO_SD * np.median(np.abs(steps))) ** 2
            excess = max(0.0, variance - 2 * spread / size)
        table[size] = excess
    return table


def first_noise(values: Values, weights: Values, arms: Groups) -> Noise:
    """Measure the noise of bins by differences of neighbours, and at longer lags."""
    sd = difference_scale(values, weights, arms)
    if len(values) < FEW or not sd > 0:
        # Few differences can agree by chance; made-up data may have no noise at all.
        sd = max(sd if sd > 0 else 0.0, float(np.std(values)), 1e-3)
    ratio = {lag: difference_scale(values, weights, arms, lag=lag) / sd for lag in (20, 50)}
    longest = int(np.unique(arms, return_counts=True)[1].max())
    return Noise(
        sd=sd,
        bins=len(values),
        sd_target=None,
        sd_off_target=None,
        lag20_ratio=ratio[20],
        lag50_ratio=ratio[50],
        spread=sd**2,
        wave=dict.fromkeys(block_sizes(longest), 0.0),
    )


def with_waves(noise: Noise, residuals: Values, weights: Values, arms: Groups) -> Noise:
    """Add spread and waves, from clipped residuals about a fit too coarse to follow waves."""
    spread = max(float(np.mean(weights * residuals**2)), noise.sd**2 / 4)
    wave = wave_table(residuals, weights, arms, spread, list(noise.wave))
    return replace(noise, spread=spread, wave=wave)


def sample_noise(residuals: Values, weights: Values, arms: Groups) -> Noise:
    """Measure noise and waves about segments made elsewhere; NaN residuals are passed over."""
    known = np.isfinite(residuals)
    left, precision, groups = residuals[known], weights[known], arms[known]
    noise = first_noise(left, precision, groups)
    return with_waves(noise, clipped(left, precision, noise.sd, REACH), precision, groups)
