"""Rates of events of which nobody knows for sure how many were seen.

Each candidate event is one with a probability. The probabilities were made with a common rate that
was learned from the same candidates; how well they tell it is part of the uncertainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.late import special
from tumorkit.core.poisson import garwood_interval
from tumorkit.core.rates import bisect, exposure_nodes

Values = NDArray[np.float64]
SURE = 1e-9  # probabilities beyond it are 0 or 1
SHIFTS = 15  # nodes over the common shift of log odds
# Candidates of an exome seem to tell the common odds better; errors of the model itself (bias of
# single sites, subclones, wrong copies) shift them by about as much (docs/methods/tmb.md).
LEAST_LOG_SD = 0.4
RATE_LOG_SD = 1.5  # how far the log rates of a sample stray before it is looked at
EXACT = 400  # candidates up to which the counts are convolved one by one
SPANS = 8.0  # standard deviations of a long sum that are kept
MOST_SHIFT = 6.0


@dataclass(frozen=True)
class CountDistribution:
    """How many events there were: ``counts`` (rising whole numbers) with ``weights`` (sum 1)."""

    counts: NDArray[np.int64]
    weights: Values

    @property
    def mean(self) -> float:
        """Expected number of events."""
        return float(self.counts @ self.weights)

    @property
    def variance(self) -> float:
        """Variance of that number."""
        return float(self.weights @ (self.counts - self.mean) ** 2)


def certain(count: int) -> CountDistribution:
    """Return the distribution of a number that is known."""
    return CountDistribution(np.array([count], dtype=np.int64), np.ones(1))


def sum_of_events(probabilities: Sequence[float] | Values) -> CountDistribution:
    """Return how many of independent events happen (Poisson-binomial).

    Exact up to 400 unsure events; of more a normal distribution cut to whole numbers.

    >>> found = sum_of_events([0.5, 0.5, 1.0])
    >>> found.counts.tolist(), found.weights.tolist()
    ([1, 2, 3], [0.25, 0.5, 0.25])
    """
    p = np.asarray(probabilities, dtype=np.float64)
    sure = int((p > 1 - SURE).sum())
    p = p[(p >= SURE) & (p <= 1 - SURE)]
    if len(p) > EXACT:
        mean, sd = sure + p.sum(), float(np.sqrt((p * (1 - p)).sum()))
        low = max(sure, int(mean - SPANS * sd) - 1)
        counts = np.arange(low, min(sure + len(p), int(mean + SPANS * sd) + 2) + 1)
        edges = special.ndtr((np.append(counts, counts[-1] + 1) - 0.5 - mean) / max(sd, 1e-6))
        weights = np.diff(edges)
        return CountDistribution(counts.astype(np.int64), weights / weights.sum())
    weights = np.ones(1)
    for one in p.tolist():
        weights = np.append(weights * (1 - one), 0.0) + np.append(0.0, weights * one)
    return CountDistribution(np.arange(sure, sure + len(weights), dtype=np.int64), weights)


def common_log_sd(probabilities: Sequence[float] | Values) -> float:
    """Return how well the candidates tell the odds that are common to all of them.

    The standard deviation of a shift of all log odds. Of n candidates, a share b of which are
    events, the information on the shift is n b (1 - b) - sum p (1 - p): nothing where no candidate
    can be told from the others, all where each is certain. To it comes the information of the
    prior: two rates that stray independently by 1.5 in natural logarithms.

    >>> round(common_log_sd([0.5] * 50), 2), round(common_log_sd([0.0, 1.0] * 50), 2)
    (2.12, 0.2)
    """
    p = np.clip(np.asarray(probabilities, dtype=np.float64), 0.0, 1.0)
    share = float(p.mean()) if len(p) else 0.0
    information = len(p) * share * (1 - share) - float((p * (1 - p)).sum())
    return float((max(0.0, information) + 1 / (2 * RATE_LOG_SD**2)) ** -0.5)


def events_of(
    probabilities: Sequence[float] | Values, log_sd: float | None = None
) -> CountDistribution:
    """Return how many candidates are events, with the doubt in what is common to them.

    The log odds of all are shifted together by a normal variable of ``log_sd``
    (:func:`common_log_sd`, at least 0.4, where None) and mean 0.

    >>> found = events_of([0.5] * 20, 0.0)
    >>> round(found.mean, 3), round(found.variance, 3)
    (10.0, 5.0)
    >>> events_of([0.5] * 20, 1.0).variance > 5
    True
    """
    p = np.asarray(probabilities, dtype=np.float64)
    spread = max(LEAST_LOG_SD, common_log_sd(p)) if log_sd is None else log_sd
    unsure = p[(p >= SURE) & (p <= 1 - SURE)]
    sure = int((p > 1 - SURE).sum())
    if len(unsure) == 0:
        return certain(sure)
    if spread <= 0:
        return moved(sum_of_events(unsure), sure)
    points, masses = np.polynomial.hermite_e.hermegauss(SHIFTS)
    logits = special.logit(unsure)
    total = np.zeros(len(unsure) + 1)
    for point, mass in zip(np.clip(points * spread, -MOST_SHIFT, MOST_SHIFT), masses, strict=True):
        one = sum_of_events(special.expit(logits + point))
        total[one.counts] += mass * one.weights
    kept = np.flatnonzero(total > SURE * total.max())
    span = np.arange(kept[0], kept[-1] + 1, dtype=np.int64)
    weights = total[span] / total[span].sum()
    return moved(CountDistribution(span, weights), sure)


def moved(found: CountDistribution, by: int) -> CountDistribution:
    """Return a distribution with a number added."""
    return CountDistribution(found.counts + by, found.weights)


def uncertain_rate_interval(
    found: CountDistribution, exposure: float, *, exposure_cv: float = 0.0, level: float = 0.95
) -> tuple[float, float]:
    """Return the interval of a rate of which the count is a distribution.

    The tails of Garwood's interval, averaged over the counts (and over the exposure where it has
    a relative standard deviation), are inverted; of one sure count it is Garwood's interval.

    >>> [round(limit, 3) for limit in uncertain_rate_interval(certain(8), 0.8)]
    [4.317, 19.704]
    >>> uncertain_rate_interval(sum_of_events([0.5] * 16), 0.8)[1] > 19.704
    True
    """
    counts, weights = found.counts, found.weights
    if len(counts) == 1 and exposure_cv <= 0:
        low, high = garwood_interval(int(counts[0]), level)
        return low / exposure, high / exposure
    tail = (1 - level) / 2
    scales, mass = exposure_nodes(exposure, exposure_cv)
    some = counts > 0

    def at_most(rate: float) -> float:
        return float(weights @ special.gammaincc(counts[:, None] + 1.0, rate * scales) @ mass)

    def at_least(rate: float) -> float:
        above = special.gammainc(counts[some][:, None], rate * scales)
        return float(weights[some] @ above @ mass + weights[~some].sum())

    ceiling = 2 * garwood_interval(int(counts[-1]), level)[1] / float(scales.min()) + 1
    high = bisect(lambda rate: at_most(rate) - tail, ceiling)
    if at_least(0.0) >= tail:
        return 0.0, high
    return bisect(lambda rate: tail - at_least(rate), ceiling), high


def probability_uncertain_rate_above(
    found: CountDistribution, exposure: float, limit: float, *, exposure_cv: float = 0.0
) -> float:
    """Return P(true rate >= ``limit``) under Jeffreys' prior, averaged over the counts.

    >>> round(probability_uncertain_rate_above(certain(8), 0.8, 10), 4)
    0.5238
    """
    scales, mass = exposure_nodes(exposure, exposure_cv)
    above = special.gammaincc(found.counts[:, None] + 0.5, limit * scales)
    return min(1.0, float(found.weights @ above @ mass))
