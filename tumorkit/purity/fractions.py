"""Tumour fractions: from copy number alone and from mutations alone, of cells and of DNA."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate
from tumorkit.purity.evidence import Evidence
from tumorkit.purity.grid import Points, posterior
from tumorkit.purity.likelihood import Likelihood
from tumorkit.purity.modes import LEVEL, bounds
from tumorkit.purity.params import PurityParams
from tumorkit.purity.result import TumorFraction
from tumorkit.purity.spectrum import ALIEN, SUBCLONAL, SUBCLONAL_ODDS, running_mean

Values = NDArray[np.float64]

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
    """Return the fraction by mutations alone, each on one of two copies.

    That is as good as the copies are two; the joint fit knows them.
    """
    if len(evidence.place) == 0 or evidence.vaf.max() < FAINT_VAF:
        nothing = Estimate.not_evaluable("no somatic variant with reads was given")
        return TumorFraction(source="mutations", cells=nothing, dna=nothing)
    purity = np.linspace(0.002, 1.0, 500)
    spacing = np.gradient(evidence.vaf_levels)
    share = purity / 2
    at = np.arcsin(np.sqrt(share)) * (len(evidence.vaf_levels) - 1) / (np.pi / 2)
    low = np.minimum(at.astype(np.int64), len(evidence.vaf_levels) - 2)
    part = at - low
    kinds = np.ones((3, len(evidence.place), len(purity)))
    # Among mutations that a list of calls shows, as in the joint fit.
    read = np.exp(evidence.vaf_curve)
    for values, turn in ((read, np.multiply), (evidence.vaf_shown, np.divide)):
        below = running_mean(values, spacing)
        full = values[:, low] * (1 - part) + values[:, low + 1] * part
        every = np.broadcast_to(below[:, -1:], full.shape)
        kinds = turn(kinds, np.stack([full, below[:, low], every]))
    # Any share of subclonal mutations may hold; all are averaged over.
    scores = [
        np.log((1 - ALIEN - some) * kinds[0] + some * kinds[1] + ALIEN * kinds[2]).sum(axis=0)
        for some in SUBCLONAL
    ]
    score = np.logaddexp.reduce(scores + np.log(SUBCLONAL_ODDS)[:, None], axis=0)
    weight = np.exp(score - score.max())
    # With two copies the shares of cells and of DNA are the same.
    found = estimate(purity, weight / weight.sum(), 0.001)
    return TumorFraction(source="mutations", cells=found, dna=found)
