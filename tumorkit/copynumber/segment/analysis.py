"""From copy ratios, and allele counts where there are any, to segments."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite, log

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.alleles import Alleles, prepare_alleles
from tumorkit.copynumber.segment.assemble import build_segments
from tumorkit.copynumber.segment.bins import UsedBins, only_build, usable
from tumorkit.copynumber.segment.focal import focal_events
from tumorkit.copynumber.segment.noise import clipped, first_noise, with_waves
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.copynumber.segment.result import Noise, PathPoint, SegmentResult
from tumorkit.copynumber.segment.steps import sharp_steps
from tumorkit.core.partition import joint_partition, solution_path
from tumorkit.core.robust import mad_scale, weighted_median
from tumorkit.genome.build import Build
from tumorkit.genome.segment import LOG2_FLOOR, CopyRatios
from tumorkit.genome.snps import SnpCounts

Values = NDArray[np.float64]

# Steps that survive four times the penalty are events; what they leave holds noise and waves.
COARSE = 0.25
# The fit tells every second level apart (.03 near balance), which halves its time; steps that
# finer levels do not need are taken out by the check.
EVERY = 2
# How often waves are measured; after that few steps change.
WAVE_ROUNDS = 4
# Sensitivities of the solution path, as multiples of the one asked for.
PATH = (COARSE, 1.0, 2.0)
# The longer path that is written where it is asked for.
LONG_PATH = (0.125, 0.18, COARSE, 0.35, 0.5, 0.6, 0.7, 0.85, 1.0, 1.2, 1.4, 1.7, 2.0, 2.8, 4.0)


def segment(
    ratios: CopyRatios,
    params: SegmentParams | None = None,
    *,
    build: Build | None = None,
    noise: Noise | None = None,
    snps: SnpCounts | None = None,
    path: Sequence[float] = PATH,
) -> SegmentResult:
    """Partition copy ratios, and imbalance of alleles with ``snps``, into segments.

    Without a ``build`` the only one whose contigs can hold all bins is taken, if there is one;
    with a build no segment crosses a centromere. Noise, waves and the number of bins are those of
    the whole input; ``noise`` of an earlier result takes their place, and the main pass then
    gives a chromosome the same segments alone as in company. (The focal pass still ranks bins
    among those present.) ``path`` holds the multiples of the sensitivity that the solution path
    tells of; 1 and a quarter are always among them. Raises :class:`TumorkitError` where no bin
    has a log2 ratio.
    """
    params = params or SegmentParams()
    build = build or only_build(ratios)
    bins, dropped, sd_target, sd_off = usable(ratios, build)
    measured = noise or first_noise(bins.values, bins.weights, bins.arms)
    alleles = None
    if snps is not None:
        alleles = prepare_alleles(snps, ratios, bins, build, params, measured.alleles)
        measured = replace(measured, alleles=alleles.noise)
    fits = main_pass(bins, measured, params, sorted({COARSE, 1.0, *path}), alleles)
    if noise is None:
        measured = wave_noise(bins, fits[COARSE], measured, params, alleles)
        measured = replace(measured, sd_target=known(sd_target), sd_off_target=known(sd_off))
    kept = {
        factor: sharp(bins, points, measured, params, factor, alleles)
        for factor, points in fits.items()
    }
    points = kept[1.0]
    left = bins.values - levels_of(bins, points)
    events = focal_pass(bins, left, points, measured, params)
    measured = with_residuals(bins, left, measured)
    arms = len(bins.walls) + 1
    return SegmentResult(
        build=build.name if build else "",
        segments=build_segments(ratios, bins, points, events, measured, params, alleles),
        noise=measured,
        path=tuple(
            PathPoint(
                sensitivity=factor * params.sensitivity,
                candidates=len(fits[factor]) + arms,
                segments=len(kept[factor]) + arms,
            )
            for factor in fits
        ),
        bins=len(ratios),
        bins_used=len(bins.rows),
        floor_bins=int((ratios.log2_ratio[bins.rows] <= LOG2_FLOOR).sum()),
        floor=bins.floor,
        dropped=dropped,
        steps_rejected=len(fits[1.0]) - len(points),
        arms=build is not None,
        params=params,
        snps=alleles.summary if alleles else None,
    )


def main_pass(
    bins: UsedBins,
    noise: Noise,
    params: SegmentParams,
    factors: Sequence[float],
    alleles: Alleles | None,
) -> dict[float, list[int]]:
    """Return the change-points of the exact fit at each multiple of the sensitivity."""
    edges = [0, *bins.walls, len(bins.values)]
    unit = 2 * noise.sd**2 * log(max(noise.bins, 3))
    penalties = [unit / (factor * params.sensitivity) for factor in factors]
    cap = (params.outlier_sd * noise.sd) ** 2
    fits: dict[float, list[int]] = {factor: [] for factor in factors}
    for start, end in itertools.pairwise(edges):
        values, weights = bins.values[start:end], bins.weights[start:end]
        if alleles is not None and alleles.count(start, end):
            rows, losses = alleles.by_bin(start, end)
            scaled = losses[:, ::EVERY] * noise.sd**2
            found = [
                joint_partition(values, weights, rows=rows, losses=scaled, penalty=penalty, cap=cap)
                for penalty in penalties
            ]
        else:
            steps = solution_path(values, weights, penalties=penalties, cap=cap)
            found = [step.points for step in steps]
        for factor, points in zip(factors, found, strict=True):
            fits[factor] += (points + start).tolist()
    return fits


def wave_noise(
    bins: UsedBins,
    coarse: list[int],
    noise: Noise,
    params: SegmentParams,
    alleles: Alleles | None,
) -> Noise:
    """Measure waves about a coarse fit, and again without those of its steps that waves explain.

    A strong wave is followed even by a coarse fit, which then leaves too little of it to see.
    """
    points = coarse
    for _ in range(WAVE_ROUNDS):
        left = bins.values - levels_of(bins, points)
        noise = with_waves(
            noise, clipped(left, bins.weights, noise.sd, params.outlier_sd), bins.weights, bins.arms
        )
        kept = sharp(bins, points, noise, params, 1.0, alleles)
        if kept == points:
            break
        points = kept
    return noise


def sharp(
    bins: UsedBins,
    points: list[int],
    noise: Noise,
    params: SegmentParams,
    factor: float,
    alleles: Alleles | None,
) -> list[int]:
    """Return the change-points that waves do not explain, at a multiple of the sensitivity."""
    levels = levels_of(bins, points)
    residuals = clipped(bins.values - levels, bins.weights, noise.sd, params.outlier_sd)
    return sharp_steps(
        levels + residuals,
        bins.weights,
        points,
        set(bins.walls),
        noise,
        factor * params.sensitivity,
        alleles,
    )


def levels_of(bins: UsedBins, points: list[int]) -> Values:
    """Return for each bin the median of its segment."""
    edges = [0, *sorted({*points, *bins.walls}), len(bins.values)]
    levels = [
        weighted_median(bins.values[start:end], bins.weights[start:end])
        for start, end in itertools.pairwise(edges)
    ]
    return np.repeat(np.array(levels), np.diff(edges))


def known(value: float) -> float | None:
    """Return None for NaN."""
    return value if isfinite(value) else None


def with_residuals(bins: UsedBins, residuals: Values, noise: Noise) -> Noise:
    """Add the scale of what the segments leave, and the share of wild bins."""
    scaled = residuals * np.sqrt(bins.weights)
    wild = float((np.abs(scaled) > 5 * noise.sd).mean())
    return replace(noise, mad=mad_scale(scaled), outlier_fraction=wild)


def focal_pass(
    bins: UsedBins, residuals: Values, points: list[int], noise: Noise, params: SegmentParams
) -> list[tuple[int, int]]:
    """Return focal events inside the segments of the main pass, which leave ``residuals``."""
    edges = [0, *sorted({*points, *bins.walls}), len(bins.values)]
    numbers = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    events = focal_events(residuals * np.sqrt(bins.weights) / noise.sd, numbers, params)
    return [
        (start, end)
        for start, end in events
        if abs(float(np.median(residuals[start:end]))) >= params.focal_min_log2
    ]
