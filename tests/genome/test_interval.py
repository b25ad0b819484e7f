"""A territory is a set of bases, however its intervals are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import CONTIGS, TERRITORIES
from tumorkit.genome import Interval, Territory


def bases_of(intervals: list[Interval]) -> set[tuple[str, int]]:
    """The slow twin: every base, one by one."""
    return {(item.contig, at) for item in intervals for at in range(item.start, item.end)}


@given(TERRITORIES)
def test_each_base_counts_once(rows: list[Interval]) -> None:
    assert Territory(rows).bases == len(bases_of(rows))


@given(TERRITORIES, st.randoms())
def test_order_of_rows_does_not_matter(rows: list[Interval], random: st.DataObject) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Territory(shuffled) == Territory(rows)


@given(TERRITORIES, TERRITORIES)
def test_intersection_and_difference_are_those_of_sets(
    left: list[Interval], right: list[Interval]
) -> None:
    both = Territory(left).intersect(Territory(right))
    rest = Territory(left).subtract(Territory(right))
    assert bases_of(list(both)) == bases_of(left) & bases_of(right)
    assert bases_of(list(rest)) == bases_of(left) - bases_of(right)
    assert both.bases + rest.bases == Territory(left).bases


@given(TERRITORIES, CONTIGS, st.integers(0, 120))
def test_contains_asks_for_membership(rows: list[Interval], contig: str, at: int) -> None:
    assert Territory(rows).contains(contig, at) == ((contig, at) in bases_of(rows))


def test_an_interval_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="no interval"):
        Interval("chr1", 10, 9)


def test_renaming_drops_what_has_no_name() -> None:
    territory = Territory([Interval("1", 0, 5), Interval("GL1", 0, 5)])
    assert list(territory.renamed({"1": "chr1"})) == [Interval("chr1", 0, 5)]
