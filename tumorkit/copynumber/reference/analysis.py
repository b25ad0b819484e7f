"""From the depths of normals to what a bin usually looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.bias import (
    Effect,
    bias,
    edge_density,
    event_levels,
    group_medians,
    log2_depth,
)
from tumorkit.copynumber.reference.params import ReferenceParams
from tumorkit.copynumber.reference.result import ComponentFit, Normal, ReferenceResult
from tumorkit.copynumber.sex import Sex, infer_sexes, median_of
from tumorkit.core.pooled import biweight_rows, left_by_others, medians, shared_shapes, squeezed
from tumorkit.core.robust import difference_scale, mad_scale
from tumorkit.errors import TumorkitError
from tumorkit.genome.bins import Bins, ReferenceBins, autosomal, empty_columns, sex_linked
from tumorkit.genome.build import Build

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

# A bin this far below the others was not captured (CNVkit's limit, too).
LEAST_LOG2 = -5.0
# Fewer normals do not tell what they share.
MIN_FOR_SHAPES = 6
# Deviations beyond this many standard deviations are germline events, not shared shapes.
CLIP_SD = 3.0
# Least distance of a level from the others that counts as altered.
ALTERED_LOG2 = 0.2
# Below this many bins altered levels are chance.
MIN_FOR_LEVELS = 300
FEW_NORMALS = 4


@dataclass(frozen=True)
class _Panel:
    """Bins, depths (bins x normals) and which bins are what."""

    bins: Bins
    depth: Values
    names: tuple[str, ...]
    auto: Mask
    x: Mask
    y: Mask


def pool_normals(
    bins: Bins,
    depth: Values,
    names: Sequence[str],
    params: ReferenceParams | None = None,
    *,
    build: Build | None = None,
    sexes: Sequence[str | None] | None = None,
) -> ReferenceResult:
    """Pool the depths of normals (bins x normals, NaN unknown) into a reference.

    Each normal is centred on its autosomes, group by group, and freed of its own GC, repeat and
    edge effects; X counts as of two copies in both sexes, Y as of one and in men only. Location
    and spread of a bin are Tukey's biweights. ``sexes`` overrides what X and Y show. The order of
    normals changes nothing but the order in which they are listed. Raises
    :class:`TumorkitError` where nothing can be pooled.
    """
    params = params or ReferenceParams()
    panel = _Panel(
        bins,
        depth,
        tuple(names),
        autosomal(bins.contig),
        sex_linked(bins.contig, bins.start, bins.end, "chrX", build),
        sex_linked(bins.contig, bins.start, bins.end, "chrY", build),
    )
    checked(panel)
    raw = centred(panel)
    found = sexes_of(panel, raw, sexes)
    values = on_one_scale(panel, raw, found)
    values = unbiased(panel, values)
    everyone = np.ones(len(panel.names), dtype=np.bool_)
    reference, effects, fits, left = pooled_reference(panel, values, everyone, params)
    # What normals share is no fault of one of them, so each is judged by what shapes leave.
    normals = judged(panel, left, reference.log2_ratio, found, params)
    pooled = np.array([normal.pooled for normal in normals], dtype=np.bool_)
    if not pooled.any():
        raise TumorkitError(
            "no normal is left to pool: all are outliers",
            "see the reasons, or pool them all with --keep-outliers",
        )
    if not pooled.all():
        reference, effects, fits, _ = pooled_reference(panel, values, pooled, params)
    return summed_up(panel, reference, normals, effects, fits, build, params)


def pooled_reference(
    panel: _Panel, values: Values, pooled: Mask, params: ReferenceParams
) -> tuple[ReferenceBins, tuple[Effect, ...], tuple[ComponentFit, ...], Values]:
    """Return the reference of some normals, its biases and components, and what these leave."""
    location, spread = biweight_rows(values[:, pooled])
    reference, effects = as_reference(panel, location, spread, values[:, pooled], pooled)
    reference, fits, left = with_components(panel, reference, params)
    return reference, effects, fits, left


def checked(panel: _Panel) -> None:
    """Raise where a normal has no reads, or two normals are the same file."""
    for number, name in enumerate(panel.names):
        if not (panel.depth[:, number] > 0).any():
            raise TumorkitError(
                f"normal {name} has no read on any bin",
                "check that its alignment and the bins are of the same build and panel",
            )
        for other in range(number):
            if np.array_equal(panel.depth[:, number], panel.depth[:, other], equal_nan=True):
                raise TumorkitError(
                    f"normals {panel.names[other]} and {name} are the same data",
                    "give each normal once: a copy would count twice",
                )


def centred(panel: _Panel) -> Values:
    """Return log2 depths of all normals, each group of bins centred on its autosomes' median."""
    table = np.empty_like(panel.depth)
    fit = panel.auto if panel.auto.any() else np.ones(len(panel.bins), dtype=np.bool_)
    for number in range(table.shape[1]):
        own = log2_depth(panel.depth[:, number], panel.bins.size)
        covered = fit & (panel.depth[:, number] > 0)
        table[:, number] = own - group_medians(own, panel.bins, covered)
    return table


