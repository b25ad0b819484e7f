"""How much more than chance read shares scatter between sites, learnt where instability is rare.

Amplification from few molecules, misplaced reads and another person's DNA make single lengths
appear by bursts. A burst at a shorter length looks like instability; but instability hardly ever
adds two units or more, so what is seen there tells how far bursts go in this sample.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tumorkit.msi.stutter import NOISE, STEPS, Floats, Shape

# Units gained beyond the longer of the reference's and the site's own length.
GAINS = (2, 3, 4)
OVERDISPERSIONS = (0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032)
# How many gained reads there are against the model's; a sample without any scatters no more for it.
SCALES = (0.02, 0.1, 0.3, 1.0, 3.0)
LEAST_STRAY, MOST_STRAY = 0.5, 3.0
# Centre and standard deviation of the log overdispersion: unique molecules scatter little.
USUAL, USUAL_SD = 0.001, 1.0
# Share of sites with a gained length of their own: germline, or one of the few true gains.
OWN = 0.04
MOST_SITES = 400

log_gamma = np.frompyfunc(math.lgamma, 1, 1)


def scatter(
    steps: NDArray[np.int64], rates: Floats, shape: Shape, least: float
) -> tuple[float, float]:
    """Return the likeliest overdispersion, at least ``least``, and share of stray reads.

    ``steps`` are reads by site and ``STEPS``, ``rates`` the sites' expected stutter. Reads of a
    gained length are beta-binomial around what stutter and stray reads give.

    >>> calm = np.zeros((80, STEPS.size), dtype=np.int64)
    >>> calm[:, STEPS == 0] = 500
    >>> wild = calm.copy()
    >>> wild[::6, STEPS == 3] = 12
    >>> rates = np.full(80, 0.02)
    >>> scatter(calm, rates, Shape(), 0.001)[0], scatter(wild, rates, Shape(), 0.001)[0] > 0.003
    (0.001, True)
    """
    if len(rates) > MOST_SITES:
        rows = np.linspace(0, len(rates) - 1, MOST_SITES).astype(np.int64)
        steps, rates = steps[rows], rates[rows]
    zero = int(np.flatnonzero(STEPS == 0)[0])
    own = np.maximum(steps.argmax(axis=1), zero)
    depth = steps.sum(axis=1)
    columns = own[:, None] + np.array(GAINS)
    inside = columns < STEPS.size - 1
    seen = np.take_along_axis(steps, np.minimum(columns, STEPS.size - 1), axis=1)[inside]
    total = np.broadcast_to(depth[:, None], inside.shape)[inside]
    size = np.array(GAINS) - 1
    up = rates[:, None] * (1 - shape.down) * (1 - shape.tail_up) * shape.tail_up**size
    best, found = -np.inf, (least, NOISE)
    for scale in SCALES:
        chance = np.minimum(scale * (up + NOISE / STEPS.size), 0.5)[inside]
        stray = float(np.clip(scale, LEAST_STRAY, MOST_STRAY))
        for value in OVERDISPERSIONS:
            logs = beta_binomial_logs(seen, total, chance, value)
            mixed = np.logaddexp(np.log1p(-OWN) + logs, math.log(OWN) - np.log1p(total))
            held = (math.log(value / USUAL) / USUAL_SD) ** 2 / 2
            score = float(mixed.sum()) - held
            if score > best:
                best, found = score, (max(value, least), stray * NOISE)
    return found


def beta_binomial_logs(
    seen: NDArray[np.int64], total: NDArray[np.int64], chance: Floats, overdispersion: float
) -> Floats:
    """Return log probabilities of counts under a beta-binomial with a mean and overdispersion."""
    weight = 1 / overdispersion - 1
    a, b = weight * chance, weight * (1 - chance)
    parts = (
        log_gamma(total + 1) - log_gamma(seen + 1) - log_gamma(total - seen + 1)
        + log_gamma(seen + a) - log_gamma(a) + log_gamma(total - seen + b) - log_gamma(b)
        - log_gamma(total + weight) + math.lgamma(weight)
    )  # fmt: skip
    return np.asarray(parts, dtype=np.float64)
