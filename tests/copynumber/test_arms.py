"""Alleles, arms, the events of arms that name a tumour, and whole-genome doubling."""

from __future__ import annotations

from dataclasses import replace
from math import log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.cli import run
from tumorkit.copynumber.call import CallParams, CallResult, call
from tumorkit.copynumber.call.alleles import allele_copies
from tumorkit.genome.build import GRCH37, GRCH38, Build
from tumorkit.genome.segment import Segment

PURITY = 0.6


def piece(
    contig: str, start: int, end: int, major: int = 1, minor: int = 1, *, ploidy: float = 2.0
) -> Segment:
    """Return what a segment of these copies looks like in a sample of purity .6."""
    sample = PURITY * (major + minor) + 2 * (1 - PURITY)
    average = PURITY * ploidy + 2 * (1 - PURITY)
    level = log2(sample / average)
    baf = (PURITY * major + (1 - PURITY)) / sample
    return Segment(
        contig=contig,
        start=start,
        end=end,
        log2_ratio=level,
        bins=200,
        log2_low=level - 0.02,
        log2_high=level + 0.02,
        baf=baf,
        baf_low=baf - 0.01,
        baf_high=baf + 0.01,
        snps=500,
    )


def arm(
    name: str, major: int = 1, minor: int = 1, *, share: float = 1.0, build: Build = GRCH38
) -> list[Segment]:
    """Return an arm of which the first share is changed."""
    contig, half = f"chr{name[:-1]}", name[-1]
    centromere, length = build.centromeres[contig], build.lengths[contig]
    start, end = (0, centromere[0]) if half == "p" else (centromere[1], length)
    edge = start + int(share * (end - start))
    found = [piece(contig, start, edge, major, minor)] if edge > start else []
    return found + ([piece(contig, edge, end)] if edge < end else [])


def status(result: CallResult, event: str) -> str:
    return next(item.status for item in result.events if item.event == event)


def called(
    *pieces: list[Segment], purity: float | None = PURITY, build: Build = GRCH38
) -> CallResult:
    return call(None, [s for part in pieces for s in part], purity=purity, ploidy=2, build=build)


@pytest.mark.parametrize(
    ("share", "expected"), [(1.0, "present"), (0.92, "present"), (0.6, "partial"), (0.1, "absent")]
)
@pytest.mark.parametrize("build", [GRCH37, GRCH38])
@pytest.mark.parametrize("purity", [PURITY, None])
def test_codeletion_asks_for_whole_arms_in_any_build(
    share: float, expected: str, build: Build, purity: float | None
) -> None:
    result = called(
        arm("1p", 1, 0, share=share, build=build),
        arm("19q", 1, 0, build=build),
        purity=purity,
        build=build,
    )
    assert status(result, "1p/19q codeletion") == expected


def test_one_arm_alone_is_no_codeletion_and_a_missing_one_is_not_evaluable() -> None:
    result = called(arm("1p", 1, 0), arm("19q"))
    assert status(result, "1p/19q codeletion") == "absent"
    result = called(arm("1p", 1, 0), [piece("chr19", 50_000_000, 50_100_000, 1, 0)])
    (event,) = [item for item in result.events if item.event == "1p/19q codeletion"]
    assert (event.status, event.reason) == ("not evaluable", "too little of 19q is covered")


def test_loss_is_judged_against_the_ploidy() -> None:
    tetraploid = [
        piece("chr1", 0, GRCH38.centromeres["chr1"][0], 2, 1, ploidy=4),
        piece("chr19", GRCH38.centromeres["chr19"][1], GRCH38.lengths["chr19"], 2, 1, ploidy=4),
    ]
    result = call(None, tetraploid, purity=PURITY, ploidy=4, build=GRCH38)
    assert status(result, "1p/19q codeletion") == "present"


def test_events_of_glioblastoma_and_myeloid_neoplasms() -> None:
    result = called(
        arm("7p", 2, 1), arm("7q", 2, 1), arm("10p", 1, 0), arm("10q", 1, 0),
        arm("5p"), arm("5q", 1, 0, share=0.3), arm("17p", 1, 0), arm("17q", 2, 1),
    )  # fmt: skip
    found = {item.event: item.status for item in result.events}
    assert found == {
        "1p/19q codeletion": "not evaluable",
        "+7/-10": "present",
        "-7": "absent",
        "del(7q)": "absent",
        "del(5q)": "present",
        "i(17q)": "present",
    }
    lost = called(arm("7p", 1, 0), arm("7q", 1, 0))
    assert status(lost, "-7") == status(lost, "del(7q)") == "present"


def test_arms_are_summed_by_length_and_centromeres_left_out() -> None:
    whole = [piece("chr1", 0, GRCH38.lengths["chr1"], 1, 0)]
    result = called(whole)
    p, q = result.arms
    assert (p.arm, q.arm) == ("p", "q")
    assert p.covered == GRCH38.centromeres["chr1"][0]
    assert q.covered == GRCH38.lengths["chr1"] - GRCH38.centromeres["chr1"][1]
    assert (p.loss_fraction, p.loh_fraction, p.state) == (1.0, 1.0, "loss")
    assert p.copy_number == pytest.approx(1.0)
    part = called(arm("1q", 2, 1, share=0.5)).arms[0]
    assert part.gain_fraction == pytest.approx(0.5)
    assert part.state == "partial gain"


def test_without_a_build_there_are_no_arms() -> None:
    found = call(None, [Segment(contig="x", start=0, end=9, log2_ratio=0, bins=1)])
    assert (found.arms, found.events) == ((), ())


