"""Territory: each base once, coding, unmasked, under one set of contig names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.errors import ContigMismatchError
from tumorkit.genome.interval import Interval, Territory
from tumorkit.io.territory import build_territory

SPANS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), max_size=12)


def bed(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def bases(spans: list[tuple[int, int]]) -> set[int]:
    return {at for start, size in spans for at in range(start, start + size)}


def territory(spans: list[tuple[int, int]]) -> Territory:
    return Territory(Interval("chr1", start, start + size) for start, size in spans)


def test_rows_that_overlap_count_once_and_it_is_said(tmp_path: Path) -> None:
    targets = bed(tmp_path / "t.bed", "track name=x\nchr1\t0\t100\nchr1\t50\t150\n")
    built = build_territory(targets)
    assert built.territory.bases == 150
    assert "200 bases when added up" in built.notes[0]


def test_exons_of_three_columns_serve(tmp_path: Path) -> None:
    targets = bed(tmp_path / "t.bed", "chr1\t0\t100\n")
    exons = bed(tmp_path / "e.bed", "chr1\t50\t150\n")
    built = build_territory(targets, exons)
    assert built.territory.bases == 50
    assert built.whole.bases == 100
    assert built.genes(built.territory) == {}


def test_coding_parts_are_kept_and_untranslated_ones_not(tmp_path: Path) -> None:
    targets = bed(tmp_path / "t.bed", "1\t0\t1000\n")
    rows = [
        "A\tNM_1\tchr1\t+\t100\t500\t150\t450\t2\t100,300,\t200,500,",
        "B\tNM_2\tchr1\t-\t400\t700\t420\t700\t1\t400,\t700,",
    ]
    built = build_territory(targets, bed(tmp_path / "refFlat.txt", "\n".join(rows) + "\n"))
    # A: 150-200 and 300-450; B: 420-700
    assert built.territory.bases == 50 + 400
    assert built.genes(built.territory) == {"B": pytest.approx(280e-6), "A": pytest.approx(200e-6)}
    assert built.territory.contigs == ("1",)


def test_masks_are_taken_out_of_both(tmp_path: Path) -> None:
    targets = bed(tmp_path / "t.bed", "chr1\t0\t100\n")
    masks = [bed(tmp_path / "a.bed", "1\t10\t20\n"), bed(tmp_path / "b.bed", "chr1\t15\t30\n")]
    built = build_territory(targets, masks=masks)
    assert built.territory.bases == 80
    assert [size for _, size in built.steps] == pytest.approx([100e-6, 90e-6, 80e-6])
    assert built.masked is not None
    assert built.masked.bases == 20


def test_files_of_other_genomes_are_refused(tmp_path: Path) -> None:
    targets = bed(tmp_path / "t.bed", "chr1\t0\t100\n")
    exons = bed(tmp_path / "e.bed", "scaffold_1\t0\t100\tG\n")
    with pytest.raises(ContigMismatchError, match="shares no contig"):
        build_territory(targets, exons)


@given(SPANS, st.integers(0, 300), st.integers(1, 100))
def test_overlap_is_the_number_of_shared_bases(
    spans: list[tuple[int, int]], start: int, size: int
) -> None:
    found = territory(spans).overlap("chr1", start, start + size)
    assert found == len(bases(spans) & set(range(start, start + size)))


@given(SPANS, SPANS)
def test_set_operations_agree_with_sets_of_bases(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    one, other = territory(left), territory(right)
    assert one.intersect(other).bases == len(bases(left) & bases(right))
    assert one.subtract(other).bases == len(bases(left) - bases(right))
