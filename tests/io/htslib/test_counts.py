"""The allele kernel is its Python twin, and both say what the definition says."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests import builders
from tests.builders import Read, make_bam, make_pair
from tests.io.htslib.strategies import READS, SPAN
from tumorkit.io.htslib import counts_python
from tumorkit.io.htslib.counts_python import DELETION, INSERTION, MNV, SNV

compiled = pytest.importorskip("tumorkit.io.htslib.counts", reason="no compiled kernels here")

reader = importlib.import_module("tumorkit.io.htslib.reader")


def through_htslib(path: str) -> object:
    """The compiled counter as it reads where libdeflate cannot be had."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "USE_LIBDEFLATE", False)
        return compiled.AlleleCounter(path)


FORMS: list[Any] = [compiled.AlleleCounter, through_htslib, counts_python.AlleleCounter]
Site = tuple[int, int, str, str]
Counted = Callable[..., list[int]]


@st.composite
def sites(draw: st.DrawFn) -> list[Site]:
    bases = st.sampled_from("ACGT")

    def one() -> Site:
        pos = draw(st.integers(0, SPAN + 100))
        kind = draw(st.sampled_from([SNV, SNV, MNV, INSERTION, DELETION]))
        ref = draw(bases)
        more = draw(st.text("ACGT", min_size=1, max_size=3))
        if kind == SNV:
            return pos, kind, ref, draw(bases.filter(lambda base: base != ref))
        if kind == MNV:
            return pos, kind, ref + more, draw(bases) + more[::-1]
        return (pos, kind, ref, ref + more) if kind == INSERTION else (pos, kind, ref + more, ref)

    return sorted(one() for _ in range(draw(st.integers(1, 25))))


def count(
    form: Any, bam: Path, listed: list[Site], quality: int = 20, mapping: int = 20
) -> NDArray[np.int32]:
    positions, kinds, refs, alts = zip(*listed, strict=True)
    found: NDArray[np.int32] = form(str(bam)).site_counts(
        "chr1",
        np.array(positions, dtype=np.int64),
        np.array(kinds, dtype=np.int8),
        refs,
        alts,
        mapping,
        quality,
    )
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(READS, sites(), st.sampled_from([0, 20]))
def test_kernel_is_its_twin(reads: list[Read], listed: list[Site], quality: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bam = make_bam(Path(folder) / "t.bam", reads)
        fast, htslib, slow = (count(form, bam, listed, quality) for form in FORMS)
    np.testing.assert_array_equal(fast, slow)
    np.testing.assert_array_equal(htslib, slow)
    assert (fast >= 0).all()


@pytest.fixture(params=FORMS, ids=["compiled", "htslib", "python"])
def counted(request: pytest.FixtureRequest, tmp_path: Path) -> Counted:
    """Counts summed over strands: ref, alt, other, deleted, discordant."""

    def measure(site: Site, *reads: Read, **limits: int) -> list[int]:
        bam = make_bam(tmp_path / "t.bam", reads)
        found: list[int] = count(request.param, bam, [site], **limits)[0].sum(axis=1).tolist()
        return found

    return measure


def read(bases: str, name: str = "a", **more: Any) -> Read:
    return replace(Read(name=name, pos=100, cigar=f"{len(bases)}M", sequence=bases), **more)


def test_bases_are_told_apart(counted: Counted) -> None:
    reads = [read(f"A{base}A", name=base) for base in "CTGN"]
    assert counted((101, SNV, "C", "T"), *reads) == [1, 1, 1, 0, 0]


def test_low_base_quality_says_nothing(counted: Counted) -> None:
    reads = [read("ATA", name=str(q), qualities=(40, q, 40)) for q in (19, 20)]
    assert counted((101, SNV, "C", "T"), *reads) == [0, 1, 0, 0, 0]


def test_a_deleted_site_is_a_deletion(counted: Counted) -> None:
    assert counted((103, SNV, "C", "T"), read("AAAAA", cigar="2M3D3M")) == [0, 0, 0, 1, 0]


def test_mates_that_agree_count_once(counted: Counted) -> None:
    pair = make_pair(read("ATATA"), read("ATATA"))
    assert counted((101, SNV, "C", "T"), *pair) == [0, 1, 0, 0, 0]


def test_mates_that_disagree_count_as_discordant_only(counted: Counted) -> None:
    pair = make_pair(read("ATATA"), read("ACATA"))
    assert counted((101, SNV, "C", "T"), *pair) == [0, 0, 0, 0, 1]


def test_two_different_other_bases_disagree(counted: Counted) -> None:
    pair = make_pair(read("AGATA"), read("AAATA"))
    assert counted((101, SNV, "C", "T"), *pair) == [0, 0, 0, 0, 1]


def test_a_mate_of_low_quality_is_no_contradiction(counted: Counted) -> None:
    pair = make_pair(read("ATATA"), read("ACATA", qualities=(2,) * 5))
    assert counted((101, SNV, "C", "T"), *pair) == [0, 1, 0, 0, 0]


def test_overlapping_fragments_fall_on_both_strands(tmp_path: Path) -> None:
    pairs = [
        mate
        for n in range(200)
        for mate in make_pair(read("ATATA", name=f"frag{n}"), read("ATATA", name=f"frag{n}"))
    ]
    bam = make_bam(tmp_path / "t.bam", pairs)
    for form in FORMS:
        forward, reverse = count(form, bam, [(101, SNV, "C", "T")])[0, 1]
        assert forward + reverse == 200
        assert 80 <= forward <= 120


def test_an_insertion_is_known_by_its_bases(counted: Counted) -> None:
    reads = [
        read("AGTTAA", name="alt", cigar="2M2I2M"),
        read("AGTCAA", name="other bases", cigar="2M2I2M"),
        read("AGTAAA", name="other size", cigar="2M1I3M"),
        read("AGAA", name="ref"),
    ]
    assert counted((101, INSERTION, "G", "GTT"), *reads) == [1, 1, 2, 0, 0]


def test_a_deletion_is_known_by_its_size(counted: Counted) -> None:
    reads = [
        read("AGAA", name="alt", cigar="2M2D2M"),
        read("AGAA", name="other size", cigar="2M3D2M"),
        read("AGAAAA", name="ref"),
    ]
    assert counted((101, DELETION, "GTT", "G"), *reads) == [1, 1, 1, 0, 0]


def test_a_read_that_ends_on_the_anchor_says_nothing(counted: Counted) -> None:
    assert counted((101, DELETION, "GTT", "G"), read("AG"), read("AGCC", cigar="2M2S")) == [0] * 5


def test_an_mnv_needs_all_its_bases(counted: Counted) -> None:
    reads = [read(f"A{two}A", name=two) for two in ("CC", "TT", "CT")]
    assert counted((101, MNV, "CC", "TT"), *reads) == [1, 1, 1, 0, 0]


def test_mapping_quality_and_flags_are_limits(counted: Counted) -> None:
    reads = [
        read("ATA", name="low", mapping_quality=19),
        read("ATA", name="duplicate", flag=builders.DUPLICATE),
        read("ATA", name="good", mapping_quality=20),
    ]
    assert counted((101, SNV, "C", "T"), *reads) == [0, 1, 0, 0, 0]
