"""Bins of the genome: where reads are counted, and what normals look like there."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.build import Build
from tumorkit.genome.contigs import is_autosome, standard

Values = NDArray[np.float64]

OFF_TARGET = "Antitarget"


@dataclass(frozen=True, kw_only=True)
class Bins:
    """Bins in genome order, as columns of equal length; 0-based half-open.

    ``target`` is False for off-target bins. ``gc`` is the share of G and C among known bases,
    ``repeat`` the share of soft-masked bases, ``mappability`` a mean of a track; NaN is unknown.
    """

    contig: NDArray[np.str_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    gene: NDArray[np.object_]
    target: NDArray[np.bool_]
    gc: Values
    repeat: Values
    mappability: Values

    def __len__(self) -> int:
        return len(self.start)

    @property
    def size(self) -> NDArray[np.int64]:
        """Bases of each bin."""
        return self.end - self.start

    def taken(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Self:
        """Return the bins of these rows."""
        return type(self)(
            **{item.name: getattr(self, item.name)[rows] for item in fields(self) if item.init}
        )


@dataclass(frozen=True, kw_only=True)
class ReferenceBins(Bins):
    """What normal samples look like bin by bin.

    ``log2_ratio`` is the usual log2 depth relative to the autosomes with X as of two copies and Y
    as of one, ``spread`` its robust standard deviation among normals (0: not known, as in a flat
    reference), ``rest`` the same after the components. ``components`` (bins x k) are shapes that
    normals share to differing degree, ``deviations`` (bins x normals) what each normal differs
    from ``log2_ratio``, NaN where unknown.
    """

    log2_ratio: Values
    spread: Values
    rest: Values
    depth: Values
    components: Values
    deviations: Values


def empty_columns(size: int, columns: int = 0) -> Values:
    """Return a table of unknown values.

    >>> empty_columns(2, 3).shape
    (2, 3)
    """
    return np.full((size, columns), np.nan)


def autosomal(contig: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Return which bins lie on chromosomes 1 to 22.

    >>> autosomal(np.array(["chr1", "X", "22"])).tolist()
    [True, False, True]
    """
    known = {name: is_autosome(name) for name in dict.fromkeys(contig.tolist())}
    return np.array([known[name] for name in contig.tolist()], dtype=np.bool_)


def sex_linked(
    contig: NDArray[np.str_],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    name: str,
    build: Build | None,
) -> NDArray[np.bool_]:
    """Return which bins lie on ``chrX`` or ``chrY`` outside the pseudo-autosomal regions.

    The regions are those of ``build``; without one none is known and all bins count.

    >>> from tumorkit.genome.build import GRCH38
    >>> places = np.array([1_000_000, 50_000_000])
    >>> sex_linked(np.array(["X", "X"]), places, places + 100, "chrX", GRCH38).tolist()
    [False, True]
    """
    known = {one: standard(one) == name for one in dict.fromkeys(contig.tolist())}
    linked = np.array([known[one] for one in contig.tolist()], dtype=np.bool_)
    for first, last in build.pseudo_autosomal.get(name, ()) if build else ():
        middle = (start + end) // 2
        linked &= ~((first <= middle) & (middle < last))
    return linked