def sexes_of(panel: _Panel, raw: Values, given: Sequence[str | None] | None) -> list[Sex]:
    """Infer the sex of each normal from target bins of X and Y (all bins without targets there)."""
    rows = []
    for linked in (panel.x, panel.y):
        on_target = linked & panel.bins.target
        rows.append(on_target if on_target.sum() >= FEW_NORMALS else linked)
    x, y = (
        [median_of(raw[:, number], chosen) for number in range(raw.shape[1])] for chosen in rows
    )
    found = infer_sexes(x, y)
    if given is None:
        return found
    return [
        one if sex is None else replace(one, sex=sex, reason="given")
        for one, sex in zip(found, given, strict=True)
    ]


def on_one_scale(panel: _Panel, raw: Values, sexes: Sequence[Sex]) -> Values:
    """Return log2 with X as of two copies in all, and Y only where a man can show it.

    X and Y of a normal whose sex is not known are unknown.
    """
    values = raw.copy()
    sex = [one.sex for one in sexes]
    for number, one in enumerate(sex):
        if one == "male":
            values[panel.x, number] += 1
        elif one is None:
            values[panel.x | panel.y, number] = np.nan
    if "male" in sex:
        for number, one in enumerate(sex):
            if one == "female":
                values[panel.y, number] = np.nan
    return values


def unbiased(panel: _Panel, values: Values) -> Values:
    """Return log2 of normals without what GC, repeats and edges do to each beyond the usual."""
    edges = edge_density(panel.bins)
    usual = medians(values)
    fit = panel.auto & (usual > LEAST_LOG2)
    free = np.empty_like(values)
    for number in range(values.shape[1]):
        own = values[:, number] - usual
        part, _ = bias(own, panel.bins, edges, fit & np.isfinite(own))
        own = own - part
        own -= group_medians(own, panel.bins, fit)
        free[:, number] = own + usual
    return free


def judged(
    panel: _Panel, left: Values, usual: Values, sexes: Sequence[Sex], params: ReferenceParams
) -> tuple[Normal, ...]:
    """Describe each normal by its deviations, and say which are outliers."""
    groups = np.cumsum(np.append(0, panel.bins.contig[1:] != panel.bins.contig[:-1]))
    fit = panel.auto & (usual > LEAST_LOG2)
    targets = fit & panel.bins.target if (fit & panel.bins.target).sum() > MIN_FOR_LEVELS else fit
    described = []
    for number, name in enumerate(panel.names):
        own = left[:, number]
        rows = targets & np.isfinite(own)
        levels = event_levels(np.where(fit, own, np.nan), panel.bins)
        altered = float((np.abs(levels[fit]) > ALTERED_LOG2).mean()) if fit.any() else 0.0
        covered = panel.bins.target & np.isfinite(own)
        empty = panel.depth[covered, number] <= 0
        described.append(
            Normal(
                sample=name,
                sex=sexes[number],
                noise=difference_scale(own[rows], None, groups[rows]),
                spread=mad_scale(own[rows]),
                altered=altered if fit.sum() >= MIN_FOR_LEVELS else 0.0,
                empty=float(empty.mean()) if covered.any() else 0.0,
                missing=int(np.isnan(panel.depth[:, number]).sum()),
                outlier="",
                pooled=True,
            )
        )
    typical = float(np.median([normal.spread for normal in described]))
    return tuple(with_verdict(normal, typical, len(described), params) for normal in described)


