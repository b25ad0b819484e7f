"""Copy ratios from a pileup of tumour and normal alone, as FACETS makes them."""

from __future__ import annotations

import numpy as np

from tumorkit.errors import TumorkitError
from tumorkit.genome.segment import CopyRatios
from tumorkit.genome.snps import SnpCounts

# Sites nearer than this share reads; of them the one that the normal covers best speaks.
WINDOW = 250
# Reads of the normal that make a ratio, and more than which only repeats have (FACETS).
DEPTHS = (35, 1000)
# Standard deviation of a log2 ratio that no depth lowers: capture and GC content.
FLOOR_SD = 0.1


def pileup_ratios(snps: SnpCounts) -> CopyRatios:
    """Return log2 of tumour depth over normal depth at sites of a pileup, one per 250 bases.

    Centred on the median; a bin is its window. There is no
    correction for GC content: the normal went through the same capture. Raises
    :class:`TumorkitError` where there is no normal or it is nowhere deep enough.
    """
    if snps.normal_ref is None or snps.normal_alt is None:
        raise TumorkitError(
            "a pileup without a normal has no copy ratios",
            hint="give copy ratios of bins, and the pileup with --snps",
        )
    snps = snps.in_order()
    normal = np.asarray(snps.normal_ref) + np.asarray(snps.normal_alt)
    good = np.flatnonzero((normal >= DEPTHS[0]) & (normal < DEPTHS[1]))
    if len(good) == 0:
        raise TumorkitError(
            f"the normal has {DEPTHS[0]} to {DEPTHS[1]} reads at none of {len(snps)} sites",
            hint="is the first sample of the pileup the normal?",
        )
    window = snps.position[good] // WINDOW
    contig = snps.contig[good]
    fresh = np.append(True, (window[1:] != window[:-1]) | (contig[1:] != contig[:-1]))
    group = np.cumsum(fresh) - 1
    # The last of each group after sorting by depth within the group is its deepest.
    order = np.lexsort((normal[good], group))
    deepest = good[order[np.append(np.flatnonzero(np.diff(group)), len(group) - 1)]]
    tumor = (snps.ref + snps.alt)[deepest]
    covered = normal[deepest]
    ratio = np.log2((tumor + 0.5) / (covered + 0.5))
    variance = (1 / (tumor + 0.5) + 1 / (covered + 0.5)) / np.log(2) ** 2 + FLOOR_SD**2
    weight = 1 / variance
    start = window[fresh] * WINDOW
    size = len(deepest)
    return CopyRatios(
        contig=snps.contig[deepest],
        start=start,
        end=start + WINDOW,
        log2_ratio=ratio - np.median(ratio),
        weight=weight / weight.mean(),
        gene=np.full(size, "-", dtype=object),
        depth=tumor.astype(np.float64),
        target=np.ones(size, dtype=np.bool_),
    )
