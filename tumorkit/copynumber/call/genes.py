"""The test of each gene against the bins around it, without looking at segments."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri_exp

from tumorkit.copynumber.call.params import CallParams
from tumorkit.core.robust import MAD_TO_SD, weighted_median

Values = NDArray[np.float64]
Rows = NDArray[np.int64]
Spreads = dict[int, list[float]]

MIN_FLANK = 10
MIN_PART = 2
# Lengths of the windows tried, in bins. Each one tried costs power: an event of 7 bins shows in 6.
LENGTHS = (2, 3, 4, 5, 6, 8, 10, 13, 17, 23, 30)
SAME_SIGN = 0.8
ORDINARY = 0.9
# Windows of so many bins are also judged by order statistics, from 3 bins on with one to spare.
SHORT = 8
MIN_SPARE = 3


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

    def window_spreads(self, residuals: Values, arms: Rows) -> Spreads:
        """Return for each length of window how much its scores spread beyond independent bins."""
        score = self(residuals)
        spreads: Spreads = {}
        for bins in LENGTHS:
            if len(score) < 2 * bins:
                spreads[bins] = [1.0] * 3
                continue
            inside = arms[bins - 1 :] == arms[: len(arms) - bins + 1]
            spreads[bins] = [
                max(1.0, MAD_TO_SD * float(np.median(np.abs(z[inside])))) if inside.any() else 1.0
                for z in windows(score, bins)
            ]
        return spreads

    def __call__(self, residuals: Values) -> Values:
        """Return the scores; beyond the sample's extremes they stay at the extreme score."""
        return np.asarray(np.interp(residuals, self._known, self._scores), dtype=np.float64)


def windows(score: Values, bins: int) -> list[Values]:
    """Return z of every window of so many bins, in up to three ways; negative is a loss.

    First the sum of scores. In heavy tails it cannot tell one wild bin from several low ones, so
    short windows are also judged by their least extreme bin and by the one after it: the chance
    that all bins, or all but one, lie so far out is that of order statistics (u^m, and the
    binomial tail), exact for any noise.
    """
    sums = np.concatenate(([0.0], np.cumsum(score)))
    found = [(sums[bins:] - sums[:-bins]) / sqrt(bins)]
    if bins > SHORT:
        return found
    ordered = np.sort(sliding_window_view(score, bins), axis=1)
    for spare in range(1 if bins < MIN_SPARE else 2):
        down = order_z(ordered[:, bins - 1 - spare], bins, spare)
        up = order_z(-ordered[:, spare], bins, spare)
        found.append(np.where(down >= up, -down, up))
    return found


def order_z(score: Values, bins: int, spare: int) -> Values:
    """Return z of the chance that all bins but ``spare`` (0 or 1) lie at or below a score."""
    low = log_ndtr(score)
    chance = bins * low
    if spare:
        chance = (bins - 1) * low + np.log(bins - (bins - 1) * np.exp(low))
    return np.asarray(-ndtri_exp(np.minimum(chance, -1e-12)), dtype=np.float64)


def gene_test(
    values: Values,
    rows: Rows,
    bounds: tuple[int, int],
    scores: ScoreTable,
    spreads: Spreads,
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


def best_part(score: Values, spreads: Spreads) -> tuple[tuple[int, int], float, int] | None:
    """Return the stretch of a gene that stands out most, how far, and how many were tried."""
    size = len(score)
    if size <= MIN_PART:
        return None
    below = np.concatenate(([0], np.cumsum(score < 0)))
    best: tuple[float, int, int] = (0.0, 0, 0)
    tries = 0
    for bins in LENGTHS:
        if bins >= size:
            break
        ways = windows(score, bins)
        strength = np.max(
            [np.abs(z) / spread for z, spread in zip(ways, spreads[bins], strict=False)], axis=0
        )
        negative = below[bins:] - below[:-bins]
        strength[np.maximum(negative, bins - negative) < SAME_SIGN * bins] = 0
        at = int(np.argmax(strength))
        tries += len(strength) * len(ways)
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
