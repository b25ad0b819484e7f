"""From segments and mutations to purity, ploidy and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate
from tumorkit.errors import TumorkitError
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import Gene, Segment
from tumorkit.purity.alternatives import segment_alternatives
from tumorkit.purity.clonality import mutation_copies
from tumorkit.purity.copies import segment_copies
from tumorkit.purity.evidence import Evidence, Mutation, gather
from tumorkit.purity.fractions import fraction_of, from_copies, from_mutations
from tumorkit.purity.genes import gene_hits
from tumorkit.purity.grid import Points, posterior
from tumorkit.purity.likelihood import Likelihood
from tumorkit.purity.modes import LEVEL, bounds, solutions, thinned
from tumorkit.purity.params import PurityParams
from tumorkit.purity.result import PurityResult, SegmentCopies, Solution, State, Used

Values = NDArray[np.float64]
Sex = Literal["male", "female"]

# Points of the posterior that a document carries.
GRID_POINTS = 250
# A genome that is this much as it was is called diploid (PURPLE: .97).
DIPLOID_SHARE = 0.97
# A doubling is said from this probability on, denied below its complement.
SURE = 0.9
# A mutation from this share of reads on is a tumour's, and that many reads.
CLEAR_VAF, CLEAR_READS = 0.05, 4
LOW_PURITY = 0.2
NO_LEVEL = "no segment of an autosome has a log2 ratio"
# Shares of reads in which half of all inherited heterozygous variants are, and more.
HETEROZYGOUS = (0.44, 0.56)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What the fit of one sample rests on, for pictures and for further questions."""

    evidence: Evidence
    likelihood: Likelihood
    points: Points
    solutions: tuple[Solution, ...]
    log_odds: float


def fit_points(evidence: Evidence, params: PurityParams) -> Fit:
    """Return the posterior and its solutions."""
    likelihood = Likelihood(evidence, params)
    points = posterior(likelihood, params)
    return Fit(
        evidence=evidence,
        likelihood=likelihood,
        points=points,
        solutions=solutions(points),
        log_odds=points.log_evidence - likelihood.nothing(),
    )


def fit_purity(
    segments: Iterable[Segment],
    mutations: Sequence[Mutation] = (),
    params: PurityParams | None = None,
    *,
    sex: Sex | None = None,
    build: Build | None = None,
    curves: Mapping[int, Values] | None = None,
    genes: Iterable[Gene] = (),
    germline: Sequence[Mutation] | None = None,
    snps: int | None = None,
    notes: Sequence[str] = (),
    doubt: str = "",
    fractions: bool = True,
) -> PurityResult:
    """Fit purity and ploidy to segments, their alleles and somatic mutations.

    ``curves`` has the summed deviance of a segment's heterozygous SNPs at each level of
    :func:`tumorkit.core.imbalance.level_grid`, by row of the segment; without it the segments'
    own allele fractions speak, and without those levels alone. ``germline`` are inherited
    variants, None where nobody looked. ``doubt`` is a reason against any answer, such as a
    swapped pair. Only with ``fractions`` copy number and mutations are asked alone, too. Raises
    :class:`TumorkitError` where no segment has a level.
    """
    params = params or PurityParams()
    listed = list(segments)
    evidence = gather(listed, mutations, params, sex=sex, build=build, curves=curves)
    if len(evidence) == 0:
        raise TumorkitError(NO_LEVEL, hint="run: tumorkit cnv segment")
    fit = fit_points(evidence, params)
    best = fit.solutions[0]
    grid = thinned(fit.points, GRID_POINTS)
    copied = segment_copies(listed, fit.likelihood, best, grid)
    used = used_of(listed, mutations, evidence, copied, best, snps)
    state, reason = judged(fit, used, mutations, params, doubt)
    answered = state in ("solved", "highly_diploid")
    doubled = float(np.average(fit.points.doubled, weights=fit.points.weight))
    alone = fractions and len(evidence.place) > 0
    shares = [from_copies(evidence, params), from_mutations(evidence)] if alone else []
    if answered:
        shares.append(fraction_of(fit.points, "both" if shares else "copy number"))
    return PurityResult(
        build=build.name if build else "",
        purity=estimate_of(fit, "purity", best.purity, answered, reason, 1.0),
        ploidy=estimate_of(fit, "ploidy", best.ploidy, answered, reason, 100.0),
        state=state,
        reason_of_state=reason,
        source="fitted",
        doubling=doubling_word(doubled) if answered else "not evaluable",
        doubling_probability=doubled if answered else None,
        pathology_purity=params.pathology_purity,
        solutions=fit.solutions,
        log_odds=fit.log_odds,
        fractions=tuple(shares),
        used=used,
        sex=sex,
        segments=copied if answered else (),
        alternatives=segment_alternatives(listed, fit.likelihood, fit.solutions),
        mutations=mutation_copies(mutations, copied, fit.likelihood, grid) if answered else (),
        genes=gene_hits(genes, copied, mutations, germline, solved=answered),
        grid=grid,
        notes=(*notes, *notes_of(fit, used, params, sex, listed, answered=answered)),
        params=params,
        surface=fit.points.surface,
    )


def estimate_of(
    fit: Fit, name: str, value: float, answered: bool, reason: str, top: float
) -> Estimate:
    """Return the best solution's value with the range over all solutions, or why there is none."""
    if not answered:
        return Estimate.not_evaluable(reason)
    values = fit.points.purity if name == "purity" else fit.points.ploidy
    low, high = bounds(values, fit.points.weight, fit.points.cell[name == "ploidy"] / 2, top)
    return Estimate(
        value=value,
        low=min(low, value),
        high=max(high, value),
        level=LEVEL,
        evidence={"weight": fit.solutions[0].weight, "solutions": len(fit.solutions)},
    )


