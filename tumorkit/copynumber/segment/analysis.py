"""From copy ratios to segments."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from math import isfinite, log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.focal import focal_events
from tumorkit.copynumber.segment.noise import (
    balanced_weights,
    clipped,
    first_noise,
    with_waves,
)
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.copynumber.segment.result import DroppedBins, Noise, PathPoint, SegmentResult
from tumorkit.copynumber.segment.steps import sharp_steps
from tumorkit.core.partition import breakpoint_intervals, solution_path
from tumorkit.core.robust import biweight_location, mad_scale, weighted_median
from tumorkit.errors import TumorkitError
from tumorkit.genome.build import BUILDS, Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import LOG2_FLOOR, CopyRatios, Segment, floored

Values = NDArray[np.float64]
Groups = NDArray[np.int64]

NO_GENE = frozenset(("", "-", ".", "CGH", "Antitarget", "Background"))
# Steps that survive four times the penalty are events; what they leave holds noise and waves.
COARSE = 0.25
# Sensitivities of the solution path, as multiples of the one asked for.
PATH = (COARSE, 1.0, 2.0)


@dataclass(frozen=True)
class _Bins:
    """The bins that take part: rows of the input, values from ``floor`` up, weights, arms."""

    rows: Groups
    values: Values
    weights: Values
    arms: Groups
    floor: float

    @property
    def walls(self) -> list[int]:
        """Index of the first bin of each arm but the first."""
        return [int(at) + 1 for at in np.flatnonzero(np.diff(self.arms))]


def segment(
    ratios: CopyRatios,
    params: SegmentParams | None = None,
    *,
    build: Build | None = None,
    noise: Noise | None = None,
) -> SegmentResult:
    """Partition copy ratios into segments of constant level.

    Without a ``build`` the only one whose contigs can hold all bins is taken, if there is one;
    with a build no segment crosses a centromere. Noise, waves and the number of bins are those of
    the whole input; ``noise`` of an earlier result takes their place, and the main pass then
    gives a chromosome the same segments alone as in company. (The focal pass still ranks bins
    among those present.) Raises :class:`TumorkitError` where no bin has a log2 ratio.
    """
    params = params or SegmentParams()
    build = build or only_build(ratios)
    bins, dropped, sd_target, sd_off = usable(ratios, build)
    measured = noise or first_noise(bins.values, bins.weights, bins.arms)
    path, fine, coarse = main_pass(bins, measured, params)
    if noise is None:
        coarsely = clipped(
            bins.values - levels_of(bins, coarse), bins.weights, measured.sd, params.outlier_sd
        )
        measured = with_waves(measured, coarsely, bins.weights, bins.arms)
        measured = replace(measured, sd_target=known(sd_target), sd_off_target=known(sd_off))
    levels = levels_of(bins, fine)
    residuals = clipped(bins.values - levels, bins.weights, measured.sd, params.outlier_sd)
    walls = set(bins.walls)
    points = sharp_steps(
        levels + residuals, bins.weights, fine, walls, measured, params.sensitivity
    )
    left = bins.values - levels_of(bins, points)
    events = focal_pass(bins, left, points, measured, params)
    measured = with_residuals(bins, left, measured)
    return SegmentResult(
        build=build.name if build else "",
        segments=build_segments(ratios, bins, points, events, measured, params),
        noise=measured,
        path=path,
        bins=len(ratios),
        bins_used=len(bins.rows),
        floor_bins=int((ratios.log2_ratio[bins.rows] <= LOG2_FLOOR).sum()),
        floor=bins.floor,
        dropped=dropped,
        steps_rejected=len(fine) - len(points),
        arms=build is not None,
        params=params,
    )


def only_build(ratios: CopyRatios) -> Build | None:
    """Return the one build whose contigs are long enough for all bins, None unless it is one."""
    ends: dict[str, int] = {}
    for name, first, last in ratios.runs():
        ends[name] = max(ends.get(name, 0), int(ratios.end[first:last].max()))
    fitting = [
        build
        for build in BUILDS.values()
        if any(build.length(name) for name in ends)
        and all(end <= (build.length(name) or end) for name, end in ends.items())
    ]
    return fitting[0] if len(fitting) == 1 else None


def usable(
    ratios: CopyRatios, build: Build | None
) -> tuple[_Bins, tuple[DroppedBins, ...], float, float]:
    """Return the bins that take part, the others counted by reason, and the noise of both kinds."""
    values = floored(ratios.log2_ratio)
    empty = values <= LOG2_FLOOR
    mitochondrial = np.zeros(len(values), dtype=np.bool_)
    for name, first, last in ratios.runs():
        mitochondrial[first:last] = standard(name) == "chrM"
    reasons = (
        ("log2 ratio unknown", np.isnan(values)),
        ("weight is 0", ~(ratios.weight > 0)),
        ("mitochondrial", mitochondrial),
        ("off-target bin without reads", ~ratios.target & empty),
    )
    left = np.ones(len(values), dtype=np.bool_)
    dropped = []
    for reason, bad in reasons:
        count = int((left & bad).sum())
        if count:
            dropped.append(DroppedBins(reason=reason, count=count))
        left &= ~bad
    rows = np.flatnonzero(left)
    if len(rows) == 0:
        raise TumorkitError(
            f"none of {len(values)} bins has a log2 ratio that can be used",
            hint="check the step that made the copy ratios",
        )
    arms = arm_numbers(ratios, build)[rows]
    floor = floor_of(int(empty[rows].sum()), len(rows))
    kept = np.maximum(values[rows], floor)
    weights, on, off = balanced_weights(kept, ratios.weight[rows], ratios.target[rows], arms)
    bins = _Bins(rows=rows, values=kept, weights=weights, arms=arms, floor=floor)
    return bins, tuple(dropped), on, off


def floor_of(empty: int, bins: int) -> float:
    """Return the log2 ratio at which bins without reads stand: half a read over the expected.

    Were all bins alike, the share of empty ones would be ``exp(-reads per bin)``. Where reads are
    few, an empty bin says little, and its floor is high; events make empty bins too, so the floor
    is never too low.

    >>> [round(floor_of(empty, 1000), 2) for empty in (0, 1, 136)]
    [-5.0, -3.79, -2.0]
    """
    if empty == 0:
        return LOG2_FLOOR
    reads = max(-log(empty / bins), 0.5)
    return max(LOG2_FLOOR, log(0.5 / reads) / log(2))


def arm_numbers(ratios: CopyRatios, build: Build | None) -> Groups:
    """Number the arms (or contigs, where centromeres are unknown) in the order of the bins."""
    fresh = np.zeros(len(ratios), dtype=np.int64)
    for name, first, last in ratios.runs():
        fresh[first] = 1
        centromere = build.centromeres.get(standard(name)) if build else None
        if centromere is not None:
            middle = (ratios.start[first:last] + ratios.end[first:last]) // 2
            beyond = np.flatnonzero(middle >= (centromere[0] + centromere[1]) // 2)
            if len(beyond):
                fresh[first + int(beyond[0])] = 1
    return np.cumsum(fresh)


def main_pass(
    bins: _Bins, noise: Noise, params: SegmentParams
) -> tuple[tuple[PathPoint, ...], list[int], list[int]]:
    """Return the solution path, the change-points asked for, and those of a coarse fit."""
    edges = [0, *bins.walls, len(bins.values)]
    wanted = [factor * params.sensitivity for factor in PATH]
    penalties = [2 * noise.sd**2 * log(max(noise.bins, 3)) / value for value in wanted]
    cap = (params.outlier_sd * noise.sd) ** 2
    fits: dict[float, list[int]] = {sensitivity: [] for sensitivity in wanted}
    for start, end in itertools.pairwise(edges):
        steps = solution_path(
            bins.values[start:end], bins.weights[start:end], penalties=penalties, cap=cap
        )
        for sensitivity, step in zip(wanted, steps, strict=True):
            fits[sensitivity] += (step.points + start).tolist()
    path = tuple(
        PathPoint(sensitivity=sensitivity, segments=len(points) + len(edges) - 1)
        for sensitivity, points in fits.items()
    )
    return path, fits[params.sensitivity], fits[COARSE * params.sensitivity]


def levels_of(bins: _Bins, points: list[int]) -> Values:
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


def with_residuals(bins: _Bins, residuals: Values, noise: Noise) -> Noise:
    """Add the scale of what the segments leave, and the share of wild bins."""
    scaled = residuals * np.sqrt(bins.weights)
    wild = float((np.abs(scaled) > 5 * noise.sd).mean())
    return replace(noise, mad=mad_scale(scaled), outlier_fraction=wild)


def focal_pass(
    bins: _Bins, residuals: Values, points: list[int], noise: Noise, params: SegmentParams
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


def build_segments(
    ratios: CopyRatios,
    bins: _Bins,
    points: list[int],
    events: list[tuple[int, int]],
    noise: Noise,
    params: SegmentParams,
) -> tuple[Segment, ...]:
    """Make the nouns: coordinates, levels, intervals, genes."""
    walls = set(bins.walls)
    inner = {at for event in events for at in event} - {len(bins.values)}
    edges = [0, *sorted({*points, *walls, *inner} - {0}), len(bins.values)]
    levels = [
        biweight_location(bins.values[start:end], bins.weights[start:end])
        for start, end in itertools.pairwise(edges)
    ]
    penalty = 2 * noise.sd**2 * log(max(noise.bins, 3)) / params.sensitivity
    possible = breakpoint_intervals(
        bins.values,
        bins.weights,
        np.array(edges[1:-1], dtype=np.int64),
        np.array(levels),
        margin=penalty,
        cap=(params.outlier_sd * noise.sd) ** 2,
    )
    bounds = {
        edge: (int(low), int(high)) for edge, (low, high) in zip(edges[1:-1], possible, strict=True)
    }
    focal = set(events)
    return tuple(
        make_segment(
            ratios,
            bins,
            (start, end),
            level,
            noise,
            params,
            focal=(start, end) in focal,
            left=None if start in walls else bounds.get(start),
            right=None if end in walls else bounds.get(end),
        )
        for start, end, level in zip(edges[:-1], edges[1:], levels, strict=True)
    )


def make_segment(
    ratios: CopyRatios,
    bins: _Bins,
    span: tuple[int, int],
    level: float,
    noise: Noise,
    params: SegmentParams,
    *,
    focal: bool,
    left: tuple[int, int] | None,
    right: tuple[int, int] | None,
) -> Segment:
    """Make one segment; ``left`` and ``right`` bound its breakpoints, None at ends of arms."""
    rows = bins.rows[span[0] : span[1]]
    first, last = int(rows[0]), int(rows[-1])
    start, end = int(ratios.start[first]), int(ratios.end[last])
    following = int(bins.rows[span[1]]) if span[1] < len(bins.rows) else -1
    if following >= 0 and ratios.contig[following] == ratios.contig[last]:
        end = min(end, int(ratios.start[following]))
    error = noise.error_of(float(bins.weights[span[0] : span[1]].sum()), len(rows))
    reach = NormalDist().inv_cdf((1 + params.level) / 2) * error
    depth = ratios.depth[rows]
    measured = depth[np.isfinite(depth)]
    starts = [int(ratios.start[bins.rows[at]]) for at in left] if left else [start, start]
    ends = [int(ratios.end[bins.rows[at - 1]]) for at in right] if right else [end, end]
    return Segment(
        contig=str(ratios.contig[first]),
        start=start,
        end=end,
        log2_ratio=level,
        bins=len(rows),
        weight=float(ratios.weight[rows].sum()),
        depth=float(measured.mean()) if len(measured) else None,
        gene=",".join(
            name for name in dict.fromkeys(ratios.gene[rows].tolist()) if name not in NO_GENE
        ),
        log2_low=level - reach,
        log2_high=level + reach,
        start_low=starts[0],
        start_high=starts[1],
        end_low=ends[0],
        end_high=ends[1],
        focal=focal,
    )
