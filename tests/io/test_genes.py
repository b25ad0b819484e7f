"""Genes are read alike from every format that laboratories have."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tumorkit.errors import InputError
from tumorkit.genome.segment import Gene
from tumorkit.io.genes import read_genes

TWO_EXONS = Gene(
    name="TP53",
    contig="chr17",
    start=100,
    end=400,
    exons=((100, 200), (300, 400)),
    coding=((150, 200), (300, 350)),
)


def write(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text("".join(row + "\n" for row in rows))
    return path


def test_bed_rows_of_one_name_are_exons_of_one_gene(tmp_path: Path) -> None:
    path = write(tmp_path, "g.bed", "chr17\t300\t400\tTP53", "chr17\t100\t200\tTP53\t0\t-")
    [gene] = read_genes(path)
    assert (gene.start, gene.end, gene.exons) == (100, 400, ((100, 200), (300, 400)))
    assert gene.coding == ()


def test_a_name_on_two_loci_is_two_genes(tmp_path: Path) -> None:
    path = write(tmp_path, "g.bed", "chr1\t0\t10\tA", "chr2\t0\t10\tA", "chr1\t9000000\t9000010\tA")
    assert [(g.contig, g.start) for g in read_genes(path)] == [
        ("chr1", 0),
        ("chr1", 9000000),
        ("chr2", 0),
    ]


def test_a_row_with_two_names_counts_for_both_and_dots_for_none(tmp_path: Path) -> None:
    path = write(tmp_path, "g.bed", "chr1\t0\t10\tA,B", "chr1\t20\t30\t.", "chr1\t40\t50\t-")
    assert [gene.name for gene in read_genes(path)] == ["A", "B"]


def test_a_header_says_where_the_gene_name_is(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "g.bed",
        "#contig\tstart\tend\texon_id\tgene_name",
        "chr1\t0\t10\tE1\tA",
        "chr1\t20\t30\tE2\tA",
    )
    [gene] = read_genes(path)
    assert (gene.name, gene.exons) == ("A", ((0, 10), (20, 30)))


def test_an_interval_list_is_one_based_and_names_come_after_the_strand(tmp_path: Path) -> None:
    head = ("@HD\tVN:1.6", "@SQ\tSN:chr17\tLN:83257441")
    rows = ("chr17\t101\t200\t+\tTP53", "chr17\t301\t400\t+\tTP53")
    [gene] = read_genes(write(tmp_path, "g.interval_list", *head, *rows))
    assert (gene.name, gene.exons) == ("TP53", ((100, 200), (300, 400)))


def test_bed12_has_exons_and_coding_parts(tmp_path: Path) -> None:
    row = "chr17\t100\t400\tTP53\t0\t-\t150\t350\t0\t2\t100,100,\t0,200,"
    assert read_genes(write(tmp_path, "g.bed", row)) == [TWO_EXONS]


def test_gtf_unites_transcripts_and_keeps_the_stop_codon(tmp_path: Path) -> None:
    name = 'gene_id "G"; transcript_id "{}"; gene_name "TP53";'
    rows = [
        ("gene", 101, 400, ""),
        ("exon", 101, 200, "T1"),
        ("CDS", 154, 200, "T1"),
        ("stop_codon", 151, 153, "T1"),
        ("exon", 301, 400, "T2"),
        ("CDS", 301, 350, "T2"),
    ]
    lines = [f"chr17\tx\t{f}\t{a}\t{b}\t.\t-\t.\t{name.format(t)}" for f, a, b, t in rows]
    assert read_genes(write(tmp_path, "g.gtf", "#!build", *lines)) == [TWO_EXONS]


def test_a_symbol_as_gene_id_on_two_loci_is_two_genes(tmp_path: Path) -> None:
    # UCSC's refGene.gtf identifies genes by symbol and has no rows of genes.
    rows = (
        f'chr1\trefGene\texon\t{start}\t{start + 99}\t.\t+\t.\tgene_id "A"; transcript_id "T";'
        for start in (101, 301, 9_000_001)
    )
    found = [(gene.name, gene.start, gene.end) for gene in read_genes(write(tmp_path, "g", *rows))]
    assert found == [("A", 100, 400), ("A", 9_000_000, 9_000_100)]


def test_gff3_finds_the_gene_through_parents_in_any_order(tmp_path: Path) -> None:
    rows = [
        ("exon", 101, 200, "ID=e1;Parent=t1"),
        ("gene", 101, 400, "ID=g1;Name=TP53"),
        ("mRNA", 101, 400, "ID=t1;Parent=g1"),
        ("exon", 301, 400, "ID=e2;Parent=t1"),
        ("CDS", 151, 200, "ID=c1;Parent=t1"),
        ("CDS", 301, 350, "ID=c1;Parent=t1"),
    ]
    lines = [f"chr17\tx\t{f}\t{a}\t{b}\t.\t-\t.\t{t}" for f, a, b, t in rows]
    assert read_genes(write(tmp_path, "g.gff3", "##gff-version 3", *lines)) == [TWO_EXONS]


def test_refflat_plain_and_gzipped(tmp_path: Path) -> None:
    row = "TP53\tNM_1\tchr17\t-\t100\t400\t150\t350\t2\t100,300,\t200,400,"
    path = write(tmp_path, "refFlat.txt", row)
    packed = tmp_path / "refFlat.txt.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_genes(path) == read_genes(packed) == [TWO_EXONS]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), "holds no gene"),
        (("chr1\t0\t10",), "expected contig, start, end and a gene's name"),
        (("chr1\t10\t5\tA",), "end 5 is not after start 10"),
        (("chr1\ta\tb\tA",), "expected contig, start, end"),
    ],
)
def test_a_bad_file_is_named_with_its_line(
    tmp_path: Path, rows: tuple[str, ...], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read_genes(write(tmp_path, "g.bed", *rows))


@pytest.mark.shared
def test_real_gene_lists(shared: Path) -> None:
    genes = {gene.name: gene for gene in read_genes(shared / "reference/hg19_genes.bed.gz")}
    assert genes["CDKN2A"].contig == "chr9"
    exons = {gene.name: gene for gene in read_genes(shared / "reference/hg38_exons.bed.gz")}
    assert len(exons["TP53"].exons) == 11
    refflat = read_genes(shared / "copynumber/cnvkit/refflat-mini.txt")
    assert refflat[0].name == "DDX11L1"
    assert len(refflat[0].exons) == 3
    braf = read_genes(shared / "copynumber/cnvkit/GRCh37_BRAF.gff.gz")
    assert "BRAF" in {gene.name for gene in braf}
