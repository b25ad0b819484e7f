"""Aligned reads as columns, as they go into a BAM."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class AlignedReads:
    """Paired reads of one contig, sorted by ``start`` (0-based), all of the same ``length``.

    ``bases`` and ``qualities`` are the reads one behind the other: ASCII letters, and Phred scores
    as bytes. ``cigar`` holds (operation, length) pairs in SAM's numbers; None is all matched.
    """

    contig: str
    length: int
    name: tuple[str, ...]
    flag: NDArray[np.int64]
    start: NDArray[np.int64]
    mapping_quality: NDArray[np.int64]
    cigar: tuple[tuple[tuple[int, int], ...] | None, ...]
    mate_start: NDArray[np.int64]
    template_length: NDArray[np.int64]
    bases: bytes
    qualities: bytes

    def __len__(self) -> int:
        return len(self.name)
