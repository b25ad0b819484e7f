"""What speaks for a purity: levels, allele fractions and mutations, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.imbalance import LEVELS, level_grid
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import LOG2_FLOOR, Segment
from tumorkit.purity.params import PurityParams

Values = NDArray[np.float64]
Rows = NDArray[np.int64]

AUTOSOMES = frozenset(f"chr{number}" for number in range(1, 23))
# Standard deviation of one bin where a file says nothing of it.
USUAL_BIN_SD = 0.2
# Reads at a SNP where a file says nothing of them.
USUAL_SNP_DEPTH = 60
# A 95 % interval reaches so many standard deviations to either side together.
WIDTH_95 = 3.92
# Concentration of a mutation's reads: they scatter a little more than binomial.
VARIANT_CONCENTRATION = 400.0
VAF_LEVELS = 241
# A list of calls is not taken to leave out mutations with more reads, or a higher share, than this.
FEWEST_READS, FEWEST_SHARE = 5.0, 0.05
MOST_STEPS = 100
# SNPs are summed on the segmentation's grid of allele fractions; the fit reads between its points.
BETWEEN = 4
FINE = (LEVELS - 1) * BETWEEN + 1


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A somatic variant with its reads; ``pos`` is 0-based.

    One that may as well be inherited or an artefact does not ``speak`` for the purity.
    """

    contig: str
    pos: int
    alt_depth: int
    depth: int
    name: str = ""
    gene: str = ""
    hotspot: bool = False
    altering: bool | None = None
    ref: str = ""
    alt: str = ""
    speaks: bool = True

    @property
    def vaf(self) -> float:
        """Share of the reads with the variant."""
        return self.alt_depth / self.depth


@dataclass(frozen=True)
class Evidence:
    """Arrays over the segments that the fit uses, and over the mutations in them.

    ``row`` is the segment's place in the given list, ``normal`` the copies of a normal cell,
    ``curve`` the log-likelihood of each major-allele fraction of ``level_grid`` below its best,
    0 throughout where alleles were not measured. ``vaf_curve`` is that of a mutation at each
    level of ``vaf_levels``; ``place`` is the segment of each mutation.
    """

    row: Rows
    log2_ratio: Values
    sd: Values
    normal: Values
    length: Values
    autosomal: NDArray[np.bool_]
    levels: Values
    curve: Values
    measured: NDArray[np.bool_]
    vaf_levels: Values
    vaf_curve: Values
    vaf_shown: Values
    place: Rows
    vaf: Values
    mutation: Rows
    mean_ratio: float

    def __len__(self) -> int:
        return len(self.row)


def gather(
    segments: Sequence[Segment],
    mutations: Sequence[Mutation],
    params: PurityParams,
    *,
    sex: str | None,
    build: Build | None,
    curves: Mapping[int, Values] | None = None,
) -> Evidence:
    """Turn segments and mutations into arrays.

    ``curves`` holds, by row of a segment, the summed deviance of its SNPs at each level; without
    it the interval of the segment's allele fraction speaks. Y, and X where the sex is not known,
    stay out.
    """
    rows, normal = [], []
    for at, item in enumerate(segments):
        copies = normal_copies(item, sex, build)
        if copies and isfinite(item.log2_ratio):
            rows.append(at)
            normal.append(copies)
    used = [segments[at] for at in rows]
    levels = level_grid(FINE)
    curve = np.zeros((len(used), len(levels)))
    measured = np.zeros(len(used), dtype=np.bool_)
    for at, (row, item) in enumerate(zip(rows, used, strict=True)):
        if normal[at] != 2:
            continue
        given = curves.get(row) if curves else None
        found = finer(given) if given is not None else interval_curve(item, levels)
        if found is not None:
            curve[at] = tempered(found, levels, params.baf_floor)
            measured[at] = True
    autosomal = np.array([standard(item.contig) in AUTOSOMES for item in used], dtype=np.bool_)
    length = np.array([float(item.end - item.start) for item in used])
    level = np.array([max(item.log2_ratio, LOG2_FLOOR) for item in used])
    if params.haploid_x_reference:
        level = level + np.log2(np.array(normal, dtype=np.float64) / 2)
    spoken = autosomal if autosomal.any() else np.ones(len(used), dtype=np.bool_)
    mean = float(np.average(2.0 ** level[spoken], weights=length[spoken])) if used else 1.0
    chosen, place = placed(segments, rows, mutations, params.max_variants)
    vaf_levels = np.sin(np.linspace(0, np.pi / 2, VAF_LEVELS)) ** 2
    return Evidence(
        row=np.array(rows, dtype=np.int64),
        log2_ratio=level,
        sd=np.array([np.hypot(level_error(item), params.log2_floor) for item in used]),
        normal=np.array(normal, dtype=np.float64),
        length=length,
        autosomal=autosomal,
        levels=levels,
        curve=curve,
        measured=measured,
        vaf_levels=vaf_levels,
        vaf_curve=vaf_curves([mutations[at] for at in chosen], vaf_levels),
        vaf_shown=shown([mutations[at] for at in chosen], vaf_levels),
        place=place,
        vaf=np.array([mutations[at].vaf for at in chosen]),
        mutation=np.array(chosen, dtype=np.int64),
        mean_ratio=mean,
    )


