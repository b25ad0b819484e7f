"""Allelic imbalance of unphased heterozygous SNPs: losses on a grid of levels, and estimates.

A level is the fraction of reads of the allele that has more copies, from .5 up. Which allele of a
SNP that is, is not known, so a SNP's likelihood is the mean of both phases; nothing is folded at
one half, and a level near .5 is not pushed up by noise as the mean of |VAF - .5| would be.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Counts = NDArray[np.int64]

# Levels that are told apart, and the highest: beyond it are errors of sequencing.
LEVELS = 48
HIGHEST = 0.99
# Deviance at which a SNP's loss stops growing, as three standard deviations do for log2 ratios.
CAP = 16.0
# Deviance that bounds a 95 % interval of one parameter (chi-squared, one degree of freedom).
WITHIN = 3.841
# Concentrations that overdispersion is chosen from; the last is hardly more than binomial.
CONCENTRATIONS = (20.0, 50.0, 100.0, 200.0, 400.0, 1000.0, 10_000.0)
# SNPs in a row that are taken to share a level where overdispersion is measured.
WINDOW = 10
# SNPs that tell overdispersion well enough.
ENOUGH = 2000


def level_grid(levels: int = LEVELS) -> Values:
    """Return major-allele fractions from .5 up, in equal steps of their arcsine root.

    On that scale every step is as hard to see as the next (Anscombe 1948).

    >>> level_grid(3).round(3).tolist()
    [0.5, 0.816, 0.99]
    """
    angle = np.linspace(np.pi / 4, np.arcsin(np.sqrt(HIGHEST)), levels)
    return np.asarray(np.sin(angle) ** 2, dtype=np.float64)


def deviances(
    ref: Counts, alt: Counts, levels: Values, *, center: float = 0.5, concentration: float = 200.0
) -> Values:
    """Return minus twice the log-likelihood of each SNP at each level, shape (SNPs, levels).

    ``ref`` and ``alt`` count reads. At level f the reference allele has log-odds of
    ``logit(center) + logit(f)`` or ``logit(center) - logit(f)``, each phase with half the
    probability; counts follow the beta-binomial distribution with this concentration.
    ``center`` is the reference's share of reads at a balanced SNP (mapping favours it).

    >>> deviances(np.array([50]), np.array([50]), np.array([0.5, 0.9])).argmin()
    np.int64(0)
    """
    # Where no SNP is given, starting must not wait for SciPy.
    from scipy.special import betaln

    odds = np.log(levels / (1 - levels))
    bias = np.log(center / (1 - center))
    counted_ref, counted_alt = ref[:, None].astype(float), alt[:, None].astype(float)
    phases = []
    for sign in (1.0, -1.0):
        share = 1 / (1 + np.exp(-(bias + sign * odds)))
        first, second = concentration * share, concentration * (1 - share)
        phases.append(betaln(counted_ref + first, counted_alt + second) - betaln(first, second))
    both: Values = np.logaddexp(phases[0], phases[1]) - np.log(2.0)
    return -2 * both


@dataclass(frozen=True)
class LossTable:
    """Capped losses of SNPs at each level; SNPs with equal counts share a row of ``table``."""

    levels: Values
    table: Values
    row: Counts

    def of(self, snps: NDArray[np.int64] | slice) -> Values:
        """Return the losses of these SNPs, shape (SNPs, levels)."""
        return self.table[self.row[snps]]

    def total(self, first: int, last: int) -> Values:
        """Return the summed loss at each level of SNPs ``first`` to ``last``, the last left out."""
        counted = np.bincount(self.row[first:last], minlength=len(self.table))
        held = np.flatnonzero(counted)
        return np.asarray(counted[held] @ self.table[held], dtype=np.float64)


def loss_table(
    ref: Counts,
    alt: Counts,
    *,
    center: float = 0.5,
    concentration: float = 200.0,
    cap: float = CAP,
) -> LossTable:
    """Return the losses of SNPs: deviance above a SNP's own best level, at most ``cap``.

    A SNP that fits no level of its segment (a wrong genotype, a paralogue) costs no more than the
    cap. A SNP without reads costs nothing anywhere.
    """
    levels = level_grid()
    pairs, row = np.unique(ref * (1 << 32) + alt, return_inverse=True)
    found = deviances(
        pairs >> 32, pairs & ((1 << 32) - 1), levels, center=center, concentration=concentration
    )
    found -= found.min(axis=1, keepdims=True) if len(found) else 0.0
    return LossTable(levels, np.minimum(found, cap), row.reshape(-1))


def overdispersion(
    ref: Counts, alt: Counts, *, center: float = 0.5, balanced: bool = False
) -> float:
    """Return the concentration that explains how neighbouring SNPs differ.

    Ten SNPs in a row are taken to share a level; of those runs the one in ten that fits worst has
    no say. ``balanced`` SNPs are known to be in balance (a normal's): only there can scatter of
    SNPs be told from a slight imbalance of all of them. Returns 200, as CNVkit assumes, where there
    are fewer than 100 SNPs.
    """
    runs = min(len(ref), ENOUGH) // WINDOW
    if runs < 10:
        return 200.0
    starts = np.linspace(0, len(ref) - WINDOW, runs).astype(np.int64)
    rows = (starts[:, None] + np.arange(WINDOW)).ravel()
    levels = np.array([0.5]) if balanced else level_grid(20)
    scores = []
    for value in CONCENTRATIONS:
        found = deviances(ref[rows], alt[rows], levels, center=center, concentration=value)
        scores.append(found.reshape(runs, WINDOW, -1).sum(axis=1).min(axis=1))
    # What a run costs under its best concentration tells which ones nothing explains.
    table = np.array(scores)
    order = np.argsort(table.min(axis=0), kind="stable")
    kept = table[:, order[: runs - runs // 10]].sum(axis=1)
    return CONCENTRATIONS[int(kept.argmin())]


@dataclass(frozen=True)
class Imbalance:
    """Major-allele fraction of a segment, its interval, the least loss and the test's p-value."""

    level: float
    low: float
    high: float
    loss: float
    p_value: float


def least(total: Values) -> tuple[float, float]:
    """Return where on the grid (between points, too) a summed loss is least, and how low it is.

    A parabola through the lowest point and its neighbours, in the square of the place: near
    balance, where both phases overlap, the loss is smooth in that.

    >>> least(np.array([16.0, 9.0, 0.0, 25.0, 144.0]))
    (2.0, 0.0)
    """
    at = int(total.argmin())
    first = min(max(at - 1, 0), len(total) - 3)
    a, b, c = (float(place * place) for place in range(first, first + 3))
    low, middle, high = (float(value) for value in total[first : first + 3])
    rise, fall = (high - middle) / (c - b), (middle - low) / (b - a)
    bend = (rise - fall) / (c - a)
    if bend <= 0:
        return float(at), float(total[at])
    square = (a + b) / 2 - fall / (2 * bend)
    square = min(max(square, a), c)
    lowest = low + fall * (square - a) + bend * (square - a) * (square - b)
    return float(square**0.5), min(lowest, float(total[at]))


def imbalance(total: Values, levels: Values, *, within: float = WITHIN) -> Imbalance:
    """Return level, interval and test of balance from the summed loss of a segment's SNPs.

    The interval holds levels whose loss is at most ``within`` above the least. The p-value is of
    the likelihood ratio against balance, half a chi-squared of one degree of freedom, since
    balance lies on the border (Chernoff 1954). Where balance is not refused at 5 % the level is
    .5: the most likely level of unphased SNPs lies above .5 by chance alone in half of all
    balanced segments, and its mean would be too high.
    """
    place, lowest = least(total)
    ratio = max(0.0, float(total[0]) - lowest)
    p_value = erfc((ratio / 2) ** 0.5) / 2 if ratio > 0 else 1.0
    bounds = [crossing(total, place, lowest + within, step) for step in (-1, 1)]
    angles = np.arcsin(np.sqrt(levels))
    spots = np.interp([place if p_value < 0.05 else 0.0, *bounds], np.arange(len(levels)), angles)
    level, low, high = (np.sin(spots) ** 2).tolist()
    return Imbalance(level=level, low=low, high=high, loss=lowest, p_value=p_value)


def crossing(total: Values, place: float, limit: float, step: int) -> float:
    """Return where the summed loss first exceeds ``limit`` on one side of ``place``."""
    end = 0 if step < 0 else len(total) - 1
    at = int(np.floor(place)) if step < 0 else int(np.ceil(place))
    inner, loss = place, limit - WITHIN
    while total[at] <= limit:
        if at == end:
            return float(end)
        inner, loss = float(at), float(total[at])
        at += step
    # Between the two the loss rises by the squared distance from the least.
    near, far = (inner - place) ** 2, (at - place) ** 2
    share = (limit - loss) / max(float(total[at]) - loss, 1e-12)
    return float(place + step * (near + (far - near) * min(1.0, share)) ** 0.5)
