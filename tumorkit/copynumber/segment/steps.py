"""Keep the steps that are sharper than noise and waves of the sample allow."""

from __future__ import annotations

import itertools
from heapq import heapify, heappop, heappush
from math import log

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.alleles import Alleles
from tumorkit.copynumber.segment.result import Noise
from tumorkit.core.imbalance import least

# SNPs that a segment needs on both sides of a step before their imbalance speaks: one or two may
# be wrong genotypes.
FEWEST = 3


class Blocks:
    """Means of blocks of bins, and by how much noise and waves let neighbours differ."""

    def __init__(
        self, values: NDArray[np.float64], weights: NDArray[np.float64], noise: Noise
    ) -> None:
        self.sums = np.concatenate(([0.0], np.cumsum(weights * values)))
        self.totals = np.concatenate(([0.0], np.cumsum(weights)))
        self.waves = lasting(noise.wave)
        self.spread = noise.spread

    def score(self, left: int, point: int, right: int) -> float:
        """Return the largest squared step at ``point`` over its variance, over all block sizes."""
        sums, totals = self.sums, self.totals
        best = 0.0
        narrow, worst = min(point - left, right - point), 0.0
        for size, wave in self.waves.items():
            start, end = max(left, point - size), min(right, point + size)
            # A short block beside a long one differs by its own share of the waves of every scale
            # between them, half of what two such blocks differ by, and the other's.
            worst = wave if size <= narrow else max(worst, wave)
            mass, other = totals[point] - totals[start], totals[end] - totals[point]
            step = (sums[end] - sums[point]) / other - (sums[point] - sums[start]) / mass
            variance = self.spread * (1 / mass + 1 / other) + (worst + wave) / 2
            best = max(best, step * step / variance)
            if start == left and end == right:
                break
        return float(best)


def sharp_steps(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    points: list[int],
    walls: set[int],
    noise: Noise,
    sensitivity: float,
    alleles: Alleles | None = None,
) -> list[int]:
    """Return the points that stand out at one scale at least, weakest removed first.

    ``values`` are clipped around their segments; ``walls`` are ends of arms, which stay. A step
    is judged by the means of blocks of bins left and right of it, inside its two segments: the
    squared difference over its variance (noise and wave at that block size) must exceed
    ``2 * ln(bins)`` over the sensitivity, as the penalty asks of noise alone. Small blocks are
    blind to waves, large ones to noise; a true step is seen at some scale between. With
    ``alleles``, what two levels of imbalance save against one for both segments is added, where
    both hold a few SNPs: allele fractions have no waves.
    """
    blocks = Blocks(values, weights, noise)
    needed = 2 * log(max(noise.bins, 3)) / sensitivity
    edges = [0, *sorted(set(points) | walls), len(values)]

    spans = list(itertools.pairwise(edges)) if alleles else []
    totals_of = [alleles.total(*span) for span in spans] if alleles else []
    counts = [alleles.count(*span) for span in spans] if alleles else []
    before, after = list(range(-1, len(edges) - 1)), list(range(1, len(edges) + 1))

    def score(at: int) -> float:
        if edges[at] in walls:
            return float("inf")
        best = blocks.score(edges[before[at]], edges[at], edges[after[at]])
        if counts and min(counts[before[at]], counts[at]) >= FEWEST:
            best += saved(totals_of[before[at]], totals_of[at])
        return best

    scores = {at: score(at) for at in range(1, len(edges) - 1)}
    queue = [(value, at) for at, value in scores.items()]
    heapify(queue)
    while queue and queue[0][0] < needed:
        value, at = heappop(queue)
        if scores.get(at) != value:
            continue  # judged again since
        del scores[at]
        left, right = before[at], after[at]
        after[left], before[right] = right, left
        if totals_of:
            totals_of[left] = totals_of[left] + totals_of[at]
            counts[left] += counts[at]
        for neighbour in (left, right):
            if neighbour in scores:
                scores[neighbour] = score(neighbour)
                heappush(queue, (scores[neighbour], neighbour))
    return [edges[at] for at in sorted(scores) if edges[at] not in walls]


def saved(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """Return by how much two allele fractions fit better than one, from losses at each level.

    >>> saved(np.array([0.0, 1.0, 16.0, 81.0]), np.array([81.0, 64.0, 25.0, 0.0]))
    40.5
    """
    return max(0.0, least(left + right)[1] - least(left)[1] - least(right)[1])


def lasting(wave: dict[int, float]) -> dict[int, float]:
    """Return by how much means of blocks may differ for waves of their own or a smaller scale.

    Where a wave averages out over large blocks, two neighbouring ones may still lie on a slope,
    so what is seen between small blocks is not forgotten at once. It fades with the root of the
    block size: a wave fades with the size itself, a lasting slope not at all, and likeness of
    close neighbours must not hide steps that thousands of bins show.

    >>> {size: round(kept, 3) for size, kept in lasting({5: 0.08, 20: 0.01, 500: 0.0}).items()}
    {5: 0.08, 20: 0.04, 500: 0.008}
    """
    return {
        size: max(
            seen * min(1.0, (smaller / size) ** 0.5)
            for smaller, seen in wave.items()
            if smaller <= size
        )
        for size in wave
    }