def with_verdict(normal: Normal, typical: float, normals: int, params: ReferenceParams) -> Normal:
    """Say whether a normal is an outlier, with value and limit."""
    reason = ""
    limit = params.max_noise_ratio * typical
    if normals >= FEW_NORMALS and normal.spread > limit > 0:
        reason = f"spread {normal.spread:.3f} is above {limit:.3f}"
    elif normals >= FEW_NORMALS and normal.altered > params.max_altered:
        reason = (
            f"{normal.altered:.0%} of its autosomal bins lie on changed levels, above "
            f"{params.max_altered:.0%}"
        )
    return replace(normal, outlier=reason, pooled=not reason or params.keep_outliers)


def as_reference(
    panel: _Panel, location: Values, spread: Values, values: Values, pooled: Mask
) -> tuple[ReferenceBins, tuple[Effect, ...]]:
    """Take mean biases out of the pooled level and put the reference together."""
    bins = panel.bins
    fit = panel.auto & (location > LEAST_LOG2)
    if not fit.any():
        fit = location > LEAST_LOG2
    part, effects = bias(location, bins, edge_density(bins), fit)
    level = location - part
    level -= group_medians(level, bins, fit)
    count = np.isfinite(values).sum(axis=1)
    rest = np.zeros(len(bins))
    if pooled.sum() > 1:
        for rows in (bins.target, ~bins.target):
            if rows.any():
                rest[rows] = squeezed(spread[rows], count[rows], location[rows])
    reference = ReferenceBins(
        **{name: getattr(bins, name) for name in Bins.__dataclass_fields__},
        log2_ratio=level,
        spread=np.where(count > 1, spread, 0.0),
        rest=rest,
        depth=medians(panel.depth[:, pooled]),
        components=empty_columns(len(bins)),
        deviations=values - location[:, None],
    )
    return reference, tuple(effects)


