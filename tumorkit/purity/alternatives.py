"""Copies of every segment at every solution, for whatever is averaged over the solutions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.segment import Segment
from tumorkit.purity.copies import mixtures, state_scores
from tumorkit.purity.likelihood import Likelihood
from tumorkit.purity.result import SegmentAlternatives, Solution

Values = NDArray[np.float64]


def segment_alternatives(
    segments: Sequence[Segment], likelihood: Likelihood, solutions: Sequence[Solution]
) -> tuple[SegmentAlternatives, ...]:
    """Return the copies of each segment that the fit uses, at each of the solutions.

    Those of a segment of which a part of the tumour differs are means over the tumour's cells, so
    they need not be whole. Beyond the states that are told apart the computed copies speak.
    """
    own = likelihood.evidence
    columns = [at_solution(likelihood, item) for item in solutions]
    found = []
    for at, row in enumerate(own.row.tolist()):
        item = segments[row]
        found.append(
            SegmentAlternatives(
                contig=item.contig,
                start=item.start,
                end=item.end,
                copies=tuple(float(column[0][at]) for column in columns),
                minor_copies=tuple(
                    None if np.isnan(column[1][at]) else float(column[1][at]) for column in columns
                ),
                probability=tuple(float(column[2][at]) for column in columns),
            )
        )
    return tuple(found)


def at_solution(likelihood: Likelihood, solution: Solution) -> tuple[Values, Values, Values]:
    """Return copies, copies of the minor allele (NaN unknown) and their probability by segment."""
    own, states = likelihood.evidence, likelihood.states
    scores = state_scores(likelihood, solution.purity, solution.ploidy, solution.doubled)
    best = scores.argmax(axis=0)
    top = scores.max(axis=0)
    probability = 1 / np.exp(scores - top).sum(axis=0)
    copies = states.total[best].astype(np.float64)
    minor = np.where(own.measured, states.minor[best].astype(np.float64), np.nan)
    scale = float(likelihood.scale(solution.purity, solution.ploidy))
    raw = (scale * 2.0**own.log2_ratio - own.normal * (1 - solution.purity)) / solution.purity
    beyond = (copies >= likelihood.totals[-1]) & (raw > copies)
    copies = np.where(beyond, raw, copies)
    minor = np.where(beyond, np.nan, minor)
    parts = mixtures(likelihood, solution)
    split = parts.score > top
    share = parts.share[:, None]
    mean = (1 - share) * parts.base + share * parts.other
    copies = np.where(split, mean.sum(axis=1), copies)
    minor = np.where(split & own.measured, mean.min(axis=1), minor)
    return copies, minor, probability
