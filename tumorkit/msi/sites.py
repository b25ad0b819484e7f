"""Counts of lengths by site, as the science takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.repeat import Repeat
from tumorkit.msi.stutter import STEPS

# Columns of `lost`, in the order of the counting kernel (tumorkit.io.htslib.lengths_python).
LOST = (
    "secondary",
    "supplementary",
    "qc_fail",
    "duplicate",
    "low_mapping_quality",
    "not_spanning",
    "flank_differs",
    "low_quality",
    "interrupted",
    "too_long",
    "mates_disagree",
    "second_mate",
)
INTERRUPTED = LOST.index("interrupted")
COARSEST = 3


@dataclass(frozen=True, kw_only=True)
class SiteLengths:
    """Fragments of one sample by site and length, and alignments that did not vote.

    ``votes`` holds the sites one behind the other: site k has ``rooms[k]`` lengths, from 0 units
    up. ``lost`` has a row a site and the columns ``LOST``.
    """

    loci: tuple[Repeat, ...]
    votes: NDArray[np.int32]
    rooms: NDArray[np.int64]
    lost: NDArray[np.int32]

    @property
    def edges(self) -> NDArray[np.int64]:
        """Where each site's votes begin, and the end."""
        return np.concatenate([[0], np.cumsum(self.rooms)])

    @property
    def depth(self) -> NDArray[np.int64]:
        """Fragments that voted, by site."""
        if not self.loci:
            return np.zeros(0, dtype=np.int64)
        return np.add.reduceat(self.votes.astype(np.int64), self.edges[:-1])

    @property
    def repeats(self) -> NDArray[np.int64]:
        """Units of the reference, by site."""
        return np.array([locus.repeats for locus in self.loci], dtype=np.int64)

    @property
    def units(self) -> NDArray[np.int64]:
        """Length of the unit, by site."""
        return np.array([len(locus.unit) for locus in self.loci], dtype=np.int64)

    def at(self, site: int) -> NDArray[np.int32]:
        """Votes of one site by number of units."""
        edges = self.edges
        return self.votes[edges[site] : edges[site + 1]]

    def steps(self) -> NDArray[np.int64]:
        """Votes by site and ``STEPS`` against the reference; what lies beyond is at the ends."""
        table = np.zeros((len(self.loci), STEPS.size), dtype=np.int64)
        if not self.loci:
            return table
        site = np.repeat(np.arange(len(self.loci)), self.rooms)
        length = np.arange(self.votes.size) - self.edges[:-1][site]
        step = np.clip(length - self.repeats[site], STEPS[0], STEPS[-1]) - STEPS[0]
        np.add.at(table, (site, step), self.votes)
        return table


def site_lengths(loci: Sequence[Repeat], histograms: Sequence[Sequence[int]]) -> SiteLengths:
    """Make counts from one list per site: fragments with 0, 1, 2, ... units.

    >>> from tumorkit.genome.repeat import Repeat
    >>> site = Repeat(contig="1", start=9, unit="A", repeats=2, left_flank="C", right_flank="G")
    >>> counts = site_lengths([site], [[0, 1, 7]])
    >>> counts.depth.tolist(), counts.steps()[0, 15:17].tolist()
    ([8], [1, 7])
    """
    return SiteLengths(
        loci=tuple(loci),
        votes=np.array([n for row in histograms for n in row], dtype=np.int32),
        rooms=np.array([len(row) for row in histograms], dtype=np.int64),
        lost=np.zeros((len(loci), len(LOST)), dtype=np.int32),
    )


def unit_class(units: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 0 for homopolymers, 1 for units of two bases, 2 for longer ones."""
    return np.minimum(units, COARSEST) - 1
