"""Exact intervals of a proportion."""

from __future__ import annotations

from tumorkit.core.late import special


def clopper_pearson(count: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a proportion: ``count`` of ``total`` (above 0).

    Both binomial tails are inverted (Clopper and Pearson, Biometrika 1934), so the interval covers
    the truth at least as often as ``level`` says, however small the counts.

    >>> [round(limit, 4) for limit in clopper_pearson(9, 10)]
    [0.555, 0.9975]
    >>> clopper_pearson(0, 20)[0], round(clopper_pearson(0, 20)[1], 4)
    (0.0, 0.1684)
    """
    tail = (1 - level) / 2
    low = special.betaincinv(count, total - count + 1, tail) if count else 0.0
    high = special.betaincinv(count + 1, total - count, 1 - tail) if count < total else 1.0
    return float(low), float(high)
