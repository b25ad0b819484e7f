"""Which variants lie in a gene, and when two of them are two hits."""

from __future__ import annotations

import numpy as np

from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import Gene
from tumorkit.purity.evidence import Mutation
from tumorkit.purity.genes import Placed, gene_hits


def mutation(pos: int, contig: str = "1", **more: object) -> Mutation:
    base = {"contig": contig, "pos": pos, "alt_depth": 30, "depth": 100, "name": f"v{pos}"}
    return Mutation(**(base | more))  # type: ignore[arg-type]


def test_variants_by_place_are_those_that_a_walk_over_all_finds() -> None:
    rng = np.random.default_rng(3)
    variants = [
        mutation(
            int(rng.integers(0, 400)), str(rng.choice(["1", "chr2"])),
            altering=[None, True, False][int(rng.integers(3))],
            gene=str(rng.choice(["", "A", "B"])),
        )
        for _ in range(300)
    ]  # fmt: skip
    placed = Placed(variants)
    for _ in range(200):
        start = int(rng.integers(0, 390))
        name, contig = str(rng.choice(["A", "B"])), str(rng.choice(["chr1", "2"]))
        gene = Gene(name=name, contig=contig, start=start, end=start + 30)
        slow = [
            item
            for item in variants
            if standard(item.contig) == standard(gene.contig)
            and gene.start <= item.pos < gene.end
            and item.altering is not False
            and item.gene in ("", gene.name)
        ]
        assert placed.inside(gene) == sorted(slow, key=lambda item: item.pos)


def test_variants_of_unknown_origin_are_named_and_are_no_hits() -> None:
    gene = Gene(name="TP53", contig="1", start=0, end=100)
    unsure = [mutation(5, speaks=False), mutation(9, speaks=False)]
    (found,) = gene_hits([gene], [], unsure, None, solved=False)
    assert (found.somatic, found.status) == (0, "not evaluable")
    assert found.hits == ("of unknown origin v5", "of unknown origin v9")
    hotspots = [mutation(5, speaks=False, hotspot=True), mutation(9)]
    (found,) = gene_hits([gene], [], hotspots, None, solved=False)
    assert (found.somatic, found.status) == (2, "two hits")


def test_two_variants_without_a_loss_may_lie_on_one_allele_and_it_is_said() -> None:
    gene = Gene(name="TP53", contig="1", start=0, end=100)
    (found,) = gene_hits([gene], [], [mutation(5)], [mutation(9)], solved=False)
    assert found.status == "two hits"
    assert found.hits == ("somatic v5", "germline v9", "phase unknown")
    (one,) = gene_hits([gene], [], [mutation(5)], [], solved=False)
    assert "phase unknown" not in one.hits