def normal_copies(segment: Segment, sex: str | None, build: Build | None) -> int:
    """Return the copies of a normal cell; 0 where the segment stays out of the fit."""
    name = standard(segment.contig)
    if name in AUTOSOMES:
        return 2
    if name != "chrX" or sex not in ("male", "female"):
        return 0
    middle = (segment.start + segment.end) // 2
    if build is not None:
        return build.normal_copies(segment.contig, middle, sex)
    return 1 if sex == "male" else 2


def level_error(segment: Segment) -> float:
    """Return the standard error of a segment's log2 ratio."""
    low, high = segment.log2_low, segment.log2_high
    if low is not None and high is not None and high > low:
        return (high - low) / WIDTH_95
    return float(USUAL_BIN_SD / np.sqrt(max(segment.bins, 1)))


def angle(share: Values | float) -> Values:
    """Return the arcsine root of a share: on this scale reads scatter alike everywhere."""
    return np.asarray(np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0))), dtype=np.float64)


def interval_curve(segment: Segment, levels: Values) -> Values | None:
    """Return the log-likelihood of each level from a segment's allele fraction and interval."""
    if segment.baf is None:
        return None
    baf = max(segment.baf, 1 - segment.baf)
    low, high = segment.baf_low, segment.baf_high
    if segment.baf < 0.5 and low is not None and high is not None:
        low, high = 1 - high, 1 - low
    if low is not None and high is not None and high > low:
        # An interval that touches one half is cut there: only its other side tells the width.
        cut = low <= 0.5 + 1e-9
        width = 2 * (angle(high) - angle(baf)) if cut else angle(high) - angle(low)
        sd = max(float(width) / WIDTH_95, 1e-3)
    else:
        if not segment.snps:
            return None
        sd = 0.5 / (segment.snps * USUAL_SNP_DEPTH) ** 0.5
    return np.asarray(-0.5 * ((angle(levels) - angle(baf)) / sd) ** 2)


def finer(deviance: Values) -> Values:
    """Return log-likelihoods on the fine grid from deviances on the segmentation's.

    By the parabola through each point and its neighbours, which near its best a likelihood is: a
    peak narrower than the coarse grid would else be drawn to the nearest point of it.
    """
    coarse = -0.5 * np.asarray(deviance, dtype=np.float64)
    place = np.arange(FINE) / BETWEEN
    middle = np.clip(np.round(place).astype(np.int64), 1, len(coarse) - 2)
    off = place - middle
    slope = (coarse[middle + 1] - coarse[middle - 1]) / 2
    bend = coarse[middle + 1] - 2 * coarse[middle] + coarse[middle - 1]
    found = coarse[middle] + off * slope + off * off / 2 * bend
    return np.asarray(found - found.max())


def tempered(curve: Values, levels: Values, floor: float) -> Values:
    """Return a curve no narrower than the floor allows."""
    inside = levels[curve > -1.92]
    sd = max(float(inside[-1] - inside[0]) / WIDTH_95, 0.002)
    if inside[0] <= levels[0]:
        # One side only: what is seen is half of it.
        sd *= 1.5
    return np.asarray(curve * (sd**2 / (sd**2 + floor**2)))


