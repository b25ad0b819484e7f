"""A first pass over all alleles of a sample: what is common in it."""

from __future__ import annotations

import dataclasses

import numpy as np

from tumorkit.variants.evidence.artifacts import substitution_excess
from tumorkit.variants.evidence.bias import fit_orientation
from tumorkit.variants.evidence.nouns import (
    AlleleEvidence,
    SampleFit,
    Substitution,
    Surroundings,
    Values,
)
from tumorkit.variants.evidence.origin import (
    group_surroundings,
    origin_likelihood,
    origin_priors,
    unseen,
)
from tumorkit.variants.evidence.params import EvidenceParams
from tumorkit.variants.evidence.shared_purity import fit_purity, with_purity
from tumorkit.variants.evidence.spread import fit_spread
from tumorkit.variants.evidence.states import (
    ARTIFACT,
    BLOOD,
    CLONAL,
    FOREIGN_HET,
    FOREIGN_HOM,
    HET,
    HOM,
    SUBCLONAL,
)
from tumorkit.variants.evidence.tumor_in_normal import fit_tumor_in_normal

MOST = 8000  # alleles from which rates are learned; evenly spaced over the sample
COUNTED_ALLELES = 250_000  # of the source for which private variants were counted
RARE = 1e-3  # population frequency up to which an allele tells rates
SUBCLONAL_LOG_SD = 1.0  # of the odds of subclonal to clonal mutations
# How the rates of private, clonal, artefact and subclonal alleles move with the four numbers
# that are learned: private, somatic, artefact, and subclonal over clonal.
MOVED = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 1]], dtype=np.float64)
NEWTON_STEPS = 60
LONGEST_STEP = 1.0
WIDEST = 12.0
DONE = 1e-6


def fit_sample(
    evidence: AlleleEvidence,
    params: EvidenceParams,
    surroundings: Surroundings | None = None,
) -> SampleFit:
    """Learn from all alleles of a sample what its judgement of each one leans on.

    ``surroundings`` (purity, copies) sharpen the rates of somatic, private germline and artefact
    alleles; without them they are taken as unknown. A sample without alleles gives the defaults.

    >>> fit = fit_sample(AlleleEvidence.of(0), EvidenceParams())
    >>> fit.tumor_in_normal.status, fit.somatic_rate
    ('not_evaluable', 3e-06)
    """
    around = Surroundings.of(len(evidence)) if surroundings is None else surroundings
    if len(around) != len(evidence):
        raise ValueError(f"{len(evidence)} alleles, but surroundings of {len(around)}")
    bias, overdispersion = fit_spread(evidence, around, params)
    params = dataclasses.replace(params, mapping_bias=bias, overdispersion=overdispersion)
    estimate, values, weights = fit_tumor_in_normal(evidence, params)
    start = SampleFit(
        alleles=len(evidence),
        tumor_in_normal=estimate,
        tumor_in_normal_values=values,
        tumor_in_normal_weights=weights,
        somatic_rate=params.somatic_rate,
        subclonal_share=params.subclonal_share,
        private_rate=private_rate(evidence, params),
        artifact_rate=params.somatic_rate * params.artifact_odds,
        mapping_bias=bias,
        overdispersion=overdispersion,
        purity=np.empty(0),
        purity_weight=np.empty(0),
        copy_weight=np.empty((0, 0)),
        ffpe=substitution_excess(evidence, Substitution.C_TO_T, params),
        oxog=substitution_excess(evidence, Substitution.C_TO_A, params),
        orientation_prior=fit_orientation(evidence, params),
    )
    first = learn_rates(evidence, around, start, params)
    shared = with_purity(start, fit_purity(evidence, around, first, params))
    if len(shared.copy_weight):
        # Bias and spread could not be read without purity and copies.
        tuned = fit_spread(evidence, around, params, shared)
        if tuned != (bias, overdispersion):
            bias, overdispersion = tuned
            params = dataclasses.replace(params, mapping_bias=bias, overdispersion=overdispersion)
            shared = dataclasses.replace(shared, mapping_bias=bias, overdispersion=overdispersion)
            first = learn_rates(evidence, around, shared, params)
            shared = with_purity(shared, fit_purity(evidence, around, first, params))
    elif len(shared.purity) < 2:
        return dataclasses.replace(first, purity=shared.purity, purity_weight=shared.purity_weight)
    return learn_rates(evidence, around, shared, params)


def private_rate(evidence: AlleleEvidence, params: EvidenceParams) -> float:
    """Return the rate of germline variants that the source does not have, before the sample.

    Not the mean frequency of any unseen allele, since most possible alleles are in nobody, but how
    many a person turns out to have: counted for a source of 250,000 alleles, and taken to fall
    with the square root of the source's size where it says one.

    >>> evidence = AlleleEvidence.of(1, population_af=0.0, population_an=1e6)
    >>> private_rate(evidence, EvidenceParams())
    3e-07
    """
    an = evidence.population_an[unseen(evidence)]
    an = an[an > 0]
    if len(an):
        return float(params.private_rate * np.sqrt(COUNTED_ALLELES / np.median(an)))
    return params.private_rate


