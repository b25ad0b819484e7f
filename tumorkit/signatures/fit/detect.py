"""From which share a process would be found, with so many mutations on this territory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.signatures.fit.model import Model
from tumorkit.signatures.processes import BACKGROUND, canonical

Values = NDArray[np.float64]
# Counts for which shares are computed; between them the logarithm of the share is interpolated.
LEAST = 0.005
NODES = (5, 10, 20, 35, 60, 100, 180, 320, 560, 1000, 1800, 3200, 10_000)
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
    """Detectable shares of signatures as signs of their process, computed where they are asked."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._known: dict[tuple[int, int], float] = {}
        self._group = {
            at: group for group in model.groups for at in np.flatnonzero(group.inside).tolist()
        }

    def shares(self, total: float, asked: Sequence[int]) -> Values:
        """Return for signatures (their places in the table) the share from which their process is
        found in four of five samples; above 1 where it would not be found at any share.

        All signatures have a process. Between computed counts the logarithm is interpolated.
        """
        total = float(np.clip(total, NODES[0], NODES[-1]))
        upper = next(node for node in NODES if node >= total)
        lower = max(node for node in NODES if node <= total)
        if lower == upper:
            return self._at(lower, asked)
        part = np.log(total / lower) / np.log(upper / lower)
        low, high = self._at(lower, asked), self._at(upper, asked)
        mixed: Values = np.exp((1 - part) * np.log(low) + part * np.log(high))
        return mixed

    def _at(self, total: int, asked: Sequence[int]) -> Values:
        missing = sorted({at for at in asked if (total, at) not in self._known})
        if missing:
            for at, share in zip(missing, self._searched(total, missing).tolist(), strict=True):
                self._known[total, at] = share
        return np.array([self._known[total, at] for at in asked])

    def _searched(self, total: int, asked: list[int]) -> Values:
        """Halve the interval of log shares, all signatures at once, by their expected counts."""
        beside = clock_like(self.model)
        spectra = self.model.table[asked]
        low, high = np.full(len(asked), np.log(LEAST)), np.zeros(len(asked))
        hidden = self._probability(total * spectra, asked) < SURE
        for _ in range(STEPS):
            middle = (low + high) / 2
            share = np.exp(middle)[:, None]
            mixed = total * (share * spectra + (1 - share) * beside)
            seen = self._probability(mixed, asked) >= SURE
            low, high = np.where(seen, low, middle), np.where(seen, middle, high)
        shares: Values = np.where(hidden, 2.0, np.exp(high))
        return shares

    def _probability(self, counts: Values, asked: list[int]) -> Values:
        sets = self.model.explain(counts)
        # A process is asked once for all rows; few rows belong to it.
        found = {id(self._group[at]): sets.any_of(self._group[at].inside) for at in asked}
        return np.array([found[id(self._group[at])][row] for row, at in enumerate(asked)])
