"""From BAM and BED to a ``.cnn``, the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.builders import Read, make_bam, make_bed, make_fasta
from tumorkit.cli import run
from tumorkit.copynumber.coverage import CoverageParams, tabulate_coverage
from tumorkit.copynumber.coverage.run import run_coverage
from tumorkit.errors import InputError
from tumorkit.genome import Interval
from tumorkit.io.coverage import coverage_text, read_coverage

COVERAGE = ("cnv", "coverage")
Case = tuple[Path, Path]


@pytest.fixture
def case(tmp_path: Path) -> tuple[Path, Path]:
    reads = [
        Read(name="a", pos=100),
        Read(name="b", pos=150),
        Read(name="low", pos=150, mapping_quality=10),
        Read(name="c", pos=1_000, contig="chr2"),
    ]
    rows = [("chr2", 1_000, 1_200, "MYC"), ("chr1", 100, 200, "TP53"), ("chr1", 5_000, 5_100)]
    return make_bam(tmp_path / "t.bam", reads), make_bed(tmp_path / "t.bed", rows)


def test_targets_come_in_genome_order_with_their_depth(case: Case) -> None:
    result = run_coverage(case[0], targets=case[1])
    assert [(row.contig, row.gene, row.depth) for row in result.depths] == [
        ("chr1", "TP53", 1.5),
        ("chr1", "-", 0.0),
        ("chr2", "MYC", 0.5),
    ]
    assert (result.sample, result.without_reads, result.mean_depth.value) == ("T", 1, 0.625)
    assert [item.name for item in result.inputs] == ["t.bam", "t.bed"]


def test_log2_is_that_of_the_depth_and_minus_20_without_reads(case: Case) -> None:
    rows = run_coverage(case[0], targets=case[1]).depths
    assert [row.log2_ratio for row in rows] == [np.log2(1.5), -20.0, -1.0]


def test_mapping_quality_is_a_setting(case: Case) -> None:
    result = run_coverage(case[0], targets=case[1], params=CoverageParams(min_mapping_quality=0))
    assert result.depths[0].depth == 2.0


def test_targets_without_bases_are_counted_not_lost() -> None:
    targets = [Interval("chr1", 5, 5), Interval("chr1", 5, 6)]
    result = tabulate_coverage(targets, np.array([np.nan, 3.0]))
    assert (result.targets, result.rejected, len(result.depths)) == (2, 1, 1)


def test_nothing_measured_is_not_evaluable() -> None:
    result = tabulate_coverage([Interval("chr1", 5, 5)], np.array([np.nan]))
    assert result.mean_depth.status == result.median_depth.status == "not_evaluable"


def test_what_is_written_is_read_back(case: Case, tmp_path: Path) -> None:
    result = run_coverage(case[0], targets=case[1])
    path = tmp_path / "t.cnn"
    path.write_text(coverage_text(result.depths))
    bins = read_coverage(path)
    assert bins.depth.tolist() == [1.5, 0.0, 0.5]
    assert bins.gene.tolist() == ["TP53", "-", "MYC"]


def test_a_table_without_depth_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.cnn"
    path.write_text("chromosome\tstart\tend\tgene\tlog2\nchr1\t0\t10\tA\t0.5\n")
    with pytest.raises(InputError, match="has no column depth"):
        read_coverage(path)


def test_threads_and_second_runs_give_equal_bytes(case: Case, tmp_path: Path) -> None:
    made = []
    for name, threads in (("one", "1"), ("again", "1"), ("three", "3")):
        table, document = tmp_path / f"{name}.cnn", tmp_path / f"{name}.json"
        code = run(
            [
                *(*COVERAGE, str(case[0]), "--targets", str(case[1]), "-o", str(table)),
                *("--json", str(document), "--threads", threads, "-q"),
            ]
        )
        assert code == 0
        made.append((table.read_bytes(), document.read_bytes()))
    assert made[0] == made[1] == made[2]
    assert json.loads(made[0][1])["value"] == 0.625
    assert str(tmp_path) not in made[0][1].decode()


def test_the_python_form_gives_equal_bytes(case: Case, tmp_path: Path) -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-m", "tumorkit", *COVERAGE, case[0], "--targets", case[1], "-o", "-"],
            env={**os.environ, "TUMORKIT_KERNELS": form},
            capture_output=True,
            check=True,
        ).stdout
        for form in ("", "python")
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].startswith(b"chromosome\tstart\tend\tgene\tlog2\tdepth\n")


def test_cram_is_measured_like_bam(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "ACGT" * 2_500, "chr2": "GATTA" * 1_000})
    reads = [Read(name="a", pos=100), Read(name="b", pos=150, cigar="40M5D60M")]
    bed = make_bed(tmp_path / "t.bed", [("1", 100, 260)])
    bam = make_bam(tmp_path / "t.bam", reads)
    cram = make_bam(tmp_path / "c.cram", reads, reference=fasta)
    depths = [
        run_coverage(path, targets=bed, reference=fasta).depths[0].depth for path in (bam, cram)
    ]
    assert depths == [200 / 160, 200 / 160]


@pytest.mark.parametrize(
    ("bed", "said", "code"),
    [
        ("chr9\t0\t5\n", "on contigs that t.bam does not have", 1),
        ("chr1\t9\t5\n", "t.bed:1: end 5 is before start 9", 1),
        ("", "holds no interval", 1),
    ],
)
def test_bad_targets_get_one_line_and_nothing_is_written(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str], bed: str, said: str, code: int
) -> None:
    case[1].write_text(bed)
    out = tmp_path / "out.cnn"
    assert run(["cnv", "coverage", str(case[0]), "--targets", str(case[1]), "-o", str(out)]) == code
    error = capsys.readouterr().err.splitlines()
    assert error[0].startswith("error: ")
    assert said in error[0]
    assert [line for line in error if line.startswith("hint: ")]
    assert not out.exists()
    assert not list(tmp_path.glob(".*"))


def test_a_damaged_bam_is_an_error_that_names_the_place(
    case: Case, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    content = bytearray(case[0].read_bytes())
    # The records stand in the block before the end marker.
    at = len(content) - 60
    content[at : at + 10] = bytes(10)
    case[0].write_bytes(content)
    out = tmp_path / "out.cnn"
    assert run(["cnv", "coverage", str(case[0]), "--targets", str(case[1]), "-o", str(out)]) == 1
    assert "cannot be read to its end: damaged data at chr" in capsys.readouterr().err
    assert not out.exists()
