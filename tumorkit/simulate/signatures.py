"""Invented mutational signatures, planted so that a refit can be judged.

They are rules on the sequence context, not taken from any published table.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.simulate.nouns import BASES

SUBSTITUTIONS = ("C>A", "C>G", "C>T", "T>A", "T>C", "T>G")
CHANNELS = tuple(
    f"{left}[{change}]{right}" for change in SUBSTITUTIONS for left in BASES for right in BASES
)
NAMES = ("planted-A", "planted-B", "planted-C", "planted-D", "planted-E")
MEANINGS = {
    "planted-A": "C>T at CpG, like deamination with age",
    "planted-B": "broad, all substitutions",
    "planted-C": "C>T at GCN and C>A at CCN, like lost mismatch repair",
    "planted-D": "C>T and C>G at TCN, like APOBEC",
    "planted-E": "C>A in all contexts, like tobacco",
}
DEFICIENT_MIX = {"planted-A": 0.2, "planted-B": 0.15, "planted-C": 0.65}
PROFICIENT_MIX = {"planted-A": 0.4, "planted-B": 0.4, "planted-D": 0.2}


def planted_signatures() -> NDArray[np.float64]:
    """Return the signatures as columns over the 96 channels, each with sum 1.

    >>> table = planted_signatures()
    >>> table.shape, bool(np.allclose(table.sum(axis=0), 1))
    ((96, 5), True)
    """
    table = np.array([weights(channel) for channel in CHANNELS], dtype=np.float64)
    return np.asarray(table / table.sum(axis=0), dtype=np.float64)


def weights(channel: str) -> tuple[float, float, float, float, float]:
    """Return the unscaled weights of one channel in the five signatures."""
    left, change, right = channel[0], channel[2:5], channel[6]
    cpg = right == "G"
    base = 0.02
    a = 4.0 if change == "C>T" and cpg else base
    # A gentle slope over the contexts keeps the broad signature from being plain flat.
    slope = 1 + 0.25 * BASES.index(left) - 0.15 * BASES.index(right)
    b = slope * {"C>A": 0.8, "C>G": 0.5, "C>T": 1.2, "T>A": 0.7, "T>C": 1.5, "T>G": 0.4}[change]
    c = base
    if change == "C>T":
        c = 2.5 if left == "G" else 0.6
    elif change == "C>A":
        c = 1.5 if left == "C" else 0.15
    elif change == "T>C":
        c = 0.8 if left == "G" else 0.2
    d = {"C>T": 3.0, "C>G": 2.5}.get(change, base) if left == "T" and change[0] == "C" else base
    e = 2.0 if change == "C>A" else base
    return a, b, c, d, e


def exposures(*, deficient: bool) -> NDArray[np.float64]:
    """Return the share of each planted signature."""
    mix = DEFICIENT_MIX if deficient else PROFICIENT_MIX
    return np.array([mix.get(name, 0.0) for name in NAMES])


def context_index(codes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return for each inner base its pyrimidine trinucleotide as a number from 0 to 31.

    The number is 16 x (T in the middle) + 4 x left + right, read on the strand on which the
    middle is C or T. The result has two elements fewer than ``codes``.
    """
    wide = codes.astype(np.int64)
    left, middle, right = wide[:-2], wide[1:-1], wide[2:]
    turn = (middle == 0) | (middle == 2)
    a = np.where(turn, 3 - right, left)
    c = np.where(turn, 3 - left, right)
    m = np.where(turn, 3 - middle, middle)
    return np.asarray(16 * (m == 3) + 4 * a + c, dtype=np.int64)


def channel_context(channel: int) -> int:
    """Return the context number of a channel."""
    substitution, context = divmod(channel, 16)
    return 16 * (substitution >= 3) + context
