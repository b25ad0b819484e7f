"""From a sample's depth and a reference to copy ratios."""

from __future__ import annotations

import itertools
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
from tumorkit.copynumber.normalize.matching import counted, matched, usable, without_y
from tumorkit.copynumber.normalize.params import NormalizeParams
from tumorkit.copynumber.normalize.result import DroppedBin, NormalizeResult
from tumorkit.copynumber.sex import Sex, infer_sex, median_of
from tumorkit.core.robust import difference_scale, mad_scale, weighted_median
from tumorkit.core.smooth import robust_coefficients
from tumorkit.errors import TumorkitError
from tumorkit.genome.bins import Bins, ReferenceBins, autosomal, empty_columns, sex_linked
from tumorkit.genome.build import Build
from tumorkit.genome.segment import OFF_TARGET_NAMES, CopyRatios

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Events, biases and components are told apart in turns; more turns change nothing.
TURNS = 3
# A pair's bin that the normal hardly covers says nothing of the tumour.
LEAST_NORMAL_SHARE = 0.1
WINDOW = 2_000_000
MIN_WINDOWS = 20
# Standard error of a median over that of a mean.
MEDIAN_ERROR = 1.2533
WEIGHT_RANGE = (0.05, 4.0)
MIN_CLASS = 50
# A normal this much more altered than its tumour is the tumour.
SWAP_RATIO = 3.0
SWAP_LEAST = 0.1
ALTERED_LOG2 = 0.15
MIN_FOR_SWAP = 300


@dataclass(frozen=True)
class _Corrected:
    """Log2 ratios of the used bins and what was done to get them."""

    values: Values
    before: Values
    effects: tuple[Effect, ...]
    coefficients: Values
    offset: float | None
    center: float


def normalize(
    sample: CopyRatios,
    reference: ReferenceBins,
    params: NormalizeParams | None = None,
    *,
    build: Build | None = None,
    sex: str | None = None,
    against: str = "the reference",
    paired: bool = False,
) -> NormalizeResult:
    """Return copy ratios of a sample's depths against a reference.

    The reference's log2 is taken off; GC, repeat and edge effects beyond it and the panel's
    components are fitted on the autosomes beside, not into, the sample's own large events, and
    taken off everywhere; off-target bins are moved to the level of targets; the autosomes are set
    to 0. Multiplying the sample's depth by a constant changes nothing but the floor of bins
    without reads. Weights are relative precision by the reference, never by the sample's own
    reads. ``paired`` is a reference made of the patient's own normal: X and Y are held against
    the same person's.
    """
    params = params or NormalizeParams()
    require_reads(sample, "the tumour")
    pair = matched(sample, reference, params.min_shared, against)
    chosen = choose(sample.depth[pair.rows], pair.reference, params, build, sex, paired=paired)
    used, own = chosen.bins, chosen.depth
    # Neighbours count for edges whether they are used or not.
    edges = edge_density(reference)[pair.reference_rows][chosen.left]
    corrected = correct(own, used, edges, params)
    rows = pair.rows[chosen.left]
    dropped = (*pair.dropped, *chosen.dropped)
    on, off = (noise_of(corrected.values, used, kind) for kind in (used.target, ~used.target))
    empty = own <= 0
    return NormalizeResult(
        build=build.name if build else "",
        ratios=CopyRatios(
            contig=sample.contig[rows],
            start=sample.start[rows],
            end=sample.end[rows],
            log2_ratio=corrected.values,
            weight=weights_of(corrected.values, used),
            gene=sample.gene[rows],
            depth=own,
            target=sample.target[rows],
            spread=spread_of(used),
        ),
        empty=empty,
        against=against,
        sex=chosen.sex,
        bins=len(sample),
        bins_used=len(used),
        only_reference=pair.only_reference,
        no_reads=int(empty.sum()),
        drop_reasons=counted(dropped, frozenset(OFF_TARGET_NAMES)),
        dropped=dropped,
        center=corrected.center,
        offset=corrected.offset,
        noise=on,
        noise_before=noise_of(corrected.before, used, used.target),
        noise_off_target=off,
        effects=corrected.effects,
        coefficients=tuple(corrected.coefficients.tolist()),
        haploid_x_reference=True if paired else chosen.haploid,
        notes=notes_of(pair.dropped, len(sample), used),
        params=params,
    )


