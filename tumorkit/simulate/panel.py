"""The panel: invented exons at the loci of known genes, SNP targets and repeat targets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tumorkit.genome.build import GRCH38
from tumorkit.genome.contigs import AUTOSOMES, order
from tumorkit.simulate.loci import gene_loci
from tumorkit.simulate.nouns import Island, Panel, Target, Transcript
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.randomness import part_rng

EXON_BASES = 600
EXON_PADDING = 10  # splice sites are captured, as in practice
ISLAND_PADDING = 400  # no fragment that touches a target leaves its island
SMALL_TARGET = 120
# A small panel keeps the genes in which planted events lie.
ALWAYS = ("TP53", "KRAS", "CDKN2A", "CDKN2B", "ERBB2", "MSH2", "TGFBR2", "MSH3", "PIK3CA", "APC")


def lay_out(params: SimulateParams) -> Panel:
    """Return the panel's targets, islands and transcripts in genome order."""
    rng = part_rng(params.seed, "panel")
    transcripts = lay_transcripts(params, rng)
    taken: dict[str, list[tuple[int, int]]] = {name: [] for name in GRCH38.lengths}
    for item in transcripts:
        taken[item.contig].append((item.exons[0][0], item.exons[-1][1]))
    targets = [target for item in transcripts for target in exon_targets(item)]
    snps = spread(params.backbone_snps, taken, rng, "snp")
    repeats = spread(params.msi_targets, taken, rng, "msi")
    targets = sorted([*targets, *snps, *repeats], key=lambda t: (order(t.contig), t.start))
    marked = mark_difficult(targets, rng)
    return Panel(targets=marked, islands=group(marked), transcripts=tuple(transcripts))


def mark_difficult(targets: list[Target], rng: np.random.Generator) -> tuple[Target, ...]:
    """Mark the exons, one in 150 targets and at least one, that have a paralogue elsewhere."""
    exons = [number for number, target in enumerate(targets) if target.kind == "exon"]
    drawn = rng.choice(len(targets), size=max(1, len(targets) // 150), replace=False)
    chosen = set(drawn.tolist()) & set(exons) or {exons[int(rng.integers(len(exons)))]}
    return tuple(
        replace(target, low_mappability=True) if number in chosen else target
        for number, target in enumerate(targets)
    )


def lay_transcripts(params: SimulateParams, rng: np.random.Generator) -> list[Transcript]:
    """Choose genes and invent their exons; together they have about ``coding_kb``."""
    loci = gene_loci()
    keep = [row[0] for row in loci if row[0] in ALWAYS]
    others = [row[0] for row in loci if row[0] not in ALWAYS]
    chosen = rng.permutation(len(others))[: max(0, params.genes - len(keep))]
    names = {*keep[: params.genes], *(others[i] for i in chosen)}
    picked = [row for row in loci if row[0] in names]
    share = params.coding_kb * 1000 / len(picked)
    # Short genes cannot hold their share; the long ones make up for it.
    room = np.array([0.3 * (end - start) for _, _, start, end, _ in picked])
    for _ in range(20):
        lengths = np.minimum(room, share)
        share *= params.coding_kb * 1000 / lengths.sum()
    transcripts = []
    for number, (gene, contig, start, end, strand) in enumerate(picked, 1):
        coding = 3 * max(60, int(lengths[number - 1] // 3))
        exons = invent_exons(coding, start, end, rng)
        transcripts.append(
            Transcript(
                gene=gene,
                name=f"TKT{number:06d}.1",
                protein=f"TKP{number:06d}.1",
                contig=contig,
                strand="+" if strand == "+" else "-",
                exons=exons,
            )
        )
    return transcripts


def invent_exons(
    coding: int, start: int, end: int, rng: np.random.Generator
) -> tuple[tuple[int, int], ...]:
    """Cut a coding length into exons and place them evenly over the gene's locus."""
    count = max(1, round(coding / EXON_BASES))
    cuts = np.linspace(0, coding, count + 1)
    if count > 1:
        cuts[1:-1] += rng.integers(-60, 61, size=count - 1)
    sizes = np.diff(np.rint(cuts).astype(np.int64))
    slot = (end - start) / count
    exons = []
    for index, size in enumerate(sizes.tolist()):
        free = max(1, int(slot) - size - 40)
        at = start + int(index * slot) + int(rng.integers(free))
        exons.append((at, at + size))
    return tuple(exons)


def exon_targets(transcript: Transcript) -> list[Target]:
    """Return one target per exon, exons numbered in the direction of the gene."""
    count = len(transcript.exons)
    found = []
    for index, (start, end) in enumerate(transcript.exons):
        number = index + 1 if transcript.strand == "+" else count - index
        found.append(
            Target(
                contig=transcript.contig,
                start=start - EXON_PADDING,
                end=end + EXON_PADDING,
                kind="exon",
                name=f"{transcript.gene}_exon{number}",
                gene=transcript.gene,
            )
        )
    return found


def spread(
    count: int,
    taken: dict[str, list[tuple[int, int]]],
    rng: np.random.Generator,
    kind: str,
) -> list[Target]:
    """Spread small targets over autosomes and X, away from genes, centromeres and each other."""
    contigs = (*AUTOSOMES, "chrX")
    lengths = np.array([GRCH38.lengths[name] for name in contigs], dtype=np.float64)
    ends = np.cumsum(lengths)
    made: list[Target] = []
    for index in range(count):
        place = (index + rng.uniform(0.2, 0.8)) / count * ends[-1]
        which = int(np.searchsorted(ends, place))
        contig = contigs[which]
        start = int(place - ends[which] + lengths[which])
        start = min(max(start, 2_000_000), int(lengths[which]) - 2_000_000)
        start = step_aside(contig, start, taken[contig])
        taken[contig].append((start, start + SMALL_TARGET))
        made.append(
            Target(
                contig=contig,
                start=start,
                end=start + SMALL_TARGET,
                kind="snp" if kind == "snp" else "msi",
                name=f"{kind.upper()}_{index + 1:04d}",
            )
        )
    return made


def step_aside(contig: str, start: int, taken: list[tuple[int, int]]) -> int:
    """Move a small target to the right until nothing lies within 3 kb and no centromere."""
    gap = 3_000
    moved = True
    while moved:
        moved = False
        for low, high in (GRCH38.centromeres[contig], *taken):
            if start < high + gap and start + SMALL_TARGET > low - gap:
                start = high + gap
                moved = True
    return start


def group(targets: tuple[Target, ...]) -> tuple[Island, ...]:
    """Join targets whose padded stretches touch into islands."""
    islands: list[Island] = []
    for number, target in enumerate(targets):
        start, end = target.start - ISLAND_PADDING, target.end + ISLAND_PADDING
        last = islands[-1] if islands else None
        if last is not None and last.contig == target.contig and start <= last.end:
            islands[-1] = Island(
                contig=last.contig,
                start=last.start,
                end=max(end, last.end),
                targets=(*last.targets, number),
            )
        else:
            islands.append(
                Island(contig=target.contig, start=max(0, start), end=end, targets=(number,))
            )
    return tuple(islands)
