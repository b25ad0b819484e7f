"""Bins cover every target once, stay out of gaps, and know their sequence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import Read, make_bam, make_bed, make_fasta
from tumorkit.cli import run
from tumorkit.copynumber.bins import BinsParams, make_bins
from tumorkit.copynumber.bins.analysis import joined_targets, off_target_bins
from tumorkit.copynumber.bins.run import BinsFiles, run_bins
from tumorkit.errors import InputError, ParameterError
from tumorkit.genome import Interval, Territory
from tumorkit.genome.segment import Gene
from tumorkit.io.bed import read_intervals
from tumorkit.io.bins import bins_text, read_bins
from tumorkit.io.tracks import track_means

spans = st.lists(
    st.tuples(st.integers(0, 5_000), st.integers(0, 900)).map(lambda x: (x[0], x[0] + x[1])),
    min_size=1,
    max_size=12,
)


@given(spans, st.integers(20, 400))
def test_target_bins_hold_every_targeted_base_once(
    listed: list[tuple[int, int]], size: int
) -> None:
    targets = [Interval("chr1", *span, name=f"T{n}") for n, span in enumerate(listed)]
    made = make_bins(targets, [], BinsParams(method="amplicon", bin_size=size)).bins
    places = zip(made.start.tolist(), made.end.tolist(), strict=True)
    found = [Interval("chr1", start, end) for start, end in places]
    assert Territory(found) == Territory(targets)
    assert sum(map(len, found)) == Territory(targets).bases
    assert (made.start[1:] >= made.end[:-1]).all()


@given(spans)
def test_off_target_bins_keep_their_distance(listed: list[tuple[int, int]]) -> None:
    targets = [Interval("chr1", 50_000 + a, 50_000 + b) for a, b in listed]
    found = off_target_bins(targets, [Interval("chr1", 0, 200_000)], 10_000, 500)
    grown = Territory(Interval("chr1", t.start - 500, t.end + 500) for t in targets if len(t))
    assert Territory(found).intersect(grown).bases == 0
    assert all(item.start >= 500 and item.end <= 199_500 and len(item) >= 625 for item in found)


def test_overlapping_and_unsorted_targets_are_joined_and_counted() -> None:
    targets = [Interval("chr2", 0, 10), Interval("chr1", 50, 150, "B"), Interval("chr1", 0, 60)]
    made = make_bins(targets, [], BinsParams(method="amplicon"))
    assert (made.merged, made.bins.contig.tolist()) == (1, ["chr1", "chr2"])
    assert made.bins.gene.tolist() == ["B", "-"]


def test_names_of_joined_targets_are_kept_once() -> None:
    targets = [Interval("1", 0, 100, "A"), Interval("1", 50, 90, "A,B"), Interval("1", 80, 99, "B")]
    assert [item.name for item in joined_targets(targets)] == ["A,B"]


def test_bins_without_a_name_take_that_of_their_gene() -> None:
    genes = [Gene(name="MYC", contig="8", start=90, end=120)]
    made = make_bins(
        [Interval("chr8", 100, 200), Interval("chr8", 300, 400)],
        [],
        BinsParams(method="amplicon"),
        genes=genes,
    )
    assert made.bins.gene.tolist() == ["MYC", "-"]


def test_a_genome_is_cut_into_windows_between_its_gaps(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "N" * 9_000 + "ACGt" * 5_000 + "N" * 1_000})
    made = run_bins(BinsFiles(reference=fasta), params=BinsParams(method="wgs", bin_size=5_000))
    assert made.bins.start.tolist() == [9_000, 14_000, 19_000, 24_000]
    assert made.bins.gc.tolist() == [0.5] * 4
    assert made.bins.repeat.tolist() == [0.25] * 4


def test_short_gaps_do_not_part_regions(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "A" * 9_000 + "N" * 1_000 + "C" * 10_000})
    made = run_bins(BinsFiles(reference=fasta), params=BinsParams(method="wgs", bin_size=20_000))
    assert len(made.bins) == 1
    assert made.bins.gc[0] == pytest.approx(10 / 19)


def test_depth_chooses_the_size(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "ACGT" * 2_500, "chr2": "ACGT" * 1_250})
    reads = [Read(name=f"r{n}", pos=1_000 + n) for n in range(1_000)]
    files = BinsFiles(
        reference=fasta,
        targets=make_bed(tmp_path / "t.bed", [("chr1", 1_100, 1_900)]),
        tumor=make_bam(tmp_path / "t.bam", reads),
    )
    made = run_bins(files, params=BinsParams(method="amplicon", bases_per_bin=10_000))
    assert made.target_depth == pytest.approx(100)
    assert made.target_size == 100
    assert made.target_bins == 8


def test_what_is_written_is_read_back_and_is_a_bed(tmp_path: Path) -> None:
    made = make_bins([Interval("chr1", 5_000, 5_200, "A")], [Interval("chr1", 0, 90_000)]).bins
    path = tmp_path / "bins.bed"
    path.write_text(bins_text(made))
    again = read_bins(path)
    assert again.start.tolist() == made.start.tolist()
    assert again.target.tolist() == made.target.tolist()
    assert [item.name for item in read_intervals(path)] == made.gene.tolist()


def test_tracks_give_means_over_bins(tmp_path: Path) -> None:
    track = make_bed(tmp_path / "m.bedgraph", [("1", 0, 50, 1.0), ("1", 50, 100, 0.5)])
    contig, start = np.array(["chr1", "chr1", "chr2"]), np.array([0, 40, 0])
    means = track_means(track, contig, start, start + 100)
    assert means[:2].tolist() == [0.75, 0.35]
    assert np.isnan(means[2])


def test_overlapping_values_of_a_track_are_refused(tmp_path: Path) -> None:
    track = make_bed(tmp_path / "m.bedgraph", [("1", 0, 50, 1.0), ("1", 40, 100, 0.5)])
    with pytest.raises(InputError, match="overlap"):
        track_means(track, np.array(["1"]), np.array([0]), np.array([10]))


def test_a_panel_needs_targets(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "ACGT" * 10})
    with pytest.raises(ParameterError, match="needs targets"):
        run_bins(BinsFiles(reference=fasta))


def test_two_runs_give_equal_bytes(tmp_path: Path) -> None:
    fasta = make_fasta(tmp_path / "r.fa", {"chr1": "ACGT" * 10_000})
    bed = make_bed(tmp_path / "t.bed", [("chr1", 20_000, 20_700, "X")])
    for name in ("a", "b"):
        words = ["cnv", "bins", "--reference", str(fasta), "--targets", str(bed)]
        options = ["--off-target-size", "5000", "-o", str(tmp_path / name), "-q"]
        assert run([*words, *options]) == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert "\tAntitarget\t0.5" in (tmp_path / "a").read_text()


@pytest.mark.shared
def test_off_target_bins_stand_where_the_peers_do(shared: Path) -> None:
    """The first off-target bins of hg19 chr1 in a CNVkit reference of another panel."""
    found = off_target_bins(
        [Interval("chr1", 367_658, 368_597)],
        [Interval("chr1", 10_000, 177_417), Interval("chr1", 227_417, 267_719)],
        200_000,
        500,
    )
    listed = read_bins(shared / "copynumber" / "cnvkit" / "reference-tr.cnn")
    assert [item.start for item in found] == listed.start[:2].tolist()
    assert [item.end for item in found] == listed.end[:2].tolist()
