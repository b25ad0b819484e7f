"""How often sequencing itself changes a repeat's length, and how a changed repeat looks.

Stutter: a share ``rate`` of reads has a wrong length, ``down`` of them too short, with geometric
step sizes (the form of HipSTR: Willems et al. 2017, Nature Methods 14:590). The rate grows with
the number of units L above 6: log rate = log .004 + 1.5 log(L - 6) for homopolymers, a third of it
for longer units. These are the shipped prior's centres, taken from published simulations of
homopolymer slippage; that rates grow steeply with length and fall with the unit's length is what
Fungtammasan et al. 2015 (Genome Research 25:736) measured. Every sample moves them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Units gained or lost that are told apart; what lies beyond is counted at the ends.
STEPS = np.arange(-16, 13)
# Log of a site's stutter rate against its prior: the nodes over which it is integrated.
NODES = np.linspace(-1.8, 1.8, 13)
# Longest difference between a read's step and a hypothesis' shift.
REACH = 30
MAX_RATE = 0.6
PRIOR_RATE, PRIOR_POWER, LONG_UNIT = 0.004, 1.5, 1 / 3
# Share of reads with any length at all: chimeras, misplaced reads, errors beside stutter.
NOISE = 0.004
# Sites differ in the size of their steps as in their rate: factors of the tails, and their shares.
TAILS = ((0.4, 0.2), (1.0, 0.45), (2.0, 0.25), (3.2, 0.1))
LONGEST_TAIL = 0.6
SHIFTS = np.arange(-12, 7)
FRACTIONS = (0.03, 0.05, 0.08, 0.13, 0.2, 0.3, 0.45, 0.65, 0.9)
# Chance of a germline length other than the reference's, and of two lengths at once, by the gap.
OTHER_LENGTH = 0.05
GAPS = {1: 0.3, 2: 0.12, 3: 0.05, 4: 0.03}
# Lost copies of the tumour tilt the two alleles of a heterozygote.
BALANCES = {0.5: 0.5, 0.33: 0.25, 0.67: 0.25}


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Direction and step sizes of stutter: share of losses, and how likely a step is followed.

    ``noise`` is the share of stray reads, with any length.
    """

    down: float = 0.8
    tail_down: float = 0.125
    tail_up: float = 0.05
    noise: float = NOISE

    def tailed(self, factor: float) -> Shape:
        """Return the shape of a site whose steps are followed ``factor`` times as likely."""
        down, up = (min(tail * factor, LONGEST_TAIL) for tail in (self.tail_down, self.tail_up))
        return replace(self, tail_down=down, tail_up=up)


@dataclass(frozen=True, kw_only=True)
class Hypotheses:
    """What a site may be: a mixture over shifted copies of its stutter, one row a hypothesis.

    ``weights`` says how much of the reads belongs to each of ``SHIFTS``; ``shifted`` marks the
    unstable ones, whose ``fraction`` of the reads moved; ``prior`` is the share of each among the
    unstable (or among the others).
    """

    weights: Floats
    shifted: NDArray[np.bool_]
    fraction: Floats
    prior: Floats
    center: Floats


def prior_rate(repeats: NDArray[np.int64], unit: NDArray[np.int64]) -> Floats:
    """Return the shipped stutter rate of tracts by number of units and length of the unit.

    >>> prior_rate(np.array([8, 10, 10]), np.array([1, 1, 3])).round(4).tolist()
    [0.0113, 0.032, 0.0107]
    """
    grown = PRIOR_RATE * np.maximum(repeats - 6, 1) ** PRIOR_POWER
    return np.minimum(grown * np.where(unit == 1, 1.0, LONG_UNIT), MAX_RATE)