def require_reads(sample: CopyRatios, who: str) -> None:
    """Raise where a sample has no read: it is no neutral genome."""
    if not (sample.depth > 0).any():
        raise TumorkitError(
            f"{who} has no read on any bin",
            "check that alignment and bins are of the same build and panel",
        )


@dataclass(frozen=True)
class _Chosen:
    """The shared bins that are used, the others, and the sex that decided about Y."""

    left: Mask
    bins: ReferenceBins
    depth: Values
    dropped: tuple[DroppedBin, ...]
    sex: Sex
    haploid: bool | None


def choose(
    depth: Values,
    bins: ReferenceBins,
    params: NormalizeParams,
    build: Build | None,
    sex: str | None,
    *,
    paired: bool,
) -> _Chosen:
    """Choose the bins that can be used; raise with the reasons where none can."""
    left, dropped = usable(depth, bins, params)
    if not (left & (depth > 0)).any():
        reasons = counted(dropped, frozenset(OFF_TARGET_NAMES))
        said = ", ".join(f"{one.targets + one.off_targets} {one.reason}" for one in reasons)
        raise TumorkitError(
            f"none of {len(left)} shared bins can be used: {said or 'they have no reads'}",
            "check that sample and reference are of the same build and panel",
        )
    haploid = None if paired else haploid_reference(bins, left, build)
    found = sex_of(depth, bins, left, build, paired=paired, haploid=haploid, given=sex)
    if found.sex == "female" and not paired:
        left, women = without_y(bins, left, build)
        dropped += women
    return _Chosen(
        left=left,
        bins=bins.taken(np.flatnonzero(left)),
        depth=depth[left],
        dropped=dropped,
        sex=found,
        haploid=haploid,
    )


def notes_of(lost: tuple[DroppedBin, ...], bins: int, used: Bins) -> tuple[str, ...]:
    """Say what a reader of the ratios should know."""
    notes = []
    if lost:
        notes.append(f"sample and reference differ in {len(lost)} bins; the sample has {bins}")
    if not np.isfinite(used.gc).any():
        notes.append("GC of bins is not known, so it is not corrected; give --reference")
    return tuple(notes)


def haploid_reference(bins: ReferenceBins, left: Mask, build: Build | None) -> bool | None:
    """Return whether one X stands at log2 0 on this reference, None where X has no bins."""
    fit = autosomal(bins.contig) & left
    x = sex_linked(bins.contig, bins.start, bins.end, "chrX", build) & left
    level, usual = median_of(bins.log2_ratio, x), median_of(bins.log2_ratio, fit)
    if level is None or usual is None:
        return None
    return level - usual < -0.5


def sex_of(
    depth: Values,
    bins: ReferenceBins,
    left: Mask,
    build: Build | None,
    *,
    paired: bool,
    haploid: bool | None,
    given: str | None,
) -> Sex:
    """Infer the sex from X and Y against the reference."""
    own = log2_depth(depth, bins.size) - bins.log2_ratio
    fit = autosomal(bins.contig) & left & (depth > 0)
    own -= group_medians(own, bins, fit if fit.any() else left)
    x, y = (
        median_of(own, sex_linked(bins.contig, bins.start, bins.end, name, build) & left)
        for name in ("chrX", "chrY")
    )
    if given is not None:
        return Sex(sex=given, x_log2=x, y_log2=y, reason="given")
    if paired:
        return Sex(sex=None, x_log2=x, y_log2=y, reason="held against the same person's X and Y")
    if x is not None and haploid:
        x -= 1
    return infer_sex(x, y)


