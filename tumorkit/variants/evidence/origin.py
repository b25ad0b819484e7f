"""Germline, somatic, from the blood, from another person, or not real: the posterior."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tumorkit.core.beta_binomial import beta_shapes, log_beta_binomial
from tumorkit.variants.evidence.artifacts import artifact_rates, artifact_ratio
from tumorkit.variants.evidence.nouns import (
    AlleleEvidence,
    Call,
    Codes,
    Flags,
    OriginPosterior,
    Places,
    Reason,
    SampleFit,
    Scenario,
    Surroundings,
    Values,
)
from tumorkit.variants.evidence.params import EvidenceParams
from tumorkit.variants.evidence.states import (
    ARTIFACT,
    BLOOD,
    CELLS,
    CLONAL,
    FOREIGN_HET,
    FOREIGN_HOM,
    FRACTIONS,
    HET,
    HOM,
    ORIGINS,
    SUBCLONAL,
    UNKNOWN_PURITY,
    Expected,
    Sampling,
    expected,
    likelihood_rows,
    unsure_states,
)
from tumorkit.variants.evidence.tumor_in_normal import ARTIFACT_IN_NORMAL, somatic_in_normal, tuned

BLOCK = 4096  # alleles at a time: 10 MB of likelihoods
PRIVATE_HOMOZYGOUS = 5e-3  # of germline variants that no population source knows
BLOOD_IN_NORMAL = (1.0, 6.0)  # fraction of a clone in the normal's blood: any low one
MOST_STEPS = 30_000  # of copy number or bias that are told apart
LIKELY_STATE = 1e-3  # of the likeliest, below which a state does not count as expected
TINY = 1e-300


def origin_posterior(
    evidence: AlleleEvidence,
    surroundings: Surroundings,
    fit: SampleFit,
    params: EvidenceParams,
) -> OriginPosterior:
    """Return the probability of each origin of each allele, and what can be said of it.

    ``surroundings`` has an entry for each allele; ``fit`` comes from :func:`fit_sample`. An
    origin is called from a probability of ``call_at``; else the call is *cannot tell* with a
    reason. Alleles whose reads are unknown are *not evaluable*, with NaN everywhere.

    >>> from tumorkit.variants.evidence.fit import fit_sample
    >>> evidence = AlleleEvidence.of(
    ...     2, tumor_depth=400, tumor_alt_depth=[118, 196], population_af=[0.0, 0.02])
    >>> params = EvidenceParams()
    >>> found = origin_posterior(
    ...     evidence, Surroundings.of(2, purity=0.6, copy_number=2, minor_cn=1),
    ...     fit_sample(evidence, params), params)
    >>> [Call(code).words for code in found.call]
    ['somatic', 'germline']
    """
    return origin_over(evidence, [Scenario(weight=1.0, surroundings=surroundings, fit=fit)], params)


def origin_over(
    evidence: AlleleEvidence, scenarios: Sequence[Scenario], params: EvidenceParams
) -> OriginPosterior:
    """Return the posterior of origins averaged over solutions of purity and copies, by weight.

    Each solution has its own purity, copies and rates; what the purity's fit leaves open is then
    neither settled by its best solution nor forgotten. Fractions expected and reasons are those
    of the heaviest one.
    """
    heaviest = max(scenarios, key=lambda item: item.weight)
    whole = sum(item.weight for item in scenarios)
    columns = np.zeros((len(evidence), len(ORIGINS)))
    near = np.full((len(evidence), 2), np.nan)
    for item in scenarios:
        own, fractions = origin_columns(evidence, item.surroundings, item.fit, params)
        columns += item.weight / whole * own
        if item is heaviest:
            near = fractions
    around = heaviest.surroundings
    return _posterior(columns, near, evidence, around, tuned(params, heaviest.fit))


def origin_columns(
    evidence: AlleleEvidence,
    surroundings: Surroundings,
    fit: SampleFit,
    params: EvidenceParams,
) -> tuple[Values, Values]:
    """Return the probabilities of all origins at one solution, shape (alleles, origins).

    Also the fractions that a germline and a clonal somatic variant would have, nearest to the
    observed one; NaN throughout where an allele cannot be judged.
    """
    if len(surroundings) != len(evidence):
        raise ValueError(f"{len(evidence)} alleles, but surroundings of {len(surroundings)}")
    params = tuned(params, fit)
    columns = np.full((len(evidence), len(ORIGINS)), np.nan)
    near = np.full((len(evidence), 2), np.nan)
    groups, kinds = group_surroundings(surroundings, params, fit)
    rows = np.flatnonzero(evidence.judged)
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        part = evidence.take(block)
        likelihood, near[block] = origin_likelihood(part, groups[block], kinds, fit, params)
        prior = origin_priors(
            part, surroundings.normal_copies[block], surroundings.contamination, fit, params
        )
        joint = likelihood * np.maximum(prior, 0.0)
        total = joint.sum(axis=1, keepdims=True)
        # Nothing expects such reads: least of all excluded is an artefact.
        lost = ~(total[:, 0] > TINY)
        joint[lost] = np.eye(len(ORIGINS))[ARTIFACT]
        columns[block] = joint / np.where(lost[:, None], 1.0, total)
    return columns, near


def group_surroundings(
    surroundings: Surroundings, params: EvidenceParams, fit: SampleFit | None = None
) -> tuple[Places, list[Expected]]:
    """Return the kind of each allele's surroundings, and what each kind expects.

    Purities weigh as in ``fit`` if it was made over the same ones, else as they are given.
    Copy numbers are told apart by .05, mapping biases by .01.
    """
    steps = (
        np.minimum(np.round(surroundings.copy_number * 20), MOST_STEPS),
        np.minimum(np.round(surroundings.minor_cn * 20), MOST_STEPS),
        np.clip(np.round(surroundings.normal_copies), 0, 2),
        np.minimum(np.round(surroundings.mapping_bias * 100), MOST_STEPS),
    )
    # One whole number for each kind; 0 in a place is unknown.
    key = np.zeros(len(surroundings), dtype=np.int64)
    for column in steps:
        key = key * (MOST_STEPS + 2) + np.nan_to_num(column + 1, nan=0.0).astype(np.int64)
    _, first, groups = np.unique(key, return_index=True, return_inverse=True)
    unique = np.column_stack([column[first] for column in steps]) / [20, 20, 1, 100]
    sampling = sampling_of(surroundings, params, fit)
    unsure: dict[tuple[int, float], Values] = {}
    kinds = []
    for row in unique:
        copies, minor, normal, bias = (float(value) for value in row)
        alike = (2 if np.isnan(normal) else int(normal), -1.0 if np.isnan(bias) else bias)
        if alike not in unsure:
            learned = _learned_copies(fit, sampling, alike[0])
            unsure[alike] = unsure_states(sampling, alike[0], bias, learned)
        kinds.append(expected(sampling, copies, minor, alike[0], bias, unsure[alike]))
    return groups.reshape(-1).astype(np.int64), kinds


def _learned_copies(fit: SampleFit | None, sampling: Sampling, normal_copies: int) -> Values | None:
    """Return the shares of copy states that the sample shows, if they are of these purities."""
    if fit is None or normal_copies != 2 or len(fit.copy_weight) != len(sampling.purity):
        return None
    return fit.copy_weight


def sampling_of(
    surroundings: Surroundings, params: EvidenceParams, fit: SampleFit | None = None
) -> Sampling:
    """Return purity, contamination and settings together; an unknown purity is a flat grid."""
    purity, weight = surroundings.purity, surroundings.purity_weight
    if not surroundings.purity_known:
        purity = UNKNOWN_PURITY
        weight = np.full(len(purity), 1 / len(purity))
    if fit is not None and np.array_equal(fit.purity, purity):
        weight = fit.purity_weight
    return Sampling(purity, weight, surroundings.contamination, params)


def origin_likelihood(
    evidence: AlleleEvidence,
    groups: Places,
    kinds: list[Expected],
    fit: SampleFit,
    params: EvidenceParams,
) -> tuple[Values, Values]:
    """Return the likelihood of each origin, shape (alleles, origins), up to a factor per allele.

    Also returns, in two columns, the allele fractions nearest to the observed one that a germline
    and a clonal somatic variant can have.
    """
    found = np.empty((len(evidence), len(ORIGINS)))
    near = np.empty((len(evidence), 2))
    k, n = evidence.tumor_alt_depth, evidence.tumor_depth
    rows = likelihood_rows(k, n)
    cells = np.clip((np.arcsin(np.sqrt(k / n)) / (np.pi / 2) * CELLS).astype(int), 0, CELLS - 1)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    for members in np.split(order, starts[1:]):
        if len(members) == 0:
            continue
        kind = kinds[int(groups[members[0]])]
        found[members] = rows[members] @ kind.density.T
        near[members, 0] = nearest_state(kind.states[HET] + kind.states[HOM])[cells[members]]
        near[members, 1] = nearest_state(kind.states[CLONAL])[cells[members]]
    found[:, ARTIFACT] *= artifact_ratio(evidence)
    paired = np.flatnonzero(evidence.paired)
    if len(paired):
        found[paired] *= normal_likelihood(evidence.take(paired), fit, params)
    return found, near


def nearest_state(weights: Values) -> Values:
    """Return, for each cell, the fraction of the nearest state; NaN where there is none.

    >>> weights = np.zeros(320); weights[160] = 1.0
    >>> nearest_state(weights)[[0, 319]].round(2).tolist()
    [0.5, 0.5]
    """
    present = np.flatnonzero(weights > LIKELY_STATE * weights.max())
    if len(present) == 0:
        return np.full(CELLS, np.nan)
    at = np.searchsorted((present[1:] + present[:-1]) / 2, np.arange(CELLS))
    found: Values = FRACTIONS[present[at]]
    return found


def normal_likelihood(evidence: AlleleEvidence, fit: SampleFit, params: EvidenceParams) -> Values:
    """Return the likelihood of the normal's reads under each origin, the best 1."""
    k, n = evidence.normal_alt_depth, evidence.normal_depth
    spread, error = params.overdispersion, params.error_rate
    f = np.clip((evidence.tumor_alt_depth + 0.5) / (evidence.tumor_depth + 1), 1e-6, 1 - 1e-6)
    logs = np.empty((len(k), len(ORIGINS)))
    logs[:, HET] = log_beta_binomial(k, n, *beta_shapes(0.5 * params.mapping_bias, spread))
    logs[:, HOM] = log_beta_binomial(k, n, *beta_shapes(1 - error, spread))
    somatic = somatic_in_normal(evidence, fit, params)
    logs[:, CLONAL] = logs[:, SUBCLONAL] = somatic
    logs[:, BLOOD] = log_beta_binomial(k, n, *BLOOD_IN_NORMAL)
    noise = log_beta_binomial(k, n, *beta_shapes(error, spread))
    # Half of the artefacts are of the tumour's sample alone (damage), half of the site.
    alike = np.logaddexp(
        log_beta_binomial(k, n, f * 10, (1 - f) * 10),
        log_beta_binomial(k, n, *ARTIFACT_IN_NORMAL),
    ) - np.log(2)
    logs[:, ARTIFACT] = np.logaddexp(noise, alike) - np.log(2)
    logs[:, FOREIGN_HET] = logs[:, FOREIGN_HOM] = noise
    logs -= logs.max(axis=1, keepdims=True)
    found: Values = np.exp(logs)
    return found


