"""Reads of both alleles at SNPs, in the tumour and in the patient's normal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.contigs import order

Counts = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class SnpCounts:
    """Reads of the reference and the other allele at SNPs, as columns of equal length.

    ``position`` is 0-based. ``normal_ref`` and ``normal_alt`` are None where no normal was
    sequenced. Which SNPs are heterozygous is not said here.
    """

    contig: NDArray[np.str_]
    position: Counts
    ref: Counts
    alt: Counts
    normal_ref: Counts | None = None
    normal_alt: Counts | None = None

    def __len__(self) -> int:
        return len(self.position)

    @property
    def matched(self) -> bool:
        """Whether there are counts of a normal."""
        return self.normal_ref is not None and self.normal_alt is not None

    def taken(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Self:
        """Return the SNPs of these rows."""
        return replace(
            self,
            contig=self.contig[rows],
            position=self.position[rows],
            ref=self.ref[rows],
            alt=self.alt[rows],
            normal_ref=None if self.normal_ref is None else self.normal_ref[rows],
            normal_alt=None if self.normal_alt is None else self.normal_alt[rows],
        )

    def in_order(self) -> Self:
        """Return the SNPs in genome order; of several at one place the first is kept.

        >>> snps = SnpCounts(contig=np.array(["2", "1", "1"]), position=np.array([5, 9, 9]),
        ...                  ref=np.array([1, 2, 3]), alt=np.array([4, 5, 6]))
        >>> snps.in_order().alt.tolist()
        [5, 4]
        """
        if len(self) == 0:
            return self
        rows = self.order()
        contig, position = self.contig[rows], self.position[rows]
        same = (contig[1:] == contig[:-1]) & (np.diff(position) == 0)
        return self.taken(rows[np.append(True, ~same)])

    def order(self) -> NDArray[np.int64]:
        """Return the rows in genome order; equal places stay as they stand."""
        names, codes = np.unique(self.contig, return_inverse=True)
        ranked = sorted(range(len(names)), key=lambda at: order(str(names[at])))
        rank = np.empty(len(names), dtype=np.int64)
        rank[ranked] = np.arange(len(names))
        return np.lexsort((self.position, rank[codes.reshape(-1)])).astype(np.int64)