def correct(
    depth: Values, bins: ReferenceBins, edges: Values, params: NormalizeParams
) -> _Corrected:
    """Take reference, biases, components, offset and centre off the log2 depth of used bins."""
    fit = autosomal(bins.contig) & (depth > 0)
    if not fit.any():
        fit = depth > 0
    precision = precision_of(bins)
    start = log2_depth(depth, bins.size) - bins.log2_ratio
    start -= group_medians(start, bins, fit, precision)
    shapes = bins.components[:, : params.max_components]
    shapes = np.where(np.isfinite(shapes), shapes, 0.0)
    values = start
    effects: list[Effect] = []
    coefficients = np.zeros(shapes.shape[1])
    if params.correct_bias or shapes.shape[1]:
        for _ in range(TURNS):
            plain = start - event_levels(np.where(fit, values, np.nan), bins, precision)
            part = np.zeros(len(start))
            if params.correct_bias:
                shared = shapes @ coefficients
                part, effects = bias(plain - shared, bins, edges, fit, precision)
            if shapes.shape[1]:
                coefficients = robust_coefficients(shapes[fit], (plain - part)[fit], precision[fit])
            values = start - part - shapes @ coefficients
    values = values - group_medians(values, bins, fit, precision)
    offset = off_target_offset(values, bins, fit)
    if offset is not None:
        values = np.where(bins.target, values, values + offset)
    center = center_of(values[fit], precision[fit], params.center)
    return _Corrected(
        values=values - center,
        before=start,
        effects=tuple(effects),
        coefficients=coefficients,
        offset=offset,
        center=center,
    )


def spread_of(bins: ReferenceBins) -> Values | None:
    """Return what is left of each bin's spread among normals, None without a panel."""
    known = bins.rest > 0
    return np.where(known, bins.rest, np.nan) if known.any() else None


def precision_of(bins: ReferenceBins) -> Values:
    """Return the relative precision of bins by their spread among normals, 1 where unknown."""
    precision = np.ones(len(bins))
    for rows in (bins.target, ~bins.target):
        known = rows & (bins.rest > 0)
        if known.any():
            usual = float(np.median(bins.rest[known]))
            precision[known] = np.clip((usual / bins.rest[known]) ** 2, *WEIGHT_RANGE)
    return precision


