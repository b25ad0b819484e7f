"""What the reads of mutations say of a purity: clonal, subclonal and alien ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.purity.evidence import Evidence, angle
from tumorkit.purity.states import States

Values = NDArray[np.float64]
Rows = NDArray[np.int64]

# Share of mutations that are in all tumour cells, in a part of them, or no mutations at all.
CLONAL, SUBCLONAL, ALIEN = 0.62, 0.33, 0.05


def running_mean(values: Values, spacing: Values) -> Values:
    """Return the mean of each row from the first level up to each, levels weighted by spacing."""
    return np.asarray(np.cumsum(values * spacing, axis=1) / np.cumsum(spacing))


class Spectrum:
    """Log-likelihood of each segment's mutations in each of its allele states.

    A mutation is clonal (on one copy, or on all copies of an allele), in a part of the cells (any
    share of reads up to the clonal one), or alien (any share). A caller shows only what has enough
    reads, so the probability of each kind is one among mutations that are shown: at low purity
    those are the ones with more reads than expected, and the purity would be too high without.
    """

    def __init__(self, evidence: Evidence, states: States) -> None:
        self.evidence = evidence
        self.states = states
        self.place = evidence.place
        order = np.argsort(self.place, kind="stable")
        self.order = order
        self.held, self.begins = np.unique(self.place[order], return_index=True)
        self.read = np.exp(evidence.vaf_curve)[order]
        self.shown = evidence.vaf_shown[order]
        self.normal = evidence.normal[self.place[order]]
        spacing = np.gradient(evidence.vaf_levels)
        self.read_below = running_mean(self.read, spacing)
        self.shown_below = running_mean(self.shown, spacing)
        self.totals = np.unique(states.total[states.total > 0])
        self.pairs, self.mix = multiplicities(states)

    def __len__(self) -> int:
        return len(self.place)

    def at(self, purity: float) -> tuple[Values, Values]:
        """Return log-likelihoods by state, shape (states, segments), and of two mean copies."""
        size = len(self.evidence)
        found, free = np.zeros((len(self.states), size)), np.zeros(size)
        if len(self) == 0:
            return found, free
        each = np.empty((len(self.states), len(self)))
        between = np.empty(len(self))
        for copies in np.unique(self.normal):
            mine = self.normal == copies
            each[:, mine], between[mine] = self.logs(purity, float(copies), mine)
        found[:, self.held] = np.add.reduceat(each, self.begins, axis=1)
        free[self.held] = np.add.reduceat(between, self.begins)
        return found, free

    def logs(self, purity: float, normal: float, mine: NDArray[np.bool_]) -> tuple[Values, Values]:
        """Return log-likelihoods by state and mutation of those with so many normal copies."""
        share = purity * self.pairs[:, 1] / (purity * self.pairs[:, 0] + normal * (1 - purity))
        up_to = purity / (purity * self.totals + normal * (1 - purity))
        row = np.searchsorted(self.totals, self.states.total)
        two = np.searchsorted(self.totals, 2)
        clonal = np.ones((len(self.states), int(mine.sum())))
        part, single = np.ones_like(clonal), np.ones((2, clonal.shape[1]))
        gone = self.states.total == 0
        # What is read over what is shown: shares of the three kinds hold among mutations shown.
        for values, below, turn in (
            (self.read[mine], self.read_below[mine], np.multiply),
            (self.shown[mine], self.shown_below[mine], np.divide),
        ):
            each = self.between(values, share)
            partial = self.between(below, up_to)
            clonal = turn(clonal, np.where(gone[:, None], 1.0, self.mix @ each))
            part = turn(part, partial[row])
            single = turn(single, np.stack([each[0], partial[two]]))
        alien = ALIEN * self.read_below[mine, -1] / self.shown_below[mine, -1]
        found = (CLONAL * clonal + SUBCLONAL * part) * ~gone[:, None] + alien
        # Between whole copies a mutation is taken to be on one copy of two.
        free = CLONAL * single[0] + SUBCLONAL * single[1] + alien
        return np.log(found), np.log(free)

    def between(self, table: Values, share: Values) -> Values:
        """Return a table's columns at shares of reads, shape (shares, mutations)."""
        last = table.shape[1] - 1
        place = angle(share) * last / (np.pi / 2)
        low = np.minimum(place.astype(np.int64), last - 1)
        part = place - low
        return np.asarray((table[:, low] * (1 - part) + table[:, low + 1] * part).T)

    def alien(self) -> Values:
        """Return the log-likelihood of each segment's mutations where there is no tumour."""
        found = np.zeros(len(self.evidence))
        if len(self):
            each = np.log(self.read_below[:, -1] / self.shown_below[:, -1])
            found[self.held] = np.add.reduceat(each, self.begins)
        return found


def multiplicities(states: States) -> tuple[Rows, Values]:
    """Return pairs of total copies and copies with the mutation, and each state's share of them.

    The first pair is one copy of two.
    """
    by_state = [
        [(int(a + b), copies) for copies in sorted({1, int(a), int(b)} - {0})] if a + b else []
        for a, b in zip(states.major, states.minor, strict=True)
    ]
    every = sorted({pair for own in by_state for pair in own} - {(2, 1)})
    pairs = [(2, 1), *every]
    mix = np.zeros((len(states), len(pairs)))
    for at, own in enumerate(by_state):
        for pair in own:
            mix[at, pairs.index(pair)] = 1 / len(own)
    return np.array(pairs, dtype=np.int64), mix
