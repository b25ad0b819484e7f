"""Tumour fractions: from copy number alone and from mutations alone, of cells and of DNA."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate
from tumorkit.purity.evidence import Evidence, angle
from tumorkit.purity.grid import Points, posterior
from tumorkit.purity.likelihood import Likelihood
from tumorkit.purity.modes import LEVEL, bounds
from tumorkit.purity.params import PurityParams
from tumorkit.purity.result import TumorFraction
from tumorkit.purity.spectrum import ALIEN, SUBCLONAL, SUBCLONAL_ODDS, running_mean

Values = NDArray[np.float64]
# Copies, copies that carry the mutation, and their share of the mutations.
States = list[tuple[int, int, float]]

# Mutations below this share of reads are as likely errors as a faint tumour.
FAINT_VAF = 0.002


def dna_share(purity: Values, ploidy: Values) -> Values:
    """Return the share of the DNA that comes from tumour cells.

    >>> float(dna_share(np.array(0.5), np.array(4.0)).round(3))
    0.667
    """
    return np.asarray(purity * ploidy / (purity * ploidy + 2 * (1 - purity)))


def estimate(values: Values, weights: Values, half: float, top: float = 1.0) -> Estimate:
    """Return the weighted mean with the 95 % range."""
    low, high = bounds(values, weights, half, top)
    return Estimate(
        value=float(np.average(values, weights=weights)), low=low, high=high, level=LEVEL
    )


def from_copies(evidence: Evidence, params: PurityParams) -> TumorFraction:
    """Return the fraction by levels and alleles alone; copy-neutral loss of an allele counts."""
    alone = replace(
        evidence,
        vaf_curve=evidence.vaf_curve[:0],
        vaf_shown=evidence.vaf_shown[:0],
        place=evidence.place[:0],
        vaf=evidence.vaf[:0],
        mutation=evidence.mutation[:0],
    )
    likelihood = Likelihood(alone, params)
    points = posterior(likelihood, params)
    odds = points.log_evidence - likelihood.nothing()
    if odds < params.min_evidence:
        reason = "copy number does not tell a tumour from none"
        nothing = Estimate.not_evaluable(reason)
        return TumorFraction(source="copy number", cells=nothing, dna=nothing)
    return fraction_of(points, "copy number")


def fraction_of(points: Points, source: str) -> TumorFraction:
    """Return both meanings of the fraction from a posterior."""
    half = points.cell[0] / 2
    return TumorFraction(
        source=source,
        cells=estimate(points.purity, points.weight, half),
        dna=estimate(dna_share(points.purity, points.ploidy), points.weight, half),
    )


def from_mutations(evidence: Evidence) -> TumorFraction:
    """Return the fraction by mutations alone, whose copies nobody knows.

    Plain and doubled genomes with few or many changes are averaged over (:data:`GENOMES`); the
    joint fit knows the copies and is narrower.
    """
    if len(evidence.place) == 0 or evidence.vaf.max() < FAINT_VAF:
        nothing = Estimate.not_evaluable("no somatic variant with reads was given")
        return TumorFraction(source="mutations", cells=nothing, dna=nothing)
    spacing = np.gradient(evidence.vaf_levels)
    # Among mutations that a list of calls shows, as in the joint fit.
    curves = [(values, running_mean(values, spacing)) for values in
              (np.exp(evidence.vaf_curve), evidence.vaf_shown)]  # fmt: skip
    # Neighbours share a segment's copies, so many mutations tell less than so many coins.
    temper = min(1.0, MOST_SPEAKING / len(evidence.place))
    scores, shares = [], []
    for weight, ploidy, states in GENOMES:
        kinds, shown = (
            of_kinds(values, below, evidence, ploidy, states) for values, below in curves
        )
        clonal, subclonal, alien = kinds / shown
        # Any share of subclonal mutations may hold; all are averaged over.
        each = [
            temper
            * np.log((1 - ALIEN - some) * clonal + some * subclonal + ALIEN * alien).sum(axis=0)
            for some in SUBCLONAL
        ]
        odds = np.log(SUBCLONAL_ODDS)[:, None]
        scores.append(np.log(weight) + np.logaddexp.reduce(each + odds, axis=0))
        shares.append(dna_share(PURITIES, np.full_like(PURITIES, ploidy)))
    score = np.concatenate(scores)
    mass = np.exp(score - score.max())
    mass /= mass.sum()
    return TumorFraction(
        source="mutations",
        cells=estimate(np.tile(PURITIES, len(GENOMES)), mass, 0.001),
        dna=estimate(np.concatenate(shares), mass, 0.001),
    )


def of_kinds(
    values: Values, below: Values, evidence: Evidence, ploidy: float, states: States
) -> Values:
    """Return each mutation's curve if clonal, subclonal or alien, shape (3, mutations, purities).

    ``below`` is the mean of ``values`` up to each share of reads.
    """
    clonal = sum(
        part * read_at(values, evidence, PURITIES * on / (PURITIES * copies + 2 * (1 - PURITIES)))
        for copies, on, part in states
    )
    subclonal = read_at(below, evidence, PURITIES / (PURITIES * ploidy + 2 * (1 - PURITIES)))
    return np.stack([clonal, subclonal, np.broadcast_to(below[:, -1:], subclonal.shape)])


def read_at(curves: Values, evidence: Evidence, share: Values) -> Values:
    """Return each mutation's curve at shares of reads, shape (mutations, shares)."""
    place = angle(share) * (len(evidence.vaf_levels) - 1) / (np.pi / 2)
    low = np.minimum(place.astype(np.int64), len(evidence.vaf_levels) - 2)
    part = place - low
    return np.asarray(curves[:, low] * (1 - part) + curves[:, low + 1] * part)


def genomes() -> list[tuple[float, float, States]]:
    """Return kinds of genomes: weight, ploidy, and copies, copies mutated and share of mutations.

    Each kind has so large a part changed; of a changed part, losses, gains and losses of one
    allele with two copies of the other take the shares that they have in tumours (Zack 2013).

    >>> [round(sum(share for _, _, share in states), 6) for _, _, states in genomes()][:2]
    [1.0, 1.0]
    """
    found = []
    for doubled, weight in ((False, 1 - DOUBLED), (True, DOUBLED)):
        for changed in CHANGED:
            usual, others = (DOUBLED_USUAL, DOUBLED_CHANGED) if doubled else (USUAL, ALTERED)
            states = [(copies, on, (1 - changed) * part) for copies, on, part in usual]
            states += [(copies, on, changed * part) for copies, on, part in others]
            ploidy = sum(copies * part for copies, _, part in states)
            found.append((weight / len(CHANGED), ploidy, states))
    return found


# Copies, copies that carry the mutation, and share: of mutations where a genome is as usual, and
# where it is changed; plain and doubled.
USUAL = ((2, 1, 1.0),)
ALTERED = ((1, 1, 0.36), (2, 1, 0.08), (2, 2, 0.08), (3, 1, 0.22), (3, 2, 0.12), (4, 1, 0.08),
           (4, 3, 0.06))  # fmt: skip
DOUBLED_USUAL = ((4, 1, 0.5), (4, 2, 0.5))
DOUBLED_CHANGED = ((3, 1, 0.25), (3, 2, 0.2), (2, 1, 0.15), (2, 2, 0.1), (5, 1, 0.12), (5, 3, 0.08),
                   (6, 1, 0.1))  # fmt: skip
CHANGED = (0.05, 0.3, 0.7)
DOUBLED = 0.3
MOST_SPEAKING = 20
PURITIES = np.linspace(0.002, 1.0, 500)
GENOMES = genomes()
