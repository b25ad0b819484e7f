"""Beta-binomial counts: errors whose rate differs from sample to sample.

Of ``n`` reads ``k`` show an error whose rate is, in each sample, a draw from a beta distribution
with mean ``mean`` and intra-class correlation ``rho``: alpha = mean (1/rho - 1), beta =
(1 - mean)(1/rho - 1). ``rho`` 0 is the binomial. Skellam, J R Stat Soc B 1948.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tumorkit.core.late import special
from tumorkit.core.log_space import log_choose

Floats = NDArray[np.float64]

SMALLEST_RHO, LARGEST_RHO = 1e-5, 0.2
# Below this, 1 - P(K < k) has lost its digits, and the upper tail is summed instead.
CANCELLATION = 1e-6
FEW = 30
NEGLIGIBLE = 1e-10


def beta_shapes(mean: ArrayLike, rho: ArrayLike) -> tuple[Floats, Floats]:
    """Return alpha and beta of the beta distribution of the rate; rho above 0.

    rho is 1 / (alpha + beta + 1): of the variance of a single read, what is the rate's own.

    >>> alpha, beta = beta_shapes(0.25, 0.2)
    >>> float(alpha), float(beta)
    (1.0, 3.0)
    """
    spread = 1 / np.asarray(rho, dtype=np.float64) - 1
    mean = np.asarray(mean, dtype=np.float64)
    return mean * spread, (1 - mean) * spread


def log_beta_binomial(k: ArrayLike, n: ArrayLike, alpha: ArrayLike, beta: ArrayLike) -> Floats:
    """Return log P(K = k) of ``n``, broadcast over all four; NaN gives NaN.

    ``alpha`` and ``beta`` lie above 0; counts need not be whole. By the beta function, which keeps
    its digits where gamma functions of large shapes would cancel.

    >>> np.exp(log_beta_binomial([0, 1, 2], 2, 1.0, 1.0)).round(6).tolist()
    [0.333333, 0.333333, 0.333333]
    """
    k, n, a, b = (np.asarray(value, dtype=np.float64) for value in (k, n, alpha, beta))
    logs: Floats = log_choose(n, k) + special.betaln(k + a, n - k + b) - special.betaln(a, b)
    return logs


def moments(k: NDArray[np.int64], n: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return mean and rho of every row of counts by the method of moments.

    Columns are samples; ``n`` 0 leaves one out. ``rho`` is held between 1e-5 and .2; it is NaN
    with fewer than two samples and where nothing was seen, as the mean is without reads: no
    variance is not an estimate of the variance.
    Source: Kleinman, J Am Stat Assoc 1973, with weights n.

    >>> mean, rho = moments(np.array([[0, 10, 20], [0, 0, 0]]), np.full((2, 3), 100))
    >>> mean.tolist(), rho.round(3).tolist()
    ([0.1, 0.0], [0.102, nan])
    """
    n = n.astype(np.float64)
    total = n.sum(axis=1)
    samples = (n > 0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = k.sum(axis=1) / total
        share = np.where(n > 0, k / n, 0.0)
        size = total / samples
        squares = (n * (share - mean[:, None]) ** 2).sum(axis=1) / ((samples - 1) * size)
        rho = (squares / (mean * (1 - mean)) - 1 / size) / (1 - 1 / size)
    known = (samples > 1) & (mean > 0) & (mean < 1) & (size > 1)
    return mean, np.where(known, np.clip(rho, SMALLEST_RHO, LARGEST_RHO), np.nan)


def upper_tail(k: int, n: int, alpha: Floats, beta: Floats, weights: Floats | None = None) -> float:
    """Return P(K >= k), averaged over beta-binomials with ``weights`` (1 in sum).

    Summed from ``k`` upwards by the ratio of neighbouring probabilities, so that a tail of 1e-30
    keeps its digits; the sum ends where the rest cannot change the tenth digit.

    >>> round(upper_tail(1, 2, np.array([1.0]), np.array([1.0])), 6)
    0.666667
    """
    if k <= 0:
        return 1.0
    if k > n:
        return 0.0
    term = np.exp(log_beta_binomial(k, n, alpha, beta))
    term = term / len(term) if weights is None else term * weights
    total = now = float(term.sum())
    for j in range(k, n):
        term = term * ((n - j) * (j + alpha) / ((j + 1) * (n - j - 1 + beta)))
        before, now = now, float(term.sum())
        total += now
        # Past the mode the terms of each part fall ever faster, except in a beta's own far end;
        # the rest is at most `n - j` terms of this size.
        if now <= before and now * (n - j) < NEGLIGIBLE * total:
            break
    return min(1.0, total)


def mixture_tails(
    k: NDArray[np.int64], n: NDArray[np.int64], weights: Floats, alpha: Floats, beta: Floats
) -> tuple[Floats, Floats]:
    """Return P(K >= k) and P(K = k) of rows of mixtures of beta-binomials.

    ``weights`` (rows, nodes) sum to 1 in each row; ``alpha`` and ``beta`` belong to the nodes.
    Few alternative reads are summed from 0 up, for all rows at once; a tail that this leaves
    without digits, or of many reads, is summed from ``k`` (:func:`upper_tail`).

    >>> tail, at = mixture_tails(
    ...     np.array([0, 1]), np.array([2, 2]), np.ones((2, 1)), np.ones(1), np.ones(1))
    >>> tail.round(6).tolist(), at.round(6).tolist()
    ([1.0, 0.666667], [0.333333, 0.333333])
    """
    tail = np.ones(len(k))
    at = np.zeros(len(k))
    few = np.flatnonzero(k <= FEW)
    if len(few):
        tail[few], at[few] = lower_sums(k[few], n[few], weights[few], alpha, beta)
    for row in np.flatnonzero((k > FEW) | (tail < CANCELLATION)):
        kept = weights[row] > 0
        share, a, b = weights[row, kept], alpha[kept], beta[kept]
        tail[row] = upper_tail(int(k[row]), int(n[row]), a, b, share)
        at[row] = float(share @ np.exp(log_beta_binomial(int(k[row]), int(n[row]), a, b)))
    return tail, at


def lower_sums(
    k: NDArray[np.int64], n: NDArray[np.int64], weights: Floats, alpha: Floats, beta: Floats
) -> tuple[Floats, Floats]:
    """Return 1 - P(K < k) and P(K = k) of rows of mixtures, summing from 0 up to few ``k``."""
    depths, number = np.unique(n, return_inverse=True)
    # P(K = 0) of every depth and node, once.
    start = np.exp(
        special.betaln(alpha[None, :], beta[None, :] + depths[:, None])
        - special.betaln(alpha, beta)[None, :]
    )
    tail = np.ones(len(k))
    at = np.zeros(len(k))
    rows = np.arange(len(k))
    term = weights * start[number]
    for j in range(int(k.max(initial=0)) + 1):
        mass = term.sum(axis=1)
        here = k[rows] == j
        at[rows[here]] = mass[here]
        rows, term, mass = rows[~here], term[~here], mass[~here]
        if not len(rows):
            break
        tail[rows] -= mass
        left = n[rows].astype(np.float64)[:, None] - j
        term = term * (np.maximum(left, 0) * (j + alpha) / ((j + 1) * (left - 1 + beta)))
    return np.clip(tail, 0.0, 1.0), at


def quantile_counts(
    n: NDArray[np.int64],
    weights: Floats,
    alpha: Floats,
    beta: Floats,
    *,
    alpha_level: float,
    least: int = 1,
) -> NDArray[np.int64]:
    """Return the least count of each row with P(K >= count) <= ``alpha_level``, and >= ``least``.

    ``n + 1`` where even ``n`` of ``n`` would not do.
    """
    answer = n + 1
    term = weights * np.exp(
        special.betaln(alpha[None, :], beta[None, :] + n[:, None]) - special.betaln(alpha, beta)
    )
    tail = np.ones(len(n))
    rows = np.arange(len(n))
    for j in range(int(n.max(initial=-1)) + 1):
        done = (tail[rows] <= alpha_level) & (j >= least)
        answer[rows[done]] = j
        going = ~done & (n[rows] > j)
        rows, term = rows[going], term[going]
        if not len(rows):
            break
        tail[rows] -= term.sum(axis=1)
        left = n[rows].astype(np.float64)[:, None] - j
        term = term * (left * (j + alpha) / ((j + 1) * (left - 1 + beta)))
    enough = (answer > n) & (tail <= alpha_level) & (n >= least)
    return np.where(enough, n, answer)
