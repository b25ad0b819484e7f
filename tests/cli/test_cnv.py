"""The commands of copy number: what they write, and what they say when they cannot."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tumorkit.cli import run

HEAD = "chromosome\tstart\tend\tgene\tlog2\tdepth\tweight\n"


@pytest.fixture
def cnr(tmp_path: Path) -> Path:
    """Two chromosomes; a deletion of 30 bins, which is gene LOST, on the first."""
    values = np.random.default_rng(1).normal(0, 0.1, 600)
    values[100:130] -= 1.5
    rows = [
        f"chr{1 + n // 300}\t{n % 300 * 1000}\t{n % 300 * 1000 + 1000}\tG\t{v:.5f}\t100\t1\n"
        for n, v in enumerate(values)
    ]
    path = tmp_path / "T.cnr"
    path.write_text(HEAD + "".join(rows))
    return path


@pytest.fixture
def genes(tmp_path: Path) -> Path:
    path = tmp_path / "genes.bed"
    path.write_text("chr1\t105000\t120000\tLOST\nchr2\t5000\t20000\tKEPT\n")
    return path


def test_segment_call_and_plot_follow_each_other(cnr: Path, genes: Path, tmp_path: Path) -> None:
    cns, called, table = tmp_path / "T.cns", tmp_path / "T.call.cns", tmp_path / "genes.tsv"
    document, picture = tmp_path / "T.json", tmp_path / "T.svg"
    assert run(["cnv", "segment", str(cnr), "-o", str(cns), "--json", str(document)]) == 0
    assert len(cns.read_text().splitlines()) == 1 + 4
    assert json.loads(document.read_text())["schema"] == "tumorkit/copynumber.segment"
    command = ["cnv", "call", str(cns), "--ratios", str(cnr), "--genes", str(genes)]
    mixture = ["--purity", ".7", "--ploidy", "2"]
    assert run([*command, *mixture, "-o", str(called), "--gene-table", str(table)]) == 0
    states = {line.split("\t")[0]: line.split("\t")[9] for line in table.read_text().splitlines()}
    assert (states["LOST"], states["KEPT"]) == ("homozygous deletion", "neutral")
    assert "\tcn\t" in called.read_text().splitlines()[0]
    assert run(["cnv", "plot", str(cnr), str(cns), "--genes", str(genes), "-o", str(picture)]) == 0
    assert picture.read_text().startswith("<?xml")


def test_the_same_input_gives_the_same_bytes(cnr: Path, tmp_path: Path) -> None:
    outputs = []
    for name in ("a", "b"):
        folder = tmp_path / name
        paths = [folder / "T.cns", folder / "T.json"]
        assert run(["cnv", "segment", str(cnr), "-o", str(paths[0]), "--json", str(paths[1])]) == 0
        outputs.append([path.read_bytes() for path in paths])
    assert outputs[0] == outputs[1]


def test_stdout_holds_the_table_alone_when_asked(
    cnr: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cnv", "segment", str(cnr), "-o", "-"]) == 0
    captured = capsys.readouterr().out
    assert captured.startswith("chromosome\tstart\tend\tgene\tlog2")
    assert "#" not in captured


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no bin"),
        (HEAD, "holds no bin"),
        ("a\tb\n1\t2\n", "no column chromosome, start, end, log2"),
        (HEAD + "chr1\t0\t10\tG\tNaN\t1\t1\n", "none of 1 bins has a log2 ratio"),
        (HEAD + "chr1\t0\t10\tG\t0\t1\t-2\n", "a weight is negative"),
        (HEAD + "chr1\t0\t10\tG\t0\t1\t1\nchr1\t2\t9\tG\t0\t1\t1\n", "overlaps the next bin"),
        (HEAD + "chr1\t0\t10\tG\n", "T.cnr:2: expected 7 columns"),
    ],
)
def test_bad_bins_get_one_line_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    path, output = tmp_path / "T.cnr", tmp_path / "out" / "T.cns"
    path.write_text(text)
    assert run(["cnv", "segment", str(path), "-o", str(output)]) == 1
    error = capsys.readouterr().err.splitlines()
    assert said in error[0]
    assert len(error) <= 2
    assert not output.parent.exists()


def test_bad_options_are_usage_errors(
    cnr: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cnv", "segment", str(cnr), "--sensitivity", "99"]) == 2
    assert "sensitivity: 99 is above 5" in capsys.readouterr().err
    assert run(["cnv", "segment", str(cnr), "--build", "hg20"]) == 2
    assert "unknown build" in capsys.readouterr().err
    cns = tmp_path / "T.cns"
    assert run(["cnv", "segment", str(cnr), "-o", str(cns), "-q"]) == 0
    assert run(["cnv", "call", str(cns), "--purity", "70"]) == 2
    assert "a purity is a fraction: 0.7, not 70" in capsys.readouterr().err
    assert run(["cnv", "plot", str(cnr), str(cns), "-o", str(tmp_path / "T.gif")]) == 2
    assert run(["cnv", "segment", str(tmp_path / "none.cnr")]) == 1


def test_without_genes_the_segments_that_changed_are_shown(
    cnr: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cns = tmp_path / "T.cns"
    assert run(["cnv", "segment", str(cnr), "-o", str(cns), "-q"]) == 0
    capsys.readouterr()
    assert run(["cnv", "call", str(cns)]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "# T: 1 of 4 segments changed"
    assert shown[2].startswith("chr1:100001-130000\tdeep loss (log2)\tyes\t-1.5")
    assert "# no genes given (--genes)" in shown


def test_one_chromosome_only_is_enough(cnr: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.cnr"
    rows = cnr.read_text().splitlines(keepends=True)
    one.write_text("".join(row for row in rows if not row.startswith("chr2")))
    output = tmp_path / "one.cns"
    assert run(["cnv", "segment", str(one), "-o", str(output)]) == 0
    assert len(output.read_text().splitlines()) == 1 + 3
