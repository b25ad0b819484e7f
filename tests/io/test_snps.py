"""Allele counts are read from VCF, pileup and tables; what cannot be true is refused by line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tumorkit.errors import InputError, ParameterError
from tumorkit.io.snps import is_pileup, read_snp_counts

PILEUP = (
    "Chromosome,Position,Ref,Alt,File1R,File1A,File1E,File1D,File2R,File2A,File2E,File2D\n"
    "2,1.5e+06,N,N,20,21,0,0,30,9,1,0\n1,500,N,N,40,0,0,0,50,0,0,0\n"
)
HEADER = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
)


def vcf(path: Path, samples: str, *rows: str, meta: str = "") -> Path:
    body = "".join(f"chr1\t{row}\n" for row in rows)
    text = HEADER.replace("##contig", f"{meta}##contig") + samples + "\n" + body
    path.write_text(text)
    return path


def test_a_pileup_holds_normal_first_and_numbers_as_r_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "p.csv.gz"
    path.write_bytes(gzip.compress(PILEUP.encode()))
    snps = read_snp_counts(path)
    assert snps.contig.tolist() == ["1", "2"]
    assert snps.position.tolist() == [499, 1_499_999]
    assert snps.ref.tolist() == [50, 30]
    assert snps.normal_alt is not None
    assert snps.normal_alt.tolist() == [0, 21]
    assert is_pileup(path)


def test_columns_of_a_table_may_stand_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(
        "@SQ\tSN:1\tLN:99\nALT_COUNT\tCONTIG\tREF_COUNT\tPOSITION\n7\tchr1\t9\t10\n\n8\tchr1\t4\t3\n"
    )
    snps = read_snp_counts(path)
    assert (snps.position.tolist(), snps.ref.tolist(), snps.alt.tolist()) == (
        [2, 9],
        [4, 9],
        [8, 7],
    )
    assert not snps.matched
    assert not is_pileup(path)


def test_fractions_with_depth_become_reads(tmp_path: Path) -> None:
    path = tmp_path / "amber.tsv"
    path.write_text(
        "chromosome\tposition\ttumorBAF\ttumorDepth\tnormalBAF\tnormalDepth\n1\t5\t0.25\t40\t0.5\t30\n"
    )
    snps = read_snp_counts(path)
    assert (snps.ref.tolist(), snps.alt.tolist()) == ([30], [10])
    assert snps.normal_ref is not None
    assert snps.normal_ref.tolist() == [15]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "contig\tposition\tbaf\tdepth\n1\t5\t0.4\t30\n1\t6\t-1.1761\t30\n",
            r":3: baf must lie in",
        ),
        (
            "contig\tposition\tbaf\tdepth\n1\t5\t1.4\t30\n",
            r":2: baf must lie in 0 to 1, found 1\.4",
        ),
        ("contig\tposition\tbaf\tdepth\n1\t5\tnan\t30\n", r":2: baf must lie in 0 to 1, found nan"),
        ("contig\tposition\tref_count\talt_count\n1\t5\t-3\t3\n", r":2: ref_count must not be -3"),
        ("contig\tposition\tref_count\talt_count\n1\t5\tx\t3\n", r":2: ref_count must be a number"),
        ("contig\tposition\tref_count\talt_count\n1\t5\t2.5\t3\n", r":2: ref_count must be a numb"),
        ("contig\tposition\tref_count\talt_count\n1\t5\t3\n", r":2: expected 4 columns.*found 3"),
        ("contig\tposition\tref_count\n1\t5\t3\n", r":1: no columns of allele counts"),
        ("contig\tposition\tref_count\talt_count\n", r"holds no SNP"),
        ("", r"is empty"),
    ],
)
def test_what_cannot_be_true_is_refused_by_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_snp_counts(path)


def test_a_vcf_gives_its_biallelic_snvs_with_counts(tmp_path: Path) -> None:
    path = vcf(
        tmp_path / "t.vcf",
        "N1\tT1",
        "10\t.\tA\tC\t.\tgermline\t.\tGT:AD\t0/1:20,22\t0/1:30,8",
        "20\t.\tA\tC,G\t.\t.\t.\tGT:AD\t0/1:20,22,1\t0/1:30,8,1",
        "30\t.\tAT\tA\t.\t.\t.\tGT:AD\t0/1:20,22\t0/1:30,8",
        "40\t.\tG\tT\t.\t.\t.\tGT:RO:AO\t0/1:15:16\t0/1:17:18",
        "50\t.\tG\tT\t.\t.\t.\tGT:RD:AD\t0/1:15:16\t0/1:17:18",
        "60\t.\tG\tT\t.\t.\t.\tGT:AF:DP\t0/1:.:.\t0/1:0.25:40",
        "70\t.\tG\tT\t.\t.\t.\tGT:AD\t0/1:9,9\t./.:.",
        meta="##tumor_sample=T1\n",
    )
    snps = read_snp_counts(path)
    assert snps.position.tolist() == [9, 39, 49, 59]
    assert list(zip(snps.ref.tolist(), snps.alt.tolist(), strict=True)) == [
        (30, 8), (17, 18), (17, 18), (30, 10),
    ]  # fmt: skip
    assert snps.normal_ref is not None
    assert snps.normal_ref.tolist() == [20, 15, 15, 0]


def test_which_sample_is_the_tumour_is_asked_where_nothing_says(tmp_path: Path) -> None:
    path = vcf(tmp_path / "t.vcf", "A\tB", "10\t.\tA\tC\t.\t.\t.\tGT:AD\t0/1:20,22\t0/1:30,8")
    with pytest.raises(ParameterError, match="which sample is the tumour"):
        read_snp_counts(path)
    with pytest.raises(ParameterError, match="no sample 'C'"):
        read_snp_counts(path, tumor="C")
    assert read_snp_counts(path, tumor="B").ref.tolist() == [30]
    other = read_snp_counts(path, normal="B", tumor="A")
    assert other.normal_ref is not None
    assert other.normal_ref.tolist() == [30]


def test_the_vcf_of_the_normal_alone_is_not_taken_for_the_tumours(tmp_path: Path) -> None:
    path = vcf(tmp_path / "t.vcf", "CASE_N", "10\t.\tA\tC\t.\t.\t.\tGT:AD\t0/1:20,22")
    with pytest.raises(ParameterError, match="which sample is the tumour"):
        read_snp_counts(path)
    assert len(read_snp_counts(path, tumor="CASE_N")) == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("GT:AD\t0/1:-2,5", r":4: allele counts must be 0 or more"),
        ("GT:AD\t0/1:x,5", r":4: counts of T must be whole numbers"),
        ("GT:AF:DP\t0/1:-1.1761:40", r":4: allele fraction must lie in 0 to 1, found -1\.1761"),
    ],
)
def test_impossible_counts_of_a_vcf_are_refused_by_line(
    tmp_path: Path, cells: str, said: str
) -> None:
    path = vcf(tmp_path / "t.vcf", "T", f"10\t.\tA\tC\t.\t.\t.\t{cells}")
    with pytest.raises(InputError, match=said):
        read_snp_counts(path)


def test_population_sites_choose_the_snps(tmp_path: Path) -> None:
    path = vcf(
        tmp_path / "t.vcf",
        "T",
        "10\t.\tA\tC\t.\t.\t.\tGT:AD\t0/1:20,22",
        "20\t.\tA\tC\t.\t.\t.\tGT:AD\t0/1:20,23",
    )
    sites = tmp_path / "sites.tsv"
    sites.write_text("contig\tpos\tref\talt\nchr1\t20\tA\tC\n")
    assert read_snp_counts(path, sites=sites).alt.tolist() == [23]
    sites.write_text("contig\tpos\tref\talt\nchr2\t20\tA\tC\n")
    with pytest.raises(InputError, match=r"none of its SNPs is in sites\.tsv"):
        read_snp_counts(path, sites=sites)


@pytest.mark.shared
def test_the_stomach_exome_is_read_whole(shared: Path) -> None:
    snps = read_snp_counts(shared / "copynumber" / "facets" / "stomach.csv.gz")
    assert len(snps) == 298_659  # rounded positions (1.54e+08) fall on others
    assert snps.matched