def vaf_curves(mutations: Sequence[Mutation], levels: Values) -> Values:
    """Return the log-likelihood of each variant allele fraction, below its best."""
    if not mutations:
        return np.zeros((0, len(levels)))
    from scipy.special import betaln

    share = np.clip(levels, 1e-3, 1 - 1e-3)
    alt = np.array([[item.alt_depth] for item in mutations], dtype=np.float64)
    ref = np.array([[item.depth - item.alt_depth] for item in mutations], dtype=np.float64)
    first, second = VARIANT_CONCENTRATION * share, VARIANT_CONCENTRATION * (1 - share)
    found = betaln(alt + first, ref + second) - betaln(first, second)
    return np.asarray(found - found.max(axis=1, keepdims=True))


def shown(mutations: Sequence[Mutation], levels: Values) -> Values:
    """Return the probability that a list of calls holds each mutation, at each share of reads.

    Callers want some reads and some share of them; how many is not known here and taken from
    the list itself: the fewest seen, at most ``FEWEST_READS`` and ``FEWEST_SHARE``.
    """
    if not mutations:
        return np.zeros((0, len(levels)))
    alt = np.array([item.alt_depth for item in mutations], dtype=np.float64)
    depth = np.array([item.depth for item in mutations], dtype=np.float64)
    share = min(float((alt / depth).min()), FEWEST_SHARE)
    least = np.maximum(min(alt.min(), FEWEST_READS), np.ceil(share * depth - 1e-9))
    pairs, row = np.unique(np.stack([depth, least]), axis=1, return_inverse=True)
    found = fewest(pairs[0][:, None], pairs[1][:, None], levels)
    return np.asarray(np.clip(found, 1e-6, 1.0)[row.reshape(-1)])


def fewest(depth: Values, least: Values, levels: Values) -> Values:
    """Return the probability of so many reads or more, beta-binomial, at each share of reads.

    >>> fewest(np.array([[40.0]]), np.array([[4.0]]), np.array([0.1, 0.9])).round(3).tolist()
    [[0.568, 1.0]]
    """
    from scipy.special import betaln

    share = np.clip(levels, 1e-3, 1 - 1e-3)
    first, second = VARIANT_CONCENTRATION * share, VARIANT_CONCENTRATION * (1 - share)
    # In steps of one read; a threshold of many reads in fewer, wider steps of as many in all.
    stride = max(1.0, float(np.ceil(least.max() / MOST_STEPS)))
    depth, least = depth / stride, np.ceil(least / stride)
    chance = np.exp(betaln(first, depth + second) - betaln(first, second))
    below = np.zeros_like(chance)
    for reads in range(int(least.max())):
        below += np.where(reads < least, chance, 0.0)
        left = np.maximum(depth - reads, 0.0)
        chance = chance * left / (reads + 1) * (reads + first)
        chance /= np.maximum(left - 1 + second, 1e-9)
    return np.asarray(1 - below)


def placed(
    segments: Sequence[Segment], rows: Sequence[int], mutations: Sequence[Mutation], most: int
) -> tuple[list[int], Rows]:
    """Return which mutations speak, and in which of the used segments each lies."""
    spans: dict[str, list[tuple[int, int, int]]] = {}
    for at, row in enumerate(rows):
        item = segments[row]
        spans.setdefault(standard(item.contig), []).append((item.start, item.end, at))
    for own in spans.values():
        own.sort()
    starts = {name: np.array([span[0] for span in own]) for name, own in spans.items()}
    chosen: list[int] = []
    place: list[int] = []
    ranked = sorted(range(len(mutations)), key=lambda at: (-mutations[at].depth, at))
    for at in ranked:
        found = mutations[at]
        if not found.speaks:
            continue
        there = spans.get(standard(found.contig))
        if there is None or found.depth <= 0 or len(chosen) >= most:
            continue
        begins = starts[standard(found.contig)]
        number = max(int(np.searchsorted(begins, found.pos, side="right")) - 1, 0)
        # Between two segments the one before speaks: neighbours mostly have the same copies.
        chosen.append(at)
        place.append(there[number][2])
    return chosen, np.array(place, dtype=np.int64)