def with_components(
    panel: _Panel, reference: ReferenceBins, params: ReferenceParams
) -> tuple[ReferenceBins, tuple[ComponentFit, ...], Values]:
    """Add the shapes that normals share: learnt on autosomes, read off everywhere.

    Returns what shapes of the other normals leave of each one's deviations, too.
    """
    normals = reference.deviations.shape[1]
    most = min(params.max_components, normals // 2)
    good = panel.auto & (reference.log2_ratio > LEAST_LOG2) & (reference.rest > 0)
    good &= reference.spread < 1
    if normals < MIN_FOR_SHAPES or most < 1 or good.sum() < MIN_FOR_LEVELS:
        return reference, (), reference.deviations
    table = standardized(reference.deviations, reference.rest)
    shapes = shared_shapes(table[good], most)
    fits = tuple(
        ComponentFit(components=number, variance_left=left, standard_error=error)
        for number, (left, error) in enumerate(zip(shapes.left, shapes.error, strict=True))
    )
    if shapes.scores.shape[1] == 0:
        return reference, fits, reference.deviations
    left = reference.deviations.copy()
    unit = reference.rest[good][:, None]
    own = np.nan_to_num(left[good] / unit)
    free = left_by_others(table[good], own, shapes.scores.shape[1]) * unit
    left[good] = np.where(np.isfinite(left[good]), free, np.nan)
    return learnt(reference, shapes.scores), fits, left


def standardized(deviations: Values, rest: Values) -> Values:
    """Return deviations in units of each bin's spread, wild ones clipped, unknown ones 0."""
    unit = np.where(rest > 0, rest, 1.0)[:, None]
    return np.clip(np.where(np.isfinite(deviations), deviations / unit, 0.0), -CLIP_SD, CLIP_SD)


def learnt(reference: ReferenceBins, scores: Values) -> ReferenceBins:
    """Return the reference with the loading of each bin on scores of normals.

    A loading is the change of a bin's log2 in a sample whose score is one standard deviation.
    """
    normals, number = scores.shape
    unit = np.where(reference.rest > 0, reference.rest, 1.0)[:, None]
    clipped = standardized(reference.deviations, reference.rest) * unit
    known = np.isfinite(reference.deviations).astype(float)
    upper = np.where(known > 0, clipped, 0.0) @ scores
    lower = known @ scores**2
    loadings = np.where(lower > 0, upper / np.where(lower > 0, lower, 1), 0.0) / normals**0.5
    left = reference.deviations - loadings @ scores.T * normals**0.5
    _, scale = biweight_rows(left)
    # Each component takes one degree of freedom of the normals it was learnt on.
    scale = scale * (normals / max(normals - number, 1)) ** 0.5
    count = np.isfinite(left).sum(axis=1)
    rest = reference.rest.copy()
    for rows in (reference.target, ~reference.target):
        if rows.any():
            rest[rows] = squeezed(
                scale[rows], np.maximum(count[rows] - number, 1), reference.log2_ratio[rows]
            )
    return replace(reference, components=loadings, rest=rest)


def without(reference: ReferenceBins, normal: int) -> ReferenceBins:
    """Return the reference as it would be without one of its normals (a column of deviations)."""
    others = np.delete(reference.deviations, normal, axis=1)
    location, spread = biweight_rows(others)
    moved = np.where(np.isfinite(location), location, 0.0)
    count = np.isfinite(others).sum(axis=1)
    rest = squeezed(spread, count, reference.log2_ratio + moved)
    left = replace(
        reference,
        log2_ratio=reference.log2_ratio + location,
        spread=np.where(count > 1, spread, 0.0),
        rest=rest,
        components=empty_columns(len(reference)),
        deviations=others - location[:, None],
    )
    number = reference.components.shape[1]
    good = autosomal(left.contig) & (left.log2_ratio > LEAST_LOG2) & (left.spread < 1)
    if number == 0 or others.shape[1] <= number + 1 or not good.any():
        return left
    table = standardized(left.deviations, left.rest)[good]
    centre = np.eye(table.shape[1]) - 1 / table.shape[1]
    _, vectors = np.linalg.eigh(centre @ (table.T @ table) @ centre)
    return learnt(left, vectors[:, ::-1][:, :number])


def flat_reference(bins: Bins, params: ReferenceParams | None = None) -> ReferenceResult:
    """Return a reference without normals: log2 0, Y 1 copy below, spread not known."""
    size = len(bins)
    y = sex_linked(bins.contig, bins.start, bins.end, "chrY", None)
    reference = ReferenceBins(
        **{name: getattr(bins, name) for name in Bins.__dataclass_fields__},
        log2_ratio=np.where(y, -1.0, 0.0),
        spread=np.zeros(size),
        rest=np.zeros(size),
        depth=np.ones(size),
        components=empty_columns(size),
        deviations=empty_columns(size),
    )
    return ReferenceResult(
        reference=reference,
        bins=size,
        targets=int(bins.target.sum()),
        left_out=0,
        flat=True,
        normals=(),
        spread=None,
        rest=None,
        components=0,
        component_fits=(),
        effects=(),
        notes=("flat: every bin is taken to be captured alike; a panel of normals is better",),
        params=params or ReferenceParams(),
    )


def summed_up(
    panel: _Panel,
    reference: ReferenceBins,
    normals: tuple[Normal, ...],
    effects: tuple[Effect, ...],
    fits: tuple[ComponentFit, ...],
    build: Build | None,
    params: ReferenceParams,
) -> ReferenceResult:
    """Put the result together, with what a reader should know."""
    rows = panel.auto & reference.target & (reference.log2_ratio > LEAST_LOG2)
    rows = rows if rows.any() else panel.auto & (reference.log2_ratio > LEAST_LOG2)
    pooled = reference.deviations.shape[1]
    notes = []
    if pooled < FEW_NORMALS:
        notes.append(f"{pooled} normals: the spread of bins is hardly known; 10 or more are better")
    if panel.x.any() and build is None:
        notes.append("build unknown: pseudo-autosomal regions count as X and Y; use --build")
    if panel.y.any() and not any(n.sex.sex == "male" and n.pooled for n in normals):
        notes.append("no man among the normals: Y cannot be judged by this reference")
    known = rows.any() and pooled > 1
    return ReferenceResult(
        build=build.name if build else "",
        reference=reference,
        bins=len(reference),
        targets=int(reference.target.sum()),
        left_out=0,
        flat=False,
        normals=normals,
        spread=float(np.median(reference.spread[rows])) if known else None,
        rest=float(np.median(reference.rest[rows])) if known else None,
        components=reference.components.shape[1],
        component_fits=fits,
        effects=effects,
        notes=tuple(notes),
        params=params,
    )
