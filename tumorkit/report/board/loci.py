"""Loci that short reads cannot settle in a reference build."""

from __future__ import annotations

FALSE_DUPLICATION = (
    "the reference holds a false copy of the gene, which takes its reads (Wagner 2022)"
)
PSEUDOGENE = "a pseudogene takes reads of several exons"
POLYMORPHIC = "alleles differ too much from the reference"
# Falsely duplicated on chromosome 21 of GRCh38; a masked reference would hold them (Wagner 2022,
# PMID 35132260; for U2AF1 Miller 2022, PMID 35041928).
DUPLICATED = {"GRCh38": ("U2AF1", "CBS", "CRYAA", "KCNE1")}
# PMS2CL (exons 12 to 15); CHEK2's copies on several chromosomes (exons 11 to 15); KMT2C's copies
# near centromeres (BAGE2 and others): Mandelker 2016, PMID 27228465.
COPIED = {"PMS2": "PMS2CL", "CHEK2": "", "KMT2C": "BAGE2"}
HLA = ("HLA-A", "HLA-B", "HLA-C", "HLA-DRB1", "HLA-DQB1", "HLA-DPB1")


def unreadable(gene: str, build: str) -> str | None:
    """Return why small variants of a gene cannot be excluded in a build; None where they can.

    >>> unreadable("U2AF1", "GRCh37") is None, unreadable("HLA-A", "GRCh38")
    (True, 'alleles differ too much from the reference')
    """
    if gene in DUPLICATED.get(build, ()):
        return FALSE_DUPLICATION
    if gene in COPIED:
        return PSEUDOGENE
    return POLYMORPHIC if gene in HLA else None
