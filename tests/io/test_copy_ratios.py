"""Copy ratios are read alike whatever the tool and the order of columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tumorkit.errors import InputError
from tumorkit.genome.segment import LOG2_FLOOR
from tumorkit.io.copy_ratios import read_contig_lengths, read_copy_ratios

CNR = "chromosome\tstart\tend\tgene\tlog2\tdepth\tweight\n"


def write(folder: Path, text: str, name: str = "t.cnr") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    usual = read_copy_ratios(write(tmp_path, CNR + "chr1\t0\t10\tA\t0.5\t3\t0.9\n"))
    text = "weight\tlog2\tend\tstart\tgene\tdepth\tchromosome\n0.9\t0.5\t10\t0\tA\t3\tchr1\n"
    other = read_copy_ratios(write(tmp_path, text, "o.cnr"))
    for name in ("contig", "start", "end", "gene", "log2_ratio", "depth", "weight", "target"):
        assert getattr(usual, name).tolist() == getattr(other, name).tolist()


def test_gatk_positions_become_zero_based_and_tell_the_build(tmp_path: Path) -> None:
    text = (
        "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:249250621\n"
        "CONTIG\tSTART\tEND\tLOG2_COPY_RATIO\nchr1\t101\t200\t-0.25\n"
    )
    path = write(tmp_path, text, "t.denoisedCR.tsv")
    ratios = read_copy_ratios(path)
    assert (ratios.start[0], ratios.end[0], ratios.weight[0]) == (100, 200, 1.0)
    assert np.isnan(ratios.depth[0])
    assert read_contig_lengths(path) == {"chr1": 249250621}


def test_bins_come_in_genome_order_whatever_the_file_says(tmp_path: Path) -> None:
    rows = [("chr10", 0), ("chrX", 0), ("chr2", 50), ("chr2", 0), ("chr1", 0)]
    text = CNR + "".join(f"{c}\t{s}\t{s + 10}\tA\t0\t1\t1\n" for c, s in rows)
    ratios = read_copy_ratios(write(tmp_path, text))
    assert ratios.contigs == ("chr1", "chr2", "chr10", "chrX")
    assert ratios.start.tolist() == [0, 0, 50, 0, 0]


def test_bins_without_reads_stay_at_the_floor_and_unknown_stays_unknown(tmp_path: Path) -> None:
    rows = "chr1\t0\t10\tA\t-20\t0\t1\nchr1\t10\t20\tA\tNA\t\t1\nchr1\t20\t30\tA\t\t2\t1\n"
    ratios = read_copy_ratios(write(tmp_path, CNR + rows))
    assert ratios.log2_ratio[0] == LOG2_FLOOR
    assert np.isnan(ratios.log2_ratio[1:]).all()
    assert len(ratios) == 3


def test_both_labels_of_off_target_bins_are_known(tmp_path: Path) -> None:
    rows = "".join(
        f"chr1\t{at}\t{at + 9}\t{name}\t0\t1\t1\n"
        for at, name in ((0, "Antitarget"), (10, "Background"), (20, "TP53"))
    )
    assert read_copy_ratios(write(tmp_path, CNR + rows)).target.tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no bin"),
        (CNR, "holds no bin"),
        ("chromosome\tstart\tend\n", "no column log2"),
        (CNR + "chr1\t0\t10\n", r"t.cnr:2: expected 7 columns as in line 1, found 3"),
        (CNR + "chr1\tx\t10\tA\t0\t1\t1\n", r"t.cnr:2: start must be a number, found 'x'"),
        (CNR + "chr1\t0\t10\tA\tlow\t1\t1\n", r"t.cnr:2: log2 must be a number, found 'low'"),
        (CNR + "chr1\t10\t10\tA\t0\t1\t1\n", "end must be after start"),
        (CNR + "chr1\t0\t10\tA\t0\t1\t-1\n", "a weight is negative"),
        (CNR + "chr1\t0\t10\tA\tinf\t1\t1\n", "log2 is infinite"),
        (CNR + 2 * "chr1\t0\t10\tA\t0\t1\t1\n", "overlaps the next bin by more than half"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_copy_ratios(write(tmp_path, text))


@pytest.mark.shared
def test_real_files(shared: Path) -> None:
    ratios = read_copy_ratios(shared / "gms560/HD832.clean.denoisedCR.tsv")
    assert (len(ratios), len(ratios.contigs)) == (10_961, 23)
    ratios = read_copy_ratios(shared / "copynumber/cnvkit/p2-20_1.cnr")
    assert (len(ratios), int((~ratios.target).sum())) == (19_089, 12_515)
    ratios = read_copy_ratios(shared / "copynumber/cnvkit/wgs-chr17.cnr")
    assert int((ratios.log2_ratio <= LOG2_FLOOR).sum()) >= 21_361
    packed = read_copy_ratios(shared / "copynumber/purecn/example_gatk4_denoised_cr.tsv.gz")
    assert packed.log2_ratio[[0, -1]].tolist() == [0.109473, -0.185664]
    assert len(read_copy_ratios(shared / "copynumber/cnvkit/reference-tr.cnn")) == 27_526
