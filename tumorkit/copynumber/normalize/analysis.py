"""Log2 ratios of a tumour's target depths over a normal's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.normalize.result import NormalizeResult
from tumorkit.errors import TumorkitError
from tumorkit.genome.contigs import is_autosome
from tumorkit.genome.segment import CopyRatios

READ_LENGTH = 150
# Half a read keeps a target without reads finite and still far below one copy.
PSEUDO_READS = 0.5
# Below a tenth of the usual depth of the normal a target was not captured: its ratio is noise.
LEAST_NORMAL_SHARE = 0.1


def pair_log2(
    tumor: NDArray[np.float64], normal: NDArray[np.float64], size: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return log2((tumor + half a read) / (normal + half a read)) of depths, element-wise."""
    half = PSEUDO_READS * READ_LENGTH / np.maximum(size, READ_LENGTH)
    found: NDArray[np.float64] = np.log2((tumor + half) / (normal + half))
    return found


def normalize_pair(tumor: CopyRatios, normal: CopyRatios) -> NormalizeResult:
    """Match targets by place and return the pair's copy ratios, centred on the autosomes' median.

    Weights are the relative precision of a ratio of two counts, 1 for the usual target. Targets
    that only one sample has, and those the normal does not cover, are left out and counted.
    """
    places = {place: at for at, place in enumerate(places_of(normal))}
    pairs = [(at, places.get(place)) for at, place in enumerate(places_of(tumor))]
    both = [(t, n) for t, n in pairs if n is not None]
    if not both:
        raise TumorkitError(
            "tumour and normal coverage share no target",
            "measure both on the same targets: tumorkit cnv coverage --targets",
        )
    rows = np.array([t for t, _ in both])
    depth, normal_depth = tumor.depth[rows], normal.depth[np.array([n for _, n in both])]
    for who, depths in (("tumour", depth), ("normal", normal_depth)):
        if not (depths > 0).any():
            raise TumorkitError(
                f"the {who} has no read on any shared target",
                "check that alignment and targets are of the same build and panel",
            )
    usual = float(np.nanmedian(normal_depth))
    covered = (normal_depth > 0) & (normal_depth >= LEAST_NORMAL_SHARE * usual) & ~np.isnan(depth)
    rows, depth, normal_depth = rows[covered], depth[covered], normal_depth[covered]
    size = tumor.end[rows] - tumor.start[rows]
    log2_ratio = pair_log2(depth, normal_depth, size)
    autosomes = np.array([is_autosome(name) for name in tumor.contig[rows].tolist()], dtype=bool)
    centre = log2_ratio[autosomes] if autosomes.any() else log2_ratio
    # The tumour's expected count, not its own, so that a deletion is not taken for imprecision.
    precision = normal_depth * size
    ratios = CopyRatios(
        contig=tumor.contig[rows],
        start=tumor.start[rows],
        end=tumor.end[rows],
        log2_ratio=log2_ratio - float(np.median(centre)),
        weight=np.clip(precision / np.median(precision), 0.05, 4.0),
        gene=tumor.gene[rows],
        depth=depth,
        target=tumor.target[rows],
    )
    return NormalizeResult(
        ratios=ratios,
        only_tumor=len(pairs) - len(both),
        only_normal=len(places) - len(both),
        no_normal=int((~covered).sum()),
    )


def places_of(ratios: CopyRatios) -> list[tuple[str, int, int]]:
    """Return contig, start and end of every target."""
    return list(
        zip(ratios.contig.tolist(), ratios.start.tolist(), ratios.end.tolist(), strict=True)
    )