def doubling_word(probability: float) -> str:
    """Return yes, no or uncertain.

    >>> [doubling_word(value) for value in (0.02, 0.5, 0.97)]
    ['no', 'uncertain', 'yes']
    """
    if probability >= SURE:
        return "yes"
    return "no" if probability <= 1 - SURE else "uncertain"


def used_of(
    segments: Sequence[Segment],
    mutations: Sequence[Mutation],
    evidence: Evidence,
    copied: Sequence[SegmentCopies],
    best: Solution,
    snps: int | None,
) -> Used:
    """Count what spoke, and how much of the autosomes is changed at the best solution."""
    base = 2 if best.doubled > 0.5 else 1
    lengths = np.where(evidence.autosomal, evidence.length, 0.0)
    whole = max(float(lengths.sum()), 1.0)
    changed = np.array(
        [
            item.subclonal
            or item.total_cn != 2 * base
            or (item.minor_cn is not None and item.minor_cn != base)
            for item in copied
        ]
    )
    known = np.array([item.loh is not None for item in copied])
    lost = np.array([bool(item.loh) for item in copied])
    split = np.array([item.subclonal for item in copied])
    told = float(lengths[known].sum())
    return Used(
        segments=len(segments),
        segments_used=len(evidence),
        segments_with_alleles=int(evidence.measured.sum()),
        snps=sum(item.snps or 0 for item in segments) if snps is None else snps,
        mutations=len(mutations),
        mutations_used=len(evidence.place),
        aberrant=float(lengths[changed].sum() / whole),
        # Single copies tell of themselves; without alleles the rest stays unknown.
        loh=float(lengths[lost].sum() / told) if told > whole / 2 else None,
        subclonal=float(lengths[split].sum() / whole),
    )


def judged(
    fit: Fit, used: Used, mutations: Sequence[Mutation], params: PurityParams, doubt: str
) -> tuple[State, str]:
    """Return the state of the fit and the reason in words."""
    clear = [
        item
        for item in mutations
        if item.alt_depth >= CLEAR_READS
        and (item.hotspot or (item.speaks and item.vaf >= CLEAR_VAF))
    ]
    best = fit.solutions[0]
    if doubt:
        return "not_identifiable", doubt
    if not clear:
        if fit.log_odds < params.min_evidence:
            return "no_tumor_signal", (
                "no segment leaves the neutral level or balance by more than noise explains, "
                "and no somatic variant stands out"
            )
        if used.aberrant < params.min_aberrant:
            return "no_tumor_signal", (
                f"only {used.aberrant:.1%} of the autosomes are changed and no somatic variant "
                "stands out: variants that the patient was born with explain that"
            )
    unclear = unclear_range(fit, used, params)
    if unclear:
        return "not_identifiable", unclear
    if 1 - used.aberrant >= DIPLOID_SHARE and best.doubled < 0.5:
        kinds = "somatic variants" if clear else "the few changed segments"
        return "highly_diploid", f"nearly all of the genome is diploid: {kinds} give the purity"
    return "solved", ""


def unclear_range(fit: Fit, used: Used, params: PurityParams) -> str:
    """Return why the purity's range is too wide for an answer, empty where it is not."""
    best = fit.solutions[0]
    low, high = bounds(fit.points.purity, fit.points.weight, fit.points.cell[0] / 2, 1.0)
    heavy = best.weight >= params.min_weight
    if high - low <= params.max_range or (
        heavy and best.purity_high - best.purity_low <= params.max_range
    ):
        return ""
    few = "few segments are changed" if used.aberrant < 0.05 else "several solutions fit"
    return f"{few}: the purity may be {low:.2f} to {high:.2f}; see the solutions"


def notes_of(
    fit: Fit,
    used: Used,
    params: PurityParams,
    sex: str | None,
    segments: Sequence[Segment],
    *,
    answered: bool,
) -> tuple[str, ...]:
    """Return what a reader must know."""
    notes = []
    if not used.segments_with_alleles:
        notes.append("no allele fractions: levels alone speak, ranges are wide (give --snps)")
    x_there = any(standard(item.contig) == "chrX" for item in segments)
    if sex is None and x_there:
        notes.append("sex not given: X and Y take no part")
    if not answered:
        return tuple(notes)
    best = fit.solutions[0]
    if len(fit.solutions) > 1 and fit.solutions[1].weight > 0.1:
        other = fit.solutions[1]
        notes.append(
            f"a second solution has {other.weight:.0%} of the weight: "
            f"purity {other.purity:.2f}, ploidy {other.ploidy:.2f}"
        )
    shares = fit.evidence.vaf
    if (
        used.aberrant < params.min_aberrant
        and len(shares)
        and HETEROZYGOUS[0] <= np.median(shares) <= HETEROZYGOUS[1]
    ):
        notes.append(
            "no segment is changed and the somatic variants have the share of reads of inherited "
            "ones: a normal's variants look the same"
        )
    if best.purity < LOW_PURITY:
        notes.append(f"purity below {LOW_PURITY:g}: copies are uncertain")
    given = params.pathology_purity
    if given is not None and abs(given - best.purity) > 2 * params.pathology_sd:
        notes.append(
            f"the pathologist's {given:g} and the fitted {best.purity:.2f} are more than two "
            "standard deviations apart"
        )
    return tuple(notes)
