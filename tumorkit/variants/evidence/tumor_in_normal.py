"""Tumour cells in the matched normal: how many, and what that explains of the normal's reads."""

from __future__ import annotations

import dataclasses

import numpy as np

from tumorkit.contract.estimate import Estimate
from tumorkit.core.beta_binomial import beta_shapes, log_beta_binomial
from tumorkit.core.late import special
from tumorkit.core.log_space import log_sum
from tumorkit.variants.evidence.nouns import AlleleEvidence, Flags, SampleFit, Values
from tumorkit.variants.evidence.params import EvidenceParams

# Confident somatic variants: enough reads, seen clearly in the tumour, not common in people.
MIN_ALT, MIN_DEPTH, MIN_FRACTION, MAX_POPULATION = 5, 20, 0.05, 1e-3
MOST = 800  # the deepest candidates; more only take time
GRID = 81
ERRORS = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
ERROR_LOG_SD = 1.5  # of samples around the default error rate
EM_STEPS = 40
# Shares before the data: somatic, heterozygous, homozygous, anything else in the normal.
SHARES = np.array([0.7, 0.15, 0.05, 0.1])
SHARE_WEIGHT = 5.0
# Without an estimate, tumour cells in the normal are assumed rare: mean 1 %.
DEFAULT_MEAN = 0.01
DEFAULT_VALUES = np.array([0.0, 0.005, 0.01, 0.02, 0.04])
# Reads of an artefact in the normal: any low share.
ARTIFACT_IN_NORMAL = (1.0, 6.0)


def confident_somatic(evidence: AlleleEvidence) -> Flags:
    """Return which alleles can tell of tumour cells in the normal."""
    k, n = evidence.tumor_alt_depth, evidence.tumor_depth
    with np.errstate(invalid="ignore"):
        seen = (k >= MIN_ALT) & (n >= MIN_DEPTH) & (k >= MIN_FRACTION * n)
        rare = ~(evidence.population_af > MAX_POPULATION)
    found: Flags = seen & rare & evidence.paired & evidence.judged & evidence.caller_pass
    return found & (evidence.normal_depth >= MIN_DEPTH / 2)


def fit_tumor_in_normal(
    evidence: AlleleEvidence, params: EvidenceParams
) -> tuple[Estimate, Values, Values]:
    """Return the tumour-in-normal fraction t with a grid of its values and their weights.

    The normal's reads of a somatic variant are BetaBin(n, t f + e), f its fraction in the tumour
    and e the error rate. Germline variants among the candidates (heterozygous and homozygous in
    the normal, whatever the tumour lost or gained) and odd sites are components of their own
    with fitted shares, so they do not pull t. Not evaluable below ``tumor_in_normal_min``
    somatic candidates. Returns grid and weights of the default where not evaluable.
    """
    rows = np.flatnonzero(confident_somatic(evidence))
    if len(rows) > MOST:
        deepest = np.argsort(-evidence.tumor_depth[rows], kind="stable")[:MOST]
        rows = np.sort(rows[deepest])
    few = len(rows) < params.tumor_in_normal_min
    if not few:
        table = evidence.take(rows)
        grid, log_likelihood, somatic = _profile(table, params)
        few = somatic < params.tumor_in_normal_min
    if few:
        found = len(rows) if len(rows) < params.tumor_in_normal_min else round(somatic)
        reason = (
            f"{found} confident somatic variants with reads in the normal; "
            f"{params.tumor_in_normal_min} are needed"
        )
        prior = np.exp(-DEFAULT_VALUES / DEFAULT_MEAN)
        return Estimate.not_evaluable(reason), DEFAULT_VALUES, prior / prior.sum()
    # The grid is even in the root: spacing belongs to the weights.
    density = np.exp(log_likelihood - log_likelihood.max()) * np.gradient(grid)
    weights = density / density.sum()
    best = int(np.argmax(log_likelihood))
    drop = float(special.chdtri(1, 1 - params.level)) / 2
    inside = np.flatnonzero(log_likelihood >= log_likelihood[best] - drop)
    low, high = (
        _edge(grid, log_likelihood, inside[0], -1, drop),
        _edge(grid, log_likelihood, inside[-1], 1, drop),
    )
    estimate = Estimate(
        value=float(grid[best]),
        low=low,
        high=high,
        level=params.level,
        evidence={"variants": len(rows), "somatic": round(float(somatic), 1)},
    )
    return estimate, grid, weights


