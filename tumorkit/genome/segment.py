"""Bins of copy ratio and the segments they fall into."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

# Lowest log2 ratio that is told apart: a thirty-second of the expected depth. What has fewer
# reads, or none (-20 in CNVkit's files), stands at this floor: it counts, yet cannot drag a mean.
LOG2_FLOOR = -5.0
# CNVkit's labels of bins between targets, new and old.
OFF_TARGET_NAMES = ("Antitarget", "Background")


def floored(log2_ratio: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log2 ratios with those below the floor at the floor; NaN stays NaN.

    >>> floored(np.array([-19.5, 0.2, np.nan])).tolist()
    [-5.0, 0.2, nan]
    """
    return np.maximum(log2_ratio, LOG2_FLOOR)


@dataclass(frozen=True, kw_only=True)
class CopyRatios:
    """Copy ratios of a sample in genome order, as columns of equal length.

    ``log2_ratio`` is NaN where nothing is known and ``LOG2_FLOOR`` without reads. ``weight`` is
    relative precision (1 is usual), ``depth`` is mean read depth or NaN. ``target`` is False for
    off-target (antitarget) bins. ``gene`` may be an array of objects: long labels then cost a
    pointer each. ``spread`` is the standard deviation of each bin among normals (NaN: not known),
    None without a panel of normals.
    """

    contig: NDArray[np.str_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    log2_ratio: NDArray[np.float64]
    weight: NDArray[np.float64]
    gene: NDArray[np.str_] | NDArray[np.object_]
    depth: NDArray[np.float64]
    target: NDArray[np.bool_]
    spread: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.start)

    @property
    def contigs(self) -> tuple[str, ...]:
        """Contigs in the order of the bins."""
        return tuple(dict.fromkeys(name for name, _, _ in self.runs()))

    def runs(self) -> list[tuple[str, int, int]]:
        """Return each run of bins on one contig: its name, first row, row after the last."""
        if len(self) == 0:
            return []
        fresh = np.flatnonzero(self.contig[1:] != self.contig[:-1]) + 1
        edges = [0, *fresh.tolist(), len(self)]
        return [(str(self.contig[a]), a, b) for a, b in itertools.pairwise(edges)]

    def taken(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Self:
        """Return the bins of these rows."""
        columns: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        taken: dict[str, Any] = {
            name: None if held is None else held[rows] for name, held in columns.items()
        }
        return type(self)(**taken)


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of constant copy number, 0-based half-open.

    ``log2_low`` and ``log2_high`` bound the level; ``start_low`` .. ``end_high`` bound the
    breakpoints. ``baf`` is the major-allele fraction of ``snps`` heterozygous SNPs between its
    bounds, None where it was not measured; ``imbalance_p`` is the p-value of alleles in balance.
    """

    contig: str
    start: int
    end: int
    log2_ratio: float
    bins: int
    weight: float = 0.0
    depth: float | None = None
    gene: str = ""
    log2_low: float | None = None
    log2_high: float | None = None
    start_low: int | None = None
    start_high: int | None = None
    end_low: int | None = None
    end_high: int | None = None
    focal: bool = False
    baf: float | None = None
    snps: int | None = None
    baf_low: float | None = None
    baf_high: float | None = None
    imbalance_p: float | None = None
    copy_number: float | None = None
    major_cn: int | None = None
    minor_cn: int | None = None


@dataclass(frozen=True, kw_only=True)
class Gene:
    """A gene's locus, 0-based half-open; the same name on two loci is two genes."""

    name: str
    contig: str
    start: int
    end: int
    exons: tuple[tuple[int, int], ...] = field(default=())
    coding: tuple[tuple[int, int], ...] = field(default=())