def test_copy_neutral_loss_of_an_allele_is_seen() -> None:
    (item,) = called([piece("chr3", 0, 50_000_000, 2, 0)]).segments
    assert (item.state, item.loh, item.segment.major_cn, item.segment.minor_cn) == (
        "neutral",
        True,
        2,
        0,
    )


@given(st.integers(0, 8), st.integers(0, 8), st.floats(0.2, 1.0))
def test_alleles_come_back_from_the_mixture(a: int, b: int, purity: float) -> None:
    major, minor = max(a, b), min(a, b)
    sample = purity * (major + minor) + 2 * (1 - purity)
    if sample == 0:
        return
    baf = (purity * major + 1 - purity) / sample
    found = allele_copies(major + minor, (baf, baf, baf), purity, 2, CallParams())
    assert (found.major_cn, found.minor_cn) == (major, minor)
    assert found.loh is (minor == 0 and major > 0)


@pytest.mark.parametrize(
    ("major", "minor"), [(3, 1), (5, 1)]
)  # CNVkit's rescaling of the allele fraction calls these 4+0 and 6+0 at this purity.
def test_a_gain_of_one_allele_is_no_loss_of_the_other(major: int, minor: int) -> None:
    sample = 0.3 * (major + minor) + 1.4
    baf = (0.3 * major + 0.7) / sample
    found = allele_copies(major + minor, (baf, baf - 0.01, baf + 0.01), 0.3, 2, CallParams())
    assert (found.minor_cn, found.loh) == (1, False)


def test_an_interval_that_holds_both_tells_nothing() -> None:
    found = allele_copies(2.0, (0.6, 0.5, 0.7), 0.25, 2, CallParams())
    assert (found.loh, found.minor_cn, found.major_cn) == (None, None, None)
    assert allele_copies(1.0, (0.9, 0.8, 1.0), 0.5, 1, CallParams()).loh is None
    assert allele_copies(2.0, (0.6, 0.59, 0.61), 0.1, 2, CallParams()).loh is None


def test_alleles_that_a_segment_brings_along_are_kept() -> None:
    bare = Segment(contig="chr3", start=0, end=9_000, log2_ratio=0.0, bins=9)
    assert call(None, [bare]).segments[0].loh is None
    brought = replace(bare, major_cn=2, minor_cn=0)
    assert call(None, [brought]).segments[0].loh is True


def genome(major: int, minor: int, changed: int = 0) -> list[list[Segment]]:
    parts = []
    for number in range(1, 23):
        copies = (1, 1) if number <= changed else (major, minor)
        name = f"chr{number}"
        parts.append([piece(name, 0, GRCH38.lengths[name], *copies, ploidy=float(major + minor))])
    return parts


def test_doubling_takes_both_rules() -> None:
    def doubling(parts: list[list[Segment]], ploidy: float) -> str:
        flat = [s for part in parts for s in part]
        found = call(None, flat, purity=PURITY, ploidy=ploidy, build=GRCH38)
        return found.genome.doubling

    assert doubling(genome(2, 2), 4) == "yes"
    assert doubling(genome(1, 1), 2) == "no"
    bare = [[replace(s, baf=None) for s in part] for part in genome(2, 2)]
    assert doubling(bare, 4) == "not evaluable"


def test_the_genome_is_summed_up() -> None:
    flat = [s for part in genome(1, 1) for s in part]
    flat[0] = piece("chr1", 0, GRCH38.lengths["chr1"], 1, 0)
    state = call(None, flat, purity=PURITY, ploidy=2, build=GRCH38).genome
    share = GRCH38.lengths["chr1"] / sum(GRCH38.lengths[f"chr{n}"] for n in range(1, 23))
    assert state.fraction_loh == pytest.approx(share)
    assert state.fraction_changed == pytest.approx(share)
    assert state.doubling == "no"


def test_the_command_writes_the_table_of_arms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tumorkit.io.segments import segments_text

    path, table = tmp_path / "t.cns", tmp_path / "arms.tsv"
    path.write_text(segments_text([*arm("1p", 1, 0), *arm("19q", 1, 0)]))
    given = ["--purity", "0.6", "--ploidy", "2", "--build", "GRCh38", "--arm-table", str(table)]
    code = run(["cnv", "call", str(path), *given])
    assert code == 0
    assert "1p/19q codeletion (oligodendroglioma): present" in capsys.readouterr().out
    rows = [line.split("\t") for line in table.read_text().splitlines()]
    assert [row[:2] for row in rows[1:]] == [["chr1", "p"], ["chr19", "q"]]
    assert {row[-1] for row in rows[1:]} == {"loss"}


@given(st.floats(-0.3, 0.3))
def test_copies_do_not_depend_on_where_log2_zero_stands(shift: float) -> None:
    flat = [s for part in genome(2, 1) for s in part]
    flat[0] = piece("chr1", 0, GRCH38.lengths["chr1"], 1, 0, ploidy=3.0)
    ploidy = 3 - 2 * GRCH38.lengths["chr1"] / sum(GRCH38.lengths[f"chr{n}"] for n in range(1, 23))
    moved = [replace(s, log2_ratio=s.log2_ratio + shift) for s in flat]
    found = call(None, moved, purity=PURITY, ploidy=ploidy, build=GRCH38)
    copies = [item.segment.copy_number for item in found.segments]
    assert copies == pytest.approx([1.0] + [3.0] * 21, abs=1e-6)


def test_a_part_of_the_genome_does_not_speak_for_its_mean() -> None:
    found = call(None, arm("1p", 2, 1), purity=PURITY, ploidy=2, build=GRCH38)
    assert found.segments[0].segment.copy_number == pytest.approx(3.0)
