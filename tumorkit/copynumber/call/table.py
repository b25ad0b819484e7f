"""The gene table: each gene from its bins, its segments and its own test."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.call.evidence import (
    breaks_of,
    excess_noise,
    shared_segments,
    z_against_normals,
)
from tumorkit.copynumber.call.genes import GeneTest, ScoreTable, calibrated, gene_test
from tumorkit.copynumber.call.params import CallParams
from tumorkit.copynumber.call.posterior import copy_bounds
from tumorkit.copynumber.call.result import (
    AMPLIFICATION,
    GAIN,
    GAINS,
    LOSSES,
    NOT_CALLABLE,
    GeneCall,
    SegmentCall,
)
from tumorkit.copynumber.call.states import Mixture, at_least_zero, relative_state
from tumorkit.copynumber.segment.bins import arm_numbers, floor_of
from tumorkit.copynumber.segment.result import Noise
from tumorkit.core.robust import biweight_location
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import LOG2_FLOOR, CopyRatios, Gene, floored

# q-value below which part of a gene is taken for an event when the usual bins are chosen.
LIKELY = 0.3


class Bins:
    """Copy ratios laid beside the called segments: the level, segment and arm of each bin."""

    def __init__(self, ratios: CopyRatios, called: list[SegmentCall], build: Build | None) -> None:
        known = np.isfinite(ratios.log2_ratio) & (ratios.weight > 0)
        arms = arm_numbers(ratios, build)[known]
        self.contig, self.arms = ratios.contig[known], arms
        self.start, self.end = ratios.start[known], ratios.end[known]
        values = floored(ratios.log2_ratio[known])
        self.values = np.maximum(values, floor_of(int((values <= LOG2_FLOOR).sum()), len(values)))
        self.weights = ratios.weight[known] / ratios.weight[known].mean()
        self.target = ratios.target[known]
        self.spread = None if ratios.spread is None else ratios.spread[known]
        self.number = segment_numbers(self.contig, (self.start + self.end) // 2, called)
        levels = np.array([item.segment.log2_ratio for item in called] + [np.nan])
        self.levels = np.where(self.number >= 0, levels[self.number], np.nan)
        self.excess = excess_noise(self.values - self.levels, self.spread)
        edges = np.flatnonzero(np.diff(arms, prepend=-1, append=-1))
        self.bounds = {int(arms[a]): (int(a), int(b)) for a, b in pairwise(edges)}
        self._places = {
            name: (int(rows[0]), int(rows[-1]) + 1)
            for name in dict.fromkeys(self.contig.tolist())
            for rows in (np.flatnonzero(self.contig == name),)
        }
        self._standard = {standard(name): name for name in self._places}

    def rows(self, gene: Gene) -> NDArray[np.int64]:
        """Return the bins that touch a gene; on-target bins alone where there are any."""
        name = (
            gene.contig
            if gene.contig in self._places
            else self._standard.get(standard(gene.contig))
        )
        if name is None:
            return np.empty(0, dtype=np.int64)
        first, last = self._places[name]
        low = bisect_right(self.end[first:last], gene.start) + first
        high = bisect_left(self.start[first:last], gene.end) + first
        rows = np.arange(low, high)
        on = rows[self.target[rows]]
        return on if len(on) else rows


def segment_numbers(
    contig: NDArray[np.str_], middle: NDArray[np.int64], called: list[SegmentCall]
) -> NDArray[np.int64]:
    """Return the number of the segment that holds each bin's middle, -1 outside all."""
    number = np.full(len(contig), -1, dtype=np.int64)
    for name in dict.fromkeys(contig.tolist()):
        own = [
            (item.segment.start, item.segment.end, at)
            for at, item in enumerate(called)
            if standard(item.segment.contig) == standard(name)
        ]
        if not own:
            continue
        rows = np.flatnonzero(contig == name)
        starts, ends, numbers = (np.array(column) for column in zip(*sorted(own), strict=True))
        place = np.searchsorted(starts, middle[rows], side="right") - 1
        inside = (place >= 0) & (middle[rows] < ends[np.maximum(place, 0)])
        number[rows[inside]] = numbers[place[inside]]
    return number


def genes_by_bins(
    genes: list[Gene],
    bins: Bins,
    called: list[SegmentCall],
    mixture: Mixture,
    noise: Noise,
) -> list[GeneCall]:
    """Call the genes that have bins, each with its own test."""
    inside = np.isfinite(bins.levels)
    held: list[tuple[Gene, NDArray[np.int64]]] = []
    for gene in genes:
        rows = bins.rows(gene)
        rows = rows[bins.number[rows] >= 0] if len(rows) else rows
        if len(rows) and inside.any():
            held.append((gene, rows))
    tests = tested_genes(held, bins, inside, mixture.params)
    _, q_values = calibrated(tests)
    inside &= ~standing_out(held, tests, q_values, bins, mixture.params)
    tests = tested_genes(held, bins, inside, mixture.params)
    z_values, q_values = calibrated(tests)
    return [
        gene_by_bins(gene, rows, test, (z, q), bins, called, mixture, noise)
        for (gene, rows), test, z, q in zip(held, tests, z_values, q_values, strict=True)
    ]


