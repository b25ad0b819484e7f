"""The scores of msisensor-pro on our counts, by its formulas and with its own limits.

They stand beside our score because laboratories know them. The counts behind them are ours: one
vote a fragment, filtered; msisensor-pro counts every read (xjtu-omics/msisensor-pro: cpp).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.false_discovery import adjusted_p
from tumorkit.core.late import special
from tumorkit.msi.sites import SiteLengths

Floats = NDArray[np.float64]
# msisensor-pro counts lengths of 1 to 100 units.
BINS = 100


def contraction_share(lengths: Sequence[int] | NDArray[np.int32], repeats: int) -> float:
    """Return ``pro``'s p of one site: units lost over units seen, lost and gained.

    >>> contraction_share([0] * 8 + [10, 0, 90], 10)
    0.02
    """
    votes = np.asarray(lengths, dtype=float)
    size = np.arange(votes.size)
    lost = float((votes * np.maximum(repeats - size, 0)).sum())
    gained = float((votes * np.maximum(size - repeats, 0)).sum())
    seen = float((votes * np.minimum(size, repeats)).sum())
    total = seen + lost + gained
    return lost / total if total else float("nan")


def pro_shares(counts: SiteLengths) -> Floats:
    """Return ``pro``'s p of every site, NaN where nothing was counted."""
    return np.array(
        [contraction_share(counts.at(k), locus.repeats) for k, locus in enumerate(counts.loci)]
    )


def distance_test(
    tumor: Sequence[int] | NDArray[np.int32], normal: Sequence[int] | NDArray[np.int32],
    *, scaled: bool = False,
) -> tuple[float, float]:  # fmt: skip
    """Return ``msi``'s difference (1 - overlap) and chi-square p of one site.

    The degrees of freedom are the lengths that either has, less one; ``scaled`` brings the smaller
    sample up to the larger one's reads, as the option ``-z 1`` does.

    >>> distance_test([0, 0, 50], [0, 0, 50])
    (0.0, 1.0)
    """
    both = np.zeros((2, BINS))
    for row, votes in zip(both, (tumor, normal), strict=True):
        seen = np.asarray(votes, dtype=float)[1 : BINS + 1]
        row[: seen.size] = seen
    totals = both.sum(axis=1)
    if not totals.all():
        return float("nan"), float("nan")
    shares = both / totals[:, None]
    difference = float(1 - np.minimum(*shares).sum())
    if scaled:
        both = shares * totals.max()
        totals = both.sum(axis=1)
    used = both.sum(axis=0) > 0
    if used.sum() < 2:
        return max(difference, 0.0), 1.0
    whole = both[:, used].sum(axis=0)
    wanted = totals[:, None] * whole / totals.sum()
    square = float(((both[:, used] - wanted) ** 2 / wanted).sum())
    return max(difference, 0.0), float(special.chdtrc(used.sum() - 1, square))


def paired_tests(
    tumor: SiteLengths, normal: SiteLengths, used: NDArray[np.bool_], *, scaled: bool
) -> tuple[Floats, Floats]:
    """Return difference and q of every used site, NaN elsewhere.

    msisensor-pro's own q is p n / rank without the monotone step of Benjamini and Hochberg; ours
    has it, which can only make q smaller.
    """
    difference = np.full(len(tumor.loci), np.nan)
    p = np.full(len(tumor.loci), np.nan)
    for site in np.flatnonzero(used).tolist():
        difference[site], p[site] = distance_test(tumor.at(site), normal.at(site), scaled=scaled)
    q = np.full_like(p, np.nan)
    tested = np.isfinite(p)
    if tested.any():
        q[tested] = adjusted_p(p[tested])
    return difference, q
