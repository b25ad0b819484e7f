"""The purity that all alleles of a sample share."""

from __future__ import annotations

import dataclasses

import numpy as np

from tumorkit.variants.evidence.nouns import AlleleEvidence, SampleFit, Surroundings, Values
from tumorkit.variants.evidence.origin import (
    group_surroundings,
    origin_likelihood,
    origin_priors,
    sampling_of,
)
from tumorkit.variants.evidence.params import EvidenceParams

MIN_DEPTH = 20
MOST = 600  # alleles that are asked
MOST_KINDS = 24  # commonest copy numbers that are asked
FEWEST = 30
# The alleles together weigh no more than so many: copy numbers and rates are not exact.
WEIGHT = 200.0
UNKNOWN_WEIGHT = 50.0  # where not even the copies can be trusted
ODD = 0.03  # share of alleles that nothing explains


def fit_purity(
    evidence: AlleleEvidence, surroundings: Surroundings, fit: SampleFit, params: EvidenceParams
) -> tuple[Values, Values]:
    """Return purities and their weights, given what the alleles together say.

    Judging each allele over the whole range of purities forgets that all have the same one. The
    likelihood of each purity is the product, over alleles, of their probability under all origins;
    it is tempered to the weight of 200 alleles (50 where no purity was given) and multiplies the
    weights that were given, or the flat prior where none were. One purity, or fewer than 30
    alleles, comes back as given.
    """
    sampling = sampling_of(surroundings, params)
    values, weights = sampling.purity, sampling.purity_weight
    deep = np.flatnonzero(evidence.judged & (evidence.tumor_depth >= MIN_DEPTH))
    if len(values) < 2 or len(deep) < FEWEST:
        return values, weights
    copies = np.nan_to_num(surroundings.copy_number[deep], nan=-1.0)
    minor = np.nan_to_num(surroundings.minor_cn[deep], nan=-1.0)
    _, kind, size = np.unique(
        np.column_stack((copies, minor)).round(2), axis=0, return_inverse=True, return_counts=True
    )
    commonest = np.argsort(-size, kind="stable")[:MOST_KINDS]
    rows = deep[np.isin(kind.reshape(-1), commonest)]
    if len(rows) > MOST:
        rows = rows[np.linspace(0, len(rows) - 1, MOST).astype(np.int64)]
    part = evidence.take(rows)
    own = surroundings.take(rows)
    prior = origin_priors(part, own.normal_copies, own.contamination, fit, params)
    share = prior / prior.sum(axis=1, keepdims=True)
    logs = np.empty(len(values))
    for at, purity in enumerate(values.tolist()):
        around = dataclasses.replace(own, purity=np.array([purity]), purity_weight=np.ones(1))
        groups, kinds = group_surroundings(around, params)
        likelihood, _ = origin_likelihood(part, groups, kinds, fit, params)
        if at == 0:
            floor = ODD * likelihood.max(axis=1) + 1e-300
        logs[at] = np.log((likelihood * share).sum(axis=1) + floor).sum()
    most = WEIGHT if surroundings.purity_known else UNKNOWN_WEIGHT
    logs *= min(1.0, most / len(rows))
    found = weights * np.exp(logs - logs.max())
    return values, found / found.sum()
