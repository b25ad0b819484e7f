"""How many false findings a list of findings holds, and where to end it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
# Means that differ only by rounding are the same.
ROUNDING = 1e-12


def false_discovery_threshold(errors: Values, alpha: float) -> float:
    """Return the largest error probability to accept, so that the mean of the accepted is small.

    ``errors`` are probabilities that a finding is false (NaN is left out). The findings with
    errors up to the threshold have a mean, the expected false discovery rate, of at most
    ``alpha``; findings with equal errors stay together. 1.0 where all may be accepted, 0.0 where
    none may. (Bayesian false discovery rate: Newton et al., Biostatistics 2004.)

    >>> false_discovery_threshold(np.array([0.01, 0.01, 0.05, 0.01, 0.3, 0.4]), 0.1)
    0.3
    >>> false_discovery_threshold(np.array([0.01] * 5), 0.05)
    1.0
    """
    ranked = np.sort(errors[~np.isnan(errors)])
    last = _ends_of_ties(ranked)
    if len(last) == 0:
        return 1.0
    mean = np.cumsum(ranked)[last] / (last + 1)
    accepted = np.flatnonzero(mean <= alpha + ROUNDING)
    if len(accepted) == 0:
        return 0.0
    end = int(last[accepted[-1]])
    return 1.0 if end == len(ranked) - 1 else float(ranked[end])


def f_score_threshold(errors: Values, beta: float = 1.0) -> float:
    """Return the error probability up to which acceptance maximises the expected F score.

    ``beta`` above 1 weighs recall more, below 1 precision. With true positives t = sum(1 - p) of
    the accepted, of T in all, and n accepted: F = (1 + beta^2) t / (beta^2 T + n). Ties stay
    together; of equal scores the stricter wins; 1.0 where all are accepted, 0.0 where none is
    worth it. NaN is left out.

    >>> f_score_threshold(np.array([0.01, 0.02, 0.99, 0.99]))
    0.02
    """
    ranked = np.sort(errors[~np.isnan(errors)])
    last = _ends_of_ties(ranked)
    if len(last) == 0:
        return 1.0
    true = np.cumsum(1 - ranked)
    if true[-1] <= 0:
        return 0.0
    score = true[last] / (beta**2 * true[-1] + last + 1)
    best = int(np.flatnonzero(score >= score.max() - ROUNDING)[0])
    end = int(last[best])
    return 1.0 if end == len(ranked) - 1 else float(ranked[end])


def expected_false(errors: Values, accepted: NDArray[np.bool_]) -> float:
    """Return the expected number of false findings among the accepted; NaN counts as unknown: 0.

    >>> expected_false(np.array([0.1, 0.2, 0.9]), np.array([True, True, False]))
    0.30000000000000004
    """
    return float(np.nansum(errors[accepted]))


def adjusted_p(p: Values) -> Values:
    """Return q-values of p-values by Benjamini and Hochberg (1995); NaN stays NaN.

    The q-value of a finding is the least false discovery rate at which it is accepted.

    >>> adjusted_p(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    found = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    if len(order) == 0:
        return found
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    found[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1.0)
    return found


def _ends_of_ties(ranked: Values) -> NDArray[np.int64]:
    """Return the index of the last of each run of equal values."""
    if len(ranked) == 0:
        return np.empty(0, dtype=np.int64)
    return np.append(np.flatnonzero(np.diff(ranked) > 0), len(ranked) - 1)
