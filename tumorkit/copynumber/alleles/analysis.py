"""Which bases are SNPs, and which SNPs are heterozygous."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.alleles.params import AllelesParams
from tumorkit.genome.bins import sex_linked
from tumorkit.genome.build import Build
from tumorkit.genome.snps import SnpCounts

Rows = NDArray[np.int64]
# Without a normal the tumour's own events pull alleles apart, so less is asked of them.
TUMOR_PART = 0.4
# Share of other bases, deleted and discordant fragments at a place that is a plain SNP.
MOST_ODD = 0.05
DELETED, DISCORDANT = 4, 5
# A person with one X has hardly any heterozygous SNP on it (FACETS: below 1 %); paralogues of
# other chromosomes make a few. Women's lie far above.
X_MALE, X_FEMALE = 0.05, 0.15
X_LEAST = 20


def heterozygous_rows(counts: SnpCounts, params: AllelesParams) -> NDArray[np.bool_]:
    """Return which SNPs show both alleles clearly: in the normal, else in the tumour."""
    if counts.normal_ref is not None and counts.normal_alt is not None:
        ref, alt, share = counts.normal_ref, counts.normal_alt, params.snp_least_share
    else:
        ref, alt, share = counts.ref, counts.alt, params.snp_least_share * TUMOR_PART
    depth = ref + alt
    return np.asarray(
        (depth >= params.snp_least_depth) & (np.minimum(ref, alt) > share * depth), dtype=np.bool_
    )


def snps_shown(
    bases: Rows, reference: Rows, params: AllelesParams, *, matched: bool
) -> tuple[Rows, Rows]:
    """Return rows and other bases (0 to 3) of places whose reads show the alleles of a SNP.

    ``bases`` has a row per place: fragments of A, C, G, T, deleted, discordant (and more columns
    that are not used), of the normal where ``matched``, else of the tumour; ``reference`` holds
    the reference's base, -1 where it is none of the four. Homozygous places of the other allele
    are SNPs of a matched normal, too: they tell whose X it is.

    >>> table = np.array([[20, 18, 0, 0, 0, 0], [40, 1, 0, 0, 0, 0], [15, 15, 9, 0, 0, 0]])
    >>> rows, other = snps_shown(table, np.array([0, 0, 0]), AllelesParams(), matched=True)
    >>> rows.tolist(), other.tolist()
    ([0], [1])
    """
    four = bases[:, :4]
    every = np.arange(len(four))
    known = reference >= 0
    base = np.where(known, reference, 0)
    ref = four[every, base]
    others = four.copy()
    others[every, base] = -1
    other = others.argmax(axis=1) if len(others) else np.zeros(0, dtype=np.int64)
    alt = others[every, other] if len(others) else ref
    depth = ref + alt
    odd = four.sum(axis=1) - depth + bases[:, DELETED] + bases[:, DISCORDANT]
    share = params.snp_least_share * (1 if matched else TUMOR_PART)
    shown = alt > share * depth
    if not matched:
        shown &= ref > share * depth
    shown &= known & (depth >= params.snp_least_depth) & (odd <= MOST_ODD * (depth + odd))
    rows = np.flatnonzero(shown)
    return rows, other[rows]


def x_counts(
    contig: NDArray[np.str_],
    position: Rows,
    heterozygous: NDArray[np.bool_],
    build: Build | None,
) -> tuple[int, int]:
    """Return how many SNPs lie on X outside its pseudo-autosomal regions, and are heterozygous."""
    on_x = sex_linked(contig, position, position + 1, "chrX", build)
    return int(on_x.sum()), int((on_x & heterozygous).sum())


def sex_by_alleles(sites: int | None, heterozygous: int | None) -> str | None:
    """Return the sex that heterozygous SNPs on X tell of, None where they tell too little.

    >>> sex_by_alleles(200, 1), sex_by_alleles(200, 110), sex_by_alleles(5, 3)
    ('male', 'female', None)
    """
    if sites is None or heterozygous is None or sites < X_LEAST:
        return None
    share = heterozygous / sites
    if share < X_MALE:
        return "male"
    return "female" if share > X_FEMALE else None