def stutter_kernel(rates: Floats, shape: Shape) -> Floats:
    """Return the distribution of reads over steps of -``REACH`` to ``REACH``, a row a rate.

    >>> row = stutter_kernel(np.array([0.1]), Shape())[0]
    >>> float(row[REACH].round(3)), float(row[REACH - 1].round(3)), round(float(row.sum()), 6)
    (0.893, 0.07, 1.0)
    """
    size = np.arange(REACH)
    down = (1 - shape.tail_down) * shape.tail_down**size
    up = (1 - shape.tail_up) * shape.tail_up**size
    row = np.concatenate([shape.down * down[::-1], [0.0], (1 - shape.down) * up])
    rates = np.minimum(rates, MAX_RATE)[:, None]
    kernel = rates * row
    kernel[:, REACH] = 1 - rates[:, 0]
    kernel = (1 - shape.noise) * kernel + shape.noise / STEPS.size
    kernel /= kernel.sum(axis=1, keepdims=True)
    return np.asarray(kernel, dtype=np.float64)


def expected(kernel: Floats, weights: Floats) -> Floats:
    """Return read shares over ``STEPS`` for each row of a kernel and each hypothesis' weights."""
    at = STEPS[None, :] - SHIFTS[:, None] + REACH
    moved = kernel[:, at]  # rate, shift, step
    shares: Floats = np.tensordot(weights, moved, axes=([1], [1])).transpose(1, 0, 2)
    # What lies beyond the steps is counted at their ends.
    return np.asarray(shares / shares.sum(axis=2, keepdims=True), dtype=np.float64)


def shift_profiles() -> tuple[Floats, Floats]:
    """Return how shifted reads lie over ``SHIFTS``, one row a profile, and their prior shares.

    Single steps, and spread contractions as of many clones. Nine in ten shifts are contractions
    (as in mismatch-repair deficiency); those of one to three units are the most frequent.
    """
    rows, shares = [], []
    for step in (*range(-8, 0), 1, 2):
        row = (step == SHIFTS).astype(float)
        rows.append(row)
        shares.append(0.7 * 0.72 ** (-step) if step < 0 else 0.12 * 0.4**step)
    for mean in (1.6, 2.5, 4.0):
        tail = 1 - 1 / mean
        row = np.where(SHIFTS < 0, tail ** np.maximum(-SHIFTS - 1.0, 0), 0.0)
        rows.append(row / row.sum())
        shares.append(0.25)
    prior = np.array(shares)
    return np.array(rows), prior / prior.sum()


def unstable_hypotheses(max_fraction: float, min_fraction: float = 0.0) -> Hypotheses:
    """Return shifted fractions from ``min_fraction`` to ``max_fraction`` with every profile."""
    profiles, shares = shift_profiles()
    # Half a step above the limit still explains a fraction just below it.
    allowed = [f for f in FRACTIONS if min_fraction <= f <= 1.25 * max_fraction]
    allowed = allowed or [min(FRACTIONS, key=lambda f: abs(f - max_fraction))]
    rest = (SHIFTS == 0).astype(float)
    weights = [(1 - f) * rest + f * row for f in allowed for row in profiles]
    count = len(allowed)
    return Hypotheses(
        weights=np.array(weights),
        shifted=np.ones(count * len(profiles), dtype=bool),
        fraction=np.repeat(allowed, len(profiles)),
        prior=np.tile(shares, count) / count,
        center=np.tile(profiles @ SHIFTS, count),
    )


def germline_hypotheses() -> Hypotheses:
    """Return one length, and two lengths at the gaps and balances that germline has."""
    weights = [(SHIFTS == 0).astype(float)]
    prior = [0.0]
    for gap, share in GAPS.items():
        for sign in (-1, 1):
            for balance, chance in BALANCES.items():
                row = (1 - balance) * (sign * gap == SHIFTS) + balance * (SHIFTS == 0)
                weights.append(row)
                prior.append(share * chance)
    shares = np.array(prior)
    count = len(weights)
    return Hypotheses(
        weights=np.array(weights),
        shifted=np.zeros(count, dtype=bool),
        fraction=np.zeros(count),
        prior=shares / shares.sum(),
        center=np.zeros(count),
    )


def base_prior(step: int) -> float:
    """Return the chance that a person's own length lies ``step`` units from the reference's."""
    return 1 - OTHER_LENGTH if step == 0 else OTHER_LENGTH / 2 * 0.5 ** abs(step)
