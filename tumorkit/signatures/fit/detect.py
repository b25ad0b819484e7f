"""From which share a process would be found, with so many mutations on this territory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.signatures.fit.model import Model
from tumorkit.signatures.processes import BACKGROUND, canonical

Values = NDArray[np.float64]
# Counts for which shares are computed; between them the logarithm of the share is interpolated.
NODES = (20, 35, 60, 100, 180, 320, 560, 1000, 1800, 3200, 10_000)
STEPS = 6
# Where the expected counts give log odds of L, counts drawn at random give log odds that spread
# by about sqrt(2 G), G being the gain in log likelihood. With a hurdle of about 5 nats, odds of 19
# for the expected counts are passed by four of five random ones (Asimov data: Cowan 2011, European
# Physical Journal C 71:1554).
SURE = 0.95


def clock_like(model: Model) -> Values:
    """Return the spectrum beside which a process is looked for: the clock-like signatures."""
    rows = [at for at, name in enumerate(model.names) if canonical(name) in BACKGROUND]
    found: Values = model.table[rows].mean(axis=0) if rows else model.table.mean(axis=0)
    return found


class Detection:
    """Detectable shares of processes, computed for the numbers of mutations that are asked."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._asked = np.array([group.asked for group in model.groups], dtype=np.int64)
        self._known: dict[int, Values] = {}

    def shares(self, total: float) -> Values:
        """Return the detectable share of each process; above 1 where no share would be found."""
        if not self.model.groups:
            return np.zeros(0)
        total = float(np.clip(total, NODES[0], NODES[-1]))
        upper = next(node for node in NODES if node >= total)
        lower = max(node for node in NODES if node <= total)
        if lower == upper:
            return self._at(lower)
        part = np.log(total / lower) / np.log(upper / lower)
        mixed: Values = np.exp(
            (1 - part) * np.log(self._at(lower)) + part * np.log(self._at(upper))
        )
        return mixed

    def _at(self, total: int) -> Values:
        if total not in self._known:
            self._known[total] = self._searched(total)
        return self._known[total]

    def _searched(self, total: int) -> Values:
        """Halve the interval of log shares, all processes at once, by their expected counts."""
        beside = clock_like(self.model)
        spectra = self.model.table[self._asked]
        low, high = np.full(len(self._asked), np.log(0.005)), np.zeros(len(self._asked))
        hidden = self._probability(total * spectra) < SURE
        for _ in range(STEPS):
            middle = (low + high) / 2
            share = np.exp(middle)[:, None]
            seen = self._probability(total * (share * spectra + (1 - share) * beside)) >= SURE
            low, high = np.where(seen, low, middle), np.where(seen, middle, high)
        shares: Values = np.where(hidden, 2.0, np.exp(high))
        return shares

    def _probability(self, counts: Values) -> Values:
        sets = self.model.explain(counts)
        return np.array(
            [sets.any_of(group.inside)[at] for at, group in enumerate(self.model.groups)]
        )
