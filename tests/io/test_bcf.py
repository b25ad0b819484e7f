"""BCF holds what the text holds, under a header that declares it."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

from tumorkit.errors import InputError
from tumorkit.genome.vcf import VcfHeader
from tumorkit.io.vcf import VcfSink, open_vcf, write_vcf

META = (
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=PASS,Description="All filters passed">',
    '##FILTER=<ID=low,Description="Few reads">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##INFO=<ID=TLOD,Number=A,Type=Float,Description="Evidence">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction">',
    "##contig=<ID=chr1,length=248956422>",
)
HEADER = VcfHeader(META, ("N", "T"))
LINES = [
    "chr1\t5\t.\tA\tC,<DEL>\t.\tPASS\tDP=14;TLOD=1.5,20\tGT:AD:AF\t0/0:9,0,.:.,.\t0/1:5,4,2:0.35,0.2",
    "chr1\t70\trs1\tAT\tA\t12.5\tlow\t.\tGT:AD\t0|0:9,0\t./.:.",
    "chr1\t900\t.\tA\tC\t.\t.\tDP=7\tGT:AD:AF\t0/0:9,0:0\t0/1:5,4:0.038",
]


def lines_of(path: Path) -> list[str]:
    with open_vcf(path) as source:
        return [record.line for record in source]


def test_bcf_reads_as_the_text_that_was_written(tmp_path: Path) -> None:
    with VcfSink(tmp_path / "a.bcf", HEADER) as sink:
        sink.write(LINES)
    assert sink.notes == []
    assert sink.index == tmp_path / "a.bcf.csi"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.bcf", "a.bcf.csi"]
    assert lines_of(tmp_path / "a.bcf") == LINES
    with open_vcf(tmp_path / "a.bcf") as source:
        assert source.header.meta == META
        assert [record.pos for block in source.packed() for record in block] == [5, 70, 900]


def test_the_name_of_a_bcf_does_not_matter(tmp_path: Path) -> None:
    write_vcf(tmp_path / "a.bcf", HEADER, LINES)
    (tmp_path / "a.bcf").rename(tmp_path / "calls.vcf.gz")
    assert lines_of(tmp_path / "calls.vcf.gz") == LINES


def test_two_writings_are_equal(tmp_path: Path) -> None:
    for name in ("a.bcf", "b.bcf"):
        write_vcf(tmp_path / name, HEADER, LINES)
    assert (tmp_path / "a.bcf").read_bytes() == (tmp_path / "b.bcf").read_bytes()


def test_what_is_not_declared_is_declared_and_said(tmp_path: Path) -> None:
    bare = VcfHeader(("##source=old",), ("N", "T"))
    line = "chrUn\t5\t.\tA\tC\t.\tq10;odd\tDP=14;FLAG\tGT:AD\t0/0:9,0\t0/1:5,4"
    with VcfSink(tmp_path / "a.bcf", bare) as sink:
        sink.write([line])
    assert lines_of(tmp_path / "a.bcf") == [line]
    (note,) = sink.notes
    if shutil.which("bcftools"):
        view = ["bcftools", "view", "-H", str(tmp_path / "a.bcf")]
        done = subprocess.run(view, capture_output=True, text=True, check=True)
        assert (done.stdout, done.stderr) == (line + "\n", "")
    assert "contig chrUn; FILTER q10, odd; INFO DP, FLAG; FORMAT GT, AD" in note


def test_values_that_bcf_cannot_hold_are_said(tmp_path: Path) -> None:
    line = "chr1\t5\t.\tA\tC\t.\tPASS\tDP=many\tGT:AD\t0/0:9,0\t0/1:5,4"
    with VcfSink(tmp_path / "a.bcf", HEADER) as sink:
        sink.write([line])
    assert "1 records have values that do not fit" in sink.notes[0]
    assert "chr1:5 INFO/DP=many" in sink.notes[0]
    assert lines_of(tmp_path / "a.bcf") == [line.replace("=many", "=.")]


def test_unsorted_records_are_stored_without_an_index(tmp_path: Path) -> None:
    with VcfSink(tmp_path / "a.bcf", HEADER) as sink:
        sink.write(LINES[::-1])
    assert sink.index is None
    assert "bcftools sort" in sink.notes[0]
    assert lines_of(tmp_path / "a.bcf") == LINES[::-1]


@pytest.mark.parametrize("cut", [40, -40, -200])
def test_a_bcf_that_was_cut_off_is_an_error(tmp_path: Path, cut: int) -> None:
    write_vcf(tmp_path / "a.bcf", HEADER, LINES)
    content = (tmp_path / "a.bcf").read_bytes()
    (tmp_path / "b.bcf").write_bytes(content[:cut])
    with pytest.raises(InputError, match=r"truncated|damaged"):
        lines_of(tmp_path / "b.bcf")


def test_garbage_with_the_magic_of_bcf_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.bcf").write_bytes(gzip.compress(b"BCF\x02\x02rest"))
    with pytest.raises(InputError, match="damaged"):
        lines_of(tmp_path / "a.bcf")


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
def test_bcftools_reads_it_without_a_word(tmp_path: Path) -> None:
    write_vcf(tmp_path / "a.bcf", HEADER, LINES)
    for region in ([], ["-r", "chr1:60-100"]):
        done = subprocess.run(
            ["bcftools", "view", "-H", tmp_path / "a.bcf", *region],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        assert done.stdout.splitlines() == (LINES[1:2] if region else LINES)