def origin_priors(
    evidence: AlleleEvidence,
    normal_copies: Values,
    contamination: float,
    fit: SampleFit,
    params: EvidenceParams,
) -> Values:
    """Return the rate of each origin per possible allele, shape (alleles, origins)."""
    found = np.zeros((len(evidence), len(ORIGINS)))
    het, hom, q = germline_rates(evidence, fit, params)
    single, none = normal_copies < 1.5, normal_copies < 0.5
    found[:, HET] = np.where(single, 0.0, het)
    found[:, HOM] = np.where(none, 0.0, np.where(single, het / 2 + hom, hom))
    somatic = np.full(len(evidence), fit.somatic_rate)
    chip = params.chip_rate * np.where(evidence.chip_gene, 1.0, params.chip_elsewhere)
    hot = evidence.hotspot == 1
    somatic[hot] *= params.hotspot_multiplier
    chip[hot] *= params.hotspot_multiplier
    found[:, CLONAL] = somatic * (1 - fit.subclonal_share)
    found[:, SUBCLONAL] = somatic * fit.subclonal_share
    found[:, BLOOD] = chip
    found[:, ARTIFACT] = artifact_rates(evidence, fit, params)
    if contamination > 0:
        # The other person has it, this one does not.
        found[:, FOREIGN_HET] = het * (1 - q) ** 2
        found[:, FOREIGN_HOM] = hom * (1 - q) ** 2
    return found


