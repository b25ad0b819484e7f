"""The kernel of lengths is its Python twin, and both say what the definition says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.builders import Read, make_bam, make_pair
from tumorkit.io.htslib import lengths_python
from tumorkit.io.htslib.lengths_python import (
    DUPLICATE,
    FLANK_DIFFERS,
    INTERRUPTED,
    LOW_MAPPING_QUALITY,
    LOW_QUALITY,
    MATES_DISAGREE,
    NOT_SPANNING,
    QC_FAIL,
    SECOND_MATE,
    SECONDARY,
    SUPPLEMENTARY,
    TOO_LONG,
)

compiled = pytest.importorskip("tumorkit.io.htslib.lengths", reason="no compiled kernels here")
FORMS: list[Any] = [compiled.LengthCounter, lengths_python.LengthCounter]

# A read of 50 bases at 1000 with ten T from 1020: the site of most tests.
LEFT, RIGHT = "ACGTC" * 4, "GCATG" * 4
START, REPEATS = 1020, 10


def reading(name: str, units: int = REPEATS, **more: Any) -> Read:
    """A read that shows a number of units, aligned as an aligner would."""
    change = units - REPEATS
    gap = f"{change}I" if change > 0 else f"{-change}D"
    cigar = f"20M{gap}{20 + min(units, REPEATS)}M" if change else "50M"
    return Read(
        name=name, pos=1000, cigar=cigar, sequence=LEFT + "T" * units + RIGHT,
        qualities=(30,) * (40 + units), **more,
    )  # fmt: skip


def count(form: Any, bam: Path, quality: int = 20) -> tuple[dict[int, int], dict[int, int]]:
    """Votes by units and losses by reason at the one site."""
    votes, lost = form(str(bam)).site_lengths(
        "chr1", np.array([START]), np.array([REPEATS]), ["T"], [LEFT[-5:]], [RIGHT[:5]],
        np.array([31]), 20, quality, 1,
    )  # fmt: skip
    told = {int(k): int(votes[k]) for k in np.flatnonzero(votes)}
    return told, {int(k): int(lost[0, k]) for k in np.flatnonzero(lost[0])}


@pytest.mark.parametrize("form", FORMS)
def test_every_read_votes_once_or_has_its_reason(tmp_path: Path, form: Any) -> None:
    whole = reading("plain")
    broken = LEFT + "TTTTATTTTT" + RIGHT
    first, second = make_pair(reading("agree", 8), reading("agree", 8))
    third, fourth = make_pair(reading("differ", 8), reading("differ", 9))
    reads = [
        whole,
        reading("shorter", 7),
        reading("longer", 12),
        reading("far longer", 35),
        replace(whole, name="second", flag=builders.SECONDARY),
        replace(whole, name="split", flag=builders.SUPPLEMENTARY),
        replace(whole, name="failed", flag=builders.QC_FAIL),
        replace(whole, name="copy", flag=builders.DUPLICATE),
        replace(whole, name="anywhere", mapping_quality=5),
        replace(whole, name="stops", cigar="33M", sequence=whole.sequence[:33], qualities=()),
        replace(whole, name="clipped", cigar="32M18S"),
        replace(whole, name="other place", sequence="A" * 20 + whole.sequence[20:]),
        replace(whole, name="one error", sequence="ACGTC" * 3 + "TCGTC" + whole.sequence[20:]),
        replace(whole, name="doubtful", qualities=(30,) * 20 + (8,) * 10 + (30,) * 20),
        replace(whole, name="snp", sequence=broken),
        first, second, third, fourth,
    ]  # fmt: skip
    told, lost = count(form, make_bam(tmp_path / "t.bam", reads))
    assert told == {7: 1, 8: 1, 10: 2, 12: 1}
    assert lost == {
        SECONDARY: 1, SUPPLEMENTARY: 1, QC_FAIL: 1, DUPLICATE: 1, LOW_MAPPING_QUALITY: 1,
        NOT_SPANNING: 2, FLANK_DIFFERS: 1, LOW_QUALITY: 1, INTERRUPTED: 1, TOO_LONG: 1,
        MATES_DISAGREE: 2, SECOND_MATE: 1,
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_it_does_not_matter_where_the_gap_was_put(tmp_path: Path, form: Any) -> None:
    """Left-aligned, right-aligned or in the middle of the tract, a loss of two is a loss of two."""
    reads = [replace(reading(f"r{at}", 8), cigar=f"{at}M2D{48 - at}M") for at in (20, 24, 28)]
    assert count(form, make_bam(tmp_path / "t.bam", reads))[0] == {8: 3}


@pytest.mark.parametrize("form", FORMS)
def test_long_reads_and_their_far_ends_count(tmp_path: Path, form: Any) -> None:
    """A read of 400 bases that starts 300 before the site; peers drop it beyond 110."""
    ahead = "A" * 280
    bases = ahead + LEFT + "T" * 10 + RIGHT + "A" * 70
    read = Read(name="long", pos=720, cigar="400M", sequence=bases, qualities=(30,) * 400)
    assert count(form, make_bam(tmp_path / "t.bam", [read]))[0] == {10: 1}


def test_more_than_a_short_counter_holds(tmp_path: Path) -> None:
    """70,000 fragments at one site: a 16-bit counter would have wrapped at 65,536."""
    reads = (replace(reading("x"), name=f"r{k}", qualities=None) for k in range(70_000))
    told, _ = count(compiled.LengthCounter, make_bam(tmp_path / "t.bam", reads))
    assert told == {10: 70_000}


@st.composite
def drawn_reads(draw: st.DrawFn) -> list[Read]:
    reads: list[Read] = []
    for number in range(draw(st.integers(0, 12))):
        units = draw(st.integers(0, 33))
        read = reading(f"r{draw(st.integers(0, 6))}", units)
        if draw(st.booleans()):
            at = draw(st.integers(0, len(read.sequence) - 1))
            text = read.sequence[:at] + draw(st.sampled_from("ACGTN")) + read.sequence[at + 1 :]
            read = replace(read, sequence=text)
        flag = draw(st.sampled_from([0, 0, 0, 256, 512, 1024, 2048]))
        read = replace(
            read,
            pos=read.pos + draw(st.sampled_from([0, 0, 0, -3, 4])),
            flag=read.flag | flag,
            mapping_quality=draw(st.sampled_from([60, 60, 10])),
            qualities=tuple(
                draw(st.sampled_from([30, 12])) for _ in range(len(read.sequence))
            ) if number % 3 else None,
        )  # fmt: skip
        reads += (
            make_pair(read, replace(read, pos=read.pos + draw(st.integers(0, 3))))
            if draw(st.booleans())
            else [read]
        )
    return reads


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn_reads())
def test_the_compiled_form_is_its_twin(tmp_path: Path, reads: list[Read]) -> None:
    bam = make_bam(tmp_path / "t.bam", reads)
    answers = [
        form(str(bam)).site_lengths(
            "chr1", np.array([1003, START, START + 14]), np.array([2, REPEATS, 1]),
            ["TC", "T", "CA"], ["CACG", LEFT[-5:], "TTGC"], ["ACG", RIGHT[:5], "TGG"],
            np.array([20, 31, 20]), 20, 20, 1,
        )
        for form in FORMS
    ]  # fmt: skip
    for one, other in zip(*answers, strict=True):
        assert one.tolist() == other.tolist()
