"""Allele counts are what the reads say, wherever the list of SNPs comes from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import Read, make_bam, make_bed, make_fasta
from tumorkit.cli import run
from tumorkit.copynumber.alleles import AllelesParams, snps_shown
from tumorkit.copynumber.alleles.run import AllelesFiles, run_alleles
from tumorkit.copynumber.alleles.table import alleles_text
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError
from tumorkit.io.snps import read_snp_counts

PLACE = 500
VCF = """##fileformat=VCFv4.2
##contig=<ID=chr1,length=10000>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tN
chr1\t501\t.\tA\tC\t50\tPASS\t.\tGT:AD\t0/1:11,9
chr1\t601\t.\tA\tG\t50\tPASS\t.\tGT:AD\t1/1:0,20
chr1\t701\t.\tA\tG\t5\tlowqual\t.\tGT:AD\t0/1:5,5
chr1\t801\t.\tA\tAT\t50\tPASS\t.\tGT:AD\t0/1:5,5
"""


def reads_with(name: str, ref: int, alt: int, *, at: int = PLACE, base: str = "C") -> list[Read]:
    """Single reads over a place of a genome of A, so many of them with another base there."""
    start = at - 50
    other = "A" * 50 + base + "A" * 49
    return [Read(name=f"{name}{n}", pos=start) for n in range(ref)] + [
        Read(name=f"{name}x{n}", pos=start, sequence=other) for n in range(alt)
    ]


@pytest.fixture
def case(tmp_path: Path) -> AllelesFiles:
    (tmp_path / "n.vcf").write_text(VCF)
    return AllelesFiles(
        tumor=make_bam(tmp_path / "t.bam", reads_with("t", 30, 10)),
        normal=make_bam(tmp_path / "n.bam", reads_with("n", 12, 13), samples=("N",)),
        germline=tmp_path / "n.vcf",
        targets=make_bed(tmp_path / "t.bed", [("1", 400, 600, "G")]),
        reference=make_fasta(tmp_path / "r.fa", {"chr1": "A" * 10_000, "chr2": "A" * 5_000}),
    )


def test_three_sources_give_the_same_counts(case: AllelesFiles, tmp_path: Path) -> None:
    sites = tmp_path / "sites.vcf"
    sites.write_text("\n".join("\t".join(x.split("\t")[:8]) for x in VCF.split("\n")))
    for files in (
        case,
        AllelesFiles(**{**vars(case), "germline": None, "snps": sites}),
        AllelesFiles(**{**vars(case), "germline": None}),
    ):
        result = run_alleles(files)
        rows = result.counts.position == PLACE
        counts = result.counts.taken(rows)
        assert (counts.ref.tolist(), counts.alt.tolist()) == ([30], [10]), files.source
        assert counts.normal_ref is not None
        assert counts.normal_ref.tolist() == [12]
        assert result.heterozygous == 1
        assert result.listed == len(result.counts) + result.outside + result.not_snps + (
            result.homozygous
        )


def test_the_germline_vcf_alone_tells_the_normals_reads(case: AllelesFiles) -> None:
    result = run_alleles(AllelesFiles(**{**vars(case), "normal": None}))
    assert result.counts.normal_ref is not None
    assert result.counts.normal_ref.tolist() == [11]
    assert (result.listed, result.homozygous) == (2, 1)


def test_the_table_is_read_back_as_it_was(case: AllelesFiles, tmp_path: Path) -> None:
    result = run_alleles(case, threads=2)
    path = tmp_path / "t.snps.tsv"
    path.write_text(alleles_text(result))
    again = read_snp_counts(path)
    assert again.position.tolist() == result.counts.position.tolist()
    assert again.normal_alt is not None
    assert again.normal_alt.tolist() == [13]


def test_without_a_normal_what_the_counts_are_worth_is_said(case: AllelesFiles) -> None:
    result = run_alleles(AllelesFiles(**{**vars(case), "normal": None, "germline": None}))
    assert not result.matched
    assert result.x_sites is None
    assert "somatic variants are among them" in result.notes[0]


def test_snps_of_another_build_are_refused(case: AllelesFiles, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.vcf"
    wrong.write_text(VCF.replace("\tA\tC\t", "\tG\tC\t"))
    with pytest.raises(ReferenceMismatchError, match="REF"):
        run_alleles(AllelesFiles(**{**vars(case), "germline": wrong}))
    wrong.write_text(VCF.replace("chr1\t501", "chr1\t5001"))
    with pytest.raises(InputError, match="is a SNP on a target"):
        run_alleles(AllelesFiles(**{**vars(case), "germline": wrong}))


def test_snps_must_come_from_somewhere(case: AllelesFiles) -> None:
    with pytest.raises(ParameterError):
        run_alleles(AllelesFiles(tumor=case.tumor))
    with pytest.raises(ParameterError, match="not both"):
        run_alleles(AllelesFiles(**{**vars(case), "snps": case.germline}))


def test_the_command_writes_the_table(
    case: AllelesFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["cnv", "alleles", str(case.tumor), "--germline", str(case.germline), "-o", "-", "-q"]
    assert run(words) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].split("\t")[:2] == ["contig", "position"]
    assert out[1].split("\t") == ["chr1", "501", "A", "C", "30", "10", "11", "9"]


@given(st.lists(st.lists(st.integers(0, 60), min_size=6, max_size=6), max_size=30), st.booleans())
def test_snps_shown_by_reads_are_those_of_the_plain_rule(
    table: list[list[int]], matched: bool
) -> None:
    bases = np.array(table, dtype=np.int64).reshape(-1, 6)
    reference = np.array([n % 5 - 1 for n in range(len(bases))], dtype=np.int64)
    params = AllelesParams()
    rows, other = snps_shown(bases, reference, params, matched=matched)
    share = params.snp_least_share * (1 if matched else 0.4)
    expected = []
    for number, row in enumerate(table):
        base = int(reference[number])
        if base < 0:
            continue
        alt = max((row[k], -k) for k in range(4) if k != base)
        depth = row[base] + alt[0]
        odd = sum(row) - depth
        wanted = alt[0] > share * depth and depth >= params.snp_least_depth
        wanted = wanted and (matched or row[base] > share * depth)
        if wanted and odd <= 0.05 * (depth + odd):
            expected.append((number, -alt[1]))
    assert list(zip(rows.tolist(), other.tolist(), strict=True)) == expected
