"""Copy-number events: genes that changed together, focal ones and broad ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tumorkit.report.language import say
from tumorkit.report.region import LEADING, RegionRow, direction_of
from tumorkit.report.text import UNKNOWN, fixed, listed, number, words

MOST_GENES_IN_AN_EVENT = 4
MOST_GENES_IN_A_LINE = 24
# Targets of recurrent focal events (Zack 2013, PMID 24071852) that tumour boards ask for by name;
# they only lead the names of an event, which may span thirty genes.
KNOWN_TARGETS = frozenset(
    (
        "AKT1", "AKT2", "AKT3", "AR", "ARID1A", "ATM", "ATRX", "B2M", "BAP1", "BRAF", "BRCA1",
        "BRCA2", "CCND1", "CCND2", "CCND3", "CCNE1", "CD274", "CDK12", "CDK4", "CDK6", "CDKN1B",
        "CDKN2A", "CDKN2B", "CDKN2C", "CRKL", "EGFR", "ERBB2", "ERBB3", "FBXW7", "FGF19", "FGF3",
        "FGF4", "FGFR1", "FGFR2", "FGFR3", "GATA3", "KDM6A", "KDR", "KEAP1", "KIT", "KMT2D", "KRAS",
        "MAP2K4", "MCL1", "MDM2", "MDM4", "MET", "MLH1", "MSH2", "MSH6", "MTAP", "MYB", "MYC",
        "MYCL", "MYCN", "NF1", "NF2", "NKX2-1", "NOTCH1", "PALB2", "PBRM1", "PDCD1LG2", "PDGFRA",
        "PIK3CA", "PIK3R1", "PTEN", "RAD51C", "RAD51D", "RB1", "RICTOR", "SETD2", "SMAD4",
        "SMARCA4", "SMARCB1", "SOX2", "STK11", "TERT", "TP53", "TSC1", "TSC2", "VHL",
    )
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Event:
    """A focal or high-level change and its genes, for page one."""

    genes: str
    state: str
    direction: str
    evidence: str
    names: tuple[str, ...]
    leading: bool


@dataclass(frozen=True, kw_only=True)
class GeneLine:
    """Genes that share a state, by contig."""

    state: str
    direction: str
    regions: tuple[tuple[str, str], ...]


def leading_events(rows: Sequence[RegionRow]) -> tuple[Event, ...]:
    """Gather genes of one event; rows come most important first, and events keep that order."""
    grouped: dict[tuple[object, ...], list[RegionRow]] = {}
    for row in rows:
        known = row.event_start is not None
        place = (row.event_start, row.event_end) if known else (row.gene, row.region)
        grouped.setdefault((row.contig, row.state, *place), []).append(row)
    return tuple(map(event, grouped.values()))


def event(rows: Sequence[RegionRow]) -> Event:
    """Describe an event by its most changed gene."""
    lead = rows[0]
    names = tuple(sorted(dict.fromkeys(row.gene for row in rows), key=naming_order))
    said = [f"log2 {fixed(lead.level_value)}"]
    if lead.copy_number != UNKNOWN:
        said.append(say("{count} copies", count=lead.copy_number))
    elif lead.flank != UNKNOWN:
        said.append(say("flanks {level}", level=lead.flank))
    if lead.event_start is not None and lead.event_end is not None:
        long = size(lead.event_end - lead.event_start)
        said.append(say("{size} on {contig}", size=long, contig=lead.contig))
    else:
        said.append(say("{count} bins", count=lead.bins))
    return Event(
        genes=listed(names, MOST_GENES_IN_AN_EVENT),
        state=lead.state_words,
        direction=lead.direction,
        evidence=", ".join(said),
        names=names,
        leading=lead.state in LEADING,
    )


def naming_order(gene: str) -> tuple[bool, bool]:
    """Return a key that puts known targets first and genes with an accession for a name last.

    >>> sorted(["ENSG00000099810", "HACD4", "CDKN2A"], key=naming_order)
    ['CDKN2A', 'HACD4', 'ENSG00000099810']
    """
    return gene not in KNOWN_TARGETS, gene.startswith("ENSG")


def size(bases: int) -> str:
    """Return a length in a readable unit.

    >>> size(35_016), size(2_434_579)
    ('35\xa0kb', '2.4\xa0Mb')
    """
    if bases < 1_000_000:
        return f"{number(round(bases / 1e3))}\N{NO-BREAK SPACE}kb"
    return f"{number(bases / 1e6, 2)}\N{NO-BREAK SPACE}Mb"


def other_events(events: Sequence[Event]) -> tuple[tuple[str, str, str], ...]:
    """Name the genes of events that a shortened list leaves out: state, direction, names."""
    grouped: dict[tuple[str, str, bool], list[str]] = {}
    for item in events:
        grouped.setdefault((item.state, item.direction, item.leading), []).extend(item.names)
    return tuple(
        (
            say("further {state}", state=state)
            if leading
            else say("further focal {state}", state=state),
            direction,
            listed(names, MOST_GENES_IN_A_LINE),
        )
        for (state, direction, leading), names in grouped.items()
    )


def broad_events(rows: Sequence[RegionRow]) -> tuple[GeneLine, ...]:
    """Gather genes with other changes by state and contig; counts where names would be many."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        grouped.setdefault(row.state, {}).setdefault(row.contig, []).append(row.gene)
    return tuple(
        GeneLine(
            state=say("broad {state}", state=words(state))
            if few(contigs)
            else say("broad {state}, genes", state=words(state)),
            direction=direction_of(state),
            regions=tuple(
                (contig, gene_text(contigs[contig], few=few(contigs)))
                for contig in sorted(contigs, key=contig_order)
            ),
        )
        for state, contigs in sorted(grouped.items())
    )


def few(contigs: dict[str, list[str]]) -> bool:
    """Whether the genes are few enough to be named."""
    return sum(map(len, contigs.values())) <= MOST_GENES_IN_A_LINE


def gene_text(genes: Sequence[str], *, few: bool) -> str:
    """Return the genes' names, or how many there are."""
    names = sorted(set(genes))
    return ", ".join(names) if few else number(len(names))


def contig_order(contig: str) -> tuple[int, str]:
    """Return a key that puts chr2 before chr10 and both before chrX."""
    bare = contig.removeprefix("chr")
    return (int(bare), "") if bare.isdigit() else (1000, bare)