def learn_rates(
    evidence: AlleleEvidence, surroundings: Surroundings, fit: SampleFit, params: EvidenceParams
) -> SampleFit:
    """Return ``fit`` with the rates of this sample: the mode of their posterior.

    Each allele is seen by some origin: P(reads | rates) = sum of rate * likelihood / sum of rates.
    Alleles that the population source does not have tell the ratios of somatic, private and
    artefact rates, and of subclonal to clonal mutations; rare ones that it has tell how the somatic
    rate compares with their known frequencies. The logarithm of each rate is Gaussian around its
    default, so a handful of alleles hardly moves it. Found by Newton's steps with the expected
    information, then averaged (:func:`mean_rates`).
    """
    table = _rate_table(evidence, surroundings, fit, params)
    if table is None:
        return fit
    joint, prior = table
    scale = np.zeros(4)
    precision = 1 / np.array([params.rate_log_sd] * 3 + [SUBCLONAL_LOG_SD]) ** 2
    for _ in range(NEWTON_STEPS):
        factors = np.append(np.exp(MOVED @ scale), 1.0)
        seen = joint * factors
        seen /= seen.sum(axis=1, keepdims=True)
        before = prior * factors
        before /= before.sum(axis=1, keepdims=True)
        gradient = (seen - before)[:, :4].sum(axis=0) @ MOVED - precision * scale
        information = np.diag(before[:, :4].sum(axis=0)) - before[:, :4].T @ before[:, :4]
        information = MOVED.T @ information @ MOVED + np.diag(precision)
        step = np.clip(np.linalg.solve(information, gradient), -LONGEST_STEP, LONGEST_STEP)
        scale = np.clip(scale + step, -WIDEST, WIDEST)
        if np.abs(step).max() < DONE:
            break
    share = fit.subclonal_share
    before = np.array(
        [
            fit.private_rate,
            fit.somatic_rate * (1 - share),
            fit.artifact_rate,
            fit.somatic_rate * share,
        ]
    )
    rates = mean_rates(before, scale, np.linalg.inv(information))
    private, clonal, artifact, subclonal = rates.tolist()
    return dataclasses.replace(
        fit,
        private_rate=private,
        somatic_rate=clonal + subclonal,
        subclonal_share=subclonal / (clonal + subclonal),
        artifact_rate=artifact,
    )


def mean_rates(before: Values, scale: Values, covariance: Values) -> Values:
    """Return the rates of private, clonal, artefact and subclonal alleles, their shares averaged.

    The most probable rates take what is rare for rarer than it is: of few artefacts that look like
    mutations nothing is seen, and still there are some. So the shares are averaged over what is
    known of the rates: Gaussian in their logarithms, by eight points of equal weight (Julier and
    Uhlmann 1997). Their sum stays that of the most probable ones.
    """
    spread = np.sqrt(len(scale)) * np.linalg.cholesky(covariance).T
    points = scale + np.vstack((spread, -spread))
    rates = before * np.exp(points @ MOVED.T)
    total = float((before * np.exp(MOVED @ scale)).sum())
    found: Values = (rates / rates.sum(axis=1, keepdims=True)).mean(axis=0) * total
    return found


def _rate_table(
    evidence: AlleleEvidence, surroundings: Surroundings, fit: SampleFit, params: EvidenceParams
) -> tuple[Values, Values] | None:
    """Return rate times likelihood and rate, shape (alleles, 5), of the alleles that tell rates.

    Columns: private germline, clonal, artefact, subclonal, and what has a rate of its own.
    """
    rare = evidence.population_af < RARE
    rows = np.flatnonzero(evidence.judged & rare & (evidence.hotspot != 1))
    if len(rows) > MOST:
        rows = rows[np.linspace(0, len(rows) - 1, MOST).astype(np.int64)]
    if len(rows) == 0:
        return None
    part = evidence.take(rows)
    around = surroundings.take(rows)
    groups, kinds = group_surroundings(around, params, fit)
    likelihood = np.concatenate(
        [
            origin_likelihood(part.take(block), groups[block], kinds, fit, params)[0]
            for block in _blocks(len(rows))
        ]
    )
    prior = origin_priors(part, around.normal_copies, around.contamination, fit, params)
    private = unseen(part)[:, None]

    def columns(table: Values) -> Values:
        germline = table[:, [HET, HOM, FOREIGN_HET, FOREIGN_HOM]].sum(axis=1, keepdims=True)
        return np.hstack(
            (
                np.where(private, germline, 0.0),
                table[:, [CLONAL, ARTIFACT, SUBCLONAL]],
                table[:, [BLOOD]] + np.where(private, 0.0, germline),
            )
        )

    joint, before = columns(likelihood * prior), columns(prior)
    used = (joint.sum(axis=1) > 0) & (before.sum(axis=1) > 0)
    return (joint[used], before[used]) if used.any() else None


def _blocks(count: int, size: int = 4096) -> list[slice]:
    return [slice(start, start + size) for start in range(0, count, size)]
