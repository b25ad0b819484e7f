"""The test of each gene against the bins around it, without looking at segments."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.call.params import CallParams
from tumorkit.core.robust import MAD_TO_SD, weighted_median

Values = NDArray[np.float64]
Rows = NDArray[np.int64]

MIN_FLANK = 10
MIN_PART = 2
MAX_PART = 30
SAME_SIGN = 0.8
ORDINARY = 0.9


@dataclass(frozen=True, kw_only=True)
class GeneTest:
    """A gene against its flanks: level around it, distance, its most changed part, chance."""

    flank_log2: float
    z: float
    p_value: float
    part: tuple[int, int] | None
    part_log2: float | None


class ScoreTable:
    """Turns distances from the local level into Gaussian scores by their rank in the sample."""

    def __init__(self, residuals: Values) -> None:
        ordered = np.sort(residuals)
        size = len(ordered)
        ranks = np.unique(np.round(np.geomspace(1, (size + 1) / 2, 300)).astype(int))
        ranks = np.unique(np.concatenate([ranks, size + 1 - ranks]))
        quantile = NormalDist().inv_cdf
        scores = [quantile((rank - 0.5) / size) for rank in ranks.tolist()]
        known = ordered[ranks - 1]
        # Equal residuals share the mean score of their ranks.
        self._known, inverse = np.unique(known, return_inverse=True)
        self._scores = np.bincount(inverse, weights=scores) / np.bincount(inverse)

    def window_spreads(self, residuals: Values, arms: Rows) -> dict[int, float]:
        """Return for each length of window how much its scores spread beyond independent bins."""
        score = self(residuals)
        sums = np.concatenate(([0.0], np.cumsum(score)))
        spreads = {}
        for bins in range(MIN_PART, MAX_PART + 1):
            if len(score) < 2 * bins:
                spreads[bins] = 1.0
                continue
            inside = arms[bins - 1 :] == arms[: len(arms) - bins + 1]
            z = (sums[bins:] - sums[:-bins])[inside] / sqrt(bins)
            spread = MAD_TO_SD * float(np.median(np.abs(z))) if len(z) else 1.0
            spreads[bins] = max(1.0, spread)
        return spreads

    def __call__(self, residuals: Values) -> Values:
        """Return the scores; beyond the sample's extremes they stay at the extreme score."""
        return np.asarray(np.interp(residuals, self._known, self._scores), dtype=np.float64)


def gene_test(
    values: Values,
    rows: Rows,
    bounds: tuple[int, int],
    scores: ScoreTable,
    spreads: dict[int, float],
    params: CallParams,
) -> GeneTest | None:
    """Compare a gene's bins with up to ``flank_bins`` on each side; None with too few of them.

    ``values`` are all bins in genome order, ``rows`` the gene's, ``bounds`` the first bin of its
    arm and the one after its last, ``spreads`` those of windows in the sample.
    """
    first, last = int(rows[0]), int(rows[-1]) + 1
    flank = np.concatenate(
        [
            values[max(bounds[0], first - params.flank_bins) : first],
            values[last : min(bounds[1], last + params.flank_bins)],
        ]
    )
    flank = flank[np.isfinite(flank)]
    own = values[rows]
    own = own[np.isfinite(own)]
    if len(flank) < MIN_FLANK or len(own) == 0:
        return None
    level = weighted_median(flank)
    score = scores(own - level)
    # The flanks' median is uncertain, too: its variance is pi/2 that of a mean.
    blur = sqrt(1 + len(own) * (np.pi / 2) / len(flank))
    z = float(score.sum()) / sqrt(len(own)) / blur
    p_value, part, part_log2 = chance(z), None, None
    if len(own) == len(rows):
        found = best_part(score, spreads)
        if found is not None:
            part, strength, tries = found
            part_log2 = float(np.median(own[part[0] : part[1]]))
            p_value = min(1.0, 2 * min(p_value, 1.0, tries * chance(strength)))
    return GeneTest(flank_log2=level, z=z, p_value=p_value, part=part, part_log2=part_log2)


def best_part(
    score: Values, spreads: dict[int, float]
) -> tuple[tuple[int, int], float, int] | None:
    """Return the stretch of a gene that stands out most, how far, and how many were tried."""
    size = len(score)
    if size <= MIN_PART:
        return None
    sums = np.concatenate(([0.0], np.cumsum(score)))
    below = np.concatenate(([0], np.cumsum(score < 0)))
    best: tuple[float, int, int] = (0.0, 0, 0)
    tries = 0
    for bins in range(MIN_PART, min(size - 1, MAX_PART) + 1):
        strength = np.abs(sums[bins:] - sums[:-bins]) / sqrt(bins) / spreads[bins]
        negative = below[bins:] - below[:-bins]
        strength[np.maximum(negative, bins - negative) < SAME_SIGN * bins] = 0
        at = int(np.argmax(strength))
        tries += len(strength)
        if strength[at] > best[0]:
            best = (float(strength[at]), at, at + bins)
    return ((best[1], best[2]), best[0], tries) if best[0] > 0 else None


def chance(z: float) -> float:
    """Return the two-sided chance of a Gaussian score."""
    return erfc(abs(z) / sqrt(2))


def calibrated(tests: list[GeneTest | None]) -> tuple[list[float | None], list[float | None]]:
    """Return z and q-values of all tests, scaled by how genes spread in this sample.

    Bins of a gene share baits, GC and waves, so genes differ more than their bins say. Nine
    tenths of the genes are taken to be no event; where their scores reach farther than chance
    does, all are scaled down (an empirical null, Efron 2004). q-values follow Benjamini and
    Hochberg 1995.
    """
    held = [test for test in tests if test is not None]
    if not held:
        return [None] * len(tests), [None] * len(tests)
    gauss = NormalDist()
    strengths = np.array([gauss.inv_cdf(1 - min(max(test.p_value, 1e-15), 0.999)) for test in held])
    width = max(1.0, float(np.quantile(strengths, ORDINARY)) / gauss.inv_cdf(ORDINARY))
    chances = iter([erfc(s / width / sqrt(2)) / 2 for s in strengths.tolist()])
    spread = max(1.0, MAD_TO_SD * float(np.median([abs(test.z) for test in held])))
    scaled = [None if test is None else test.z / spread for test in tests]
    return scaled, benjamini_hochberg([None if test is None else next(chances) for test in tests])


def benjamini_hochberg(chances: list[float | None]) -> list[float | None]:
    """Return q-values; what was not tested stays None.

    >>> benjamini_hochberg([0.01, None, 0.04, 0.03])
    [0.03, None, 0.04, 0.04]
    """
    tested = sorted((p, at) for at, p in enumerate(chances) if p is not None)
    found: list[float | None] = [None] * len(chances)
    least = 1.0
    for rank in range(len(tested), 0, -1):
        p, at = tested[rank - 1]
        least = min(least, p * len(tested) / rank)
        found[at] = least
    return found
