"""Depth of targets: overlaps, long targets, threads, real data beside peers."""

from __future__ import annotations

import gzip
import itertools
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.benchmarks.measure import mosdepth_environment
from tests.benchmarks.synthetic import make_panel
from tests.builders import Read, make_bam, make_bed
from tumorkit.genome import Interval, Territory
from tumorkit.io import depth, regions
from tumorkit.io.alignment import Alignment, open_alignment
from tumorkit.io.bed import read_intervals
from tumorkit.io.depth import callable_intervals, mean_depths
from tumorkit.io.htslib.depth_python import DepthCounter

Panel = tuple[Alignment, list[Interval]]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    bam, bed = make_panel(tmp_path_factory.mktemp("panel"), 12_000)
    return open_alignment(bam), read_intervals(bed)


@pytest.fixture(scope="module")
def every(panel: Panel) -> NDArray[np.int32]:
    """Depth of every base of the panel's contig, by the definition's plain code."""
    return DepthCounter(str(panel[0].path)).block_depths("chr1", [0], [23_000], 20)


# mosdepth fills an array over all of chr1, which takes its time: not in every run.
HD832 = "gms560/HD832.HES45_T.bam"
MANTA = "alignments/manta_hcc1954/G15512.HCC1954.1.COST16011_region.bam"
TARGETS = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(0, 3_000)), min_size=1, max_size=12
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TARGETS, st.sampled_from([0, 50, 20_000]), st.sampled_from([300, 1_000_000]))
def test_a_target_is_the_mean_over_its_bases(
    panel: Panel, every: NDArray[np.int32], rows: list[tuple[int, int]], max_gap: int, max_span: int
) -> None:
    alignment, _ = panel
    targets = [Interval("chr1", start, start + size) for start, size in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            depth,
            "grouped",
            lambda a, b, **_: regions.grouped(a, b, max_gap=max_gap, max_span=max_span),
        )
        patch.setattr(depth, "cut", lambda spans: regions.cut(spans, max_span))
        found = mean_depths(alignment, targets, min_mapping_quality=20)
        deep = callable_intervals(alignment, targets, 30, min_mapping_quality=20)
    for target, value in zip(targets, found.tolist(), strict=True):
        if len(target) == 0:
            assert np.isnan(value)
        else:
            assert value == every[target.start : target.end].sum() / len(target)
    expected = [Interval("chr1", int(at), int(at) + 1) for at in np.flatnonzero(every >= 30)]
    assert deep == Territory(expected).intersect(Territory(targets))


def test_threads_change_nothing(panel: Panel) -> None:
    alignment, targets = panel
    one, three = (
        mean_depths(alignment, targets, min_mapping_quality=20, threads=n) for n in (1, 3)
    )
    assert one.tobytes() == three.tobytes()
    assert one.mean() > 100


def test_contigs_are_told_apart(tmp_path: Path) -> None:
    reads = [Read(name="a", pos=100), Read(name="b", pos=100, contig="chr2", cigar="50M")]
    alignment = open_alignment(make_bam(tmp_path / "t.bam", reads))
    targets = [Interval("chr2", 100, 200), Interval("chr1", 100, 200), Interval("chr2", 900, 950)]
    assert mean_depths(alignment, targets, min_mapping_quality=0).tolist() == [0.5, 1.0, 0.0]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("bam", "contig", "start", "end"),
    [
        pytest.param(HD832, "chr1", 934_275, 2_461_765, marks=pytest.mark.benchmark),
        (MANTA, "11", 94_975_099, 94_988_499),
        ("alignments/strelka_demo/NA12891_demo20.bam", "demo20", 900, 4_100),
    ],
)  # fmt: skip
def test_real_bams_agree_with_mosdepth(
    shared: Path, tmp_path: Path, bam: str, contig: str, start: int, end: int
) -> None:
    """The same definition as mosdepth's default mode, which prints two decimals."""
    environment = mosdepth_environment(tmp_path)
    if environment is None:
        pytest.skip("mosdepth is not installed")
    alignment = open_alignment(shared / bam)
    edges = np.linspace(start, end, 200).astype(int).tolist()
    targets = [Interval(contig, a, b) for a, b in itertools.pairwise(edges)]
    bed = make_bed(tmp_path / "t.bed", [(t.contig, t.start, t.end) for t in targets])
    subprocess.run(
        ["mosdepth", "-n", "-F", "3844", "-Q", "20", "-b", bed, tmp_path / "m", alignment.path],
        check=True,
        env={"PATH": "/usr/bin:/bin", **environment},
    )
    with gzip.open(tmp_path / "m.regions.bed.gz", "rt") as handle:
        theirs = np.array([float(line.split("\t")[-1]) for line in handle])
    ours = mean_depths(alignment, targets, min_mapping_quality=20)
    assert ours.max() > 5
    np.testing.assert_allclose(ours, theirs, atol=0.0051, rtol=1e-4)


@pytest.mark.shared
def test_real_bam_without_overlaps_agrees_with_bedcov(shared: Path, tmp_path: Path) -> None:
    """Single reads leave no overlap to correct; deletions are then the same question (-j)."""
    if shutil.which("samtools") is None:
        pytest.skip("samtools is not installed")
    source = shared / "gms560/HD832.HES45_T.bam"
    first = tmp_path / "first.bam"
    subprocess.run(["samtools", "view", "-b", "-f", "64", "-o", first, source], check=True)
    subprocess.run(["samtools", "index", first], check=True)
    targets = [Interval("chr1", at, at + 500) for at in range(934_000, 936_500, 500)]
    bed = make_bed(tmp_path / "t.bed", [(t.contig, t.start, t.end) for t in targets])
    done = subprocess.run(
        ["samtools", "bedcov", "-j", "-Q", "20", "-G", "3844", bed, first],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = [int(line.split("\t")[-1]) for line in done.stdout.splitlines()]
    ours = mean_depths(open_alignment(first), targets, min_mapping_quality=20)
    assert (ours * 500).round().astype(int).tolist() == theirs
