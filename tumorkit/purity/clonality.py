"""In which share of tumour cells a mutation is, and on how many copies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.contigs import standard
from tumorkit.purity.copies import MOST_POINTS, state_posterior
from tumorkit.purity.evidence import Mutation, vaf_curves
from tumorkit.purity.likelihood import Likelihood
from tumorkit.purity.result import GridPoint, MutationCopies, SegmentCopies

Values = NDArray[np.float64]

CCF = np.linspace(0.01, 1.0, 100)
# Share of mutations that are in all tumour cells, before the reads are seen.
CLONAL_SHARE = 0.6
# From this share of cells on a mutation counts as clonal.
CLONAL_FROM = 0.85
# Points of the posterior that are summed over.
POINTS = min(8, MOST_POINTS)
BLOCK = 2000


def mutation_copies(
    mutations: Sequence[Mutation],
    segments: Sequence[SegmentCopies],
    likelihood: Likelihood,
    grid: Sequence[GridPoint],
) -> tuple[MutationCopies, ...]:
    """Return share of cells and multiplicity of every mutation, over the posterior.

    Unknown where no segment holds the mutation, or all copies of it are gone.
    """
    place = places(mutations, segments)
    points = sorted(grid, key=lambda point: -point.weight)[:POINTS]
    states = [
        state_posterior(likelihood, point.purity, point.ploidy, point.doubled).argmax(axis=0)
        for point in points
    ]
    found: list[MutationCopies] = []
    for start in range(0, len(mutations), BLOCK):
        rows = range(start, min(start + BLOCK, len(mutations)))
        found += block(
            [mutations[at] for at in rows],
            place[start : start + BLOCK],
            segments,
            likelihood,
            points,
            states,
        )
    return tuple(found)


def places(mutations: Sequence[Mutation], segments: Sequence[SegmentCopies]) -> NDArray[np.int64]:
    """Return the segment that holds each mutation, -1 where none does."""
    spans: dict[str, list[int]] = {}
    for at, item in enumerate(segments):
        spans.setdefault(standard(item.contig), []).append(at)
    for own in spans.values():
        own.sort(key=lambda at: segments[at].start)
    starts = {name: np.array([segments[at].start for at in own]) for name, own in spans.items()}
    place = np.full(len(mutations), -1, dtype=np.int64)
    for row, mutation in enumerate(mutations):
        name = standard(mutation.contig)
        if name not in spans:
            continue
        at = int(np.searchsorted(starts[name], mutation.pos, side="right")) - 1
        if at >= 0 and mutation.pos < segments[spans[name][at]].end:
            place[row] = spans[name][at]
    return place


def block(
    mutations: Sequence[Mutation],
    place: NDArray[np.int64],
    segments: Sequence[SegmentCopies],
    likelihood: Likelihood,
    points: Sequence[GridPoint],
    states: Sequence[NDArray[np.int64]],
) -> list[MutationCopies]:
    """Return what is known of some mutations."""
    levels = likelihood.evidence.vaf_levels
    curves = np.exp(vaf_curves(mutations, levels))
    total = np.zeros((len(mutations), 3, len(CCF)))
    rows = np.arange(len(mutations))
    held = np.maximum(place, 0)
    for point, state in zip(points, states, strict=True):
        at = state[held]
        major, minor = likelihood.states.major[at], likelihood.states.minor[at]
        normal = likelihood.evidence.normal[held]
        mixture = point.purity * (major + minor) + normal * (1 - point.purity)
        numbers = (np.ones_like(major), major, minor)
        for number, copies in enumerate(numbers):
            fresh = copies > 0 if number == 0 else copies > 1
            if number == 2:
                fresh &= minor != major
            share = np.clip(point.purity * copies[:, None] * CCF / mixture[:, None], 0, 1)
            index = (np.arcsin(np.sqrt(share)) * (len(levels) - 1) / (np.pi / 2)).round()
            read = curves[rows[:, None], index.astype(np.int64)]
            weight = np.full(len(CCF), (1 - CLONAL_SHARE) / len(CCF))
            weight[-1] += CLONAL_SHARE
            # A mutation on several copies came before their gain, so all descendants have it.
            prior = weight if number == 0 else weight * (CCF >= CLONAL_FROM)
            total[:, number] += point.weight * read * prior * fresh[:, None]
    return [
        described(item, total[at], segments[int(place[at])] if place[at] >= 0 else None, number)
        for at, (item, number) in enumerate(
            zip(mutations, copies_of(states[0], held, likelihood), strict=True)
        )
    ]


def copies_of(
    state: NDArray[np.int64], held: NDArray[np.int64], likelihood: Likelihood
) -> list[tuple[int, int, int]]:
    """Return what the three multiplicities stand for at the best point."""
    at = state[held]
    return [
        (1, int(major), int(minor))
        for major, minor in zip(
            likelihood.states.major[at], likelihood.states.minor[at], strict=True
        )
    ]


def described(
    item: Mutation, table: Values, segment: SegmentCopies | None, numbers: tuple[int, int, int]
) -> MutationCopies:
    """Return one mutation's row from its posterior over multiplicity and share of cells."""
    mass = float(table.sum())
    known = segment is not None and mass > 0
    by_ccf = table.sum(axis=0) / mass if known else np.zeros(len(CCF))
    low, high = (
        float(CCF[min(int(np.searchsorted(np.cumsum(by_ccf), share)), len(CCF) - 1)])
        for share in (0.025, 0.975)
    )
    mean = min(float((CCF * by_ccf).sum()), 1.0)
    return MutationCopies(
        contig=item.contig,
        pos=item.pos + 1,
        ref=item.ref,
        alt=item.alt,
        gene=item.gene,
        vaf=item.vaf,
        depth=item.depth,
        total_cn=segment.total_cn if segment else None,
        multiplicity=numbers[int(table.sum(axis=1).argmax())] if known else None,
        ccf=mean if known else None,
        # The mean of a skewed posterior may lie outside of a range that ends on the grid.
        ccf_low=min(low, mean) if known else None,
        ccf_high=max(high, mean) if known else None,
        clonal_probability=float(by_ccf[CCF >= CLONAL_FROM].sum()) if known else None,
    )
