"""Exact statistics of counts."""

from __future__ import annotations

from tumorkit.core.late import special


def garwood_interval(count: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a Poisson mean given one count.

    Garwood 1936: exact, so it stays honest at 0 to 3 events.

    >>> [round(limit, 3) for limit in garwood_interval(8)]
    [3.454, 15.763]
    >>> round(garwood_interval(0)[1], 3)
    3.689
    """
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(special.gammaincinv(count, tail))
    return low, float(special.gammaincinv(count + 1, 1 - tail))


def probability_mean_above(count: int, mean: float) -> float:
    """Return P(true mean >= ``mean``) given one Poisson count, under Jeffreys' prior.

    >>> round(probability_mean_above(8, 8.0), 4)
    0.5238
    """
    return float(special.gammaincc(count + 0.5, mean))
