"""From segments to the HRD sum, with what the markers and the fit leave open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.build import Build
from tumorkit.genome.contigs import is_autosome
from tumorkit.genome.segment import Segment
from tumorkit.hrd.arms import (
    arm_evidence,
    closed_arms,
    evaluable_share,
    is_counted,
    loh_share,
    snp_spacing,
)
from tumorkit.hrd.estimates import Estimates, Tally, with_hidden
from tumorkit.hrd.params import HrdParams
from tumorkit.hrd.presets import HrdPreset
from tumorkit.hrd.result import ArmEvidence, HrdResult, ScarCounts, SolutionScore
from tumorkit.hrd.scars import (
    RULES,
    Scar,
    Stretch,
    alleles_of,
    find_scars,
    pieces_of,
    stretches_of,
)
from tumorkit.hrd.states import FittedPurity, StateModel, borders_of, moved

Values = NDArray[np.float64]
FirstCopies = Sequence[int | None]
Peer = tuple[Sequence[Segment], FirstCopies]
OURS, SCARHRD = "total copies", "scarHRD text mode"
# Two or more copies of the major allele in more than half of the autosomes: doubled (Bielski 2018).
DOUBLED_SHARE = 0.5
# A second solution of this weight asks for a second look.
SECOND = 0.1


def score_hrd(
    segments: Sequence[Segment],
    build: Build,
    params: HrdParams | None = None,
    *,
    purity: FittedPurity | None = None,
    presets: Sequence[HrdPreset] = (),
    peer: Peer | None = None,
    notes: Sequence[str] = (),
) -> HrdResult:
    """Count the scars of failed homologous recombination.

    ``segments`` are sorted and do not overlap; their ``major_cn`` and ``minor_cn`` are used as
    they are, unless ``purity`` is given: then copies are the likeliest ones of its best solution,
    and intervals come from its whole posterior. Borders with intervals widen these. ``peer`` are
    the rows and the copies of allele A as a scarHRD table gives them; without it allele A is the
    major one. ``presets`` name cut-offs; without any none is used.
    """
    params = params or HrdParams()
    own, model = with_copies(segments, purity, build)
    genome = stretches_of(own)
    arms = arm_evidence(own, build, params)
    closed = closed_arms(arms)
    ours = find_scars(pieces_of(genome), build.centromeres)
    given: Peer = peer or (own, [item.major_cn for item in own])
    theirs = scars_by_peer(ours, given, own, build)
    scars = theirs if params.compat else ours
    drawn = sampled(own, model, purity, closed, build, params)
    share = evaluable_share(arms)
    doubled = doubling_of(genome, purity)
    ploidy = mean_copies(genome)
    estimates = Estimates(
        tally=tally_of(genome, scars, closed, build, params),
        drawn=drawn,
        share=share,
        doubled=doubled,
        ploidy=ploidy,
        reason=doubts(own, arms, share, purity, params),
        presets=presets,
        params=params,
    )
    found = estimates.all()
    counts, others = counts_of(ours, OURS), counts_of(theirs, SCARHRD)
    return HrdResult(
        build=build.name,
        sum=found["sum"],
        loh=found["loh"],
        tai=found["tai"],
        lst=found["lst"],
        genomic_loh=found["genomic_loh"],
        normalized_lst=found["normalized_lst"],
        adjusted_lst=found["adjusted_lst"],
        compat=params.compat,
        counts=counts,
        scarhrd=others,
        ploidy=ploidy,
        doubled=doubled,
        evaluable=share,
        arms=arms,
        scars=tuple(scars),
        solutions=solution_scores(model, purity, build),
        notes=(*notes, *said(own, counts, others, estimates, purity)),
        params=params,
        presets=tuple(presets),
        segments=tuple(own),
    )


def with_copies(
    segments: Sequence[Segment], purity: FittedPurity | None, build: Build
) -> tuple[Sequence[Segment], StateModel | None]:
    """Return segments with the likeliest copies of the best solution; as they are without one.

    Called segments that say nothing of how sure levels and fractions are stay as called, too.
    """
    if purity is None or not purity.solutions:
        return segments, None
    best = purity.solutions[0]
    model = StateModel(segments, build, purity.params)
    if 2 * model.measured.sum() < sum(item.minor_cn is not None for item in segments):
        return segments, None
    return model.segments_with(model.likeliest(best.purity, best.ploidy, best.doubled)), model


def scars_by_peer(
    ours: Sequence[Scar], given: Peer, own: Sequence[Segment], build: Build
) -> list[Scar]:
    """Return the scars that scarHRD's text mode counts on rows as given."""
    rows = pieces_of(stretches_of(*given))
    if given[0] is not own:
        return find_scars(rows, build.centromeres)
    # On the same rows only the rule of imbalanced ends looks at allele A.
    ends = find_scars(rows, build.centromeres, ("TAI",))
    kept = {kind: [scar for scar in ours if scar.kind == kind] for kind in ("LOH", "LST")}
    return [*kept["LOH"], *ends, *kept["LST"]]


