"""Which local sources a VCF was annotated from; what they lack is then absent, not unknown."""

from __future__ import annotations

from tumorkit.genome.vcf import VcfHeader, parse_attributes

ASKED_REGIONS = "##tumorkit_regions="
ASKED_POPULATION = "##tumorkit_population="
UNCOVERED = "TK_UNCOVERED"
AF, POPMAX, AN = "TK_AF_", "TK_POPMAX_", "TK_AN_"


def asked_regions(header: VcfHeader) -> tuple[str, ...]:
    """Return the labels of the regions that records were compared with.

    >>> asked_regions(VcfHeader(('##tumorkit_regions=<ID=blacklist,File="b.bed">',), ()))
    ('blacklist',)
    """
    return tuple(said["ID"] for said in _declared(header, ASKED_REGIONS) if "ID" in said)


def asked_populations(header: VcfHeader) -> dict[str, int | None]:
    """Return the population sources and how many alleles each looked at, None if unknown."""
    return {
        said["ID"]: int(said["AN"]) if said.get("AN", "").isdigit() else None
        for said in _declared(header, ASKED_POPULATION)
        if "ID" in said
    }


def source_of(key: str) -> str:
    """Return the population source that an INFO key belongs to, empty for other keys.

    >>> source_of("TK_AF_gnomAD"), source_of("TK_POPMAX_gnomAD"), source_of("gnomAD_AF")
    ('gnomAD', 'gnomAD', '')
    """
    return next((key[len(mark) :] for mark in (AF, POPMAX) if key.startswith(mark)), "")


def usual_name(key: str) -> str:
    """Return an INFO key as other annotations name such a field.

    >>> usual_name("TK_AF_gnomAD"), usual_name("TK_POPMAX_gnomAD"), usual_name("MAX_AF")
    ('gnomAD_AF', 'gnomAD_AF_popmax', 'MAX_AF')
    """
    name = source_of(key)
    if not name:
        return key
    return f"{name}_AF" + ("_popmax" if key.startswith(POPMAX) else "")


def _declared(header: VcfHeader, prefix: str) -> list[dict[str, str]]:
    return [
        parse_attributes(line[len(prefix) + 1 :])
        for line in header.meta
        if line.startswith(prefix + "<")
    ]
