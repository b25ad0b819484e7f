"""Reads of one island: bases, errors, qualities, and alignments around indels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.aligned_reads import AlignedReads
from tumorkit.simulate.edits import IslandPlan, LengthChange, draw_lengths
from tumorkit.simulate.fragments import Fragments, SampleSetup
from tumorkit.simulate.nouns import BASES, Case, Codes
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.randomness import part_rng

HIGH_QUALITY, LOW_QUALITY = 37, 11
ANCHOR = 6  # an aligner opens a gap only where this many bases follow; else it clips the read
EXTRA = 40  # columns beyond the read's length, room for deleted bases
NOT_COVERED = 255
NOT_INFORMATIVE = -9999
MATCH, INSERTION, DELETION, CLIP = 0, 1, 2, 4

Cigar = tuple[tuple[int, int], ...]


@dataclass(kw_only=True)
class Block:
    """The reads of one island: left mates first, then right mates, in the fragments' order.

    ``aligned`` and ``aligned_quality`` hold bases by reference column from ``start``, with
    :data:`NOT_COVERED` where a read has no base. ``length_calls`` gives for each length change
    the number of bases that a read shows it by, or :data:`NOT_INFORMATIVE`.
    """

    fragments: Fragments
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    query: Codes
    quality: Codes
    cigar: list[Cigar | None]
    aligned: Codes
    aligned_quality: Codes
    length_calls: list[NDArray[np.int64]]


def sequence_island(
    case: Case,
    number: int,
    plan: IslandPlan,
    fragments: Fragments,
    setup: SampleSetup,
    params: SimulateParams,
) -> Block:
    """Read both ends of every fragment of an island."""
    rng = part_rng(params.seed, "reads", setup.number, number)
    island, size = case.panel.islands[number], params.read_length
    left = fragments.start
    start = np.concatenate([left, left + fragments.length - size])
    wide = base_columns(case.sequence.codes[number], start - island.start, size + EXTRA)
    plant_substitutions(wide, start, plan, fragments, rng)
    plant_artefacts(wide, start, plan, fragments, rng, damaged=setup.number == 0)
    block = Block(
        fragments=fragments,
        start=start.copy(),
        end=start + size,
        query=wide[:, :size].copy(),
        quality=np.empty(0, dtype=np.uint8),
        cigar=[None] * start.size,
        aligned=np.empty(0, dtype=np.uint8),
        aligned_quality=np.empty(0, dtype=np.uint8),
        length_calls=[],
    )
    for change in plan.lengths:
        apply_change(block, wide, change, draw_lengths(change, fragments, rng), size)
    add_errors(block, params, rng)
    align(block, size)
    return block


def base_columns(codes: Codes, offset: NDArray[np.int64], width: int) -> Codes:
    """Return the reference bases from each offset on, as rows of ``width`` columns."""
    columns = offset[:, None] + np.arange(width)
    return np.asarray(codes[np.minimum(columns, codes.size - 1)], dtype=np.uint8)


def plant_substitutions(
    wide: Codes,
    start: NDArray[np.int64],
    plan: IslandPlan,
    fragments: Fragments,
    rng: np.random.Generator,
) -> None:
    """Write inherited, somatic and paralogous bases into the rows that have them."""
    count = len(fragments)
    cell, side = fragments.tumor.astype(np.int64), fragments.haplotype
    for item in plan.substitutions:
        carry = rng.random(count)[fragments.source] < item.carriers[cell, side]
        put(wide, start, np.tile(carry, 2), item.position, item.alt)
    for position, alt in plan.paralogue:
        put(wide, start, np.tile(fragments.paralogue, 2), position, alt)


def plant_artefacts(
    wide: Codes,
    start: NDArray[np.int64],
    plan: IslandPlan,
    fragments: Fragments,
    rng: np.random.Generator,
    *,
    damaged: bool,
) -> None:
    """Write artefacts: of one strand in any sample, of formalin in ``damaged`` tissue only."""
    count = len(fragments)
    for artefact in plan.artefacts:
        alt = BASES.index(artefact.alt)
        # Half of the reads can show it, so twice the fraction of those that can.
        if artefact.kind == "ffpe":
            if not damaged:
                continue
            can = fragments.forward_first == artefact.forward
            hit = can & (rng.random(count)[fragments.source] < 2 * artefact.fraction)
            put(wide, start, np.tile(hit, 2), artefact.pos - 1, alt)
        else:
            # Left mates are the forward reads.
            can = (np.arange(2 * count) < count) == artefact.forward
            hit = can & (rng.random(2 * count) < 2 * artefact.fraction)
            put(wide, start, hit, artefact.pos - 1, alt)


def put(
    wide: Codes, start: NDArray[np.int64], rows: NDArray[np.bool_], position: int, alt: int
) -> None:
    """Write one base into the given rows where they cover the position."""
    column = position - start
    hit = np.flatnonzero(rows & (column >= 0) & (column < wide.shape[1]))
    wide[hit, column[hit]] = alt


def apply_change(
    block: Block, wide: Codes, change: LengthChange, deltas: NDArray[np.int64], size: int
) -> None:
    """Give each read the length its fragment has; note what every read shows of it."""
    both = np.tile(deltas, 2)
    column = change.position - block.start
    shown = np.full(both.size, NOT_INFORMATIVE, dtype=np.int64)
    untouched = np.array([c is None for c in block.cigar], dtype=bool)
    after = size - column - change.tract
    spans = (column >= ANCHOR) & (after >= ANCHOR) & untouched
    shown[spans & (both == 0)] = 0
    for row in np.flatnonzero((both != 0) & (column > 0) & (column < size) & untouched).tolist():
        if realign(block, wide[row], row, change, int(both[row]), int(column[row]), size):
            shown[row] = both[row]
    block.length_calls.append(shown)


def realign(
    block: Block, wide: Codes, row: int, change: LengthChange, delta: int, column: int, size: int
) -> bool:
    """Rebuild one read that carries a length change; say whether its alignment has the gap."""
    right = size - column - change.tract - delta
    if right <= 0 and (change.tract or delta < 0):
        return False  # ends within the repeat, where it looks like the reference
    if delta < 0:
        rebuilt = np.concatenate([wide[:column], wide[column - delta :]])
    else:
        unit = change.inserted
        rebuilt = np.concatenate([wide[:column], np.resize(unit, delta), wide[column:]])
    block.query[row] = rebuilt[:size]
    lost, gained = max(0, -delta), max(0, delta)
    if column < ANCHOR:
        clipped = column + gained
        if clipped >= size:
            return False
        block.cigar[row] = ((CLIP, clipped), (MATCH, size - clipped))
        block.start[row] += column + lost
        block.end[row] = block.start[row] + size - clipped
        return False
    if right < ANCHOR:
        matched = max(1, min(size, size - right - gained))
        block.cigar[row] = ((MATCH, matched), (CLIP, size - matched))
        block.end[row] = block.start[row] + matched
        return False
    gap = (DELETION, lost) if lost else (INSERTION, gained)
    block.cigar[row] = ((MATCH, column), gap, (MATCH, size - column - gained))
    block.end[row] = block.start[row] + size - gained + lost
    return True


def add_errors(block: Block, params: SimulateParams, rng: np.random.Generator) -> None:
    """Misread bases, and mark qualities: two values, low at most errors and in bad tails."""
    rows, size = block.query.shape
    block.quality = np.full((rows, size), HIGH_QUALITY, dtype=np.uint8)
    if rows == 0:
        return
    bad = np.flatnonzero(rng.random(rows) < params.low_quality_rate)
    tails = rng.integers(10, max(11, size // 2), size=bad.size)
    for row, tail in zip(bad.tolist(), tails.tolist(), strict=True):
        # The last cycles: right end of a forward read, left end of a reverse read.
        forward = row < rows // 2
        block.quality[row, size - tail :] = LOW_QUALITY if forward else HIGH_QUALITY
        if not forward:
            block.quality[row, :tail] = LOW_QUALITY
    misread(block, rng, rng.binomial(rows * size, params.error_rate), lower=0.7)
    low = np.flatnonzero(block.quality.ravel() == LOW_QUALITY)
    extra = low[rng.random(low.size) < 20 * params.error_rate]
    flat = block.query.reshape(-1)
    flat[extra] = (flat[extra] + rng.integers(1, 4, size=extra.size)) % 4


def misread(block: Block, rng: np.random.Generator, count: int, *, lower: float) -> None:
    """Change bases at random places; the share ``lower`` of them gets the low quality."""
    flat, quality = block.query.reshape(-1), block.quality.reshape(-1)
    places = rng.integers(0, flat.size, size=count)
    flat[places] = (flat[places] + rng.integers(1, 4, size=count)) % 4
    quality[places[rng.random(count) < lower]] = LOW_QUALITY


def align(block: Block, size: int) -> None:
    """Lay bases and qualities over reference columns."""
    rows = block.query.shape[0]
    block.aligned = np.full((rows, size + EXTRA), NOT_COVERED, dtype=np.uint8)
    block.aligned_quality = np.zeros((rows, size + EXTRA), dtype=np.uint8)
    block.aligned[:, :size] = block.query
    block.aligned_quality[:, :size] = block.quality
    for row, cigar in enumerate(block.cigar):
        if cigar is None:
            continue
        block.aligned[row] = NOT_COVERED
        query = column = 0
        for operation, length in cigar:
            if operation == MATCH:
                block.aligned[row, column : column + length] = block.query[
                    row, query : query + length
                ]
                block.aligned_quality[row, column : column + length] = block.quality[
                    row, query : query + length
                ]
                column += length
            elif operation == DELETION:
                column += length
            if operation != DELETION:
                query += length


_ASCII = np.frombuffer(b"ACGT", dtype=np.uint8)


def aligned_reads(
    block: Block, contig: str, first_name: int, setup: SampleSetup, size: int
) -> AlignedReads:
    """Return the reads sorted by start, with their mates; names count on from ``first_name``."""
    fragments = block.fragments
    count = len(fragments)
    mate = np.concatenate([np.arange(count, 2 * count), np.arange(count)])
    left = np.arange(2 * count) < count
    first = np.concatenate([fragments.forward_first, ~fragments.forward_first])
    flag = 0x1 | 0x2 | np.where(left, 0x20, 0x10) | np.where(first, 0x40, 0x80)
    flag = flag | np.where(np.tile(fragments.duplicate, 2), 0x400, 0)
    low = np.minimum(block.start, block.start[mate])
    high = np.maximum(block.end, block.end[mate])
    template = np.where(left, high - low, low - high)
    order = np.lexsort((np.arange(2 * count), block.start))
    names = [f"{setup.prefix}{first_name + n:05x}" for n in range(count)] * 2
    return AlignedReads(
        contig=contig,
        length=size,
        name=tuple(names[i] for i in order.tolist()),
        flag=flag[order],
        start=block.start[order],
        mapping_quality=np.tile(fragments.mapping_quality, 2)[order],
        cigar=tuple(block.cigar[i] for i in order.tolist()),
        mate_start=block.start[mate][order],
        template_length=template[order],
        bases=_ASCII[block.query[order]].tobytes(),
        qualities=block.quality[order].tobytes(),
    )
