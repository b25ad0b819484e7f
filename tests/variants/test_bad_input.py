"""What is wrong with a VCF is said in one line with its place; what is only odd is counted."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from tests.builders import Read, make_bam, make_fasta
from tumorkit.cli import run
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.bgzf import BLOCK_SIZE
from tumorkit.io.vcf import open_vcf, write_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.oddities import Oddities
from tumorkit.variants.roles import assign_roles

META = (
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=low,Description="Few reads">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##INFO=<ID=NOTE,Number=.,Type=String,Description="Text">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    "##contig=<ID=1,length=1000>",
)
HEADER = VcfHeader(META, ("NORMAL", "TUMOR"))
HEAD = HEADER.text()
GOOD = "1\t101\t.\tA\tC\t.\tPASS\tDP=18\tAD:DP\t9,0:9\t5,4:9"
SPEC = """
tumorkit_filters: 1
name: reads
filters:
  - {id: few, says: Few reads, fail_if: tumor.alt_depth < min, min: 3}
  - {id: shallow, says: Shallow, fail_if: 'INFO["DP"] < min', min: 10}
"""
COMMANDS = ("filter", "check", "why", "compare", "compare truth", "count", "diff")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "good.vcf").write_text(HEAD + GOOD + "\n")
    make_bam(tmp_path / "t.bam", [Read(name="r", pos=100, cigar="5M", sequence="ACGTA")])
    return tmp_path


def call(command: str, vcf: str, *more: str) -> int:
    """Run a command that reads ``vcf``."""
    arguments = {
        "filter": ["filter", vcf, "--spec", "spec.yaml", "-o", "out.vcf"],
        "check": ["check", "spec.yaml", vcf],
        "why": ["why", "1:101", vcf, "--spec", "spec.yaml"],
        "compare": ["compare", "good.vcf", vcf],
        "compare truth": ["compare", vcf, "good.vcf"],
        "count": ["count", "t.bam", "--sites", vcf],
        "diff": ["diff", "spec.yaml", "spec.yaml", vcf],
    }[command]
    return run(["variants", *arguments, *more])


def cut_bgzf(path: Path) -> None:
    write_vcf(path, HEADER, [GOOD] * 2000)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def without_end(path: Path) -> None:
    write_vcf(path, HEADER, [GOOD])
    path.write_bytes(path.read_bytes()[:-28])


def cut_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress((HEAD + GOOD + "\n").encode())[:-15])


def spoiled(path: Path) -> None:
    write_vcf(path, HEADER, [GOOD] * 2000)
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)


WRONG = {
    "empty": ("", "is empty"),
    "no-header": (GOOD + "\n", ":1: not a VCF: no header"),
    "no-column-line": ("\n".join(META) + "\n", "has no #CHROM line"),
    "records-first": (META[0] + "\n" + GOOD + "\n", ":2: not a VCF: no #CHROM line"),
    "spaces-in-header": (HEAD.replace("\t", " ") + GOOD + "\n", ":8: the column line is not"),
    "spaces": (HEAD + GOOD.replace("\t", " ") + "\n", ":9: expected 11 columns separated by tabs"),
    "a-column-short": (HEAD + GOOD.rpartition("\t")[0] + "\n", ":9: expected 11 columns"),
    "a-column-more": (HEAD + GOOD + "\t.\n", ":9: expected 11 columns (the header names 2 sam"),
    "cut-line": (HEAD + GOOD + "\n1\t105\t.", ":10: expected 11 columns"),
    "no-position": (HEAD + GOOD.replace("101", "x") + "\n", ":9: POS must be a whole number"),
    "twice-the-sample": (HEAD.replace("NORMAL", "TUMOR") + GOOD + "\n", "more than once: TUMOR"),
}
WRONG_FILES = {
    "cut.vcf.gz": (cut_bgzf, "truncated: the BGZF end-of-file block is missing"),
    "no-end.vcf.gz": (without_end, "truncated: the BGZF end-of-file block is missing"),
    "cut-gzip.vcf.gz": (cut_gzip, "compressed data ends early"),
    "spoiled.vcf.gz": (spoiled, "damaged"),
}


# To count at sites, a list may be a BED or a table: the words are others.
OTHER_WORDS = {"no-header": ":1: column 3 must be the end of a BED interval, found '.'"}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", WRONG)
def test_a_text_that_is_no_vcf_gets_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    content, said = WRONG[name]
    if command == "count":
        said = OTHER_WORDS.get(name, said)
    (folder / "in.vcf").write_text(content)
    before = sorted(folder.iterdir())
    assert call(command, "in.vcf") == 1
    first, hint, *rest = capsys.readouterr().err.splitlines()
    assert first.startswith("error: in.vcf")
    assert said in first
    assert hint.startswith("hint: ")
    assert rest == []
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_file_that_was_cut_or_spoiled_gets_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    make, said = WRONG_FILES[name]
    make(folder / name)
    assert call(command, name) == 1
    first, hint = capsys.readouterr().err.splitlines()
    assert first.startswith(f"error: {name}")
    assert said in first
    assert hint.startswith("hint: ")


@pytest.mark.parametrize("command", COMMANDS)
def test_bytes_that_are_not_text_get_their_line(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    line = GOOD.replace("DP=18", "NOTE=M\xfcller").encode("latin-1")
    (folder / "in.vcf").write_bytes(HEAD.encode() + GOOD.encode() + b"\n" + line + b"\n")
    assert call(command, "in.vcf") == 1
    assert "in.vcf:10: text is not UTF-8 (byte 0xfc)" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_header_without_records_is_a_result_of_zero(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (folder / "in.vcf").write_text(HEAD)
    # Without a site there is nothing to count, and nothing to say why of.
    assert call(command, "in.vcf") in (0, 1)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    if command == "filter":
        assert "0 records, 0 alleles" in captured.out
        assert (folder / "out.vcf").read_text().count("\n1\t") == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_reads_bcf(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with open_vcf(folder / "good.vcf") as source:
        write_vcf(folder / "in.bcf", source.header, [record.line for record in source])
    assert call(command, "in.bcf") == 0
    # A BCF declares PASS, so its text has a line more.
    binary = capsys.readouterr().out.replace("in.bcf", "in.vcf").replace("line 10", "line 9")
    (folder / "in.vcf").write_text((folder / "good.vcf").read_text())
    assert call(command, "in.vcf") == 0
    assert binary == capsys.readouterr().out


def notes_of(folder: Path, lines: list[str], head: str = HEAD) -> list[str]:
    (folder / "in.vcf").write_text(head + "".join(line + "\n" for line in lines))
    assert call("filter", "in.vcf", "--json", "result.json", "-q") == 0
    document = json.loads((folder / "result.json").read_text())
    assert document["records"] == document["records_written"] == len(lines)
    (folder / "out.vcf").unlink()
    return [str(note) for note in document["notes"]]


def at(pos: int, *, ref: str = "A", alt: str = "C", contig: str = "1", more: str = "") -> str:
    return f"{contig}\t{pos}\t.\t{ref}\t{alt}\t.\tPASS\tDP=18{more}\tAD:DP\t9,0:9\t5,4:9"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([at(5), at(9), at(7)], "1 record is not sorted by position (first in line 11)"),
        ([at(5), at(5, contig="2"), at(6)], "1 record is not sorted by position (first in line 1"),
        ([at(5), at(5), at(5)], "2 records repeat an allele of an earlier record at the same"),
        ([at(5, alt="G,C"), at(5)], "1 record repeats an allele"),
        ([at(0), at(5)], "1 record has POS 0, before the first base (first in line 9)"),
        ([at(5, alt="C,*")], "1 record has the allele *"),
        ([at(5, more=";DP=3")], "1 record has an INFO key twice, of which the first counts"),
        ([at(5), at(5, contig="GL1")], "1 record is on contigs that the header does not declare"),
        ([at(5).replace("PASS", "q10;x")], "1 record has filters that the header does not dec"),
    ],
)
def test_what_is_odd_is_counted_and_said(folder: Path, lines: list[str], said: str) -> None:
    notes = notes_of(folder, lines)
    assert any(note.startswith(said) for note in notes), notes


@pytest.mark.parametrize(
    "line",
    [
        at(5, alt="<DEL>"),
        at(5, alt="A[1:99["),
        at(5, alt="."),
        at(5, ref="AC", alt="A"),
        at(5).replace("5,4:9", ".:."),
        at(5).replace("5,4:9", "."),
        at(5).replace("5,4:9", "5,4"),
        at(5).replace("5,4:9", "5:9"),
        at(5).replace("5,4:9", "5,4,3:9"),
        at(5).replace("DP=18", "."),
        at(5, more=";NOTE=" + "long" * BLOCK_SIZE),
    ],
)
def test_what_is_legal_or_only_unknown_is_kept_in_silence(folder: Path, line: str) -> None:
    assert notes_of(folder, [line, at(9)]) == []


def test_unknown_counts_are_unknown_not_zero(folder: Path) -> None:
    lines = [at(5).replace("5,4:9", counts) for counts in (".:.", "5:9", "5,4,3:9", ".")]
    (folder / "in.vcf").write_text(HEAD + "\n".join(lines) + "\n")
    assert call("filter", "in.vcf", "--json", "result.json") == 0
    document = json.loads((folder / "result.json").read_text())
    # AD with a single number is the alternative's (Octopus); the three others are unknown.
    assert (document["passed"], document["unknown"], document["failed"]) == (4, 3, 0)


def test_a_missing_first_line_is_said(folder: Path) -> None:
    (note,) = notes_of(folder, [at(5)], HEAD.partition("\n")[2])
    assert "the first line is not ##fileformat" in note


def test_a_field_that_the_header_lacks_stops_before_the_first_record(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = re.sub("##INFO=<ID=DP.*\n", "", HEAD)
    (folder / "in.vcf").write_text(head + GOOD + "\n")
    code = call("filter", "in.vcf")
    captured = capsys.readouterr()
    assert "INFO/DP is not declared in the header" in captured.out + captured.err
    assert code in (0, 2)


def test_lists_and_blocks_of_bytes_find_the_same(folder: Path) -> None:
    lines = [at(0), at(5), at(5, more=";DP=2"), at(4, alt="*"), at(9, contig="2"), at(4)]
    (folder / "in.vcf").write_text(HEAD + "\n".join(lines) + "\n")
    found = []
    for size in (1, 2, 100):
        for packed in (True, False):
            with open_vcf(folder / "in.vcf") as source:
                odd = Oddities(source.header)
                for block in source.packed(size) if packed else source.blocks(size):
                    odd.add(block)
                found.append(odd.notes())
    assert len(found[0]) == 6
    assert all(notes == found[0] for notes in found)


def test_of_an_info_key_that_stands_twice_the_first_counts() -> None:
    for info, expected in (("X=1;X=2", "1"), ("X;X=2", "2"), ("X=1;X", "1"), ("X;X", "")):
        line = f"1\t5\t.\tA\tC\t.\t.\t{info}"
        asked, parsed = VcfRecord(line, HEADER), VcfRecord(line, HEADER)
        assert parsed.info == {"X": expected}
        assert parsed.info_text("X") == asked.info_text("X") == expected


def test_varscan_has_another_arity_than_its_header_says() -> None:
    header = VcfHeader(META, ("NORMAL", "TUMOR"))
    line = "1\t5\t.\tG\tA\t.\tPASS\tSS=2\tDP:RD:AD:FREQ\t65:62:0:0%\t126:98:26:20.97%"
    (hit,) = CallReader(header, assign_roles(header))(VcfRecord(line, header))
    assert (hit.tumor.ref_depth, hit.tumor.alt_depth) == (98, 26)


@pytest.fixture
def reference(folder: Path) -> Path:
    return make_fasta(folder / "ref.fa", {"1": "ACGTN" * 200})


def test_every_ref_is_compared_with_the_reference(folder: Path, reference: Path) -> None:
    lines = [at(1 + 5 * k) for k in range(199)] + [at(996, ref="ACGTN", alt="A")]
    (folder / "in.vcf").write_text(HEAD + "\n".join(lines) + "\n")
    assert call("filter", "in.vcf", "--reference", str(reference), "--json", "r.json") == 0
    assert json.loads((folder / "r.json").read_text())["notes"] == []
    lines[7] = lines[7].replace("\tA\tC\t", "\tT\tC\t")
    lines[8] = lines[8].replace("\tA\tC\t", "\ta\tC\t")
    (folder / "in.vcf").write_text(HEAD + "\n".join(lines) + "\n")
    assert call("filter", "in.vcf", "--reference", str(reference), "--json", "r.json") == 0
    (note,) = json.loads((folder / "r.json").read_text())["notes"]
    assert note == (
        "1 record has another REF than the reference: 1:36 has T, the reference A "
        "(first in line 16)"
    )


@pytest.mark.parametrize("command", ["filter", "check"])
def test_another_genome_is_an_error_and_leaves_nothing(
    folder: Path, reference: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    lines = [at(1 + k) for k in range(50)] + [at(2000)]
    (folder / "in.vcf").write_text(HEAD + "\n".join(lines) + "\n")
    assert call(command, "in.vcf", "--reference", str(reference)) == 1
    error = capsys.readouterr().err
    assert "in.vcf:10: REF is not the reference's in 31 of 41 records: 1:2 has A" in error
    assert "give the FASTA that the calls were made on" in error
    assert not (folder / "out.vcf").exists()


def test_a_contig_that_the_reference_lacks_is_an_error(
    folder: Path, reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "in.vcf").write_text(HEAD + at(5, contig="GL1") + "\n")
    assert call("filter", "in.vcf", "--reference", str(reference)) == 1
    assert "no contig 'GL1' under any spelling" in capsys.readouterr().err
