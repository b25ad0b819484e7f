"""What else speaks for or against a gene's call: normals, breakpoints inside, one locus or two."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.call.result import SegmentCall
from tumorkit.copynumber.segment.result import Noise
from tumorkit.core.robust import MAD_TO_SD, weighted_median
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import Gene

Values = NDArray[np.float64]

# What a gene's bins must say for a second segment: two bins at most say 18.
EVIDENCE = 10.0
# Shares of bins outside all segments, or in segments at another level, from which it is said.
MANY_OUTSIDE, MANY_OFF = 0.1, 0.2
# A segment of so many bins has a level of its own, which lies no farther off in the same sample.
ENOUGH, FAR_OFF = 20, 0.1


def one_row_per_gene(genes: Iterable[Gene], distance: int) -> list[Gene]:
    """Join loci of one name on one contig that lie at most ``distance`` bases apart.

    Several identifiers, or rows of a list, may carry one name; farther apart, or on another
    contig, the same name is another gene. Order is that of each gene's first locus.

    >>> pieces = [Gene(name="A", contig="chr1", start=at, end=at + 10) for at in (0, 50, 900)]
    >>> [(gene.start, gene.end) for gene in one_row_per_gene(pieces, 100)]
    [(0, 60), (900, 910)]
    """
    named: dict[tuple[str, str], list[int]] = {}
    listed = list(genes)
    for at, gene in enumerate(listed):
        named.setdefault((gene.name, standard(gene.contig)), []).append(at)
    kept: dict[int, Gene] = {}
    for places in named.values():
        ordered = sorted(places, key=lambda at: (listed[at].start, listed[at].end))
        group = [ordered[0]]
        for at in ordered[1:]:
            if listed[at].start - max(listed[row].end for row in group) <= distance:
                group.append(at)
            else:
                kept[min(group)] = joined([listed[row] for row in group])
                group = [at]
        kept[min(group)] = joined([listed[row] for row in group])
    return [kept[at] for at in sorted(kept)]


def joined(pieces: Sequence[Gene]) -> Gene:
    """Return one gene over all pieces, with the exons and coding parts of each."""
    if len(pieces) == 1:
        return pieces[0]
    return replace(
        pieces[0],
        start=min(piece.start for piece in pieces),
        end=max(piece.end for piece in pieces),
        exons=tuple(sorted({span for piece in pieces for span in piece.exons})),
        coding=tuple(sorted({span for piece in pieces for span in piece.coding})),
    )


def excess_noise(residuals: Values, spread: Values | None) -> float | None:
    """Return by what factor this sample's bins scatter beyond their spread among normals.

    At least 1; None where no spread is known. A tumour's DNA is often worse than the normals'.
    """
    if spread is None:
        return None
    known = np.isfinite(residuals) & np.isfinite(spread)
    if not known.any():
        return None
    scaled = np.abs(residuals[known] / spread[known])
    return max(1.0, float(MAD_TO_SD * np.median(scaled)))


def z_against_normals(
    values: Values, spread: Values | None, expected: float, excess: float | None, noise: Noise
) -> float | None:
    """Return how many standard errors a gene's bins lie from no change.

    The mean is weighted by 1/spread^2; its error holds the spread among normals, enlarged to this
    sample's noise, and the sample's wave at the gene's size. None without spreads.
    """
    if spread is None or excess is None:
        return None
    known = np.isfinite(values) & np.isfinite(spread)
    if not known.any():
        return None
    precision = 1 / spread[known] ** 2
    mean = float(np.average(values[known], weights=precision))
    near = [wave for size, wave in noise.wave.items() if size <= int(known.sum())]
    # A gene shorter than the shortest block has at least the wave of that.
    wave = near[-1] if near else next(iter(noise.wave.values()), 0.0)
    error = sqrt(excess**2 / float(precision.sum()) + wave / 2)
    return (mean - expected) / error


def doubts(
    values: Values, levels: Values, number: NDArray[np.int64], weights: Values
) -> tuple[str, ...]:
    """Return notes where bins do not belong to the segments.

    ``levels`` are those of the segment of each bin, ``number`` its row, -1 outside all. Bins of
    another sample lie off the levels of whole segments; bins of the same sample do not, however
    noisy they are.
    """
    notes = []
    outside = float((number < 0).mean()) if len(number) else 0.0
    if outside > MANY_OUTSIDE:
        notes.append(f"{outside:.0%} of the bins lie in no segment: other sample, panel or build?")
    off = judged = 0
    for one in range(int(number.max(initial=-1)) + 1):
        rows = number == one
        size = int(rows.sum())
        if size < ENOUGH or not np.isfinite(levels[rows][0]):
            continue
        residuals = values[rows] - levels[rows][0]
        middle = weighted_median(residuals, weights[rows])
        error = 1.2533 * MAD_TO_SD * float(np.median(np.abs(residuals - middle))) / sqrt(size)
        judged += size
        off += size * (abs(middle) > FAR_OFF + 4 * error)
    if judged and off > MANY_OFF * judged:
        notes.append(
            f"{off / judged:.0%} of the bins lie in segments at another level than theirs: "
            "copy ratios and segments of one sample?"
        )
    return tuple(notes)


def shared_segments(
    values: Values, weights: Values, number: NDArray[np.int64], levels: Values, sd: float
) -> dict[int, int]:
    """Return a gene's bins by segment, without segments that reach into it by chance.

    A breakpoint is off by a bin or two, and the neighbour of an amplified gene is not amplified
    for that. A segment other than the one with most of the gene's bins counts if these bins fit
    it better than that one by at least ``EVIDENCE`` (difference of squared distances in standard
    deviations, each bin's capped at 9): two clear bins, or more that are less clear. Bins of a
    segment that does not count are the larger one's.
    """
    held = dict(
        zip(*(part.tolist() for part in np.unique(number, return_counts=True)), strict=True)
    )
    if len(held) == 1:
        return held
    main = max(held, key=lambda one: (held[one], -one))
    kept = {main: 0}
    for one, count in held.items():
        rows = number == one
        gain = np.minimum(
            weights[rows] * ((values[rows] - levels_of(levels, number, main)) / sd) ** 2, 9
        )
        loss = np.minimum(
            weights[rows] * ((values[rows] - levels_of(levels, number, one)) / sd) ** 2, 9
        )
        supported = one == main or not np.isfinite(gain - loss).all()
        if supported or float((gain - loss).sum()) >= EVIDENCE:
            kept[one] = kept.get(one, 0) + count
        else:
            kept[main] += count
    return {one: kept[one] for one in held if one in kept}


def levels_of(levels: Values, number: NDArray[np.int64], one: int) -> float:
    """Return the level of one of the segments that bins lie in."""
    return float(levels[int(np.argmax(number == one))])


def breaks_of(touched: Sequence[SegmentCall]) -> str:
    """Return the breakpoints between a gene's segments as text, empty for one segment.

    Each is ``position[low-high]change``: the first base of the next segment (1-based), the
    interval of it where known, the change of log2 from left to right.
    """
    ordered = sorted((item.segment for item in touched), key=lambda segment: segment.start)
    said = []
    for left, right in itertools.pairwise(ordered):
        interval = ""
        if right.start_low is not None and right.start_high is not None:
            interval = f"[{right.start_low + 1}-{right.start_high + 1}]"
        said.append(f"{right.start + 1}{interval}{right.log2_ratio - left.log2_ratio:+.2f}")
    return ";".join(said)
