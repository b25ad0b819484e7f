"""The purity that all alleles of a sample share, and how often its copies are in which state."""

from __future__ import annotations

import dataclasses

import numpy as np

from tumorkit.variants.evidence.artifacts import artifact_ratio
from tumorkit.variants.evidence.nouns import AlleleEvidence, SampleFit, Surroundings, Values
from tumorkit.variants.evidence.origin import normal_likelihood, origin_priors, sampling_of
from tumorkit.variants.evidence.params import EvidenceParams
from tumorkit.variants.evidence.states import (
    ARTIFACT,
    CELLS,
    EDGES,
    OF_PERSON,
    ORIGINS,
    Sampling,
    artifact_density,
    copy_states,
    likelihood_rows,
    minor_states,
    purity_states,
    spread_matrix,
)

MIN_DEPTH = 20
MOST = 600  # alleles that are asked
MOST_KINDS = 24  # commonest copy numbers that are asked
FEWEST = 30
# The alleles together weigh no more than so many: copy numbers and rates are not exact, and
# neighbours share a segment.
WEIGHT = 200.0
ODD = 0.03  # share of alleles that nothing explains
COPY_WEIGHT = 15.0  # alleles by which the copy states lean on those of tumours in general
EM_STEPS = 30


def fit_purity(
    evidence: AlleleEvidence, surroundings: Surroundings, fit: SampleFit, params: EvidenceParams
) -> tuple[Values, Values, Values]:
    """Return purities, their weights, and the shares of copy states at each purity.

    Judging each allele over the whole range of purities forgets that all have the same one. The
    likelihood of each purity is the product, over alleles, of their probability under all origins;
    it is tempered to the weight of 200 alleles and multiplies the weights that were given, or the
    flat prior where none were. Where copies are not known, the sample's own shares of copy states
    (:func:`copy_states`) are learned along, at each purity, by expectation and maximisation; they
    lean on those of tumours in general with the weight of 15 alleles. With fewer than 30 alleles,
    or nothing to learn, purities come back as given, and no shares.
    """
    sampling = sampling_of(surroundings, params)
    values, weights = sampling.purity, sampling.purity_weight
    usable = evidence.judged & (evidence.tumor_depth >= MIN_DEPTH)
    deep = np.flatnonzero(usable & (np.round(surroundings.normal_copies) == 2))
    blind = np.isnan(surroundings.copy_number[deep])
    if (len(values) < 2 and not blind.any()) or len(deep) < FEWEST:
        return values, weights, np.empty((0, 0))
    rows, kinds = _asked(surroundings, deep)
    part, own = evidence.take(rows), surroundings.take(rows)
    prior = origin_priors(part, own.normal_copies, own.contamination, fit, params)
    share = prior / prior.sum(axis=1, keepdims=True)
    paired = np.flatnonzero(part.paired)
    if len(paired):
        share[paired] *= normal_likelihood(part.take(paired), fit, params)
    likelihood = likelihood_rows(part.tumor_alt_depth, part.tumor_depth)
    other = share[:, ARTIFACT] * artifact_ratio(part) * (likelihood @ artifact_density())
    spread = likelihood @ spread_matrix(params.overdispersion).T
    every = copy_states(2)
    general = np.array([weight for _, _, weight in every])
    of_states = _tables(sampling, [(copies, minor) for copies, minor, _ in every])
    floor = other + ODD * (likelihood @ np.diff(EDGES)) + 1e-300
    temper = min(1.0, WEIGHT / len(rows))
    unsure = np.einsum("opsc,s->opc", of_states, general)
    logs = np.zeros(len(values))
    for copies, minor, members in kinds:
        if np.isnan(copies):
            continue
        lows = minor_states(max(copies, 0.0), minor, 2)
        given = _tables(sampling, [(max(copies, 0.0), low) for low, _ in lows])
        table = np.einsum("opsc,s->opc", given, np.array([one for _, one in lows]))
        table = (1 - params.copy_number_doubt) * table + params.copy_number_doubt * unsure
        seen = _explained(spread[members], share[members], table[:, :, None, :])[:, :, 0]
        logs += np.log(seen + floor[members, None]).sum(axis=0)
    logs *= temper
    learned = np.empty((0, 0))
    unknown = [members for copies, _, members in kinds if np.isnan(copies)]
    if unknown:
        members = unknown[0]
        seen = _explained(spread[members], share[members], of_states)
        learned, own_logs = _copy_shares(seen, floor[members], general, temper)
        logs += own_logs
    found = weights * np.exp(logs - logs.max())
    return values, found / found.sum(), learned


