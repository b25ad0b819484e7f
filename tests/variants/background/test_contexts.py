"""Kinds of errors: strands are folded, repeats are counted, nothing is left without a kind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.genome.alleles import left_aligned
from tumorkit.variants.background.contexts import (
    SUBSTITUTION_NAMES,
    base_codes,
    indel_kind,
    opportunities,
    repeat_unit,
    substitution_kinds,
)

BASE = st.sampled_from("ACGT")
PAIR = str.maketrans("ACGT", "TGCA")


def kind(before: str, ref: str, after: str, alt: str) -> str:
    codes = [base_codes(base) for base in (before, ref, after, alt)]
    return SUBSTITUTION_NAMES[int(substitution_kinds(*codes)[0])]


@given(BASE, BASE, BASE, BASE)
def test_both_strands_are_one_kind(before: str, ref: str, after: str, alt: str) -> None:
    other = [base.translate(PAIR) for base in (after, ref, before, alt)]
    assert kind(before, ref, after, alt) == kind(*other)
    if ref == alt:
        assert kind(before, ref, after, alt) == "substitution"
    elif ref in "CT":
        assert kind(before, ref, after, alt) == f"{before}[{ref}>{alt}]{after}"


def test_there_are_ninety_six_kinds() -> None:
    assert len(set(SUBSTITUTION_NAMES)) == 97
    assert kind("N", "C", "A", "T") == "substitution"


@pytest.mark.parametrize(
    ("ref", "alt", "following", "expected"),
    [
        ("CA", "C", "A" * 30, "deletion:A:x12:1"),
        ("GT", "G", "TTC", "deletion:A:x2:1"),
        ("GCC", "G", "CCA", "deletion:C:x2:2"),
        ("T", "TCACACACA", "GG", "insertion:2:x0:3"),
        ("GACT", "G", "ACTACTG", "deletion:3:x2:1"),
        ("GACTT", "G", "ACTTC", "deletion:4+:x1:1"),
    ],
)
def test_repeats_are_known_by_unit_copies_and_change(
    ref: str, alt: str, following: str, expected: str
) -> None:
    assert indel_kind(ref, alt, following) == expected


@given(st.text("ACG", min_size=8, max_size=40))
def test_opportunities_are_the_leftmost_deletions_of_one_unit(sequence: str) -> None:
    last = len(sequence) - 7
    found = opportunities(base_codes(sequence), 1, last)
    expected: dict[str, float] = {}
    for size in (1, 2, 3):
        for at in range(1, last):
            ref, alt = sequence[at : at + 1 + size], sequence[at]
            placed = left_aligned("", at + 1, ref, alt, lambda _, a, b: sequence[a:b])
            unit = ref[1:]
            if repeat_unit(unit) == unit and placed == (at + 1, ref, alt):
                copies = 0
                while copies < 12 and sequence.startswith(unit, at + 1 + copies * size):
                    copies += 1
                word = "A" if unit in ("A", "T") else "C" if size == 1 else str(size)
                name = f"deletion:{word}:x{copies}:1"
                expected[name] = expected.get(name, 0) + 1
    deletions = {name: number for name, number in found.items() if name.startswith("deletion")}
    assert deletions == expected


def test_codes_of_anything_but_bases_are_unknown() -> None:
    assert base_codes("acgtNR").tolist() == [0, 1, 2, 3, 4, 4]
    assert np.array_equal(base_codes(""), np.empty(0))
