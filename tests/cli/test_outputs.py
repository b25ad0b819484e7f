"""Standard output: one file at most, and the short table only where no file took it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tumorkit.cli import run

EXAMPLE = Path(__file__).parents[2] / "example_data"
SEGMENT = ("cnv", "segment", str(EXAMPLE / "tumor.cnr"))
FILTER = ("variants", "filter", str(EXAMPLE / "somatic.vcf.gz"), "--preset", "caller-pass")
SCORE = ("tmb", "score", str(EXAMPLE / "somatic.vcf.gz"), "--preset", "pytmb-wes")


@pytest.mark.parametrize(
    "arguments",
    [
        (*SEGMENT, "-o", "-", "--json", "-"),
        (*FILTER, "-o", "-", "--audit", "-"),
        (*SCORE, "--trace", "-", "--json", "-"),
        ("cnv", "call", "none.cns", "--gene-table", "-", "-o", "-"),
    ],
)
def test_two_files_are_not_mixed_on_standard_output(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert "standard output was asked for twice" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        (*SEGMENT, "-o", "x.tsv", "--json", "x.tsv"),
        (*FILTER, "-o", "x.vcf", "--audit", "./x.vcf"),
        ("purity", "fit", "none.cns", "-o", "x.tsv", "--purecn-csv", "x.tsv"),
        ("tmb", "score", "none.vcf", "--preset", "tso500", "--hydra", "x", "--json", "x"),
        ("msi", "score", "--tumor", "a", "--loci", "b", "--plot", "x.svg", "-o", "x.svg"),
    ],
)
def test_two_files_of_one_name_are_refused_before_anything_is_read(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert "two files were asked for under this name" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [(*FILTER, "-o", "-"), (*SCORE, "--trace", "-"), (*SEGMENT, "--json", "-")],
)
def test_a_reader_that_leaves_early_is_no_error(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "tumorkit", *arguments]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_audit_goes_to_standard_output_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([*FILTER, "--audit", "-"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("contig\tpos\tref\talt\tfilter")
    assert {line.count("\t") for line in lines} == {lines[0].count("\t")}
    assert not list(tmp_path.iterdir())
