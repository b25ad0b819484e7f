"""Which genes a picture names, and where the names stand without covering each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tumorkit.copynumber.call.result import GAINS, LOSSES, GeneCall

# Genes that a tumour board asks for; they give an event its name before others do
# (copy-number genes of the Twist Solid pipeline).
ASKED_FOR = frozenset(
    (
        "MTOR", "NTRK1", "MYCN", "ALK", "FGFR3", "PDGFRA", "KIT", "FGFR4", "EGFR", "CDK6", "MET",
        "BRAF", "FGFR1", "MYC", "CDKN2A", "NTRK2", "PTEN", "FGFR2", "KRAS", "CDK4", "MDM2",
        "NTRK3", "ERBB2", "AR", "BAP1", "FAT1", "CHD1", "MCPH1", "MTAP", "CDKN2B", "TSC1", "ATM",
        "BRCA2", "RB1", "SPRED1", "TSC2", "PALB2", "FANCA", "TP53", "NF1", "BRCA1", "RAD51C",
        "CCND1", "CCND2", "CCNE1", "NKX2-1",
    )
)  # fmt: skip
MOST = 24


@dataclass(frozen=True, kw_only=True)
class GeneLabel:
    """A name at a place of the genome and at a level."""

    name: str
    contig: str
    position: int
    log2_ratio: float
    loss: bool


def labels_of(genes: Iterable[GeneCall], *, most: int = MOST) -> list[GeneLabel]:
    """Return one label per focal event, the most changed events first, in genome order.

    An event over several genes is named by those that are asked for, else by the best covered.
    """
    focal = [gene for gene in genes if gene.focal and gene.state in (*LOSSES, *GAINS)]
    ranked = sorted(events_of(focal), key=lambda group: -max(strength(gene) for gene in group))
    labels = [label_of(group) for group in ranked[:most]]
    return sorted(labels, key=lambda label: (label.contig, label.position))


def events_of(focal: Iterable[GeneCall]) -> list[list[GeneCall]]:
    """Group genes whose events overlap and point the same way: one amplicon, one name."""
    groups: list[list[GeneCall]] = []
    reach: dict[tuple[str, bool], tuple[int, int]] = {}  # number of the group, its end
    for gene in sorted(focal, key=lambda gene: (gene.contig, gene.event_start, gene.event_end)):
        key = (gene.contig, gene.state in LOSSES)
        at, end = reach.get(key, (-1, -1))
        if at < 0 or gene.event_start >= end:
            groups.append([])
            at, end = len(groups) - 1, gene.event_end
        groups[at].append(gene)
        reach[key] = (at, max(end, gene.event_end))
    return groups


def strength(gene: GeneCall) -> float:
    """Return how much a gene matters to the reader: its change, genes asked for first."""
    level = extreme(gene)
    change = abs(level - (gene.flank_log2 or 0.0))
    return change + (10 if gene.gene in ASKED_FOR else 0)


def extreme(gene: GeneCall) -> float:
    """Return the level of the gene's most changed segment or part."""
    levels = [gene.lowest_log2 if gene.state in LOSSES else gene.highest_log2]
    if gene.part_log2 is not None and gene.part_start == gene.event_start:
        levels.append(gene.part_log2)
    return min(levels) if gene.state in LOSSES else max(levels)


def label_of(group: list[GeneCall]) -> GeneLabel:
    """Return the label of an event's genes."""
    known = [gene for gene in group if gene.gene in ASKED_FOR]
    ranked = sorted(group, key=lambda gene: (-(gene.bins or 0), gene.start))
    named = known[:2] or ranked[:1]
    more = len(group) - len(named)
    name = ", ".join(gene.gene for gene in named) + (f" +{more}" if more else "")
    first = named[0]
    return GeneLabel(
        name=name,
        contig=first.contig,
        position=(first.event_start + first.event_end) // 2,
        log2_ratio=extreme(first),
        loss=first.state in LOSSES,
    )


def spread(positions: Sequence[float], width: float, low: float, high: float) -> list[float]:
    """Move sorted positions as little as needed so that neighbours are ``width`` apart.

    Positions that crowd are set side by side around their mean; all stay within ``low`` .. ``high``
    if there is room.

    >>> spread([1.0, 1.0, 9.0], 2.0, 0.0, 10.0)
    [0.0, 2.0, 9.0]
    """
    groups: list[tuple[float, int]] = []  # centre and number of members
    for position in positions:
        groups.append((position, 1))
        while len(groups) > 1:
            (left, before), (right, after) = groups[-2], groups[-1]
            if right - left >= width * (before + after) / 2:
                break
            total = before + after
            groups[-2:] = [((left * before + right * after) / total, total)]
    placed: list[float] = []
    for center, count in groups:
        placed += [center + width * (at - (count - 1) / 2) for at in range(count)]
    for at in range(len(placed)):
        floor = low if at == 0 else placed[at - 1] + width
        placed[at] = max(placed[at], floor)
    for at in reversed(range(len(placed))):
        ceiling = high if at == len(placed) - 1 else placed[at + 1] - width
        placed[at] = min(placed[at], ceiling)
    return placed
