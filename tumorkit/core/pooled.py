"""Many samples of one thing: pooled location, scale and shapes, bin by bin and all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.robust import BIWEIGHT_REACH, MAD_TO_SD
from tumorkit.core.smooth import read_off, trend

Values = NDArray[np.float64]

# Reach of the midvariance (Lax 1985): farther than that of the location.
SCALE_REACH = 9.0
# Bounds of how many samples' worth of evidence the common scale is.
PRIOR_LEAST, PRIOR_MOST = 2.0, 50.0
# Components that leave this much less variance than fewer of them do not pay.
LEAST_GAIN = 0.005


def medians(table: Values) -> Values:
    """Return the median of each row, NaN cells passed over, NaN where all are."""
    ordered = np.sort(table, axis=1)
    count = np.isfinite(table).sum(axis=1)
    rows = np.arange(len(table))
    low = ordered[rows, np.maximum((count - 1) // 2, 0)]
    high = ordered[rows, np.minimum(count // 2, table.shape[1] - 1)]
    return np.where(count > 0, (low + high) / 2, np.nan)


def biweight_rows(table: Values) -> tuple[Values, Values]:
    """Return Tukey's biweight location and midvariance scale of each row (samples in columns).

    NaN cells are passed over; a row without values is NaN, one of equal values has scale 0.
    Location: Mosteller and Tukey 1977; scale: the root of the biweight midvariance (Lax 1985).

    >>> location, scale = biweight_rows(np.array([[0.0, 0.1, -0.1, 0.05, 9.0]]))
    >>> round(float(location[0]), 2), bool(scale[0] < 0.2)
    (0.02, True)
    """
    location = medians(table)
    known = np.isfinite(table)
    filled = np.where(known, table, location[:, None])
    reach = BIWEIGHT_REACH * medians(np.where(known, np.abs(filled - location[:, None]), np.nan))
    safe = np.where(reach > 0, reach, 1.0)[:, None]
    for _ in range(20):
        u = (filled - location[:, None]) / safe
        share = np.where(known & (np.abs(u) < 1), (1 - u * u) ** 2, 0.0)
        total = share.sum(axis=1)
        moved = (share * (filled - location[:, None])).sum(axis=1) / np.where(total > 0, total, 1)
        moved = np.where(reach > 0, moved, 0.0)
        location = location + moved
        if not (np.abs(moved) > 1e-6 * safe[:, 0]).any():
            break
    away = np.where(known, np.abs(filled - location[:, None]), np.nan)
    mad = medians(away)
    safe = np.where(mad > 0, SCALE_REACH * mad, 1.0)[:, None]
    u2 = ((filled - location[:, None]) / safe) ** 2
    inside = known & (u2 < 1)
    upper = np.where(inside, (filled - location[:, None]) ** 2 * (1 - u2) ** 4, 0).sum(axis=1)
    lower = np.where(inside, (1 - u2) * (1 - 5 * u2), 0).sum(axis=1)
    count = known.sum(axis=1)
    variance = count * upper / np.where(lower != 0, lower, 1) ** 2
    scale = np.where(mad > 0, np.sqrt(variance), 0.0)
    return location, np.where(count > 0, scale, np.nan)


def squeezed(scale: Values, count: NDArray[np.int64], over: Values, floor: float = 1e-3) -> Values:
    """Return scales of few samples drawn towards what is common at their level of ``over``.

    A scale of n samples has n - 1 degrees of freedom. The common variance is a smooth curve over
    ``over`` (expected log2 depth, say); how many samples it is worth is the excess variance of log
    scales over what n - 1 degrees of freedom explain (Smyth 2004, in approximation). Rows of
    fewer than two samples take the common scale alone.

    >>> drawn = squeezed(np.array([0.1] * 200 + [0.4]), np.full(201, 4), np.zeros(201))
    >>> bool(0.1 < drawn[-1] < 0.4)
    True
    """
    freedom = np.maximum(count - 1, 0).astype(float)
    usable = (freedom > 0) & (scale > floor) & np.isfinite(scale)
    if not usable.any():
        return np.where(np.isfinite(scale), np.maximum(scale, floor), np.nan)
    logged = 2 * np.log(np.where(usable, scale, 1.0))
    curve = trend(over[usable], logged[usable])
    middle = float(np.median(logged[usable]))
    common = read_off(curve, over) if len(curve[0]) else np.full(len(scale), middle)
    common = np.where(np.isfinite(over), common, middle)
    away = logged[usable] - common[usable]
    # The variance of a log chi-square over its freedom is about 2 / freedom.
    expected = float(np.mean(2 / freedom[usable]))
    excess = (MAD_TO_SD * float(np.median(np.abs(away)))) ** 2 - expected
    prior = PRIOR_MOST if excess <= 2 / PRIOR_MOST else 2 / excess
    prior = min(max(prior, PRIOR_LEAST), PRIOR_MOST)
    own = np.where(usable, scale, 0.0) ** 2
    share = np.where(usable, freedom, 0.0)
    variance = (share * own + prior * np.exp(common)) / (share + prior)
    drawn: Values = np.sqrt(np.maximum(variance, floor**2))
    return drawn


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """How many shared shapes a panel has, and what each number of them left unexplained.

    ``scores`` (samples x k) are orthonormal. ``left`` holds for 0, 1, 2, ... shapes the variance
    left in samples that the shapes were not learnt from, relative to none, and ``error`` the
    standard error of its mean over samples.
    """

    scores: Values
    left: tuple[float, ...]
    error: tuple[float, ...]


def shared_shapes(table: Values, most: int, *, block: int = 100) -> Shapes:
    """Find principal components of samples, as many as pay in samples left out.

    ``table`` (bins x samples) is standardised and clipped, without NaN. Each sample in turn is
    left out; the others, centred on their own mean, give k components, whose weights for the
    sample are fitted on every other block of bins and judged on the rest (and the other way
    round). The number is the smallest that leaves hardly more variance than the best: half a per
    cent and two standard errors of the samples' own differences. All is done on samples x samples
    products, so bins cost little.
    """
    samples = table.shape[1]
    most = max(0, min(most, samples - 3))
    half = (np.arange(len(table)) // block) % 2 == 0
    products = [table[half].T @ table[half], table[~half].T @ table[~half]]
    left = np.ones((samples, most + 1))
    for out in range(samples) if most else ():
        left[out] = left_out(products, out, most)
    means = left.mean(axis=0)
    errors = left.std(axis=0, ddof=1) / samples**0.5 if samples > 1 else np.zeros(most + 1)
    best = int(means.argmin())
    beyond = left - left[:, [best]]
    doubt = 2 * beyond.std(axis=0, ddof=1) / samples**0.5 if samples > 1 else np.zeros(most + 1)
    number = int(np.flatnonzero(means <= means[best] + doubt + LEAST_GAIN)[0])
    whole = products[0] + products[1]
    centre = np.eye(samples) - 1 / samples
    _, vectors = np.linalg.eigh(centre @ whole @ centre)
    scores = vectors[:, ::-1][:, :number]
    # The sign of a component means nothing; fix it so that equal inputs give equal files.
    signs = np.sign(scores[np.abs(scores).argmax(axis=0), np.arange(number)])
    return Shapes(
        scores=scores * np.where(signs == 0, 1, signs),
        left=tuple(means.tolist()),
        error=tuple(errors.tolist()),
    )


def left_out(products: list[Values], out: int, most: int) -> Values:
    """Return the share of one sample's variance left by 0 .. ``most`` components of the others."""
    samples = len(products[0])
    others = [number for number in range(samples) if number != out]
    mean = np.zeros(samples)
    mean[others] = 1 / len(others)
    centre = np.eye(samples) - np.outer(np.ones(samples), mean)
    pair = [centre @ product @ centre.T for product in products]
    inner = [product[np.ix_(others, others)] for product in pair]
    _, vectors = np.linalg.eigh(inner[0] + inner[1])
    basis = vectors[:, ::-1][:, :most]
    total = pair[0][out, out] + pair[1][out, out]
    left = np.ones(most + 1)
    for number in range(1, most + 1):
        chosen = basis[:, :number]
        rest = 0.0
        for fit, judge in ((0, 1), (1, 0)):
            crossed = chosen.T @ inner[fit] @ chosen
            weight = np.linalg.lstsq(crossed, chosen.T @ pair[fit][others, out], rcond=None)[0]
            rest += float(
                pair[judge][out, out]
                - 2 * weight @ (chosen.T @ pair[judge][others, out])
                + weight @ (chosen.T @ inner[judge] @ chosen) @ weight
            )
        left[number] = rest / total if total > 0 else 1.0
    return left


def left_by_others(table: Values, own: Values, number: int) -> Values:
    """Return what ``number`` components of the other samples leave of each sample.

    ``table`` (bins x samples) is standardised, clipped, and what components are learnt from;
    ``own`` the same without clipping, which they are taken from. A sample that is like no other
    keeps what sets it apart, however large.
    """
    samples = table.shape[1]
    left = own.copy()
    for out in range(samples) if number else ():
        others = np.delete(table, out, axis=1)
        mean = others.mean(axis=1, keepdims=True)
        others = others - mean
        _, vectors = np.linalg.eigh(others.T @ others)
        shapes = others @ vectors[:, ::-1][:, :number]
        weights = np.linalg.lstsq(shapes, table[:, out] - mean[:, 0], rcond=None)[0]
        left[:, out] -= shapes @ weights
    return left
