"""The pileup kernel is its Python twin, and both count as at listed sites."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.builders import Read, make_bam, make_pair
from tests.io.htslib.strategies import READS, SPAN
from tumorkit.io.htslib import counts_python, pileup_python
from tumorkit.io.htslib.counts_python import DELETION, INSERTION, SNV

compiled = pytest.importorskip("tumorkit.io.htslib.pileup", reason="no compiled kernels here")
reader = importlib.import_module("tumorkit.io.htslib.reader")

Blocks = list[tuple[int, int]]
Found = tuple[NDArray[np.int32], NDArray[np.int64]]


def through_htslib(path: str) -> object:
    """The compiled counter as it reads where libdeflate cannot be had."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "USE_LIBDEFLATE", False)
        return compiled.PileupCounter(path)


FORMS: list[Any] = [compiled.PileupCounter, through_htslib, pileup_python.PileupCounter]


@st.composite
def blocks(draw: st.DrawFn) -> Blocks:
    edges = draw(st.lists(st.integers(0, SPAN + 150), min_size=2, max_size=8, unique=True))
    edges = sorted(edges[: len(edges) // 2 * 2])
    return list(zip(edges[::2], edges[1::2], strict=True))


def pile(form: Any, bam: Path, listed: Blocks, quality: int = 20, mapping: int = 20) -> Found:
    starts, ends = (np.array(edge, dtype=np.int64) for edge in zip(*listed, strict=True))
    found: Found = form(str(bam)).block_alleles("chr1", starts, ends, mapping, quality)
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(READS, blocks(), st.sampled_from([0, 20]))
def test_kernel_is_its_twin(reads: list[Read], listed: Blocks, quality: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bam = make_bam(Path(folder) / "t.bam", reads)
        (fast, indels), *others = (pile(form, bam, listed, quality) for form in FORMS)
    for counts, listed_indels in others:
        np.testing.assert_array_equal(fast, counts)
        np.testing.assert_array_equal(indels, listed_indels)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(READS, blocks())
def test_every_base_counts_as_if_it_were_listed(reads: list[Read], listed: Blocks) -> None:
    positions = [pos for start, end in listed for pos in range(start, end)]
    with tempfile.TemporaryDirectory() as folder:
        bam = make_bam(Path(folder) / "t.bam", reads)
        counts, indels = pile(FORMS[0], bam, listed)
        counter = counts_python.AlleleCounter(str(bam))
        for base, other in ("AC", "CG", "GT", "TA"):
            kinds = [SNV] * len(positions)
            found = counter.site_counts(
                "chr1", positions, kinds, [other] * len(positions), [base] * len(positions), 20, 20
            ).sum(axis=2)
            np.testing.assert_array_equal(counts[:, "ACGT".index(base)], found[:, 1])
            np.testing.assert_array_equal(counts[:, :5].sum(axis=1), found[:, :4].sum(axis=1))
        for row, kind, size, bases, number in indels.tolist():
            text = "".join("ACGT"[bases >> 2 * k & 3] for k in reversed(range(size)))
            ref, alt = ("A", "A" + text) if kind == 1 else ("A" * (size + 1), "A")
            one = counter.site_counts(
                "chr1",
                [positions[row]],
                [INSERTION if kind == 1 else DELETION],
                [ref],
                [alt],
                20,
                20,
            )[0].sum(axis=1)
            # Mates with two different insertions of one length: here they disagree on every
            # allele, at a list only on the one that is listed.
            assert number <= one[1]
            if kind == 2:
                assert number == one[1]
                assert abs(counts[row, 6] - one[:4].sum()) <= one[4] + len(indels)


def test_insertions_and_deletions_have_their_names(tmp_path: Path) -> None:
    reads = [
        Read(name="i", pos=100, cigar="5M3I5M", sequence="AAAAACGTAAAAA"),
        Read(name="j", pos=100, cigar="5M3I5M", sequence="AAAAACGTAAAAA"),
        Read(name="n", pos=100, cigar="5M3I5M", sequence="AAAAACNTAAAAA"),
        Read(name="d", pos=100, cigar="5M2D5M", sequence="AAAAAAAAAA"),
        Read(name="e", pos=95, cigar="10M", sequence="A" * 10),
    ]
    bam = make_bam(tmp_path / "t.bam", reads)
    for form in FORMS:
        counts, indels = pile(form, bam, [(104, 107)])
        assert indels.tolist() == [[0, 1, 3, 0b011011, 2], [0, 2, 2, 0, 1]]
        # The read that ends on the base does not say what follows it.
        assert counts.tolist() == [
            [5, 0, 0, 0, 0, 0, 4],
            [3, 0, 0, 0, 1, 0, 4],
            [3, 0, 0, 0, 1, 0, 4],
        ]


@pytest.mark.parametrize(("second", "expected"), [("2D", 1), ("1D", 0)])
def test_mates_speak_once_and_only_with_one_voice(
    tmp_path: Path, second: str, expected: int
) -> None:
    left = Read(name="p", pos=100, cigar="5M2D5M", sequence="AAAAAAAAAA")
    right = Read(name="p", pos=101, cigar=f"4M{second}5M", sequence="AAACAAAAA")
    bam = make_bam(tmp_path / "t.bam", make_pair(left, right))
    for form in FORMS:
        counts, indels = pile(form, bam, [(104, 105)])
        assert counts.tolist() == [[0, 0, 0, 0, 0, 1, expected]]
        assert indels.tolist() == ([[0, 2, 2, 0, 1]] if expected else [])
