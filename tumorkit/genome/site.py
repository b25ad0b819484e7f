"""A place where alleles are counted in reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tumorkit.genome.variant import trimmed

SiteKind = Literal["snv", "mnv", "insertion", "deletion"]
BASES = frozenset("ACGT")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """An allele in its shortest form; ``position`` is 0-based.

    Insertions and deletions begin with the base before them, the anchor.
    """

    contig: str
    position: int
    ref: str
    alt: str
    kind: SiteKind


def shortest(contig: str, pos: int, ref: str, alt: str) -> Site | None:
    """Return the site of a VCF allele (``pos`` 1-based) without bases that both alleles share.

    None for what cannot be counted read by read: symbolic alleles, breakends, alleles with
    letters other than A, C, G, T, and replacements of bases by another number of bases.

    >>> shortest("chr1", 100, "GAA", "GA")
    Site(contig='chr1', position=99, ref='GA', alt='G', kind='deletion')
    >>> shortest("chr1", 100, "GAC", "GTC").kind, shortest("chr1", 100, "GAC", "TT")
    ('snv', None)
    """
    ref, alt = ref.upper(), alt.upper()
    if not ref or not alt or ref == alt or not BASES.issuperset(ref + alt):
        return None
    front, ref, alt = trimmed(ref, alt)
    pos += front
    kind: SiteKind
    if len(ref) == len(alt):
        kind = "snv" if len(ref) == 1 else "mnv"
    elif ref[0] != alt[0] or min(len(ref), len(alt)) > 1:
        return None
    else:
        kind = "insertion" if len(ref) == 1 else "deletion"
    return Site(contig=contig, position=pos - 1, ref=ref, alt=alt, kind=kind)
