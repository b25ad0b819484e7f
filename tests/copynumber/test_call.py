"""Calls never say more than is known, and find what happened to a gene or a part of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.copynumber.models import make_ratios
from tumorkit.copynumber.call import CallParams, call
from tumorkit.copynumber.call.run import called_text, gene_text, run_call
from tumorkit.copynumber.call.states import Mixture
from tumorkit.copynumber.segment import segment
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.errors import ContigMismatchError, ParameterError, TumorkitError
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import CopyRatios, Gene, Segment
from tumorkit.io.outputs import Outputs


def one(log2_ratio: float, *, contig: str = "chr3", end: int = 9000, **more: float) -> Segment:
    return Segment(contig=contig, start=0, end=end, log2_ratio=log2_ratio, bins=9, **more)  # type: ignore[arg-type]


def log2_of(copies: float, purity: float, ploidy: float = 2.0, normal: int = 2) -> float:
    mixed = purity * copies + normal * (1 - purity)
    return float(np.log2(mixed / (purity * ploidy + 2 * (1 - purity))))


def panel(
    seed: int = 1, *, sd: float = 0.15, genes: int = 200, bins: int = 12
) -> tuple[CopyRatios, list[Gene]]:
    """Genes of a dozen bins side by side on four chromosomes."""
    size = genes * bins
    values = np.random.default_rng(seed).normal(0, sd, size)
    contigs = np.repeat(["chr1", "chr2", "chr3", "chr4"], size // 4)
    ratios = make_ratios(values, contigs)
    loci = [
        Gene(
            name=f"G{n}",
            contig=str(contigs[n * bins]),
            start=int(ratios.start[n * bins]),
            end=int(ratios.end[(n + 1) * bins - 1]),
        )
        for n in range(genes)
    ]
    return ratios, loci


@given(st.floats(0.2, 1), st.floats(1.5, 5), st.floats(0.05, 12), st.sampled_from([1, 2]))
def test_copies_come_back_from_the_ratio_they_give(
    purity: float, ploidy: float, copies: float, normal: int
) -> None:
    sex = "male" if normal == 1 else "female"
    mixture = Mixture(purity=purity, ploidy=ploidy, sex=sex, build=GRCH38, params=CallParams())
    found = mixture.copies(log2_of(copies, purity, ploidy, normal), "chrX", 50_000_000)
    assert found == pytest.approx(copies)


@pytest.mark.parametrize(
    ("log2_ratio", "state"),
    [
        (-2.0, "deep loss (log2)"),
        (-0.4, "loss"),
        (0.0, "neutral"),
        (0.4, "gain"),
        (3.0, "high gain (log2)"),
        (float("nan"), "not callable"),
    ],
)
def test_without_a_purity_there_are_words_and_no_copies(log2_ratio: float, state: str) -> None:
    result = call(None, [one(log2_ratio)], [Gene(name="A", contig="chr3", start=1, end=9)])
    [called] = result.segments
    assert called.state == state
    assert called.segment.copy_number is None
    assert called.copy_number_raw is None
    assert all(gene.copy_number is None for gene in result.genes)
    assert "copy_number\t" not in called_text(result)
    assert "\tcn\t" not in called_text(result)
    assert any("no copy number is given" in note for note in result.notes)


@pytest.mark.parametrize(
    ("copies", "state"),
    [
        (0, "homozygous deletion"),
        (1, "loss"),
        (2, "neutral"),
        (3, "gain"),
        (5, "gain"),
        (6, "amplification"),
    ],
)
def test_with_a_purity_a_focal_event_is_classed_by_copies(copies: int, state: str) -> None:
    result = call(None, [one(log2_of(copies, 0.4))], purity=0.4, ploidy=2)
    assert result.segments[0].state == state
    assert result.segments[0].segment.copy_number == pytest.approx(copies)


def test_a_gain_of_a_whole_arm_is_no_amplification_below_three_ploidies() -> None:
    wide = [one(log2_of(6, 0.6), end=80_000_000)]
    assert call(None, wide, purity=0.6, ploidy=2).segments[0].state == "gain"
    wide = [one(log2_of(7, 0.6), end=80_000_000)]
    assert call(None, wide, purity=0.6, ploidy=2).segments[0].state == "amplification"


def test_a_gene_amplified_in_part_only_is_a_gain() -> None:
    gene = Gene(name="A", contig="chr3", start=4_000, end=8_000)
    high, usual = log2_of(20, 0.6), log2_of(2, 0.6)
    rows = [replace(one(high), start=0, end=6_000), replace(one(usual), start=6_000, end=9_000)]
    [called] = call(None, rows, [gene], purity=0.6, ploidy=2).genes
    assert (called.state, called.segments) == ("gain", 2)
    assert called.max_copy_number == pytest.approx(20)
    rows[1] = replace(rows[1], log2_ratio=log2_of(9, 0.6))
    [called] = call(None, rows, [gene], purity=0.6, ploidy=2).genes
    assert called.state == "amplification"


@pytest.mark.parametrize(("bins", "state"), [(4, "gain"), (12, "amplification")])
def test_the_test_of_a_gene_calls_an_amplification_of_all_of_it_only(bins: int, state: str) -> None:
    ratios, genes = panel(5)
    ratios.log2_ratio[100 * 12 : 100 * 12 + bins] += log2_of(12, 0.6)
    flat = [
        Segment(contig=name, start=0, end=600_000, log2_ratio=0.0, bins=600)
        for name in ratios.contigs
    ]
    called = call(ratios, flat, genes, purity=0.6, ploidy=2)
    assert next(gene.state for gene in called.genes if gene.gene == "G100") == state


def test_state_is_given_against_ploidy_and_against_two() -> None:
    [called] = call(None, [one(log2_of(3, 0.7, 4))], purity=0.7, ploidy=4).segments
    assert (called.state, called.state_from_two) == ("loss", "gain")


def test_copies_are_never_negative_and_the_raw_value_is_kept() -> None:
    [called] = call(None, [one(-1.4, log2_low=-1.6, log2_high=-1.2)], purity=0.4, ploidy=2).segments
    assert called.segment.copy_number == 0
    assert called.copy_number_raw is not None
    assert called.copy_number_raw < 0
    assert called.copy_number_low == 0


def test_a_low_purity_widens_the_interval_and_lets_it_alone_speak() -> None:
    unsure = one(-0.05, log2_low=-0.15, log2_high=0.05)
    sure = one(-0.1, log2_low=-0.13, log2_high=-0.07)
    [first], [second] = (
        call(None, [item], purity=0.1, ploidy=2).segments for item in (unsure, sure)
    )
    assert (first.state, second.state) == ("not callable", "loss")
    high = call(None, [unsure], purity=0.8, ploidy=2).segments[0]
    assert first.copy_number_high is not None
    assert first.copy_number_low is not None
    assert high.copy_number_high is not None
    assert high.copy_number_low is not None
    assert first.copy_number_high - first.copy_number_low > (
        high.copy_number_high - high.copy_number_low
    )


def test_sex_chromosomes_are_judged_by_sex() -> None:
    male = [one(-1.0, contig="chrX", end=90_000_000)]
    assert call(None, male, sex="male").segments[0].state == "neutral"
    assert call(None, male, sex="female").segments[0].state == "loss"
    assert call(None, male).segments[0].state == "not callable"
    params = CallParams(haploid_x_reference=True)
    haploid = [one(0.0, contig="chrX", end=90_000_000)]
    [called] = call(None, haploid, params=params, sex="male", purity=0.5, ploidy=2).segments
    assert called.segment.copy_number == pytest.approx(1)
    assert called.state == "neutral"
    y = [one(-3.0, contig="chrY")]
    assert call(None, y, sex="female").segments[0].state == "not callable"


@pytest.mark.parametrize(
    ("log2_ratio", "contig"), [(float("nan"), "chr3"), (-4.0, "chrY"), (-1.0, "chrX")]
)
def test_what_is_not_callable_has_no_copies(log2_ratio: float, contig: str) -> None:
    item = one(log2_ratio, contig=contig, log2_low=-5.0, log2_high=5.0)
    genes = [Gene(name="A", contig=contig, start=1, end=9)]
    result = call(None, [item], genes, purity=0.6, ploidy=2, build=GRCH38)
    [called] = result.segments
    assert called.state == "not callable"
    assert called.state_from_two is None
    assert called.segment.copy_number is None
    assert (called.copy_number_low, called.copy_number_high, called.copy_number_raw) == (None,) * 3
    assert all(gene.copy_number is None and gene.min_copy_number is None for gene in result.genes)


def test_loh_is_unknown_without_alleles() -> None:
    gene = [Gene(name="A", contig="3", start=1, end=9)]
    assert call(None, [one(0.0)], gene).genes[0].loh is None
    known = replace(one(0.0), minor_cn=0)
    assert call(None, [known], gene).genes[0].loh is True


def test_a_deletion_in_part_of_a_gene_is_found_without_segments() -> None:
    hits = 0
    for seed in range(8):
        ratios, genes = panel(seed)
        ratios.log2_ratio[100 * 12 + 4 : 100 * 12 + 8] -= 1.0
        flat = [
            Segment(contig=name, start=0, end=600_000, log2_ratio=0.0, bins=600)
            for name in ratios.contigs
        ]
        result = call(ratios, flat, genes)
        gene = next(gene for gene in result.genes if gene.gene == "G100")
        hits += "loss" in gene.state and gene.focal and gene.part_bins in (3, 4, 5)
        assert sum(g.state != "neutral" for g in result.genes if g.gene != "G100") == 0
    assert hits == 8


def test_a_deletion_over_two_genes_shows_in_both_and_not_in_their_neighbours() -> None:
    ratios, genes = panel(3)
    ratios.log2_ratio[60 * 12 : 62 * 12] -= 0.7
    result = call(ratios, segment(ratios).segments, genes)
    changed = {gene.gene for gene in result.genes if gene.state == "loss"}
    assert changed == {"G60", "G61"}
    assert all(gene.focal for gene in result.genes if gene.gene in changed)


def test_genes_of_a_flat_genome_do_not_stand_out() -> None:
    false = 0
    for seed in range(5):
        ratios, genes = panel(50 + seed)
        result = call(ratios, segment(ratios).segments, genes)
        false += sum(gene.state != "neutral" for gene in result.genes)
    assert false == 0


def test_genes_without_bins_are_counted_not_guessed() -> None:
    ratios, genes = panel()
    far = Gene(name="FAR", contig="chr9", start=1, end=2)
    result = call(ratios, segment(ratios).segments, [*genes, far])
    assert result.genes_without_bins == 1
    assert len(result.genes) == len(genes)


def test_a_segment_of_unknown_level_is_not_callable_and_hurts_no_other() -> None:
    ratios, genes = panel(4)
    ratios.log2_ratio[60 * 12 : 61 * 12] -= 1.0
    segments = [
        Segment(
            contig=name,
            start=0,
            end=600_000,
            log2_ratio=float("nan") if name == "chr1" else 0.0,
            bins=600,
        )
        for name in ratios.contigs
    ]
    states = {gene.gene: gene.state for gene in call(ratios, segments, genes).genes}
    assert states["G0"] == "not callable"
    assert "loss" in states["G60"]


@pytest.mark.parametrize(("purity", "ploidy"), [(0.0, 2.0), (70.0, 2.0), (0.5, 0.0)])
def test_a_mixture_that_cannot_be_is_refused(purity: float, ploidy: float) -> None:
    with pytest.raises(ParameterError, match=r"purity|ploidy"):
        call(None, [one(0.0)], purity=purity, ploidy=ploidy)


def test_no_segments_and_genes_of_other_contigs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TumorkitError, match="no segment"):
        call(None, [])
    cns, bed = tmp_path / "t.cns", tmp_path / "g.bed"
    cns.write_text("chromosome\tstart\tend\tlog2\nchr1\t0\t9\t0\n")
    bed.write_text("demo\t0\t9\tA\n")
    with pytest.raises(ContigMismatchError, match="no gene lies on a contig"):
        run_call(cns, genes=bed)


@pytest.mark.shared
def test_hd832_has_its_cdkn2a_loss_and_no_nf1_loss(shared: Path, tmp_path: Path) -> None:
    ratios = shared / "gms560/HD832.clean.denoisedCR.tsv"
    cns = tmp_path / "HD832.cns"
    write_segment(run_segment(ratios), Outputs(output=cns))
    result = run_call(cns, ratios=ratios, genes=shared / "reference/hg19_genes.bed.gz")
    genes = {gene.gene: gene for gene in result.genes}
    for name in ("CDKN2A", "CDKN2B"):
        assert (genes[name].state, genes[name].focal) == ("loss", True)
        assert genes[name].lowest_log2 < -0.6
    assert (genes["NF1"].bins, genes["NF1"].state) == (63, "neutral")
    assert genes["NF1"].log2_ratio == pytest.approx(0.21, abs=0.02)
    assert all(gene.copy_number is None for gene in result.genes)
    assert gene_text(result) == gene_text(
        run_call(cns, ratios=ratios, genes=shared / "reference/hg19_genes.bed.gz")
    )