def _edge(grid: Values, logs: Values, at: int, step: int, drop: float) -> float:
    """Return where the log likelihood falls ``drop`` below its best, between grid points."""
    beyond = at + step
    if not 0 <= beyond < len(grid):
        return float(grid[at])
    level = logs.max() - drop
    part = (logs[at] - level) / (logs[at] - logs[beyond])
    return float(grid[at] + part * (grid[beyond] - grid[at]))


def _profile(table: AlleleEvidence, params: EvidenceParams) -> tuple[Values, Values, float]:
    """Return grid, profile log likelihood, and expected number of somatic variants at the best.

    A coarse grid finds the peak, a second one looks closely around it.
    """
    top = params.tumor_in_normal_max
    coarse = top * np.linspace(0, 1, 25) ** 2
    tables = [_log_likelihood(table, coarse, params, (error,))[0] for error in ERRORS]
    ranked = np.argsort([-one.max() for one in tables], kind="stable")[:2]
    logs = np.max(tables, axis=0)
    near = np.flatnonzero(logs >= logs.max() - 20)
    low, high = coarse[max(near[0] - 1, 0)], coarse[min(near[-1] + 1, len(coarse) - 1)]
    grid = np.linspace(np.sqrt(low), np.sqrt(high), GRID) ** 2
    logs, somatic = _log_likelihood(table, grid, params, tuple(ERRORS[at] for at in ranked))
    return grid, logs, float(somatic[int(np.argmax(logs))])


