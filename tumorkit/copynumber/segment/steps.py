"""Keep the steps that are sharper than noise and waves of the sample allow."""

from __future__ import annotations

from itertools import accumulate
from math import log

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.result import Noise


def sharp_steps(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    points: list[int],
    walls: set[int],
    noise: Noise,
    sensitivity: float,
) -> list[int]:
    """Return the points that stand out at one scale at least, weakest removed first.

    ``values`` are clipped around their segments; ``walls`` are ends of arms, which stay. A step
    is judged by the means of blocks of bins left and right of it, inside its two segments: the
    squared difference over its variance (noise and wave at that block size) must exceed
    ``2 * ln(bins)`` over the sensitivity, as the penalty asks of noise alone. Small blocks are
    blind to waves, large ones to noise; a true step is seen at some scale between.
    """
    sums = np.concatenate(([0.0], np.cumsum(weights * values)))
    totals = np.concatenate(([0.0], np.cumsum(weights)))
    # Where a wave averages out over large blocks, two neighbouring ones may still lie on a slope.
    waves = dict(zip(noise.wave, accumulate(noise.wave.values(), max), strict=True))
    needed = 2 * log(max(noise.bins, 3)) / sensitivity
    edges = [0, *sorted(set(points) | walls), len(values)]

    def score(at: int) -> float:
        if edges[at] in walls:
            return float("inf")
        left, point, right = edges[at - 1], edges[at], edges[at + 1]
        best = 0.0
        for size, wave in waves.items():
            start, end = max(left, point - size), min(right, point + size)
            before, after = totals[point] - totals[start], totals[end] - totals[point]
            step = (sums[end] - sums[point]) / after - (sums[point] - sums[start]) / before
            variance = noise.spread * (1 / before + 1 / after) + wave
            best = max(best, step * step / variance)
            if start == left and end == right:
                break
        return float(best)

    scores = [float("inf"), *(score(at) for at in range(1, len(edges) - 1)), float("inf")]
    while True:
        weakest = int(np.argmin(scores))
        if scores[weakest] >= needed:
            break
        del edges[weakest], scores[weakest]
        for at in (weakest - 1, weakest):
            if 0 < at < len(edges) - 1:
                scores[at] = score(at)
    return [edge for edge in edges[1:-1] if edge not in walls]