def tested_genes(
    held: Sequence[tuple[Gene, NDArray[np.int64]]],
    bins: Bins,
    usual: NDArray[np.bool_],
    params: CallParams,
) -> list[GeneTest | None]:
    """Test every gene against its flanks, by ranks among the ``usual`` bins."""
    if not usual.any():
        return [None] * len(held)
    residuals = (bins.values - bins.levels)[usual]
    scores = ScoreTable(residuals)
    spreads = scores.window_spreads(residuals, bins.arms[usual])
    return [
        gene_test(bins.values, rows, bins.bounds[int(bins.arms[rows[0]])], scores, spreads, params)
        for _, rows in held
    ]


def standing_out(
    held: Sequence[tuple[Gene, NDArray[np.int64]]],
    tests: Sequence[GeneTest | None],
    q_values: Sequence[float | None],
    bins: Bins,
    params: CallParams,
) -> NDArray[np.bool_]:
    """Return the bins of events that no segment holds: they are no measure of what is usual.

    A dozen small deletions among ten thousand bins push each other down the ranks, so that none
    of them would be seen.
    """
    found = np.zeros(len(bins.values), dtype=np.bool_)
    for (_, rows), test, q in zip(held, tests, q_values, strict=True):
        if test is None or test.part is None or q is None or q > LIKELY:
            continue
        if abs((test.part_log2 or 0.0) - test.flank_log2) >= params.min_difference:
            found[rows[test.part[0] : test.part[1]]] = True
    return found


@dataclass(frozen=True)
class _Event:
    """The most changed part of a gene: its level, extent and whether it is small."""

    state: str
    change: float
    start: int
    end: int
    focal: bool
    from_two: str | None


