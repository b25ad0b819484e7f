"""A pair's copy ratios: what both samples share cancels, and nothing is made of no reads."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.copynumber.models import make_ratios
from tumorkit.copynumber.normalize import normalize_pair
from tumorkit.errors import TumorkitError
from tumorkit.genome.segment import CopyRatios


def coverage(*depths: float) -> CopyRatios:
    ratios = make_ratios(np.zeros(len(depths)), np.repeat(["chr1"], len(depths)))
    ratios.depth[:] = depths
    return ratios


def test_targets_without_reads_in_the_normal_are_left_out_however_many_they_are() -> None:
    found = normalize_pair(coverage(60, 60, 60, 60, 30), coverage(0, 0, 0, 30, 30))
    assert [(item.reason, item.targets) for item in found.drop_reasons] == [
        ("not captured in normals", 3)
    ]
    assert len(found.ratios) == 2
    assert np.isfinite(found.ratios.weight).all()


@pytest.mark.parametrize(
    ("tumor", "normal", "who"), [((0, 0), (30, 30), "tumour"), ((30, 30), (0, 0), "normal")]
)
def test_a_sample_without_reads_is_no_neutral_genome(
    tumor: tuple[float, ...], normal: tuple[float, ...], who: str
) -> None:
    with pytest.raises(TumorkitError, match=f"the {who} has no read"):
        normalize_pair(coverage(*tumor), coverage(*normal))


def test_a_target_without_tumour_reads_is_a_deep_loss() -> None:
    found = normalize_pair(coverage(30, 0, 30, 30), coverage(30, 30, 30, 30))
    assert found.ratios.log2_ratio[1] < -5
    assert found.ratios.weight.tolist() == [1, 1, 1, 1]


def test_contigs_match_however_they_are_spelled() -> None:
    tumor, normal = coverage(60, 30), coverage(30, 30)
    bare = dataclasses.replace(normal, contig=np.array(["1", "1"]))
    assert np.array_equal(
        normalize_pair(tumor, bare).ratios.log2_ratio,
        normalize_pair(tumor, normal).ratios.log2_ratio,
    )


def test_an_unknown_depth_is_counted_as_such() -> None:
    found = normalize_pair(coverage(60, float("nan"), 30), coverage(30, 30, 30))
    assert [(item.reason, item.targets) for item in found.drop_reasons] == [("depth unknown", 1)]
    assert len(found.ratios) == 2
