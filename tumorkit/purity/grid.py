"""The posterior of purity and ploidy: a grid that is made finer where it matters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.purity.likelihood import Likelihood
from tumorkit.purity.params import PurityParams

Values = NDArray[np.float64]

# First steps of the purity, and of the natural logarithm of the ploidy.
STEPS = (0.02, 0.02)
# Log-likelihoods are first taken in part, so that a narrow peak between points is not missed.
TEMPERS = (0.25, 0.6, 1.0)
# Cells this far below the best (natural logarithm) are not made finer; the most that are.
REACH = 14.0
MOST_CELLS = 500
# Ploidies before the data are seen: near two, and near three and a half after a doubling.
PLOIDY_PRIOR = ((2.0, 0.3), (3.4, 0.6))


@dataclass(frozen=True, eq=False)
class Surface:
    """Log posterior on the first grid, shape (purities, ploidies), for a picture."""

    purity: Values
    ploidy: Values
    log_weight: Values


@dataclass(frozen=True, eq=False)
class Points:
    """Points with their posterior weight, which sums to 1; ``doubled`` is that share of it.

    ``cell`` is the size of the finest cells, in purity and in the logarithm of the ploidy.
    """

    purity: Values
    ploidy: Values
    weight: Values
    doubled: Values
    cell: tuple[float, float]
    log_evidence: float
    surface: Surface


def log_prior(purity: Values, ploidy: Values, params: PurityParams) -> Values:
    """Return the log prior of points, shape (2, points): by history."""
    found = np.empty((2, len(purity)))
    shares = (1 - params.doubled_share, params.doubled_share)
    for history, (center, sd) in enumerate(PLOIDY_PRIOR):
        z = (ploidy - center) / sd
        # Student's tails: a rare ploidy is unlikely, not impossible.
        found[history] = np.log(max(shares[history], 1e-9)) - 2.5 * np.log1p(z * z / 4) - np.log(sd)
    if params.pathology_purity is not None:
        found -= 0.5 * ((purity - params.pathology_purity) / params.pathology_sd) ** 2
    return found


def posterior(likelihood: Likelihood, params: PurityParams) -> Points:
    """Return the posterior as weighted points."""
    step = STEPS
    purity = np.arange(params.min_purity, 1.0 + 1e-9, step[0])
    logs = np.arange(np.log(params.min_ploidy), np.log(params.max_ploidy) + 1e-9, step[1])
    ploidy = np.exp(logs)
    first, second = (axis.ravel() for axis in np.meshgrid(purity, ploidy, indexing="ij"))
    prior = log_prior(first, second, params)
    found = evaluate(likelihood, first, second, quick=True)
    whole = np.logaddexp(*(prior + found)).reshape(len(purity), len(ploidy))
    surface = Surface(purity, ploidy, whole)
    for stage, temper in enumerate(TEMPERS[:-1]):
        joint = np.logaddexp(*(prior + temper * found))
        best = np.argsort(-joint, kind="stable")[: MOST_CELLS + 1]
        best = best[joint[best] > joint[best[0]] - REACH]
        full = np.logaddexp(*(prior + found))
        near = int((full > full.max() - REACH).sum())
        if len(best) > MOST_CELLS and near > MOST_CELLS:
            # So many cells share the weight that none can be narrower than a cell.
            found = evaluate(likelihood, first, second)
            break
        offsets = [(a * step[0] / 3, b * step[1] / 3) for a in (-1, 0, 1) for b in (-1, 0, 1)]
        first = np.concatenate([first[best] + a for a, _ in offsets])
        second = np.concatenate([second[best] * np.exp(b) for _, b in offsets])
        inside = (first <= 1.0 + 1e-9) & (first > 0.01)
        first, second = first[inside], second[inside]
        step = (step[0] / 3, step[1] / 3)
        prior = log_prior(first, second, params)
        found = evaluate(likelihood, first, second, quick=stage + 2 < len(TEMPERS))
    # A cell of the logarithm covers a range of ploidies in proportion to its ploidy.
    area = np.log(step[0] * step[1] * second)
    evidence = np.logaddexp.reduce(np.logaddexp(*(prior + found)) + area)
    both = prior + likelihood.share * found
    full = np.logaddexp(*both)
    weight = np.exp(full - full.max()) * second
    doubled = np.exp(both[1] - full)
    kept = np.flatnonzero(weight > 1e-7 * weight.max())
    kept = kept[np.lexsort((second[kept], first[kept]))]
    return Points(
        purity=np.minimum(first[kept], 1.0),
        ploidy=second[kept],
        weight=weight[kept] / weight[kept].sum(),
        doubled=doubled[kept],
        cell=step,
        log_evidence=float(evidence),
        surface=surface,
    )


def evaluate(
    likelihood: Likelihood, purity: Values, ploidy: Values, *, quick: bool = False
) -> Values:
    """Return log-likelihoods of points, shape (2, points); points of one purity go together."""
    found = np.empty((2, len(purity)))
    key = np.round(purity * 1e5).astype(np.int64)
    order = np.argsort(key, kind="stable")
    edges = np.flatnonzero(np.diff(key[order])) + 1
    for rows in np.split(order, edges):
        found[:, rows] = likelihood.at(float(purity[rows[0]]), ploidy[rows], quick=quick)
    return found
