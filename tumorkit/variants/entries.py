"""How annotation tools spell entries and alleles in INFO."""

from __future__ import annotations

from collections.abc import Sequence


def told_elsewhere(entries: Sequence[Sequence[str]]) -> bool:
    """Whether all that bcftools csq says is ``@position``: the change is part of another record.

    Both together change one codon, and the consequence stands at that position only: here it is
    unknown, not nothing.
    """
    return bool(entries) and all(entry[0].startswith("@") for entry in entries)


def csq_fields(description: str) -> tuple[str, ...]:
    """Return the order of the fields in CSQ, as the header's description gives it.

    >>> csq_fields("Consequence annotations from Ensembl VEP. Format: Allele|Consequence|IMPACT")
    ('Allele', 'Consequence', 'IMPACT')
    """
    _, mark, fields = description.partition("Format:")
    return tuple(name.strip() for name in fields.split("|")) if mark else ()


def vep_alleles(ref: str, alts: Sequence[str], at: int) -> set[str]:
    """Return how VEP names an alternative: without the first base that all alleles share.

    >>> sorted(vep_alleles("TA", ("T", "TAA"), 0)), sorted(vep_alleles("A", ("C", "G"), 1))
    (['-', 'T'], ['G'])
    """
    names = {alts[at]}
    if any(len(alt) != len(ref) for alt in alts) and all(alt[:1] == ref[:1] for alt in alts):
        names.add(alts[at][1:] or "-")
    return names
