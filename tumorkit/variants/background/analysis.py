"""From counts in normals to the rows of the background."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.beta_binomial import Floats
from tumorkit.core.error_rates import RatePrior
from tumorkit.genome.alleles import left_aligned
from tumorkit.variants.background.contexts import (
    BASES,
    SUBSTITUTION_NAMES,
    base_codes,
    indel_kind,
    opportunities,
    substitution_kinds,
)
from tumorkit.variants.background.learning import ZEROS, IndelTally, Sample, ranks
from tumorkit.variants.background.model import FOLLOWING, carriers
from tumorkit.variants.background.params import BackgroundParams
from tumorkit.variants.background.result import ErrorRate

Integers = NDArray[np.int64]
# Columns of the counts of a base.
FOUR, COVERING, SPANNING = slice(0, 4), slice(0, 5), 6
# Reference that is looked at beside a block: for repeats that begin or end outside.
FLANK = 60


@dataclass(frozen=True, kw_only=True)
class PanelBlock:
    """Counts of the bases of some blocks of one contig in all normals.

    ``counts`` has axes base, normal, class (A, C, G, T, deleted, discordant, spanning);
    ``indels`` has a row (base, kind, size, packed bases, fragments) for each normal's alleles.
    ``sequence`` is the reference from ``origin`` (0-based) on, with flanks.
    """

    contig: str
    number: int
    positions: Integers
    counts: NDArray[np.int32]
    indels: tuple[Integers, ...]
    sequence: str
    origin: int

    def fetch(self, _contig: str, start: int, end: int) -> str:
        """Return the reference of an interval, as far as it is here."""
        return self.sequence[max(0, start - self.origin) : max(0, end - self.origin)]


@dataclass(frozen=True, kw_only=True)
class Alleles:
    """Alleles with their counts: ``k`` and ``n`` by allele and normal, carriers left out."""

    row: Integers
    kind: Integers
    k: Integers
    n: Integers
    germline: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Indel:
    """An insertion or deletion in its leftmost spelling, at a base of the block."""

    row: int
    ref: str
    alt: str
    kind: str
    counts: dict[int, int]


def substitutions_of(block: PanelBlock, params: BackgroundParams) -> Alleles:
    """Return all substitutions of covered bases, three for each."""
    codes = base_codes(block.sequence)
    at = block.positions - block.origin
    padded = np.concatenate([[4], codes, [4]])
    before, ref, after = padded[at], padded[at + 1], padded[at + 2]
    counts = block.counts.astype(np.int64)
    depth = counts[:, :, COVERING].sum(axis=2)
    rows = np.flatnonzero((depth.sum(axis=1) > 0) & (ref < 4))
    row = np.repeat(rows, 3)
    alt = np.tile(np.arange(3), len(rows))
    alt = alt + (alt >= ref[row])
    kind = substitution_kinds(before[row], ref[row], after[row], alt)
    k = counts[row, :, alt]
    n = depth[row]
    carry = carriers(k, n, params.germline_vaf, params.min_germline_reads)
    return Alleles(
        row=row * 4 + alt,
        kind=kind,
        k=np.where(carry, 0, k),
        n=np.where(carry, 0, n),
        germline=carry,
    )


def indels_of(block: PanelBlock) -> list[Indel]:
    """Return the insertions and deletions that any normal shows, leftmost and sorted."""
    places = {int(pos): row for row, pos in enumerate(block.positions)}
    found: dict[tuple[int, str, str], dict[int, int]] = {}
    for normal, listed in enumerate(block.indels):
        for row, kind, size, packed, number in listed.tolist():
            pos = int(block.positions[row])
            ref = block.fetch("", pos, pos + 1 + (size if kind == 2 else 0))
            if kind == 2 and len(ref) != size + 1:
                continue  # It goes on beyond the reference at hand: 60 bases and more.
            alt = ref[0] + ("" if kind == 2 else unpacked(packed, size))
            first, left_ref, left_alt = left_aligned("", pos + 1, ref, alt, block.fetch)
            # Where the leftmost place is no target, the allele stays where the aligner put it.
            if first - 1 not in places:
                first, left_ref, left_alt = pos + 1, ref, alt
            counts = found.setdefault((places[first - 1], left_ref, left_alt), {})
            counts[normal] = counts.get(normal, 0) + number
    return [
        Indel(row=row, ref=ref, alt=alt, kind=kind, counts=counts)
        for (row, ref, alt), counts in sorted(found.items())
        if (kind := indel_kind(ref, alt, behind(block, row)))
    ]


def behind(block: PanelBlock, row: int) -> str:
    """Return the reference behind a base."""
    pos = int(block.positions[row])
    return block.fetch("", pos + 1, pos + 1 + FOLLOWING)


def unpacked(packed: int, size: int) -> str:
    """Return the bases of two bits each, the first highest.

    >>> unpacked(0b011011, 3)
    'CGT'
    """
    return "".join(BASES[packed >> 2 * (size - 1 - k) & 3] for k in range(size))


def indel_counts(block: PanelBlock, indel: Indel, params: BackgroundParams) -> tuple[Integers, ...]:
    """Return k, n and depth by normal of an indel; k and n are 0 where it is carried."""
    depth = block.counts[indel.row, :, SPANNING].astype(np.int64)
    k = np.zeros_like(depth)
    for normal, number in indel.counts.items():
        k[normal] = number
    # Moved to the left, fragments can outnumber those that span the new place.
    depth = np.maximum(depth, k)
    carry = carriers(k, depth, params.germline_vaf, params.min_germline_reads)
    return np.where(carry, 0, k), np.where(carry, 0, depth), depth, k


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What is collected of all blocks before anything can be written."""

    substitutions: Sample
    indels: IndelTally
    depths: Sample

    def take(self, block: PanelBlock, params: BackgroundParams) -> None:
        """Collect alleles of a block."""
        alleles = substitutions_of(block, params)
        used = alleles.n.sum(axis=1) > 0
        row = alleles.row[used] // 4
        rank = ranks(block.number, block.positions[row], alleles.row[used] % 4)
        self.substitutions.add(alleles.kind[used], rank, alleles.k[used], alleles.n[used])
        counts = block.counts[:, :, SPANNING].astype(np.int64)
        covered = np.flatnonzero(counts.sum(axis=1) > 0)
        four = np.full(len(covered), 4)
        self.depths.add(
            np.zeros(len(covered), dtype=np.int64),
            ranks(block.number, block.positions[covered], four),
            np.zeros_like(counts[covered]),
            counts[covered],
        )
        self.take_indels(block, params)
        for start, end in runs(block.positions[covered]):
            codes = base_codes(block.fetch("", start, end + FLANK))
            for kind, number in opportunities(codes, 0, end - start).items():
                self.indels.possible[kind] = self.indels.possible.get(kind, 0.0) + number
            self.indels.anchors += end - start

    def take_indels(self, block: PanelBlock, params: BackgroundParams) -> None:
        """Collect the insertions and deletions of a block."""
        listed = indels_of(block)
        if not listed:
            return
        counted = [indel_counts(block, one, params) for one in listed]
        k, n = (np.stack([item[side] for item in counted]) for side in (0, 1))
        used = n.sum(axis=1) > 0
        kind = np.array([self.indels.number(one.kind) for one in listed], dtype=np.int64)
        place = block.positions[np.array([one.row for one in listed], dtype=np.int64)]
        rank = ranks(block.number, place, 5 + np.arange(len(listed)) % 59)
        self.indels.sample.add(kind[used], rank[used], k[used], n[used])

    def typical_depths(self) -> Integers:
        """Return depths (bases, normals) of some bases of the targets."""
        for _, _, n, _ in self.depths.rows():
            return n
        return np.zeros((1, 1), dtype=np.int64)


