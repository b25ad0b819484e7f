"""Shares with their intervals, and what no signature explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

from tumorkit.core.mixture import Sets, posterior_shares
from tumorkit.signatures.fit.model import Model

Values = NDArray[np.float64]
DRAWS = 400


@dataclass(frozen=True, kw_only=True, eq=False)
class Shares:
    """Shares of one sample: of the signatures that occur (``at``), and of groups of them.

    ``interval`` and ``group_interval`` have rows of lower and upper end.
    """

    at: NDArray[np.int64]
    interval: Values
    group_mean: Values
    group_interval: Values


def sample_shares(
    sets: Sets, counts: Values, model: Model, groups: list[NDArray[np.bool_]]
) -> Iterator[Shares]:
    """Yield the intervals of each sample's shares; those of a group are of its members' sum."""
    tail = (1 - model.params.level) / 2
    drawn = posterior_shares(
        sets, model.tempered(counts), model.table, alpha=model.params.concentration, draws=DRAWS,
        seed=model.params.seed,
    )  # fmt: skip
    for at, shares in drawn:
        if not len(shares):
            empty = np.zeros((len(groups), 2))
            yield Shares(at=at, interval=np.zeros((0, 2)), group_mean=empty[:, 0],
                         group_interval=empty)  # fmt: skip
            continue
        sums = np.stack([shares[:, group[at]].sum(axis=1) for group in groups], axis=1) if (
            groups
        ) else np.zeros((len(shares), 0))  # fmt: skip
        ends = np.quantile(np.hstack([shares, sums]), [tail, 1 - tail], axis=0).T
        yield Shares(
            at=at,
            interval=ends[: len(at)],
            group_mean=sums.mean(axis=0),
            group_interval=ends[len(at) :],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Remainder:
    """How far counts are from the fit: share of mutations elsewhere, chance, and likeness."""

    distance: Values
    expected: Values
    spread: Values
    p: Values
    cosine: Values
    cosine_expected: Values


def remainders(counts: Values, fitted: Values) -> Remainder:
    """Compare catalogues with fitted spectra (rows of sum 1).

    The distance is the total variation |x/N - p| / 2. Of a multinomial count the mean of
    |x - Np| is known exactly (De Moivre 1730; Diaconis and Zabell 1991, Statistical Science
    6:284): 2 k C(N, k) p^k (1-p)^(N-k+1) with k = floor(Np) + 1. That fitting brings counts and fit
    nearer is not taken off: what is called unexplained is rather too little than too much.
    """
    total = np.maximum(counts.sum(axis=1, keepdims=True), 1e-9)
    seen = counts / total
    distance = np.abs(seen - fitted).sum(axis=1) / 2
    k = np.floor(total * fitted) + 1
    inside = k <= total
    logs = (
        gammaln(total + 1) - gammaln(k) - gammaln(np.maximum(total - k, 0) + 1)
        + k * np.log(np.maximum(fitted, 1e-300))
        + (total - k + 1) * np.log1p(-np.minimum(fitted, 1 - 1e-12))
    )  # fmt: skip
    # Fewer than one mutation in all: the count is 0 or 1 at most.
    mean = np.where(inside, 2 * np.exp(logs), 2 * total * fitted * (1 - fitted))
    variance = np.maximum(total * fitted * (1 - fitted) - mean**2, 0)
    expected = mean.sum(axis=1) / total[:, 0] / 2
    spread = np.sqrt(variance.sum(axis=1)) / total[:, 0] / 2
    z = (distance - expected) / np.maximum(spread, 1e-12)
    size = np.sqrt((fitted**2).sum(axis=1))
    noise = (fitted * (1 - fitted)).sum(axis=1) / total[:, 0]
    length = np.sqrt((seen**2).sum(axis=1))
    cosine = (seen * fitted).sum(axis=1) / np.maximum(length * size, 1e-300)
    return Remainder(
        distance=distance, expected=expected, spread=spread, p=ndtr(-z), cosine=cosine,
        cosine_expected=size / np.sqrt(size**2 + noise),
    )  # fmt: skip
