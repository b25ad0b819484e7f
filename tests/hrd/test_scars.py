"""Scars are counted exactly as their rules say."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hrd import slow
from tumorkit.genome.build import GRCH37, GRCH38, Build
from tumorkit.genome.segment import Segment
from tumorkit.hrd import find_scars, pieces_of, stretches_of
from tumorkit.hrd.params import HrdParams
from tumorkit.hrd.run import read_input
from tumorkit.io.segment_formats.scarhrd import read_given_rows


def piece(
    start: float, end: float, major: int | None, minor: int | None, total: float | None = None
) -> Segment:
    """Return a segment of chromosome 4; positions in Mb."""
    return Segment(
        contig="chr4", start=round(start * 1e6), end=round(end * 1e6), log2_ratio=0.0, bins=900,
        copy_number=total, major_cn=major, minor_cn=minor,
    )  # fmt: skip


def counted(segments: list[Segment], build: Build = GRCH38) -> dict[str, int]:
    found = find_scars(pieces_of(stretches_of(segments)), build.centromeres)
    return {kind: sum(scar.kind == kind for scar in found) for kind in ("LOH", "TAI", "LST")}


def by_kind(rows: list[Segment], first: list[int] | None = None) -> tuple[int, int, int]:
    found = find_scars(pieces_of(stretches_of(rows, first)), GRCH38.centromeres)
    kinds = [scar.kind for scar in found]
    return kinds.count("LOH"), kinds.count("TAI"), kinds.count("LST")


ROW = st.tuples(
    st.sampled_from(["chr1", "chr4", "chr13", "chr21", "chrX"]),
    st.integers(0, 5), st.integers(0, 5), st.integers(1, 400), st.integers(0, 40),
)  # fmt: skip


@given(st.lists(ROW, max_size=40))
def test_counts_are_those_of_the_slow_form(raw: list[tuple[str, int, int, int, int]]) -> None:
    """Lengths and gaps of .1 Mb steps hit every limit on the spot."""
    ends: dict[str, int] = {}
    rows: list[slow.Row] = []
    for contig, a, b, size, gap in raw:
        first = ends.get(contig, 0) + gap * 100_000 + 1
        ends[contig] = first + size * 100_000
        rows.append((contig, first, ends[contig], a + b, a, b))
    segments = [
        Segment(
            contig=contig, start=first - 1, end=last, log2_ratio=0.0, bins=1,
            copy_number=float(total), major_cn=max(a, b), minor_cn=min(a, b),
        )
        for contig, first, last, total, a, b in rows
    ]  # fmt: skip
    centromeres = dict(GRCH38.centromeres)
    assert by_kind(segments) == slow.counts(rows, centromeres, "total")
    assert by_kind(segments, [row[4] for row in rows]) == slow.counts(rows, centromeres, "A")


def rows_of(raw: list[tuple[str, int, int, int, int]]) -> list[Segment]:
    """Return neighbours without gaps, in steps of .5 Mb."""
    ends: dict[str, int] = {}
    found = []
    for contig, a, b, size, _ in raw:
        start = ends.get(contig, 0)
        ends[contig] = start + size * 500_000
        found.append(
            Segment(
                contig=contig, start=start, end=ends[contig], log2_ratio=0.0, bins=1,
                copy_number=float(a + b), major_cn=max(a, b), minor_cn=min(a, b),
            )
        )  # fmt: skip
    return found


@given(st.lists(ROW, min_size=1, max_size=20), st.data())
def test_a_cut_within_a_segment_changes_nothing(
    raw: list[tuple[str, int, int, int, int]], data: st.DataObject
) -> None:
    rows = rows_of(raw)
    at = data.draw(st.integers(0, len(rows) - 1))
    whole = rows[at]
    middle = data.draw(st.integers(whole.start + 1, whole.end - 1))
    parts = [replace(whole, end=middle), replace(whole, start=middle)]
    assert by_kind(rows) == by_kind([*rows[:at], *parts, *rows[at + 1 :]])


@given(st.lists(ROW, min_size=1, max_size=20))
def test_names_of_contigs_change_nothing(raw: list[tuple[str, int, int, int, int]]) -> None:
    rows = rows_of(raw)
    plain = [replace(item, contig=item.contig.removeprefix("chr")) for item in rows]
    assert by_kind(rows) == by_kind(plain)


@given(st.lists(ROW, min_size=1, max_size=20))
def test_every_scar_lies_within_the_segments_and_on_the_arm_it_names(
    raw: list[tuple[str, int, int, int, int]],
) -> None:
    rows = rows_of(raw)
    ends = {item.contig: item.end for item in rows}
    for scar in find_scars(pieces_of(stretches_of(rows)), GRCH38.centromeres):
        assert 0 <= scar.start < scar.end <= ends[scar.contig] + 1
        low, high = GRCH38.centromeres[scar.contig]
        if scar.arm == "p":
            assert scar.start < high
        elif scar.arm == "q":
            assert scar.end > low


def test_a_loss_of_fifteen_megabases_is_none_and_one_base_more_is_a_scar() -> None:
    short = piece(10, 25.000001, 1, 0)
    long = piece(10, 25.000002, 1, 0)
    rest = piece(60, 190, 1, 1)
    assert counted([short, rest])["LOH"] == 0
    assert counted([long, rest])["LOH"] == 1


def test_a_chromosome_that_lost_an_allele_as_a_whole_has_no_loh_scar() -> None:
    assert counted([piece(0, 50, 1, 0), piece(50, 190, 2, 0)])["LOH"] == 0


def test_losses_of_different_copies_are_one_loss_and_say_both() -> None:
    found = find_scars(
        pieces_of(stretches_of([piece(0, 10, 1, 0), piece(10, 20, 3, 0), piece(20, 190, 1, 1)])),
        GRCH38.centromeres,
    )
    loh = [scar for scar in found if scar.kind == "LOH"]
    assert [(scar.start, scar.end, scar.state) for scar in loh] == [(0, 20_000_000, "1+0,3+0")]


def test_an_end_that_reaches_over_the_centromere_is_no_telomeric_scar() -> None:
    assert counted([piece(0, 40, 2, 1), piece(40, 190, 1, 1)])["TAI"] == 1
    assert counted([piece(0, 60, 2, 1), piece(60, 190, 1, 1)])["TAI"] == 0


def test_three_copies_of_both_alleles_are_balanced_where_three_are_usual() -> None:
    usual_three = [piece(0, 40, 2, 1), piece(40, 150, 2, 1), piece(150, 190, 2, 2)]
    assert counted(usual_three)["TAI"] == 1  # the end of four copies, not that of three


def test_total_copies_and_allele_a_differ_where_the_column_is_mistaken() -> None:
    rows = [piece(0, 40, 2, 1), piece(60, 190, 3, 1)]
    assert by_kind(rows)[1] == 2  # four copies are usual: both ends are out of balance
    assert by_kind(rows, [2, 3])[1] == 1  # three would be usual: 2+1 passes for balanced


def test_short_stretches_are_passed_over_before_transitions_are_counted() -> None:
    broken = [piece(60, 90, 1, 1), piece(90, 92, 3, 1), piece(92, 190, 1, 1)]
    assert counted(broken)["LST"] == 0
    assert counted([piece(60, 90, 1, 1), piece(90, 92, 3, 1), piece(92, 190, 2, 1)])["LST"] == 1
    assert counted([piece(60, 90, 1, 1), piece(90, 93, 3, 1), piece(93, 190, 2, 1)])["LST"] == 0


def test_unknown_alleles_make_no_scar_and_no_break_of_their_own() -> None:
    unknown = piece(20, 190, None, None, total=2.0)
    assert counted([piece(0, 20, 1, 1), unknown]) == {"LOH": 0, "TAI": 0, "LST": 0}
    longer = [piece(60, 70, 2, 0), piece(70, 100, None, None, total=2.0)]
    assert counted([*longer, piece(100, 190, 1, 1)])["LOH"] == 0
    whole = [piece(0, 90, 1, 0), piece(90, 190, None, None, total=2.0)]
    assert counted(whole)["LOH"] == 0


def test_a_total_that_changes_is_a_transition_even_where_alleles_are_unknown() -> None:
    rows = [piece(60, 90, 1, 1), piece(90, 190, None, None, total=3.0)]
    assert counted(rows)["LST"] == 1


def test_a_single_copy_tells_its_alleles() -> None:
    rows = [piece(0, 20, None, None, total=1.0), piece(20, 190, 1, 1)]
    assert counted(rows)["LOH"] == 1


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "build"), [("breast_grch37", GRCH37), ("synthetic_grch38", GRCH38)]
)
def test_every_table_has_the_counts_of_both_rules(shared: Path, name: str, build: Build) -> None:
    with (shared / "hrd" / f"{name}_expected.tsv").open() as handle:
        expected = list(csv.DictReader(handle, delimiter="\t"))
    assert len(expected) == {"breast_grch37": 17, "synthetic_grch38": 30}[name]
    for row in expected:
        path = shared / "hrd" / name / row["file"]
        given_rows = read_given_rows(path)
        shipped = pieces_of(stretches_of(given_rows.segments, given_rows.first_cn))
        segments, _, _, _ = read_input(path, HrdParams(), "")
        repaired = pieces_of(stretches_of(segments))
        for pieces, suffix in ((shipped, ""), (repaired, "_fix")):
            kinds = [scar.kind for scar in find_scars(pieces, build.centromeres)]
            for kind in ("LOH", "TAI", "LST"):
                assert kinds.count(kind) == int(row[f"{kind}{suffix}"]), (row["file"], kind, suffix)


@pytest.mark.shared
def test_centromeres_are_those_of_the_reference_tables(shared: Path) -> None:
    for name, build in (("grch37", GRCH37), ("grch38", GRCH38)):
        for line in (shared / "hrd" / f"centromeres_{name}.tsv").read_text().splitlines()[1:]:
            contig, start, end = line.split("\t")[-3:]
            if contig in build.centromeres:
                assert build.centromeres[contig] == (int(start), int(end))