def _log_likelihood(
    table: AlleleEvidence, grid: Values, params: EvidenceParams, errors: tuple[float, ...]
) -> tuple[Values, Values]:
    """Return log likelihood and expected number of somatic variants at each fraction."""
    k, n = table.normal_alt_depth, table.normal_depth
    spread = params.overdispersion
    # The tumour's own fraction is known from counts: posterior mean and its spread.
    f = (table.tumor_alt_depth + 0.5) / (table.tumor_depth + 1)
    others = np.column_stack(
        (
            log_beta_binomial(k, n, *beta_shapes(0.5 * params.mapping_bias, spread)),
            log_beta_binomial(k, n, *beta_shapes(1 - params.error_rate, spread)),
            log_beta_binomial(k, n, *ARTIFACT_IN_NORMAL),
        )
    )
    best = np.full(len(grid), -np.inf)
    somatic = np.zeros(len(grid))
    blocks = max(1, int(2e6 // max(len(k), 1)))
    for error in errors:
        for start in range(0, len(grid), blocks):
            part = slice(start, start + blocks)
            mean = np.clip(grid[part, None] * f + error, 1e-9, 1 - 1e-9)
            relative = 1 / (table.tumor_alt_depth + 0.5)
            # Variance of t f, from counting f in the tumour, on top of the assay's own spread.
            own = np.minimum(0.5, spread + mean / (1 - mean) * relative)
            logs = log_beta_binomial(k, n, *beta_shapes(mean, own))
            total, number = _mixture(logs, others)
            total -= 0.5 * (np.log(error / params.error_rate) / ERROR_LOG_SD) ** 2
            better = total > best[part]
            best[part] = np.where(better, total, best[part])
            somatic[part] = np.where(better, number, somatic[part])
    return best, somatic


def _mixture(logs: Values, others: Values) -> tuple[Values, Values]:
    """Return the log likelihood at fitted shares and the expected somatic number, per row."""
    stacked = np.concatenate(
        (logs[:, :, None], np.broadcast_to(others, (len(logs), *others.shape))), axis=2
    )
    top = stacked.max(axis=2, keepdims=True)
    likelihood = np.exp(stacked - top)
    shares = np.tile(SHARES, (len(logs), 1))
    size = logs.shape[1] + SHARE_WEIGHT
    for _ in range(EM_STEPS):
        joint = np.einsum("gnc,gc->gn", likelihood, shares)
        seen = shares * np.einsum("gnc,gn->gc", likelihood, 1 / joint)
        moved = (seen + SHARE_WEIGHT * SHARES) / size
        done = np.abs(moved - shares).max() < 1e-4
        shares = moved
        if done:
            break
    joint = np.einsum("gnc,gc->gn", likelihood, shares)
    prior = SHARE_WEIGHT * (SHARES * np.log(shares)).sum(axis=1)
    total = (np.log(joint) + top[:, :, 0]).sum(axis=1) + prior
    number = (likelihood[:, :, 0] * shares[:, :1] / joint).sum(axis=1)
    return total, number


def tuned(params: EvidenceParams, fit: SampleFit) -> EvidenceParams:
    """Return the settings with the mapping bias and overdispersion of the sample."""
    return dataclasses.replace(
        params, mapping_bias=fit.mapping_bias, overdispersion=fit.overdispersion
    )


def few_points(values: Values, weights: Values, count: int = 5) -> tuple[Values, Values]:
    """Return a few values that stand for a distribution: the middles of slices of equal weight.

    >>> values, weights = few_points(np.linspace(0, 1, 101), np.ones(101) / 101, 2)
    >>> values.round(2).tolist(), weights.tolist()
    ([0.25, 0.75], [0.5, 0.5])
    """
    if len(values) <= count:
        return values, weights
    total = np.cumsum(weights) - weights / 2
    middles = (np.arange(count) + 0.5) / count
    return np.interp(middles, total / weights.sum(), values), np.full(count, 1 / count)


def somatic_in_normal(evidence: AlleleEvidence, fit: SampleFit, params: EvidenceParams) -> Values:
    """Return the log likelihood of the normal's reads for a somatic allele, averaged over t."""
    k, n = evidence.normal_alt_depth, evidence.normal_depth
    f = (evidence.tumor_alt_depth + 0.5) / (evidence.tumor_depth + 1)
    values, weights = few_points(fit.tumor_in_normal_values, fit.tumor_in_normal_weights)
    mean = np.clip(values[:, None] * f + params.error_rate, 1e-9, 1 - 1e-9)
    own = params.overdispersion + mean / (1 - mean) / (evidence.tumor_alt_depth + 0.5)
    logs = log_beta_binomial(k, n, *beta_shapes(mean, np.minimum(0.5, own)))
    found: Values = special.logsumexp(logs + np.log(weights)[:, None], axis=0)
    return found


def in_normal_probability(
    evidence: AlleleEvidence, fit: SampleFit, params: EvidenceParams
) -> Values:
    """Return the probability that the allele is in the normal for reasons of its own; NaN unknown.

    The alternative is tumour in the normal and noise: BetaBin(n, t f + e), averaged over what is
    known of t; where t is not evaluable, over a prior with a mean of 1 %. Own reasons: a germline
    variant (half of them) or an artefact that the normal has as well.
    """
    params = tuned(params, fit)
    k, n = evidence.normal_alt_depth, evidence.normal_depth
    germline = log_sum(
        log_beta_binomial(k, n, *beta_shapes(0.5 * params.mapping_bias, params.overdispersion)),
        log_beta_binomial(k, n, *beta_shapes(1 - params.error_rate, params.overdispersion))
        - np.log(3),
    ) - np.log(4 / 3)
    own = log_sum(germline, log_beta_binomial(k, n, *ARTIFACT_IN_NORMAL)) - np.log(2)
    own += np.log(params.in_normal_prior)
    tumor = somatic_in_normal(evidence, fit, params) + np.log1p(-params.in_normal_prior)
    found = np.exp(own - log_sum(own, tumor))
    return np.where(evidence.paired & evidence.judged, found, np.nan)