def off_target_offset(values: Values, bins: Bins, fit: Mask) -> float | None:
    """Return by how much off-target bins lie below targets in the same stretches of the genome.

    Panels put their targets where tumours have events, so the medians of both groups may differ
    where the genome does not. None where fewer than 20 stretches of 2 Mb hold both, 0 where the
    difference is within twice its standard error.
    """
    rows = np.flatnonzero(fit)
    names = {name: at for at, name in enumerate(dict.fromkeys(bins.contig.tolist()))}
    contig = np.array([names[name] for name in bins.contig[rows].tolist()], dtype=np.int64)
    key = contig * 10_000 + (bins.start[rows] // WINDOW)
    order = np.argsort(key, kind="stable")
    edges = np.flatnonzero(np.diff(key[order], prepend=-1, append=-1))
    found = []
    for first, last in itertools.pairwise(edges):
        here = rows[order[first:last]]
        on, off = values[here[bins.target[here]]], values[here[~bins.target[here]]]
        if len(on) >= 2 and len(off) >= 2:
            found.append(float(np.median(on) - np.median(off)))
    if len(found) < MIN_WINDOWS:
        return None
    differences = np.array(found)
    middle = float(np.median(differences))
    error = MEDIAN_ERROR * mad_scale(differences) / len(found) ** 0.5
    return middle if abs(middle) > 2 * error else 0.0


def center_of(values: Values, weights: Values, how: str) -> float:
    """Return the median, or the mode by the half-sample method (Bickel and Fruehwirth 2006)."""
    if how == "median" or len(values) < 3:
        return weighted_median(values, weights)
    ordered = np.sort(values)
    while len(ordered) > 3:
        half = (len(ordered) + 1) // 2
        widths = ordered[half - 1 :] - ordered[: len(ordered) - half + 1]
        at = int(widths.argmin())
        ordered = ordered[at : at + half]
    return float(np.median(ordered))


def weights_of(values: Values, bins: ReferenceBins) -> Values:
    """Return relative precision: spread among normals, and the noise of each group here."""
    weights = precision_of(bins)
    scales = [noise_of(values, bins, rows) for rows in (bins.target, ~bins.target)]
    if all(scale is not None and scale > 0 for scale in scales):
        best = min(scale for scale in scales if scale is not None)
        for rows, scale in zip((bins.target, ~bins.target), scales, strict=True):
            weights[rows] *= (best / (scale or best)) ** 2
    return np.clip(weights / np.median(weights), *WEIGHT_RANGE)


def noise_of(values: Values, bins: Bins, rows: Mask) -> float | None:
    """Return the standard deviation of one kind of autosomal bins by differences of neighbours."""
    chosen = np.flatnonzero(rows & autosomal(bins.contig) & np.isfinite(values))
    if len(chosen) < MIN_CLASS:
        return None
    names = bins.contig[chosen]
    groups = np.cumsum(np.append(0, names[1:] != names[:-1]))
    return difference_scale(values[chosen], None, groups)


def reference_of_normal(normal: CopyRatios, content: Bins | None = None) -> ReferenceBins:
    """Return a reference made of one normal: its own log2, spread by its expected counts.

    ``content`` holds GC and repeats of the same bins. Bins that the normal covers less than a
    tenth as well as usual are below the limit of :class:`NormalizeParams` and so left out. Raises
    :class:`TumorkitError` where it has no reads.
    """
    require_reads(normal, "the normal")
    size = len(normal)
    unknown = np.full(size, np.nan)
    bins = Bins(
        contig=normal.contig,
        start=normal.start,
        end=normal.end,
        gene=normal.gene.astype(np.object_),
        target=normal.target,
        gc=unknown if content is None else content.gc,
        repeat=unknown if content is None else content.repeat,
        mappability=unknown if content is None else content.mappability,
    )
    log2 = log2_depth(normal.depth, bins.size)
    covered = autosomal(bins.contig) & (normal.depth > 0)
    usual = group_medians(normal.depth, bins, covered)
    few = ~(normal.depth >= LEAST_NORMAL_SHARE * usual) & np.isfinite(normal.depth)
    level = log2 - group_medians(log2, bins, covered)
    # Counting noise alone, relative to the usual bin: more than that one normal cannot tell.
    reads = np.where(normal.depth > 0, normal.depth, usual) * bins.size
    rest = np.sqrt(np.nanmedian(reads) / np.maximum(reads, 1e-9)) * 0.1
    return ReferenceBins(
        **{name: getattr(bins, name) for name in Bins.__dataclass_fields__},
        log2_ratio=np.where(few, -np.inf, level),
        spread=np.zeros(size),
        rest=rest,
        depth=normal.depth,
        components=empty_columns(size),
        deviations=empty_columns(size),
    )


def swap_note(tumor: CopyRatios, normal: CopyRatios) -> str:
    """Say if the normal looks more altered than the tumour; an empty string where it does not.

    Both are centred on themselves; capture differs from bin to bin, events last over many bins.
    """
    shares = []
    for sample in (tumor, normal):
        rows = autosomal(sample.contig) & sample.target & (sample.depth > 0)
        if rows.sum() < MIN_FOR_SWAP:
            return ""
        bins = reference_of_normal(sample).taken(np.flatnonzero(rows))
        levels = event_levels(log2_depth(bins.depth, bins.size), bins)
        shares.append(float((np.abs(levels) > ALTERED_LOG2).mean()))
    own, other = shares
    if other > SWAP_LEAST and other > SWAP_RATIO * own:
        return (
            f"the normal looks more altered ({other:.0%} of targets) than the tumour ({own:.0%}): "
            "are they swapped?"
        )
    return ""


def normalize_pair(
    tumor: CopyRatios,
    normal: CopyRatios,
    params: NormalizeParams | None = None,
    *,
    content: Bins | None = None,
    build: Build | None = None,
) -> NormalizeResult:
    """Return copy ratios of a tumour against its matched normal; says if they look swapped."""
    result = normalize(
        tumor,
        reference_of_normal(normal, content),
        params,
        build=build,
        against="the normal",
        paired=True,
    )
    note = swap_note(tumor, normal)
    return replace(result, notes=(*result.notes, note)) if note else result
