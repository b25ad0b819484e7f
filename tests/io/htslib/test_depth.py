"""The depth kernel is its Python twin, and both say what the definition says."""

from __future__ import annotations

import importlib
import itertools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests import builders
from tests.benchmarks.synthetic import make_panel
from tests.builders import Read, make_bam, make_pair
from tests.io.htslib.strategies import BLOCKS, READS
from tumorkit.io.bed import read_intervals
from tumorkit.io.htslib import depth_python

compiled = pytest.importorskip("tumorkit.io.htslib.depth", reason="no compiled kernels here")

reader = importlib.import_module("tumorkit.io.htslib.reader")

Depth = Callable[..., NDArray[np.int32]]


def through_htslib(path: str) -> object:
    """The compiled counter as it reads where libdeflate cannot be had."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "USE_LIBDEFLATE", False)
        return compiled.DepthCounter(path)


FORMS: list[Any] = [compiled.DepthCounter, through_htslib, depth_python.DepthCounter]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(READS, BLOCKS, st.sampled_from([0, 20]))
def test_kernel_is_its_twin(
    reads: list[Read], blocks: list[tuple[int, int]], min_mapping_quality: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bam = str(make_bam(Path(folder) / "t.bam", reads))
        starts, ends = (np.array(column, dtype=np.int64) for column in zip(*blocks, strict=True))
        fast, htslib, slow = (
            form(bam).block_depths("chr1", starts, ends, min_mapping_quality) for form in FORMS
        )
        sums = [form(bam).block_sums("chr1", starts, ends, min_mapping_quality) for form in FORMS]
    assert fast.dtype == slow.dtype == np.int32
    np.testing.assert_array_equal(fast, slow)
    np.testing.assert_array_equal(htslib, slow)
    before = np.cumsum(np.append(0, ends - starts))
    expected = [int(slow[a:b].sum()) for a, b in itertools.pairwise(before.tolist())]
    assert [found.tolist() for found in sums] == [expected] * 3
    assert {found.dtype for found in sums} == {np.dtype(np.int64)}


@pytest.fixture(params=FORMS, ids=["compiled", "htslib", "python"])
def depth(request: pytest.FixtureRequest, tmp_path: Path) -> Depth:
    def measure(*reads: Read, min_mapping_quality: int = 20) -> NDArray[np.int32]:
        bam = make_bam(tmp_path / "t.bam", reads)
        counter = request.param(str(bam))
        found: NDArray[np.int32] = counter.block_depths("chr1", [0], [400], min_mapping_quality)
        return found

    return measure


def test_overlapping_mates_count_once(depth: Depth) -> None:
    pair = make_pair(Read(name="a", pos=100), Read(name="a", pos=150))
    found = depth(*pair)
    assert found[100:250].tolist() == [1] * 150
    assert found.sum() == 150


def test_mates_with_equal_start_count_once(depth: Depth) -> None:
    pair = make_pair(Read(name="a", pos=100), Read(name="a", pos=100, cigar="60M"))
    assert depth(*pair).sum() == 100


def test_a_mate_that_does_not_count_takes_nothing_away(depth: Depth) -> None:
    left, right = make_pair(
        Read(name="a", pos=100), Read(name="a", pos=150, flag=builders.DUPLICATE)
    )
    assert depth(left, right).sum() == 100


def test_mates_far_apart_count_both(depth: Depth) -> None:
    assert depth(*make_pair(Read(name="a", pos=0), Read(name="a", pos=200))).sum() == 200


def test_a_base_deleted_in_one_mate_counts_in_the_other(depth: Depth) -> None:
    pair = make_pair(Read(name="a", pos=100, cigar="50M10D50M"), Read(name="a", pos=140))
    found = depth(*pair)
    assert found[150:160].tolist() == [1] * 10


@pytest.mark.parametrize("cigar", ["20M10D20M", "20M10N20M", "5S20M10D20M5H", "20=10D15=5X"])
def test_deleted_and_skipped_bases_are_not_covered(depth: Depth, cigar: str) -> None:
    found = depth(Read(name="a", pos=100, cigar=cigar))
    assert found[120:130].sum() == 0
    assert found.sum() == 40


@pytest.mark.parametrize(
    "flag",
    [builders.SECONDARY, builders.QC_FAIL, builders.DUPLICATE, builders.SUPPLEMENTARY],
)
def test_reads_that_are_no_evidence_do_not_count(depth: Depth, flag: int) -> None:
    assert depth(Read(name="a", pos=100, flag=flag)).sum() == 0


def test_mapping_quality_is_an_inclusive_limit(depth: Depth) -> None:
    reads = [Read(name=f"q{q}", pos=100, mapping_quality=q) for q in (19, 20, 21)]
    assert depth(*reads)[150] == 2


def test_blocks_are_joined_in_order(tmp_path: Path) -> None:
    bam = str(make_bam(tmp_path / "t.bam", [Read(name="a", pos=90, cigar="20M")]))
    for form in FORMS:
        found = form(bam).block_depths("chr1", [95, 105], [100, 115], 0)
        assert found.tolist() == [1] * 10 + [0] * 5


def test_no_block_is_no_depth(tmp_path: Path) -> None:
    bam = str(make_bam(tmp_path / "t.bam"))
    assert [form(bam).block_depths("chr1", [], [], 0).size for form in FORMS] == [0, 0, 0]
    assert [form(bam).block_sums("chr1", [], [], 0).size for form in FORMS] == [0, 0, 0]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_panel(tmp_path_factory.mktemp("panel"), 12_000)


def test_many_blocks_are_read_alike(panel: tuple[Path, Path]) -> None:
    bam, bed = panel
    targets = read_intervals(bed)
    starts, ends = [t.start - 900 for t in targets], [t.end + 900 for t in targets]
    found = [form(str(bam)).block_depths("chr1", starts, ends, 20) for form in FORMS]
    assert found[0].max() > 100
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


def test_regions_may_be_asked_in_any_order(panel: tuple[Path, Path]) -> None:
    bam, bed = panel
    targets = read_intervals(bed)
    counters = [form(str(bam)) for form in FORMS]
    for target in [*reversed(targets), targets[3], targets[3], targets[0]]:
        found = [c.block_depths("chr1", [target.start], [target.end], 20) for c in counters]
        np.testing.assert_array_equal(found[0], found[1])
        np.testing.assert_array_equal(found[0], found[2])


@pytest.mark.parametrize("form", FORMS[:2], ids=["compiled", "htslib"])
def test_a_damaged_block_is_an_error_not_a_low_depth(
    form: Any, panel: tuple[Path, Path], tmp_path: Path
) -> None:
    bam, bed = panel
    content = bytearray(bam.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    damaged = tmp_path / "damaged.bam"
    damaged.write_bytes(content)
    shutil.copy(f"{bam}.bai", f"{damaged}.bai")
    targets = read_intervals(bed)
    with pytest.raises(OSError, match="damaged data at chr1:"):
        form(str(damaged)).block_depths("chr1", [targets[0].start], [targets[-1].end], 20)


def test_a_cigar_too_long_for_a_record_is_read(tmp_path: Path) -> None:
    # 70,000 operations: kept in the CG field, SAM specification 4.2.2.
    read = Read(name="long", pos=100, cigar="1M1D" * 35_000 + "1M")
    bam = str(make_bam(tmp_path / "t.bam", [read], contigs={"chr1": 200_000}))
    for form in FORMS:
        found = form(bam).block_depths("chr1", [90], [70_110], 0)
        assert found.sum() == 35_001
        assert found[10:14].tolist() == [1, 0, 1, 0]