def _asked(
    surroundings: Surroundings, deep: Values
) -> tuple[Values, list[tuple[float, float, Values]]]:
    """Return the alleles that are asked, and copies, minor copies and members of each kind."""
    copies = np.nan_to_num(surroundings.copy_number[deep], nan=-1.0)
    minor = np.nan_to_num(surroundings.minor_cn[deep], nan=-1.0)
    minor = np.where(copies < 0, -1.0, minor)
    table, kind, size = np.unique(
        np.column_stack((copies, minor)).round(2), axis=0, return_inverse=True, return_counts=True
    )
    commonest = np.argsort(-size, kind="stable")[:MOST_KINDS]
    kind = kind.reshape(-1)
    kept = np.flatnonzero(np.isin(kind, commonest))
    if len(kept) > MOST:
        kept = kept[np.linspace(0, len(kept) - 1, MOST).astype(np.int64)]
    kind = kind[kept]
    table = np.where(table < 0, np.nan, table)
    return deep[kept], [
        (float(table[one, 0]), float(table[one, 1]), np.flatnonzero(kind == one))
        for one in np.unique(kind)
    ]


def _tables(sampling: Sampling, states: list[tuple[float, float]]) -> Values:
    """Return the weights on the cells, shape (origins, purities, states, cells)."""
    found = np.empty((len(ORIGINS), len(sampling.purity), len(states), CELLS))
    for at, (copies, minor) in enumerate(states):
        found[:, :, at] = purity_states(sampling, copies, minor, 2, np.nan)
    return found


def _explained(spread: Values, share: Values, table: Values) -> Values:
    """Return the probability of each allele, shape (alleles, purities, states)."""
    shape = table.shape[1:3]
    found = np.zeros((len(spread), shape[0] * shape[1]))
    for origin in OF_PERSON:
        found += (spread * share[:, [origin]]) @ table[origin].reshape(-1, CELLS).T
    return found.reshape(-1, *shape)


def _copy_shares(
    seen: Values, floor: Values, general: Values, temper: float
) -> tuple[Values, Values]:
    """Return the shares of copy states at each purity, and the tempered log posterior of each."""
    lean = COPY_WEIGHT * general
    shares = np.tile(general, (seen.shape[1], 1))
    size = temper * len(seen) + COPY_WEIGHT
    for _ in range(EM_STEPS):
        total = np.einsum("ips,ps->ip", seen, shares) + floor[:, None]
        counts = temper * shares * np.einsum("ips,ip->ps", seen, 1 / total)
        moved = (counts + lean) / size
        # What no state explains leaves the shares as they are.
        moved /= moved.sum(axis=1, keepdims=True)
        done = np.abs(moved - shares).max() < 1e-3
        shares = moved
        if done:
            break
    total = np.einsum("ips,ps->ip", seen, shares) + floor[:, None]
    return shares, temper * np.log(total).sum(axis=0) + (lean * np.log(shares)).sum(axis=1)


def with_purity(fit: SampleFit, found: tuple[Values, Values, Values]) -> SampleFit:
    """Return a fit with what :func:`fit_purity` found."""
    purity, weight, copies = found
    return dataclasses.replace(fit, purity=purity, purity_weight=weight, copy_weight=copies)