def gene_by_bins(
    gene: Gene,
    rows: NDArray[np.int64],
    test: GeneTest | None,
    tested: tuple[float | None, float | None],
    bins: Bins,
    called: list[SegmentCall],
    mixture: Mixture,
    noise: Noise,
) -> GeneCall:
    """Call one gene from its bins, its segments and its test."""
    values, weights = bins.values[rows], bins.weights[rows]
    level = biweight_location(values, weights)
    error = noise.error_of(float(weights.sum()), len(rows))
    reach = NormalDist().inv_cdf(0.975) * error
    counts = shared_segments(values, weights, bins.number[rows], bins.levels[rows], noise.sd)
    touched = [called[number] for number in counts]
    event = strongest(touched, mixture)
    part = part_of(rows, test, bins)
    stands_out = part is not None and tested[1] is not None and tested[1] <= mixture.params.max_q
    if stands_out and part is not None and test is not None:
        whole = mixture.state(
            level, (level - reach, level + reach), gene.contig, part[0], focal=True
        )
        event = with_part(event, part, test, mixture, gene.contig, whole=whole)
    found = assembled(
        gene,
        (level, level - reach, level + reach),
        counts,
        called,
        event,
        test,
        tested,
        part,
        mixture,
    )
    spread = None if bins.spread is None else bins.spread[rows]
    expected = mixture.expected_log2(gene.contig, (gene.start + gene.end) // 2)
    return replace(found, z_normals=z_against_normals(values, spread, expected, bins.excess, noise))


def part_of(
    rows: NDArray[np.int64], test: GeneTest | None, bins: Bins
) -> tuple[int, int, int] | None:
    """Return start, end and number of bins of the part of a gene that stands out most."""
    if test is None or test.part is None:
        return None
    own = rows[test.part[0] : test.part[1]]
    return int(bins.start[own[0]]), int(bins.end[own[-1]]), len(own)


def strongest(touched: Sequence[SegmentCall], mixture: Mixture) -> _Event:
    """Return the event of the most changed segment that a gene touches.

    A gene is amplified where all of it is, by its least copies (PURPLE); else it is gained.
    """
    events = [
        _Event(
            state=item.state,
            change=item.segment.log2_ratio
            - mixture.expected_log2(item.segment.contig, item.segment.start),
            start=item.event_start,
            end=item.event_end,
            focal=item.focal,
            from_two=item.state_from_two,
        )
        for item in touched
    ]
    most = max(events, key=lambda event: abs(event.change) if event.change == event.change else -1)
    if most.state == AMPLIFICATION and not all(
        event.state in (AMPLIFICATION, NOT_CALLABLE) for event in events
    ):
        return replace(most, state=GAIN)
    return most


def with_part(
    event: _Event,
    part: tuple[int, int, int],
    test: GeneTest,
    mixture: Mixture,
    contig: str,
    *,
    whole: str,
) -> _Event:
    """Return the event of a gene's part where it goes further than the gene's segments.

    ``whole`` is the state of all the gene's bins together: a part alone is no amplified gene.
    """
    level = test.part_log2
    if level is None or abs(level - test.flank_log2) < mixture.params.min_difference:
        return event
    state = mixture.state(level, (None, None), contig, part[0], focal=True)
    if state == AMPLIFICATION and whole != AMPLIFICATION:
        state = GAIN
    change = level - mixture.expected_log2(contig, part[0])
    further = abs(change) >= abs(event.change) + mixture.params.min_difference
    if state not in (*LOSSES, *GAINS) or (event.state in (*LOSSES, *GAINS) and not further):
        return event
    raw = mixture.copies(level, contig, part[0])
    normal = mixture.normal_copies(contig, part[0])
    return _Event(
        state=state,
        change=change,
        start=part[0],
        end=part[1],
        focal=True,
        from_two=None if raw is None else relative_state(raw, normal),
    )


def assembled(
    gene: Gene,
    level: tuple[float, float | None, float | None],
    counts: dict[int, int] | None,
    called: Sequence[SegmentCall],
    event: _Event,
    test: GeneTest | None,
    tested: tuple[float | None, float | None],
    part: tuple[int, int, int] | None,
    mixture: Mixture,
) -> GeneCall:
    """Lay all that is known of a gene into one row; ``counts`` holds its bins by segment."""
    touched = [called[number] for number in counts] if counts is not None else list(called)
    levels = [item.segment.log2_ratio for item in touched]
    ranked = sorted(range(len(levels)), key=lambda at: (isnan(levels[at]), levels[at]))
    known = [at for at in ranked if not isnan(levels[at])] or ranked
    lowest, highest = known[0], known[-1]
    sizes = list(counts.values()) if counts is not None else [None] * len(touched)
    middle = (gene.start + gene.end) // 2
    raw = mixture.copies(level[0], gene.contig, middle)
    low, high = copy_bounds(mixture, level[0], level[1:], gene.contig, middle)
    lost = [item.loh for item in touched]
    return GeneCall(
        gene=gene.name,
        contig=gene.contig,
        start=gene.start,
        end=gene.end,
        log2_ratio=level[0],
        log2_low=level[1],
        log2_high=level[2],
        bins=sum(counts.values()) if counts is not None else None,
        segments=len(touched),
        state=event.state,
        focal=event.focal,
        copy_number=at_least_zero(raw),
        copy_number_low=at_least_zero(low),
        copy_number_high=at_least_zero(high),
        copy_number_raw=raw,
        flank_log2=test.flank_log2 if test else None,
        z=tested[0],
        q_value=tested[1],
        z_normals=None,
        lowest_log2=levels[lowest],
        lowest_bins=sizes[lowest],
        highest_log2=levels[highest],
        highest_bins=sizes[highest],
        part_start=part[0] if part else None,
        part_end=part[1] if part else None,
        part_bins=part[2] if part else None,
        part_log2=test.part_log2 if test else None,
        state_from_two=event.from_two,
        min_copy_number=touched[lowest].segment.copy_number,
        max_copy_number=touched[highest].segment.copy_number,
        event_start=event.start,
        event_end=event.end,
        loh=True if any(lost) else None if None in lost else False,
        breaks=breaks_of(touched),
        **doubt_of(touched, event),
    )


def doubt_of(touched: Sequence[SegmentCall], event: _Event) -> dict[str, Any]:
    """Return how sure the state of a gene's event is over the solutions of a fit, and the others.

    It is that of the segment whose state the gene has.
    """
    for item in touched:
        if item.state == event.state and item.state_probability is not None:
            return {
                "state_probability": item.state_probability,
                "other_states": item.other_states,
            }
    return {}


def gene_by_segments(gene: Gene, called: list[SegmentCall], mixture: Mixture) -> GeneCall | None:
    """Call a gene from the segments that it overlaps; None if there are none."""
    touched = [
        item
        for item in called
        if standard(item.segment.contig) == standard(gene.contig)
        and item.segment.start < gene.end
        and gene.start < item.segment.end
        and item.segment.log2_ratio == item.segment.log2_ratio
    ]
    if not touched:
        return None
    shares = np.array(
        [min(item.segment.end, gene.end) - max(item.segment.start, gene.start) for item in touched],
        dtype=float,
    )
    level = float(np.average([item.segment.log2_ratio for item in touched], weights=shares))
    lows = [item.segment.log2_low for item in touched if item.segment.log2_low is not None]
    highs = [item.segment.log2_high for item in touched if item.segment.log2_high is not None]
    bounds = (level, min(lows, default=None), max(highs, default=None))
    event = strongest(touched, mixture)
    return assembled(gene, bounds, None, touched, event, None, (None, None), None, mixture)