def germline_rates(
    evidence: AlleleEvidence, fit: SampleFit, params: EvidenceParams
) -> tuple[Values, Values, Values]:
    """Return the rates of heterozygous and homozygous carriers, and the allele's frequency.

    Of an allele that a source has: the means of 2q(1 - q) and q^2 under q ~ Beta(ac + .5,
    an - ac + .5). Of one that it does not have: this sample's rate of private variants. Where no
    source was asked: the rate at which any two genomes differ.
    """
    af, an = evidence.population_af, evidence.population_an
    an = np.where(an > 0, an, params.population_an)
    a = af * an + 0.5
    b = np.maximum(an - af * an, 0.0) + 0.5
    size = a + b
    het, hom = 2 * a * b / (size * (size + 1)), a * (a + 1) / (size * (size + 1))
    q = a / size
    absent, unknown = unseen(evidence), np.isnan(af)
    het = np.where(absent, fit.private_rate * (1 - PRIVATE_HOMOZYGOUS), het)
    hom = np.where(absent, fit.private_rate * PRIVATE_HOMOZYGOUS, hom)
    q = np.where(absent, fit.private_rate / 2, q)
    rate = params.unannotated_rate
    het, hom = np.where(unknown, rate * 2 / 3, het), np.where(unknown, rate / 3, hom)
    return het, hom, np.where(unknown, rate / 2, q)


