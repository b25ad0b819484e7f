"""Copies of each segment at a solution, and changes that only a part of the tumour has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.segment import Segment
from tumorkit.purity.evidence import Evidence, angle
from tumorkit.purity.likelihood import FREEDOM, LEAST_RATIO, Likelihood
from tumorkit.purity.result import GridPoint, SegmentCopies, Solution

Values = NDArray[np.float64]

# States that subclones part from, and the shares of cells that are tried.
PLAIN_BASES = ((1, 1), (2, 1), (1, 0), (2, 0), (2, 2))
DOUBLED_BASES = ((2, 2), (2, 1), (3, 2), (2, 0), (1, 1), (3, 1), (4, 2), (3, 3))
SHARES = np.linspace(0.05, 0.95, 37)
# Kinds of events that part a subclone from a state: either allele lost, gained, or replaced.
EVENTS = 5
# A loss of an allele is said from this probability on, and denied below its complement.
SURE = 0.9
# Points of the posterior that probabilities are summed over.
MOST_POINTS = 25


@dataclass(frozen=True)
class Parts:
    """The best mixture of two clones per segment: log-likelihood, states, share, interval."""

    score: Values
    base: NDArray[np.int64]
    other: NDArray[np.int64]
    share: Values
    low: Values
    high: Values


def state_posterior(likelihood: Likelihood, purity: float, ploidy: float, doubled: float) -> Values:
    """Return the probability of each clonal state, shape (states, segments)."""
    joint = state_scores(likelihood, purity, ploidy, doubled)
    joint = np.exp(joint - joint.max(axis=0))
    return np.asarray(joint / joint.sum(axis=0))


def state_scores(likelihood: Likelihood, purity: float, ploidy: float, doubled: float) -> Values:
    """Return the log of prior times likelihood of each state, shape (states, segments)."""
    density = likelihood.levels(purity, np.array([ploidy]))[0]
    each = density[np.searchsorted(likelihood.totals, likelihood.states.total)]
    variants = likelihood.mutations(purity, int(doubled > 0.5))
    prior = (1 - doubled) * likelihood.whole_prior(0) + doubled * likelihood.whole_prior(1)
    balance = likelihood.balance(purity)
    return np.asarray(np.log(np.maximum(prior * each * balance, 1e-290)) + variants)


def loh_probability(likelihood: Likelihood, grid: Sequence[GridPoint]) -> Values:
    """Return the probability that an allele is lost, over the posterior."""
    best = sorted(grid, key=lambda point: -point.weight)[:MOST_POINTS]
    lost = (likelihood.states.minor == 0) & (likelihood.states.total > 0)
    total = np.zeros(len(likelihood.evidence))
    for point in best:
        states = state_posterior(likelihood, point.purity, point.ploidy, point.doubled)
        total += point.weight * states[lost].sum(axis=0)
    return np.asarray(total / sum(point.weight for point in best))


def mixtures(likelihood: Likelihood, solution: Solution) -> Parts:
    """Return for each segment the best mixture of a base state and one an event away."""
    own = likelihood.evidence
    bases = DOUBLED_BASES if solution.doubled > 0.5 else PLAIN_BASES
    pairs = sorted({(base, other) for base in bases for other in one_event(base) if base != other})
    scores = np.array([mixture_scores(likelihood, solution, *pair) for pair in pairs])
    # Mutations of the segment speak for the base state; without them a mixture would be compared
    # with whole states that have to explain more.
    variants = likelihood.mutations(solution.purity, int(solution.doubled > 0.5))
    at = {pair: row for row, pair in enumerate(likelihood.states.pairs())}
    scores += variants[[at[max(base), min(base)] for base, _ in pairs]][:, None, :]
    size = len(own)
    flat = scores.reshape(-1, size)
    best = flat.argmax(axis=0)
    pair, share = np.unravel_index(best, scores.shape[:2])
    curve = scores[pair, :, np.arange(size)]
    near = curve > curve.max(axis=1, keepdims=True) - 1.92
    low = SHARES[near.argmax(axis=1)]
    high = SHARES[len(SHARES) - 1 - near[:, ::-1].argmax(axis=1)]
    states = np.array(pairs)
    # Mean over shares: a mixture has a parameter more, and pays for it.
    marginal = np.log(np.exp(curve - curve.max(axis=1, keepdims=True)).mean(axis=1)) + curve.max(
        axis=1
    )
    # A change of a part of the cells parts from a state in proportion to that state's own odds.
    odds = likelihood.whole_prior(int(solution.doubled > 0.5))
    rows = np.array([at[max(base), min(base)] for base, _ in pairs])[pair]
    prior = np.log(likelihood.params.subclonal_share / EVENTS * odds[rows, np.arange(size)])
    return Parts(marginal + prior, states[pair, 0], states[pair, 1], SHARES[share], low, high)


def one_event(base: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the states one event away: an allele lost or gained, or one replaced by the other.

    >>> one_event((1, 1))
    [(0, 1), (1, 0), (2, 1), (1, 2), (2, 0)]
    """
    first, second = base
    found = [(first - 1, second), (first, second - 1), (first + 1, second), (first, second + 1)]
    if second:
        found.append((first + 1, second - 1))
    return [pair for pair in found if min(pair) >= 0]


