"""Names of contigs: one place for ``chr1``, ``1`` and ``NC_000001.11``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

AUTOSOMES = tuple(f"chr{number}" for number in range(1, 23))
SEX_CONTIGS = ("chrX", "chrY")
PRIMARY = (*AUTOSOMES, *SEX_CONTIGS)

_ACCESSIONS = {f"NC_{n:06d}": f"chr{n}" for n in range(1, 23)} | {
    "NC_000023": "chrX",
    "NC_000024": "chrY",
    "NC_012920": "chrM",
}
_ORDER = {name: rank for rank, name in enumerate((*PRIMARY, "chrM"))}
_NUMBERED = {"chr23": "chrX", "chr24": "chrY", "chrMT": "chrM"}


def standard(contig: str) -> str:
    """Return the UCSC name of a primary contig however it is written; others unchanged.

    >>> [standard(name) for name in ("1", "chrX", "23", "NC_000017.11", "MT", "GL000192.1")]
    ['chr1', 'chrX', 'chrX', 'chr17', 'chrM', 'GL000192.1']
    """
    if contig.startswith("NC_"):
        return _ACCESSIONS.get(contig.partition(".")[0], contig)
    name = contig if contig.startswith("chr") else f"chr{contig}"
    name = _NUMBERED.get(name, name)
    return name if name in _ORDER else contig


def order(contig: str) -> tuple[int, str]:
    """Return a sort key: chromosomes 1 to 22, X, Y, M, then the rest by name."""
    return _ORDER.get(standard(contig), len(_ORDER)), contig


def is_autosome(contig: str) -> bool:
    """Whether the contig is one of chromosomes 1 to 22."""
    return _ORDER.get(standard(contig), len(_ORDER)) < len(AUTOSOMES)


def match_names(wanted: Iterable[str], present: Iterable[str]) -> dict[str, str]:
    """Map each wanted contig to the name by which ``present`` knows it; unknown ones are left out.

    >>> match_names(["1", "chrX", "chrUn"], ["chr1", "X"])
    {'1': 'chr1', 'chrX': 'X'}
    """
    there = list(present)
    exact = set(there)
    by_standard = {standard(name): name for name in reversed(there)}
    found: dict[str, str] = {}
    for name in wanted:
        if name in exact:
            found[name] = name
        elif standard(name) in by_standard:
            found[name] = by_standard[standard(name)]
    return found


def renamed(names: Mapping[str, str]) -> bool:
    """Whether a mapping of :func:`match_names` changes any name."""
    return any(key != value for key, value in names.items())
