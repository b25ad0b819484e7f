"""How deep a base must be read so that a clonal variant would count there."""

from __future__ import annotations

import numpy as np

from tumorkit.core.late import special
from tumorkit.tmb.params import TmbParams

DEEPEST = 100_000


def clonal_fraction(purity: float, copies: float = 2.0) -> float:
    """Return the allele fraction of a variant on one copy in every tumour cell.

    >>> clonal_fraction(0.5), round(clonal_fraction(0.5, 4.0), 3)
    (0.25, 0.167)
    """
    return purity / (purity * copies + 2 * (1 - purity))


def depth_needed(purity: float, params: TmbParams) -> int | None:
    """Return the depth from which on a clonal variant is seen; None where none is enough.

    Seen is what passes the scheme's limits on depth, reads and fraction, with a probability of at
    least ``params.detection`` by the binomial distribution, at this and every greater depth (a
    limit on the fraction asks for another read now and then). One read at least is needed. The
    variant stands on one copy of two; at a gain it is fainter.

    >>> depth_needed(0.5, TmbParams(min_alt_depth=5)), depth_needed(0.08, TmbParams(min_vaf=0.05))
    (34, None)
    """
    fraction = clonal_fraction(purity)
    floor = params.min_vaf or 0.0
    if fraction <= floor:
        return None
    low, high = 1, 256
    while high <= DEEPEST:
        depth = np.arange(low, high + 1, dtype=np.float64)
        reads = np.maximum(params.min_alt_depth or 1, np.ceil(floor * depth - 1e-9))
        reads = np.maximum(reads, 1.0)
        # P(at least so many reads); scipy's betainc asks for reads <= depth.
        seen = np.where(
            reads <= depth, special.betainc(reads, np.maximum(depth - reads + 1, 1), fraction), 0.0
        )
        short = np.flatnonzero(seen < params.detection)
        # Beyond twice the last depth that falls short the limit on the fraction is no concern.
        if len(short) == 0 or depth[short[-1]] * 2 < high:
            needed = int(depth[short[-1]]) + 1 if len(short) else low
            return max(needed, params.min_depth or 1)
        high *= 2
    return None


def unseen_reason(purity: float | None, params: TmbParams) -> str:
    """Return why a clonal variant would not count at this purity; empty where it would."""
    if purity is None or depth_needed(purity, params) is not None:
        return ""
    return (
        f"at a purity of {purity:g} a clonal variant has an allele fraction of "
        f"{clonal_fraction(purity):.3g}, and the scheme counts none below {params.min_vaf:g}"
    )
