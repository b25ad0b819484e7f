"""Learn from all alleles of a panel how often errors of each kind are made.

A sample of them is enough. Alleles that no normal shows are nearly all alike, and most; those with
reads are few, and say most: they are sampled apart, so that no kind is judged by its zeros alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.beta_binomial import Floats
from tumorkit.core.error_rates import (
    VAGUE,
    RatePrior,
    fit_prior,
    grid_likelihood,
    standard_grid,
)
from tumorkit.variants.background.contexts import LONGEST_UNIT, SUBSTITUTION, SUBSTITUTION_NAMES

Integers = NDArray[np.int64]
# Enough that mean and spread of a kind are known to about a thirtieth of the spread.
SAMPLE = 1_000
POOL = 6_000
ZEROS = 30
# A kind with fewer alleles than this leans on what all kinds of its sort show.
PRIOR_ALLELES = 50.0


@dataclass
class Sample:
    """The alleles with the lowest ``rank`` of each class: the same whatever the order of adding.

    A class is twice the kind, plus one where any normal has reads of the allele. ``seen`` counts
    all alleles that were offered, by class.
    """

    size: int
    kind: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    rank: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    k: NDArray[np.int32] | None = None
    n: NDArray[np.int32] | None = None
    seen: dict[int, int] = field(default_factory=dict)
    cut: dict[int, int] = field(default_factory=dict)

    def add(self, kind: Integers, rank: Integers, k: Integers, n: Integers) -> None:
        """Offer alleles: kinds, pseudo-random ranks, and counts (alleles, normals)."""
        kind = 2 * kind + k.any(axis=1)
        for value, number in zip(*np.unique(kind, return_counts=True), strict=True):
            self.seen[int(value)] = self.seen.get(int(value), 0) + int(number)
        limit = np.full(int(kind.max(initial=0)) + 1, np.iinfo(np.int64).max)
        for value, highest in self.cut.items():
            if value < len(limit):
                limit[value] = highest
        kept = rank < limit[kind]
        more = (k[kept].astype(np.int32), n[kept].astype(np.int32))
        self.kind = np.concatenate([self.kind, kind[kept]])
        self.rank = np.concatenate([self.rank, rank[kept]])
        self.k = more[0] if self.k is None else np.concatenate([self.k, more[0]])
        self.n = more[1] if self.n is None else np.concatenate([self.n, more[1]])
        if len(self.kind) > 2 * self.size * len(self.seen):
            self.prune()

    def prune(self) -> None:
        """Keep the lowest ranks of each class."""
        if self.k is None or self.n is None:
            return
        order = np.lexsort((self.rank, self.kind))
        kind = self.kind[order]
        first = np.flatnonzero(np.diff(kind, prepend=-1))
        place = np.arange(len(kind)) - np.repeat(first, np.diff(np.append(first, len(kind))))
        size = np.where(kind % 2 == 1, self.size, ZEROS)
        kept = order[place < size]
        all_kinds, all_ranks = self.kind, self.rank
        self.kind, self.rank = self.kind[kept], self.rank[kept]
        self.k, self.n = self.k[kept], self.n[kept]
        last = order[place == size - 1]
        self.cut = dict(zip(all_kinds[last].tolist(), all_ranks[last].tolist(), strict=True))

    def rows(self) -> Iterator[tuple[int, Integers, Integers, Floats]]:
        """Yield kind, counts, and how many alleles each row stands for, by kind."""
        self.prune()
        if self.k is None or self.n is None:
            return
        weight = np.zeros(len(self.kind))
        for value, number in zip(*np.unique(self.kind, return_counts=True), strict=True):
            weight[self.kind == value] = self.seen[int(value)] / number
        for value in np.unique(self.kind // 2).tolist():
            here = self.kind // 2 == value
            yield value, self.k[here].astype(np.int64), self.n[here].astype(np.int64), weight[here]


def ranks(contig: int, positions: Integers, alleles: Integers) -> Integers:
    """Return pseudo-random numbers that depend on the place and allele alone (splitmix64)."""
    with np.errstate(over="ignore"):
        state = (
            positions.astype(np.uint64) * np.uint64(64)
            + alleles.astype(np.uint64)
            + np.uint64(contig) * np.uint64(0x9E3779B97F4A7C15)
        )
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    return ((state ^ (state >> np.uint64(31))) >> np.uint64(2)).astype(np.int64)


@dataclass
class IndelTally:
    """Insertions and deletions: those seen, by kind, and how many there could have been."""

    kinds: list[str] = field(default_factory=list)
    number_of: dict[str, int] = field(default_factory=dict)
    sample: Sample = field(default_factory=lambda: Sample(SAMPLE))
    possible: dict[str, float] = field(default_factory=dict)
    anchors: float = 0.0

    def number(self, kind: str) -> int:
        """Return the number of a kind, a new one for a new kind."""
        if kind not in self.number_of:
            self.number_of[kind] = len(self.kinds)
            self.kinds.append(kind)
        return self.number_of[kind]

    def allowed(self, kind: str) -> float:
        """Return how many alleles of a kind the targets allow, seen or not.

        Changes of several units are as many as those of one; of units longer than three bases
        there is about one at each anchor.
        """
        sort, word, copies, _ = kind.split(":")
        if word == f"{LONGEST_UNIT + 1}+":
            return self.anchors
        return self.possible.get(f"{sort}:{word}:{copies}:1", 0.0)


def learn(substitutions: Sample, indels: IndelTally, depths: Integers) -> dict[str, RatePrior]:
    """Return the priors by kind, of substitutions, insertions and deletions.

    ``depths`` (alleles, normals) are those of some bases: an insertion or deletion that was not
    seen counts as one with these depths and no read.
    """
    rows = {
        SUBSTITUTION_NAMES[value]: (k, n, weight) for value, k, n, weight in substitutions.rows()
    }
    priors = learn_sort(rows, SUBSTITUTION)
    kept = {indels.kinds[value]: (k, n, weight) for value, k, n, weight in indels.sample.rows()}
    for sort in ("insertion", "deletion"):
        of_sort: dict[str, tuple[Integers, Integers, Floats]] = {}
        listed = {kind for kind in (*indels.possible, *kept) if kind.startswith(sort)}
        for kind in sorted(listed):
            empty = np.empty((0, depths.shape[1]), dtype=np.int64)
            k, n, weight = kept.get(kind, (empty, empty, np.empty(0)))
            unseen = max(0.0, indels.allowed(kind) - float(weight.sum()))
            of_sort[kind] = (
                np.concatenate([k, np.zeros_like(depths)]),
                np.concatenate([n, depths]),
                np.concatenate([weight, np.full(len(depths), unseen / len(depths))]),
            )
        priors |= learn_sort(of_sort, sort)
    return priors


def learn_sort(
    rows: Mapping[str, tuple[Integers, Integers, Floats]], sort: str
) -> dict[str, RatePrior]:
    """Return the priors of the kinds of one sort, and under ``sort`` that of all together.

    A kind with few alleles leans on all together, or, in repeats, on those with one copy less:
    errors grow with the copies, and all together are mostly short.
    """
    if not rows:
        return {sort: VAGUE}
    grid = standard_grid()
    total = sum(len(weights) for _, _, weights in rows.values())
    step = max(1, -(-total // POOL))
    picked = [tuple(part[::step] for part in item) for item in rows.values()]
    k, n, weights = (np.concatenate(parts) for parts in zip(*picked, strict=True))
    pooled = fit_prior(grid_likelihood(k, n, grid), weights * step, grid)
    priors = {sort: pooled}
    for kind, (seen, over, share) in sorted(rows.items(), key=lambda item: by_copies(item[0])):
        near = priors.get(shorter(kind), pooled)
        priors[kind] = fit_prior(
            grid_likelihood(seen, over, grid),
            share,
            grid,
            start=near,
            towards=near,
            prior_alleles=PRIOR_ALLELES,
        )
    return priors


def by_copies(kind: str) -> tuple[str, str, str, int]:
    """Return a sort key: fewer copies of a unit first."""
    if ":" not in kind:
        return kind, "", "", 0
    sort, word, copies, units = kind.split(":")
    return sort, word, units, int(copies[1:])


def shorter(kind: str) -> str:
    """Return the kind with one copy of the unit less, empty where there is none.

    >>> shorter("deletion:A:x5:1"), shorter("A[C>T]G")
    ('deletion:A:x4:1', '')
    """
    sort, word, units, copies = by_copies(kind)
    return f"{sort}:{word}:x{copies - 1}:{units}" if copies > 1 else ""
