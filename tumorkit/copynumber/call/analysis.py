"""From segments and bins to calls of segments and genes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isfinite
from typing import Literal

import numpy as np

from tumorkit.copynumber.call.alleles import allele_copies, given_alleles
from tumorkit.copynumber.call.arms import arm_events, call_arms
from tumorkit.copynumber.call.baseline import baseline_note, baseline_of
from tumorkit.copynumber.call.doubling import genome_state
from tumorkit.copynumber.call.evidence import doubts, one_row_per_gene
from tumorkit.copynumber.call.params import CallParams
from tumorkit.copynumber.call.posterior import (
    copy_bounds,
    doubtful_genes,
    others_in_words,
    state_shares,
)
from tumorkit.copynumber.call.result import GAINS, LOSSES, CallResult, SegmentCall
from tumorkit.copynumber.call.sexes import SexEvidence, sex_evidence
from tumorkit.copynumber.call.states import Mixture, at_least_zero, relative_state
from tumorkit.copynumber.call.table import Bins, gene_by_segments, genes_by_bins
from tumorkit.copynumber.segment.bins import only_build
from tumorkit.copynumber.segment.noise import sample_noise
from tumorkit.copynumber.segment.result import Noise
from tumorkit.errors import ParameterError, TumorkitError
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.fitted_purity import FittedPurity
from tumorkit.genome.segment import CopyRatios, Gene, Segment

Sex = Literal["male", "female"]

# An X this low throughout is a male's, or lost; without the sex nobody can tell.
UNCLEAR_X = -0.4
# A neighbour that keeps this share of a segment's change belongs to the same event.
SAME_EVENT = 0.5


def call(
    ratios: CopyRatios | None,
    segments: Iterable[Segment],
    genes: Iterable[Gene] = (),
    params: CallParams | None = None,
    *,
    purity: float | None = None,
    ploidy: float | None = None,
    sex: Sex | None = None,
    build: Build | None = None,
    noise: Noise | None = None,
    fitted: FittedPurity | None = None,
) -> CallResult:
    """Call segments and genes.

    Without a ``purity`` (a fraction, above 0) there are words and log2 ratios, never a copy
    number. ``ratios`` give genes their own level, interval and test; without them a gene has
    those of its segments. Without a ``sex`` X and Y tell it where they can. ``noise`` is that of a
    segmentation, else it is measured here. Where no ``purity`` is given, the best solution of
    ``fitted`` is taken, and intervals hold what all leave open. Raises :class:`ParameterError`
    for a purity or ploidy that cannot be.
    """
    params = params or CallParams()
    check_mixture(purity, ploidy)
    listed = list(segments)
    if not listed:
        raise TumorkitError("there is no segment to call", hint="run: tumorkit cnv segment")
    if build is None and ratios is not None:
        build = only_build(ratios)
    said = fitted.notes(purity) if fitted is not None else ()
    points = None
    if fitted is not None and purity is None and fitted.answered:
        purity, ploidy, points = fitted.purity, fitted.ploidy, fitted.points()
    mixture, shown = mixture_of(listed, params, purity, ploidy, sex, build)
    mixture = replace(mixture, points=points)
    params = mixture.params
    called = call_segments(listed, mixture, build)
    mismatch: tuple[str, ...] = ()
    wanted = one_row_per_gene(genes, round(params.same_gene_mb * 1e6))
    if ratios is None:
        table = [row for gene in wanted if (row := gene_by_segments(gene, called, mixture))]
    else:
        bins = Bins(ratios, called, build)
        mismatch = doubts(bins.values, bins.levels, bins.number, bins.weights)
        noise = noise or sample_noise(bins.values - bins.levels, bins.weights, bins.arms)
        table = genes_by_bins(wanted, bins, called, mixture, noise)
    arms = call_arms(called, build, params) if build else []
    return CallResult(
        build=build.name if build else "",
        segments=tuple(called),
        genes=tuple(table),
        arms=tuple(arms),
        events=tuple(arm_events(arms, params)) if build else (),
        genome=genome_state(called),
        purity=purity,
        ploidy=mixture.ploidy if purity is not None else None,
        sex=shown.sex,
        sex_evidence=shown,
        noise=noise,
        genes_without_bins=len(wanted) - len(table),
        notes=(*said, *notes_of(mixture, ploidy), *shown.notes, *doubtful_genes(table), *mismatch),
        params=params,
    )


def mixture_of(
    segments: Sequence[Segment],
    params: CallParams,
    purity: float | None,
    ploidy: float | None,
    sex: Sex | None,
    build: Build | None,
) -> tuple[Mixture, SexEvidence]:
    """Return what turns copy ratios into copies, with the sex given or seen."""
    shown = sex_evidence(
        segments,
        build,
        given=sex,
        haploid_x=params.haploid_x_reference,
        matched=params.matched_normal,
    )
    # A ploidy without a purity changes nothing, so it is not kept.
    psi = ploidy if purity is not None else None
    baseline = baseline_of(segments, build) if psi is not None else 1.0
    mixture = Mixture(
        purity=purity,
        ploidy=psi if psi is not None else 2.0,
        sex=shown.sex,
        build=build,
        params=replace(params, haploid_x_reference=shown.haploid_x),
        x_unclear=shown.sex is None and x_level(segments) < UNCLEAR_X,
        baseline=baseline,
    )
    return mixture, shown


def check_mixture(purity: float | None, ploidy: float | None) -> None:
    """Raise for a purity outside (0, 1] or a ploidy outside (0, 20]."""
    if purity is not None and not 0 < purity <= 1:
        hint = "a purity is a fraction: 0.7, not 70" if purity > 1 else "leave an unknown one out"
        raise ParameterError(f"purity: {purity:g} is not above 0 and at most 1", hint)
    if ploidy is not None and not 0 < ploidy <= 20:
        raise ParameterError(f"ploidy: {ploidy:g} is not above 0 and at most 20")


def notes_of(mixture: Mixture, ploidy: float | None) -> tuple[str, ...]:
    """Return what a reader must know: what was assumed, what could not be judged."""
    notes = []
    if mixture.purity is None:
        notes.append("purity not known: states follow from log2 ratios, no copy number is given")
    else:
        if ploidy is None:
            notes.append("ploidy not given: 2 assumed")
        if mixture.purity < mixture.params.min_purity:
            notes.append(
                f"purity {mixture.purity:g} is below {mixture.params.min_purity:g}: "
                "states follow from intervals, copy numbers are uncertain"
            )
    notes += baseline_note(mixture.baseline)
    if mixture.x_unclear:
        notes.append("X is low throughout and the sex is not given: X is not called")
    return tuple(notes)


def x_level(segments: Sequence[Segment]) -> float:
    """Return the median log2 ratio of X by bins; 0 without X."""
    own = [
        (s.log2_ratio, max(s.bins, 1))
        for s in segments
        if standard(s.contig) == "chrX" and isfinite(s.log2_ratio)
    ]
    if not own:
        return 0.0
    return float(np.median(np.repeat([level for level, _ in own], [bins for _, bins in own])))


def call_segments(
    segments: list[Segment], mixture: Mixture, build: Build | None
) -> list[SegmentCall]:
    """Call each segment, with the event that it belongs to."""
    found = []
    for at, item in enumerate(segments):
        middle = (item.start + item.end) // 2
        start, end = event_of(segments, at, mixture, build)
        focal = (end - start) <= mixture.params.focal_max_mb * 1e6
        raw = mixture.copies(item.log2_ratio, item.contig, middle)
        interval = (item.log2_low, item.log2_high)
        low, high = copy_bounds(mixture, item.log2_ratio, interval, item.contig, middle)
        state = mixture.state(item.log2_ratio, interval, item.contig, middle, focal=focal)
        shares = state_shares(mixture, item.log2_ratio, interval, item.contig, middle, focal=focal)
        normal = mixture.normal_copies(item.contig, middle)
        alleles = allele_copies(
            raw, (item.baf, item.baf_low, item.baf_high), mixture.purity, normal, mixture.params
        )
        if alleles.minor_cn is None and item.minor_cn is not None:
            alleles = given_alleles(item)
        found.append(
            SegmentCall(
                segment=replace(
                    item,
                    copy_number=at_least_zero(raw),
                    major_cn=alleles.major_cn,
                    minor_cn=alleles.minor_cn,
                ),
                state=state,
                state_from_two=None if raw is None else relative_state(raw, normal),
                copy_number_low=at_least_zero(low),
                copy_number_high=at_least_zero(high),
                copy_number_raw=raw,
                focal=focal and state in (*LOSSES, *GAINS),
                event_start=start,
                event_end=end,
                minor_copies=alleles.minor,
                minor_copies_low=alleles.minor_low,
                minor_copies_high=alleles.minor_high,
                loh=alleles.loh,
                state_probability=shares.get(state, 0.0) if shares else None,
                other_states=others_in_words(shares, state),
            )
        )
    return found


def event_of(
    segments: list[Segment], at: int, mixture: Mixture, build: Build | None
) -> tuple[int, int]:
    """Return the stretch of a segment and the neighbours that keep half of its change."""
    own = segments[at]
    contig = own.contig
    expected = mixture.expected_log2(contig, own.start)
    change = own.log2_ratio - expected

    def belongs(other: Segment) -> bool:
        if other.contig != contig:
            return False
        if build and build.arm(contig, own.start, own.end) != build.arm(
            contig, other.start, other.end
        ):
            return False
        return bool((other.log2_ratio - expected) * np.sign(change) >= SAME_EVENT * abs(change))

    first = last = at
    while first > 0 and belongs(segments[first - 1]):
        first -= 1
    while last + 1 < len(segments) and belongs(segments[last + 1]):
        last += 1
    return segments[first].start, segments[last].end