def mixture_scores(
    likelihood: Likelihood, solution: Solution, base: tuple[int, int], other: tuple[int, int]
) -> Values:
    """Return the log-likelihood of a mixture at each share, shape (shares, segments)."""
    own, purity = likelihood.evidence, solution.purity
    first = ((1 - SHARES) * base[0] + SHARES * other[0])[:, None]
    second = ((1 - SHARES) * base[1] + SHARES * other[1])[:, None]
    mean = purity * (first + second) + own.normal * (1 - purity)
    scale = float(likelihood.scale(purity, solution.ploidy))
    z = (own.log2_ratio + np.log2(scale) - np.log2(np.maximum(mean, LEAST_RATIO))) / own.sd
    level = -(FREEDOM + 1) / 2 * np.log1p(z * z / FREEDOM) - np.log(own.sd) - 0.9686
    share = (purity * np.maximum(first, second) + 1 - purity) / (
        purity * (first + second) + 2 * (1 - purity)
    )
    return np.asarray(level + read_off(own, share[:, 0]))


def read_off(own: Evidence, share: Values) -> Values:
    """Return the log-likelihood of major-allele fractions, shape (fractions, segments)."""
    place = angle(np.clip(share, own.levels[0], own.levels[-1]))
    at = (place - np.pi / 4) * (len(own.levels) - 1) / (angle(own.levels[-1]) - np.pi / 4)
    low = np.minimum(at.astype(np.int64), len(own.levels) - 2)
    part = (at - low)[:, None]
    return np.asarray(own.curve.T[low] * (1 - part) + own.curve.T[low + 1] * part)


def minor_copies(copies: float, baf: float | None, purity: float) -> float | None:
    """Return the minor allele's copies as computed, None where its fraction is not known.

    >>> round(minor_copies(3.0, 1.6 / 2.6, 0.6) or 0.0, 6)
    1.0
    """
    if baf is None:
        return None
    copies = max(copies, 0.0)
    mixture = purity * copies + 2 * (1 - purity)
    return copies - (max(baf, 1 - baf) * mixture - (1 - purity)) / purity


def segment_copies(
    segments: Sequence[Segment],
    likelihood: Likelihood,
    solution: Solution,
    grid: Sequence[GridPoint],
) -> tuple[SegmentCopies, ...]:
    """Return the copies of every segment that the fit uses."""
    own, purity = likelihood.evidence, solution.purity
    scores = state_scores(likelihood, purity, solution.ploidy, solution.doubled)
    states = np.exp(scores - scores.max(axis=0))
    states /= states.sum(axis=0)
    best = scores.argmax(axis=0)
    lost = loh_probability(likelihood, grid)
    parts = mixtures(likelihood, solution)
    scale = float(likelihood.scale(purity, solution.ploidy))
    raw = (scale * 2.0**own.log2_ratio - own.normal * (1 - purity)) / purity
    found = []
    for at, row in enumerate(own.row.tolist()):
        item, state = segments[row], int(best[at])
        total = int(likelihood.states.total[state])
        copies = float(raw[at])
        if total == likelihood.totals[-1] and copies > total:
            # Beyond the states that are told apart the computed copies speak.
            total = round(copies)
        alleles = bool(own.measured[at]) and total <= likelihood.totals[-1]
        split = parts.score[at] > scores[:, at].max()
        clear = own.normal[at] == 2 and (alleles or total == 1)
        minor = minor_copies(copies, item.baf if own.measured[at] else None, purity)
        found.append(
            SegmentCopies(
                contig=item.contig,
                start=item.start,
                end=item.end,
                log2_ratio=item.log2_ratio,
                baf=item.baf,
                normal_copies=int(own.normal[at]),
                copies=copies,
                minor_copies=minor,
                total_cn=int(parts.base[at].sum()) if split else total,
                major_cn=(
                    int(parts.base[at].max() if split else likelihood.states.major[state])
                    if alleles
                    else None
                ),
                minor_cn=(
                    int(parts.base[at].min() if split else likelihood.states.minor[state])
                    if alleles
                    else None
                ),
                probability=float(states[state, at]),
                loh=(None if SURE > lost[at] > 1 - SURE else bool(lost[at] >= SURE))
                if clear
                else None,
                loh_probability=float(lost[at]) if clear else None,
                subclonal=bool(split),
                part=float(parts.share[at]) if split else None,
                part_low=float(parts.low[at]) if split else None,
                part_high=float(parts.high[at]) if split else None,
                part_major=int(parts.other[at].max()) if split and alleles else None,
                part_minor=int(parts.other[at].min()) if split and alleles else None,
            )
        )
    return tuple(found)
