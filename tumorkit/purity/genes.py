"""Genes that lost both alleles: by mutation, by loss, by an inherited variant."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import Gene
from tumorkit.purity.evidence import Mutation
from tumorkit.purity.result import GeneHits, SegmentCopies

NOT_LOOKED_AT = "germline not assessed"
# Two variants may lie on one allele; short reads seldom span both, so it is said, not settled.
PHASE_UNKNOWN = "phase unknown"


def gene_hits(
    genes: Iterable[Gene],
    segments: Sequence[SegmentCopies],
    somatic: Sequence[Mutation],
    germline: Sequence[Mutation] | None,
    *,
    solved: bool,
) -> tuple[GeneHits, ...]:
    """Return what is known of each gene.

    Somatic variants count unless an annotation says that they leave the protein as it is. Those of
    unknown origin (:attr:`Mutation.speaks`) are named; a gene in which they could be the second hit
    is not evaluable. Two variants without a loss may lie on one allele: then ``phase unknown``
    stands last among their hits.
    Without a solution (``solved``) a loss of an allele cannot be told.
    """
    by_contig: dict[str, list[SegmentCopies]] = {}
    for item in segments:
        by_contig.setdefault(standard(item.contig), []).append(item)
    own, inherited = Placed(somatic), None if germline is None else Placed(germline)
    return tuple(
        one_gene(
            gene,
            [
                item
                for item in by_contig.get(standard(gene.contig), [])
                if item.start < gene.end and item.end > gene.start
            ]
            if solved
            else [],
            own.inside(gene),
            None if inherited is None else inherited.inside(gene),
        )
        for gene in genes
    )


class Placed:
    """Variants that may change a protein, by place, so that many genes are asked quickly."""

    def __init__(self, variants: Iterable[Mutation]) -> None:
        self.found: dict[str, list[Mutation]] = {}
        for item in variants:
            if item.altering is not False:
                self.found.setdefault(standard(item.contig), []).append(item)
        for listed in self.found.values():
            listed.sort(key=lambda item: item.pos)
        self.positions = {name: [one.pos for one in rows] for name, rows in self.found.items()}

    def inside(self, gene: Gene) -> list[Mutation]:
        """Return those in a gene, by position; one that an annotation puts elsewhere is not."""
        name = standard(gene.contig)
        places = self.positions.get(name, [])
        rows = range(bisect_left(places, gene.start), bisect_left(places, gene.end))
        listed = (self.found[name][at] for at in rows)
        return [item for item in listed if not item.gene or item.gene == gene.name]


def one_gene(
    gene: Gene,
    segments: Sequence[SegmentCopies],
    somatic: Sequence[Mutation],
    germline: Sequence[Mutation] | None,
) -> GeneHits:
    """Join what happened to one gene."""
    totals = [item.total_cn for item in segments]
    minors = [item.minor_cn for item in segments if item.minor_cn is not None]
    known = [item.loh for item in segments if item.loh is not None]
    loh = True if any(known) else (False if known and len(known) == len(segments) else None)
    deleted = (
        bool(totals)
        and min(totals) == 0
        and any(item.total_cn == 0 and not item.subclonal for item in segments)
    )
    hits: list[str] = []
    if deleted:
        hits.append("homozygous deletion")
    elif loh:
        hits.append("LOH")
    sure = [item for item in somatic if item.speaks or item.hotspot]
    hits += [f"somatic {item.name or item.pos + 1}" for item in sure]
    hits += [f"germline {item.name or item.pos + 1}" for item in germline or ()]
    count = 2 if deleted else len(hits)
    unsure = [item for item in somatic if not (item.speaks or item.hotspot)]
    hits += [f"of unknown origin {item.name or item.pos + 1}" for item in unsure]
    if count >= 2:
        status = "two hits"
        if not (deleted or loh):
            hits.append(PHASE_UNKNOWN)
    elif loh is None or count + len(unsure) >= 2:
        status = "not evaluable"
    else:
        status = "one hit" if count else "no hit"
    said = NOT_LOOKED_AT if germline is None else f"{len(germline)} germline"
    return GeneHits(
        gene=gene.name,
        contig=gene.contig,
        start=gene.start,
        end=gene.end,
        total_cn=min(totals) if totals else None,
        minor_cn=min(minors) if minors else None,
        loh=loh,
        somatic=len(sure),
        germline=said,
        hits=tuple(hits),
        status=status,
    )