def counts_of(scars: Sequence[Scar], rule: str) -> ScarCounts:
    """Count scars by kind."""
    each = {kind: sum(scar.kind == kind for scar in scars) for kind in RULES}
    return ScarCounts(rule=rule, loh=each["LOH"], tai=each["TAI"], lst=each["LST"], sum=len(scars))


def tally_of(
    genome: Sequence[Stretch],
    scars: Sequence[Scar],
    closed: frozenset[tuple[str, str]],
    build: Build,
    params: HrdParams,
) -> Tally:
    """Return the numbers of a genome on evaluable arms."""
    kept = [scar for scar in scars if is_counted(scar, closed)] if closed else scars
    percent, _ = loh_share(genome, build, params.arm_wide)
    found = counts_of(kept, OURS)
    return Tally(found.loh, found.tai, found.lst, float("nan") if percent is None else percent)


def sampled(
    own: Sequence[Segment],
    model: StateModel | None,
    purity: FittedPurity | None,
    closed: frozenset[tuple[str, str]],
    build: Build,
    params: HrdParams,
) -> Values | None:
    """Return the numbers of drawn genomes, shape (draws, 5); None where nothing is uncertain.

    Each draw takes a point of the posterior, then states of the segments there, then borders, and
    last what markers hide.
    """
    places = [
        at for at, item in enumerate(own)
        if is_autosome(item.contig) and alleles_of(item) is not None
    ]  # fmt: skip
    kept = [own[at] for at in places]
    borders = borders_of(kept)
    if not kept or (model is None and not borders.uncertain):
        return None
    stretches = stretches_of(kept)
    points = purity.points if purity is not None else ()
    rng = np.random.default_rng(params.seed)
    weights = np.array([point.weight for point in points])
    rows = []
    for _ in range(params.draws):
        genome = stretches
        if model is not None:
            point = points[int(rng.choice(len(points), p=weights / weights.sum()))]
            states = model.drawn(point.purity, point.ploidy, point.doubled, rng)
            genome = model.stretches_with(stretches, places, states)
        genome = moved(genome, borders, rng)
        if params.compat:
            genome = [item._replace(usual=item.major or item.total) for item in genome]
        scars = find_scars(pieces_of(genome), build.centromeres)
        rows.append(tally_of(genome, scars, closed, build, params).row)
    return with_hidden(np.array(rows), snp_spacing(kept), params.seed)


def mean_copies(genome: Sequence[Stretch]) -> float | None:
    """Return the mean copies of the autosomes, weighted by length."""
    size = sum(item.end - item.start for item in genome)
    if size <= 0:
        return None
    return sum(item.total * (item.end - item.start) for item in genome) / size


