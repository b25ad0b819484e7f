"""Bins, and panels of normals whose biases are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tumorkit.genome.bins import Bins


def bins_at(spans: Sequence[tuple[int, int]], contig: str = "chr1") -> Bins:
    """Make targets of one contig at these places."""
    size = len(spans)
    unknown = np.full(size, np.nan)
    return Bins(
        contig=np.full(size, contig),
        start=np.array([start for start, _ in spans], dtype=np.int64),
        end=np.array([end for _, end in spans], dtype=np.int64),
        gene=np.full(size, "-", dtype=object),
        target=np.ones(size, dtype=np.bool_),
        gc=unknown,
        repeat=unknown,
        mappability=unknown,
    )