def new_lesson(sample: int) -> Lesson:
    """Return an empty collection that keeps ``sample`` alleles of a kind."""
    return Lesson(substitutions=Sample(sample), indels=IndelTally(), depths=Sample(ZEROS))


def runs(positions: Integers) -> Iterator[tuple[int, int]]:
    """Yield the stretches of neighbouring positions, half-open.

    >>> list(runs(np.array([3, 4, 5, 9])))
    [(3, 6), (9, 10)]
    """
    if not len(positions):
        return
    first = np.flatnonzero(np.diff(positions, prepend=positions[0] - 2) != 1)
    last = np.append(first[1:], len(positions)) - 1
    for a, b in zip(positions[first].tolist(), positions[last].tolist(), strict=True):
        yield a, b + 1


def shrunk_rates(k: Integers, n: Integers, prior: Sequence[RatePrior]) -> Floats:
    """Return error rates of alleles between their own and that of their kind.

    The best linear estimate (Bühlmann's credibility): an allele's own rate weighs as much as its
    reads, discounted for how much normals differ, can say against the spread within the kind. Never
    0: no error in a thousand reads is not a proof of none.
    """
    m, sd, log_rho = (
        np.array([getattr(one, name) for one in prior])
        for name in ("log_mean", "log_mean_sd", "log_rho")
    )
    mean = np.minimum(np.exp(m + sd**2 / 2), 0.5)
    variance = mean**2 * np.expm1(sd**2)
    total = n.sum(axis=1)
    effective = (n / (1 + np.maximum(n - 1, 0) * np.exp(log_rho)[:, None])).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(total > 0, k.sum(axis=1) / total, mean)
        weight = variance / (variance + mean * (1 - mean) / effective)
    weight = np.where(total > 0, weight, 0.0)
    return np.asarray(weight * own + (1 - weight) * mean)


def error_rates(priors: Mapping[str, RatePrior]) -> tuple[ErrorRate, ...]:
    """Return the errors by kind, for people."""
    return tuple(
        ErrorRate(
            kind=kind,
            rate=float(np.exp(p.log_mean)),
            low=float(np.exp(p.log_mean - 1.96 * p.log_mean_sd)),
            high=float(min(1.0, np.exp(p.log_mean + 1.96 * p.log_mean_sd))),
            rho=float(np.exp(p.log_rho)),
            alleles=p.alleles,
        )
        for kind, p in sorted(priors.items())
    )


def kind_name(number: int) -> str:
    """Return the name of a kind of substitution."""
    return SUBSTITUTION_NAMES[number]
