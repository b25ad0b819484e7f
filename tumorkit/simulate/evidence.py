"""What a caller would count in the reads of one island."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.simulate.nouns import BASES, Codes, Counts
from tumorkit.simulate.reads import HIGH_QUALITY, NOT_COVERED, NOT_INFORMATIVE, Block

MIN_MAPPING_QUALITY = 20
MIN_BASE_QUALITY = 20
NO_BASE = -1


@dataclass(frozen=True, kw_only=True)
class Mates:
    """What both mates of each fragment say: arrays of equal length.

    ``value`` is :data:`NO_BASE` where neither covers the place or the two disagree.
    """

    value: NDArray[np.int64]
    forward: NDArray[np.bool_]
    read_position: NDArray[np.int64]


def usable(block: Block) -> NDArray[np.bool_]:
    """Return which fragments are counted at all: no duplicates, well mapped."""
    fragments = block.fragments
    return ~fragments.duplicate & (fragments.mapping_quality >= MIN_MAPPING_QUALITY)


def bases_at(block: Block, position: int) -> Mates:
    """Return the base of each fragment at a 0-based position; overlapping mates count once."""
    column = position - block.start
    width = block.aligned.shape[1]
    inside = (column >= 0) & (column < width)
    safe = np.where(inside, column, 0)
    rows = np.arange(column.size)
    base = block.aligned[rows, safe].astype(np.int64)
    good = inside & (base != NOT_COVERED)
    good &= block.aligned_quality[rows, safe] >= MIN_BASE_QUALITY
    return merge_mates(block, np.where(good, base, NO_BASE), column)


def lengths_at(block: Block, number: int, position: int) -> Mates:
    """Return the change in length that each fragment shows at one length change."""
    shown = block.length_calls[number]
    coded = np.where(shown == NOT_INFORMATIVE, NO_BASE, shown + 1000)
    return merge_mates(block, coded, position - block.start)


def merge_mates(block: Block, value: NDArray[np.int64], column: NDArray[np.int64]) -> Mates:
    """Join left and right mates: one of them, both if they agree, neither if they do not."""
    count = len(block.fragments)
    left, right = value[:count], value[count:]
    joined = np.where(left == NO_BASE, right, left)
    joined = np.where((left != NO_BASE) & (right != NO_BASE) & (left != right), NO_BASE, joined)
    joined = np.where(usable(block), joined, NO_BASE)
    # Where both mates cover a place the strand is that of either in turn.
    odd = np.arange(count) % 2 == 0
    forward = np.where((left != NO_BASE) & (right != NO_BASE), odd, left != NO_BASE)
    near = np.where(forward, column[:count], column[count:])
    return Mates(value=joined, forward=forward, read_position=near)


def count_alleles(block: Block, mates: Mates, ref: int, alt: int, size: int) -> Counts:
    """Return the counts of two alleles, by strand and by orientation of the pair."""
    is_ref, is_alt = mates.value == ref, mates.value == alt
    strand, first = mates.forward, block.fragments.forward_first
    quality = block.fragments.mapping_quality[is_alt]
    place = np.clip(mates.read_position[is_alt], 0, size - 1)
    return Counts(
        ref=int(is_ref.sum()),
        alt=int(is_alt.sum()),
        strands=(
            int((is_ref & strand).sum()),
            int((is_ref & ~strand).sum()),
            int((is_alt & strand).sum()),
            int((is_alt & ~strand).sum()),
        ),
        orientations=(
            int((is_ref & first).sum()),
            int((is_alt & first).sum()),
            int((is_ref & ~first).sum()),
            int((is_alt & ~first).sum()),
        ),
        mapping_quality=float(np.median(quality)) if quality.size else 60.0,
        base_quality=float(HIGH_QUALITY),
        read_position=float(np.median(np.minimum(place, size - 1 - place))) if place.size else 0.0,
    )


def count_substitution(block: Block, position: int, ref: str, alt: str, size: int) -> Counts:
    """Return the counts of a substitution at a 0-based position."""
    mates = bases_at(block, position)
    return count_alleles(block, mates, BASES.index(ref), BASES.index(alt), size)


def count_length(block: Block, number: int, position: int, delta: int, size: int) -> Counts:
    """Return the counts of one length against the reference's."""
    mates = lengths_at(block, number, position)
    return count_alleles(block, mates, 1000, 1000 + delta, size)


def lengths_seen(block: Block, number: int, position: int) -> dict[int, int]:
    """Return how many fragments show which change in length."""
    mates = lengths_at(block, number, position)
    values, counts = np.unique(mates.value[mates.value != NO_BASE], return_counts=True)
    return {int(v) - 1000: int(c) for v, c in zip(values, counts, strict=True)}


def noisy_places(
    block: Block, codes: Codes, start: int, spans: list[tuple[int, int]], minimum: int
) -> list[tuple[int, int]]:
    """Return (position, base) where at least ``minimum`` reads differ from the reference.

    ``codes`` and ``start`` are the island's sequence and its first position; only places within
    ``spans`` are returned.
    """
    keep = np.flatnonzero(np.tile(usable(block), 2))
    base = block.aligned[keep]
    good = (base != NOT_COVERED) & (block.aligned_quality[keep] >= MIN_BASE_QUALITY)
    offset = (block.start[keep] - start)[:, None] + np.arange(base.shape[1])
    good &= offset < codes.size
    differs = good & (base != codes[np.minimum(offset, codes.size - 1)])
    key = offset[differs] * 4 + base[differs]
    values, counts = np.unique(key, return_counts=True)
    found = [(start + int(k) // 4, int(k) % 4) for k in values[counts >= minimum]]
    return [(p, b) for p, b in found if any(low <= p < high for low, high in spans)]