def unseen(evidence: AlleleEvidence) -> Flags:
    """Return which alleles a population source was asked for and does not have."""
    found: Flags = evidence.population_af <= 0
    return found


def _posterior(
    columns: Values,
    near: Values,
    evidence: AlleleEvidence,
    surroundings: Surroundings,
    params: EvidenceParams,
) -> OriginPosterior:
    parts = np.column_stack(
        (
            columns[:, HET] + columns[:, HOM],
            columns[:, CLONAL] + columns[:, SUBCLONAL],
            columns[:, BLOOD],
            columns[:, ARTIFACT],
            columns[:, FOREIGN_HET] + columns[:, FOREIGN_HOM],
        )
    )
    judged = evidence.judged
    filled = np.where(judged[:, None], parts, 0.0)
    best = filled.argmax(axis=1).astype(np.int8)
    top = filled.max(axis=1) if len(filled) else np.empty(0)
    call = np.where(top >= params.call_at, best, np.int8(Call.CANNOT_TELL)).astype(np.int8)
    call[~judged] = Call.NOT_EVALUABLE
    return OriginPosterior(
        germline=parts[:, 0],
        germline_homozygous=columns[:, HOM],
        somatic=parts[:, 1],
        somatic_subclonal=columns[:, SUBCLONAL],
        clonal_hematopoiesis=parts[:, 2],
        artifact=parts[:, 3],
        contamination=parts[:, 4],
        call=call,
        reason=_reasons(call, filled, near, evidence, surroundings, params),
        germline_fraction=near[:, 0],
        somatic_fraction=near[:, 1],
    )


def _reasons(
    call: Codes,
    parts: Values,
    near: Values,
    evidence: AlleleEvidence,
    surroundings: Surroundings,
    params: EvidenceParams,
) -> Codes:
    found = np.full(len(call), Reason.CLEAR, dtype=np.int8)
    found[call == Call.NOT_EVALUABLE] = Reason.NO_READS
    rows = np.flatnonzero(call == Call.CANNOT_TELL)
    if len(rows) == 0:
        return found
    found[rows] = Reason.CLOSE
    blind = np.isnan(evidence.population_af[rows]) & ~evidence.paired[rows]
    found[rows[blind]] = Reason.NO_POPULATION_SOURCE
    ranked = np.argsort(-parts[rows], axis=1, kind="stable")[:, :2]
    rivals = ranked.max(axis=1) == int(Call.SOMATIC)
    same = rivals & same_fraction(
        near[rows, 0], near[rows, 1], evidence.tumor_depth[rows], params.overdispersion
    )
    found[rows[same]] = Reason.SAME_FRACTION if surroundings.purity_known else Reason.PURITY_UNKNOWN
    return found


def same_fraction(first: Values, second: Values, depth: Values, overdispersion: float) -> Flags:
    """Return whether two allele fractions lie within two standard deviations at a depth.

    >>> same_fraction(np.array([0.5]), np.array([0.45]), np.array([[100.0, 2000.0]]), 1e-4)
    array([[ True, False]])
    """
    middle = (first + second) / 2
    sd = np.sqrt(middle * (1 - middle) * (1 / depth + overdispersion))
    found: Flags = np.abs(first - second) < 2 * sd
    return found
