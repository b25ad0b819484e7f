"""Rates of events per exposure, where some events are background and the exposure is not exact."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.late import special
from tumorkit.core.poisson import garwood_interval, probability_mean_above

NODES = 21
NEGLIGIBLE = 1e-6


def rate_interval(
    count: int,
    exposure: float,
    *,
    background: float = 0.0,
    background_sd: float = 0.0,
    exposure_cv: float = 0.0,
    level: float = 0.95,
) -> tuple[float, float]:
    """Return the exact interval of a rate given one count.

    ``count`` events were seen in ``exposure``; of them ``background`` are expected to come from
    another source, with standard deviation ``background_sd`` of that expectation (gamma). The
    exposure is known with the relative standard deviation ``exposure_cv`` (log-normal).
    Without background and with an exact exposure this is Garwood's interval divided by the
    exposure. Otherwise the tails of the count's distribution, averaged over background and
    exposure, are inverted; the upper tail is divided by the probability of so few events from
    background alone (Read 2002), so that a count below the background never gives an empty
    interval.

    >>> [round(limit, 3) for limit in rate_interval(8, 0.8)]
    [4.317, 19.704]
    >>> rate_interval(0, 0.8)[0], round(rate_interval(0, 0.8)[1], 3)
    (0.0, 4.611)
    >>> rate_interval(0, 1.0, background=6)[1] > 3.6
    True
    """
    if background <= 0 and exposure_cv <= 0:
        low, high = garwood_interval(count, level)
        return low / exposure, high / exposure
    tail = (1 - level) / 2
    weights = background_weights(count, background, background_sd)
    scales, mass = exposure_nodes(exposure, exposure_cv)

    def at_most(rate: float, events: int) -> float:
        means = rate * scales
        below = special.gammaincc(
            np.arange(events + 1, events + 1 - len(weights[: events + 1]), -1)[:, None], means
        )
        return float(weights[: events + 1] @ below @ mass)

    none = at_most(0.0, count)
    # The wide bracket: without background the limits can only be higher.
    ceiling = 2 * garwood_interval(count, level)[1] / float(scales.min()) + 1
    high = bisect(lambda rate: at_most(rate, count) - tail * none, ceiling)
    if count == 0 or 1 - at_most(0.0, count - 1) >= tail:
        return 0.0, high
    low = bisect(lambda rate: at_most(rate, count - 1) - (1 - tail), ceiling)
    return low, high


def probability_rate_above(
    count: int,
    exposure: float,
    limit: float,
    *,
    background: float = 0.0,
    background_sd: float = 0.0,
    exposure_cv: float = 0.0,
) -> float:
    """Return P(true rate >= ``limit``) given one count, under Jeffreys' prior.

    Arguments as in :func:`rate_interval`. With background the posterior is a mixture over how
    many of the events are background, each with its gamma posterior.

    >>> round(probability_rate_above(8, 0.8, 10), 4)
    0.5238
    >>> round(probability_rate_above(12, 1.19, 10), 3)
    0.531
    >>> probability_rate_above(14, 1.19, 10, background=2) < probability_rate_above(14, 1.19, 10)
    True
    """
    if background <= 0 and exposure_cv <= 0:
        return probability_mean_above(count, limit * exposure)
    weights = background_weights(count, background, background_sd)
    events = np.arange(count, count - len(weights), -1)
    # Evidence of `events` signal counts under Jeffreys' prior: gamma(n + 1/2) / n!
    evidence = np.exp(special.gammaln(events + 0.5) - special.gammaln(events + 1.0))
    share = weights * evidence
    total = float(share.sum())
    if total <= 0:  # The background explains far more than was seen: nothing is left for signal.
        share, total = np.eye(1, len(weights), len(weights) - 1)[0], 1.0
    scales, mass = exposure_nodes(exposure, exposure_cv)
    above = special.gammaincc(events[:, None] + 0.5, limit * scales)
    return min(1.0, float(share / total @ above @ mass))


def background_weights(count: int, mean: float, sd: float) -> NDArray[np.float64]:
    """Return P(background = 0, 1, ... ``count``): Poisson, or negative binomial with a spread.

    >>> background_weights(2, 0.0, 0.0).tolist()
    [1.0]
    """
    if mean < NEGLIGIBLE:
        return np.ones(1)
    # Beyond 40 standard deviations nothing is left; an exome's count needs no longer sum.
    spread = (mean + sd**2) ** 0.5
    events = np.arange(min(count, int(mean + 40 * spread) + 10) + 1, dtype=np.float64)
    if sd < NEGLIGIBLE * mean:
        logs = events * np.log(mean) - mean - special.gammaln(events + 1)
    else:
        shape = (mean / sd) ** 2
        logs = (
            special.gammaln(events + shape)
            - special.gammaln(shape)
            - special.gammaln(events + 1)
            + shape * np.log(shape / (shape + mean))
            + events * np.log(mean / (shape + mean))
        )
    weights: NDArray[np.float64] = np.exp(logs)
    return weights


def exposure_nodes(exposure: float, cv: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return exposures and their weights: one exact exposure, or a log-normal by quadrature."""
    if cv <= 0:
        return np.array([exposure]), np.ones(1)
    points, weights = np.polynomial.hermite_e.hermegauss(NODES)
    sigma = np.sqrt(np.log1p(cv**2))
    return exposure * np.exp(sigma * points), weights / weights.sum()


def bisect(function: Callable[[float], float], high: float) -> float:
    """Return the root of a falling function between 0 and about ``high``."""
    low = 0.0
    while function(high) > 0:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
