"""What the reads of mutations say of a purity: clonal, subclonal and alien ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.purity.evidence import Evidence, angle
from tumorkit.purity.states import States

Values = NDArray[np.float64]
Rows = NDArray[np.int64]

# Share of mutations that are none (any share of reads), and shares that are only in a part of the
# tumour cells: tumours differ in it by far (Dentro 2021, Cell 184:2239), so several are tried, with
# the odds that they have before the reads are seen.
ALIEN = 0.05
SUBCLONAL = (0.05, 0.2, 0.4, 0.65)
SUBCLONAL_ODDS = (0.2, 0.35, 0.3, 0.15)


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
        self.held, self.begins = np.unique(self.place[order], return_index=True)
        read = np.exp(evidence.vaf_curve)[order]
        shown = evidence.vaf_shown[order]
        spacing = np.gradient(evidence.vaf_levels)
        tables = (read, running_mean(read, spacing), shown, running_mean(shown, spacing))
        normal = evidence.normal[self.place[order]]
        self.groups = [
            (float(copies), mine, tuple(table[mine] for table in tables))
            for copies in np.unique(normal)
            for mine in (normal == copies,)
        ]
        self.strange = tables[1][:, -1] / tables[3][:, -1]
        self.totals = np.unique(states.total[states.total > 0])
        self.pairs, self.mix = multiplicities(states)

    def __len__(self) -> int:
        return len(self.place)

    def at(self, purity: float) -> tuple[Values, Values]:
        """Return log-likelihoods by subclonal share and state, and those of two mean copies.

        Shapes (shares, states, segments) and (shares, segments).
        """
        size = len(self.evidence)
        shape = (len(SUBCLONAL), len(self.states), size)
        found, free = np.zeros(shape), np.zeros((len(SUBCLONAL), size))
        if len(self) == 0:
            return found, free
        each = np.empty((*shape[:2], len(self)))
        between = np.empty((len(SUBCLONAL), len(self)))
        for normal, mine, tables in self.groups:
            each[:, :, mine], between[:, mine] = self.logs(purity, normal, tables)
        found[:, :, self.held] = np.add.reduceat(each, self.begins, axis=2)
        free[:, self.held] = np.add.reduceat(between, self.begins, axis=1)
        return found, free

    def logs(
        self, purity: float, normal: float, tables: tuple[Values, ...]
    ) -> tuple[Values, Values]:
        """Return log-likelihoods of mutations where normal cells have so many copies."""
        read, read_below, shown, shown_below = tables
        share = purity * self.pairs[:, 1] / (purity * self.pairs[:, 0] + normal * (1 - purity))
        up_to = np.asarray(purity / (purity * self.totals + normal * (1 - purity)))
        row = np.searchsorted(self.totals, self.states.total)
        two = int(np.searchsorted(self.totals, 2))
        there = (self.states.total > 0)[:, None]
        # What is read over what is shown: shares of the three kinds hold among mutations shown.
        full, full_shown = self.between(read, share), self.between(shown, share)
        part = self.between(read_below, up_to) / self.between(shown_below, up_to)
        clonal = (self.mix @ full) / np.where(there, self.mix @ full_shown, 1.0)
        alien = read_below[:, -1] / shown_below[:, -1]
        rest = [1 - ALIEN - subclonal for subclonal in SUBCLONAL]
        found = np.array(
            [
                (whole * clonal + subclonal * part[row]) * there + ALIEN * alien
                for whole, subclonal in zip(rest, SUBCLONAL, strict=True)
            ]
        )
        # Between whole copies a mutation is taken to be on one copy of two.
        single = full[0] / full_shown[0]
        free = np.array(
            [
                whole * single + subclonal * part[two] + ALIEN * alien
                for whole, subclonal in zip(rest, SUBCLONAL, strict=True)
            ]
        )
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
            found[self.held] = np.add.reduceat(np.log(self.strange), self.begins)
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
