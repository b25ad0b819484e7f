"""Purity and ploidy with what follows from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Solution:
    """One solution: a hill of the posterior, its weight and its 95 % ranges.

    ``doubled`` is the probability that the genome was doubled, if this solution holds.
    """

    purity: float
    ploidy: float
    weight: float
    purity_low: float
    purity_high: float
    ploidy_low: float
    ploidy_high: float
    doubled: float


@dataclass(frozen=True, kw_only=True)
class GridPoint:
    """A point of the posterior; the weights of all points sum to 1."""

    purity: float
    ploidy: float
    weight: float
    doubled: float