def doubling_of(genome: Sequence[Stretch], purity: FittedPurity | None) -> bool | None:
    """Return whether the genome was doubled: by the fit, else by the major allele's copies."""
    if purity is not None and purity.answered and purity.points:
        weight = sum(point.weight for point in purity.points)
        return sum(p.weight * p.doubled for p in purity.points) > DOUBLED_SHARE * weight
    known = sum(item.end - item.start for item in genome if item.major is not None)
    two = sum(item.end - item.start for item in genome if (item.major or 0) >= 2)
    return two > DOUBLED_SHARE * known if known > 0 else None


def doubts(
    segments: Sequence[Segment],
    arms: Sequence[ArmEvidence],
    share: float,
    purity: FittedPurity | None,
    params: HrdParams,
) -> str:
    """Return why there is no score, empty if there is one."""
    if purity is not None and not purity.answered:
        return f"no purity: {purity.reason}"
    if purity is not None and purity.solutions[0].purity < params.min_purity:
        return (
            f"purity {purity.solutions[0].purity:.3g} hides scars, {params.min_purity:g} is "
            "needed: the counts are a lower bound"
        )
    if not any(item.minor_cn is not None for item in segments):
        return (
            "the copies of both alleles are unknown: give allele counts of SNPs, or segments with "
            "both alleles"
        )
    if share < params.min_evaluable:
        worst = max((item for item in arms if not item.evaluable), key=lambda item: item.length)
        return (
            f"{share:.0%} of the autosomes are evaluable, {params.min_evaluable:.0%} are needed; "
            f"{worst.contig}{worst.arm}: {worst.reason}"
        )
    return ""


def solution_scores(
    model: StateModel | None, purity: FittedPurity | None, build: Build
) -> tuple[SolutionScore, ...]:
    """Return the scars of every solution, each with its likeliest copies."""
    if model is None or purity is None:
        return ()
    found = []
    for one in purity.solutions:
        states = model.likeliest(one.purity, one.ploidy, one.doubled)
        genome = stretches_of(model.segments_with(states))
        counts = counts_of(find_scars(pieces_of(genome), build.centromeres), OURS)
        found.append(
            SolutionScore(
                purity=one.purity, ploidy=one.ploidy, weight=one.weight, loh=counts.loh,
                tai=counts.tai, lst=counts.lst, sum=counts.sum,
            )
        )  # fmt: skip
    return tuple(found)


def said(
    segments: Sequence[Segment],
    ours: ScarCounts,
    theirs: ScarCounts,
    estimates: Estimates,
    purity: FittedPurity | None,
) -> list[str]:
    """Return what a reader must know."""
    notes = []
    if ours.sum != theirs.sum:
        notes.append(
            f"scarHRD's text mode counts LOH {theirs.loh}, TAI {theirs.tai}, LST {theirs.lst}, "
            f"sum {theirs.sum}; with total copies where its rule means them LOH {ours.loh}, TAI "
            f"{ours.tai}, LST {ours.lst}, sum {ours.sum}"
        )
    unknown = sum((alleles_of(item) or (None, None))[1] is None for item in segments)
    if unknown:
        notes.append(
            f"{unknown} of {len(segments)} segments have unknown alleles: no scar is seen there"
        )
    if estimates.drawn is None and not estimates.reason:
        notes.append(
            "the table holds calls and nothing of their uncertainty: "
            + ("no interval" if estimates.share == 1 else "intervals hold unseen arms alone")
        )
    if purity is None and estimates.drawn is not None:
        notes.append(
            "intervals hold borders and markers, not the doubt about purity and copies: give "
            "--purity-fit for that"
        )
    if purity is not None and estimates.drawn is None:
        notes.append(
            "the table has calls without intervals of allele fraction: the purity fit cannot be "
            "asked, give it the segments that the fit was made of"
        )
    elif purity is not None and purity.answered and len(purity.solutions) > 1:
        other = purity.solutions[1]
        if other.weight > SECOND:
            notes.append(
                f"a second solution has {other.weight:.0%} of the weight: purity "
                f"{other.purity:.2f}, ploidy {other.ploidy:.2f}; its scars are listed"
            )
    if estimates.params.compat:
        notes.append("every arm is judged, as scarHRD does, however few its markers")
    return notes
