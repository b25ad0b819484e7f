"""What the VCF reader and writer promise."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.errors import InputError, ParameterError
from tumorkit.genome.vcf import VcfHeader
from tumorkit.io import bgzf
from tumorkit.io.text import BGZF_END
from tumorkit.io.vcf import VcfSink, open_vcf, write_vcf

META = (
    "##fileformat=VCFv4.2",
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    "##contig=<ID=chr1,length=248956422>",
    "##tumor_sample=T",
)
HEADER = VcfHeader(META, ("N", "T"))
LINES = [
    f"chr1\t{pos}\t.\tA\tC\t.\tPASS\tDP={pos}\tGT:AD\t0/0:9,0\t0/1:5,4" for pos in (5, 70, 900)
]


def plain(path: Path, lines: list[str] = LINES, header: VcfHeader = HEADER) -> Path:
    path.write_text(header.text() + "".join(line + "\n" for line in lines))
    return path


def read_lines(path: Path) -> list[str]:
    with open_vcf(path) as source:
        return [record.line for record in source]


def test_plain_gzip_and_bgzf_read_the_same(tmp_path: Path) -> None:
    text = plain(tmp_path / "a.vcf")
    zipped = tmp_path / "b.vcf.gz"
    zipped.write_bytes(gzip.compress(text.read_bytes()))
    write_vcf(tmp_path / "c.vcf.gz", HEADER, LINES)
    for path in (text, zipped, tmp_path / "c.vcf.gz"):
        with open_vcf(path) as source:
            assert source.header == HEADER
            assert [(r.line, r.number) for r in source] == list(zip(LINES, (6, 7, 8), strict=True))


def test_header_says_samples_roles_contigs_and_types(tmp_path: Path) -> None:
    with open_vcf(plain(tmp_path / "a.vcf")) as source:
        header = source.header
    assert header.samples == ("N", "T")
    assert header.tumor_samples == ("T",)
    assert header.contig_lengths == {"chr1": 248956422}
    assert header.info["DP"].type == "Integer"


@given(st.binary(max_size=300_000))
def test_bgzf_gives_back_what_it_was_given(content: bytes) -> None:
    import io

    handle = io.BytesIO()
    writer = bgzf.BgzfWriter(handle)
    for start in range(0, len(content), 70_001):
        writer.write(content[start : start + 70_001])
    writer.close()
    assert gzip.decompress(handle.getvalue()) == content


def test_truncated_bgzf_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf.gz"
    write_vcf(path, HEADER, LINES)
    path.write_bytes(path.read_bytes()[: -len(BGZF_END)])
    with pytest.raises(InputError, match="truncated: the BGZF end-of-file block is missing"):
        read_lines(path)


def test_damaged_bgzf_block_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf.gz"
    write_vcf(path, HEADER, LINES)
    content = bytearray(path.read_bytes())
    content[40] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        read_lines(path)


def test_truncated_gzip_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(gzip.compress((HEADER.text() + "\n".join(LINES)).encode())[:-12])
    with pytest.raises(InputError, match="ends early or is damaged"):
        read_lines(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("##fileformat=VCFv4.2\n", "has no #CHROM line"),
        ("chr1\t1\t.\tA\tC\n", "no header"),
        ("##fileformat=VCFv4.2\nchr1\t1\t.\tA\tC\n", "a.vcf:2: not a VCF: no #CHROM line"),
        ("##x\n#CHROM POS ID REF ALT QUAL FILTER INFO\n", "a.vcf:2: the column line"),
        (VcfHeader((), ("T", "T")).text(), "named more than once: T"),
        (HEADER.text() + LINES[0] + "\tx\n", "a.vcf:6: expected 11 columns .*2 samples.*found 12"),
        (HEADER.text() + "chr1\tx" + "\t." * 9 + "\n", "a.vcf:6: POS must be a whole number"),
    ],
)
def test_what_is_no_vcf_is_said_with_its_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "a.vcf"
    path.write_text(content)
    with pytest.raises(InputError, match=said):
        read_lines(path)


def test_latin1_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes(HEADER.text().encode() + LINES[0].encode() + b"\nchr1\t\xe9\n")
    with pytest.raises(InputError, match=r"a.vcf:7: text is not UTF-8 \(byte 0xe9\)"):
        read_lines(path)


def test_header_only_and_format_without_samples_are_empty_files(tmp_path: Path) -> None:
    assert read_lines(plain(tmp_path / "a.vcf", [])) == []
    bare = VcfHeader(META, (), has_format=True)
    assert read_lines(plain(tmp_path / "b.vcf", [], bare)) == []


def test_windows_line_ends_and_a_missing_last_newline_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes((HEADER.text() + "\n".join(LINES)).replace("\n", "\r\n").encode())
    assert read_lines(path) == LINES


def test_unicode_separators_do_not_split_lines(tmp_path: Path) -> None:
    line = LINES[0].replace("DP=5", "NOTE=a\u2028b\x0bc")
    assert read_lines(plain(tmp_path / "a.vcf", [line])) == [line]


def test_output_is_indexed(tmp_path: Path) -> None:
    with VcfSink(tmp_path / "a.vcf.gz", HEADER) as sink:
        sink.write(LINES)
    assert sink.index == tmp_path / "a.vcf.gz.tbi"
    import pysam

    with pysam.VariantFile(str(tmp_path / "a.vcf.gz")) as opened:
        assert [record.pos for record in opened.fetch("chr1", 60, 80)] == [70]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.vcf.gz", "a.vcf.gz.tbi"]


def test_long_contigs_get_a_csi(tmp_path: Path) -> None:
    header = HEADER.with_meta(["##contig=<ID=chr1,length=700000000>"])
    with VcfSink(tmp_path / "a.vcf.gz", header) as sink:
        sink.write(LINES)
    assert sink.index == tmp_path / "a.vcf.gz.csi"


def test_unsorted_output_is_written_without_index_and_says_so(tmp_path: Path) -> None:
    with VcfSink(tmp_path / "a.vcf.gz", HEADER) as sink:
        sink.write(LINES[::-1])
    assert sink.index is None
    assert "bcftools sort" in sink.notes[0]
    assert read_lines(tmp_path / "a.vcf.gz") == LINES[::-1]


def test_nothing_is_left_behind_by_a_failure(tmp_path: Path) -> None:
    for name in ("a.vcf", "a.vcf.gz", "a.bcf"):
        with pytest.raises(UnicodeEncodeError), VcfSink(tmp_path / name, HEADER) as sink:
            sink.write([*LINES, "\ud800"])
    assert list(tmp_path.iterdir()) == []


def test_other_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="must end in"):
        VcfSink(tmp_path / "a.txt", HEADER)


def test_only_filter_and_info_change(tmp_path: Path) -> None:
    with open_vcf(plain(tmp_path / "a.vcf")) as source:
        record = next(iter(source))
    assert record.with_columns(filters="x", info="A=1") == LINES[0].replace("PASS", "x").replace(
        "DP=5", "A=1"
    )


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
def test_bcftools_reads_the_output_without_a_word(tmp_path: Path) -> None:
    header = HEADER.with_meta(
        [
            '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
            '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
        ]
    )
    write_vcf(tmp_path / "a.vcf.gz", header, LINES)
    done = subprocess.run(
        ["bcftools", "view", "-H", tmp_path / "a.vcf.gz"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == LINES
    assert done.stderr == ""


@pytest.mark.shared
def test_every_real_vcf_is_read_whole(shared: Path) -> None:
    counts = {
        "truth/colo829-nygc-v6.vcf.gz": 43_192,
        "gms560/HD832.ensembled.vcf.gz": 15_461,
        "alignments/strelka_demo/somatic.indels.vcf.gz": 2,
        "copynumber/cnvkit/nosample.vcf": 0,
        "copynumber/cnvkit/blank.vcf": 0,
    }
    for name, expected in counts.items():
        assert len(read_lines(shared / name)) == expected, name
    for path in sorted(shared.rglob("*.vcf*")):
        if path.suffix != ".tbi":
            content = path.read_bytes()
            text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
            lines = [line for line in text.rstrip("\n").split("\n") if line[:1] != "#"]
            assert read_lines(path) == lines, path
