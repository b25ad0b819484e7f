"""The depth kernel is its Python twin, and both say what the definition says."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.builders import Read, make_bam, make_pair
from tests.io.htslib.strategies import BLOCKS, READS
from tumorkit.io.htslib import depth_python

compiled = pytest.importorskip("tumorkit.io.htslib.depth", reason="no compiled kernels here")

FORMS = [compiled.DepthCounter, depth_python.DepthCounter]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(READS, BLOCKS, st.sampled_from([0, 20]))
def test_kernel_is_its_twin(
    reads: list[Read], blocks: list[tuple[int, int]], min_mapping_quality: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bam = str(make_bam(Path(folder) / "t.bam", reads))
        starts, ends = (np.array(column, dtype=np.int64) for column in zip(*blocks, strict=True))
        fast, slow = (
            form(bam).block_depths("chr1", starts, ends, min_mapping_quality) for form in FORMS
        )
    assert fast.dtype == slow.dtype == np.int32
    np.testing.assert_array_equal(fast, slow)


@pytest.fixture(params=FORMS, ids=["compiled", "python"])
def depth(request: pytest.FixtureRequest, tmp_path: Path):
    def measure(*reads: Read, start: int = 0, end: int = 400, min_mapping_quality: int = 20):
        bam = make_bam(tmp_path / "t.bam", reads)
        return request.param(str(bam)).block_depths("chr1", [start], [end], min_mapping_quality)

    return measure


def test_overlapping_mates_count_once(depth) -> None:
    pair = make_pair(Read(name="a", pos=100), Read(name="a", pos=150))
    found = depth(*pair)
    assert found[100:250].tolist() == [1] * 150
    assert found.sum() == 150


def test_mates_with_equal_start_count_once(depth) -> None:
    pair = make_pair(Read(name="a", pos=100), Read(name="a", pos=100, cigar="60M"))
    assert depth(*pair).sum() == 100


def test_a_mate_that_does_not_count_takes_nothing_away(depth) -> None:
    left, right = make_pair(
        Read(name="a", pos=100), Read(name="a", pos=150, flag=builders.DUPLICATE)
    )
    assert depth(left, right).sum() == 100


def test_mates_far_apart_count_both(depth) -> None:
    assert depth(*make_pair(Read(name="a", pos=0), Read(name="a", pos=200))).sum() == 200


def test_a_base_deleted_in_one_mate_counts_in_the_other(depth) -> None:
    pair = make_pair(Read(name="a", pos=100, cigar="50M10D50M"), Read(name="a", pos=140))
    found = depth(*pair)
    assert found[150:160].tolist() == [1] * 10


@pytest.mark.parametrize("cigar", ["20M10D20M", "20M10N20M", "5S20M10D20M5H", "20=10D15=5X"])
def test_deleted_and_skipped_bases_are_not_covered(depth, cigar: str) -> None:
    found = depth(Read(name="a", pos=100, cigar=cigar))
    assert found[120:130].sum() == 0
    assert found.sum() == 40


@pytest.mark.parametrize(
    "flag",
    [builders.SECONDARY, builders.QC_FAIL, builders.DUPLICATE, builders.SUPPLEMENTARY],
)
def test_reads_that_are_no_evidence_do_not_count(depth, flag: int) -> None:
    assert depth(Read(name="a", pos=100, flag=flag)).sum() == 0


def test_mapping_quality_is_an_inclusive_limit(depth) -> None:
    reads = [Read(name=f"q{q}", pos=100, mapping_quality=q) for q in (19, 20, 21)]
    assert depth(*reads)[150] == 2


def test_blocks_are_joined_in_order(tmp_path: Path) -> None:
    bam = str(make_bam(tmp_path / "t.bam", [Read(name="a", pos=90, cigar="20M")]))
    for form in FORMS:
        found = form(bam).block_depths("chr1", [95, 105], [100, 115], 0)
        assert found.tolist() == [1] * 10 + [0] * 5


def test_no_block_is_no_depth(tmp_path: Path) -> None:
    bam = str(make_bam(tmp_path / "t.bam"))
    assert [form(bam).block_depths("chr1", [], [], 0).size for form in FORMS] == [0, 0]
