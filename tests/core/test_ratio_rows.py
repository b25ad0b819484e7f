"""Rows of copy ratios: compiled and Python form read the same, to the last bit of a number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumorkit.core.kernels import load_kernel, ratio_rows_python
from tumorkit.io.copy_ratios import KERNEL

PLACES = (0, 1, 2, 3, 4, -1, 5)
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(-20, 20).map(lambda x: f"{x:.6g}"),
    st.from_regex(r"[+-]?[0-9]{0,25}\.?[0-9]{0,25}([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(["", "NA", "NaN", "nan", ".", "x", "1_0", "inf", " 1", "1e", "-", "0x1p3"]),
)
WHOLE = st.one_of(st.integers(-5, 10**9).map(str), st.sampled_from(["", "x", "1.5", "+3", "-"]))
NAMES = st.sampled_from(["chr1", "chr10", "1", "", "TP53", "Antitarget", "é"])
ROWS = st.lists(st.tuples(NAMES, WHOLE, WHOLE, NUMBERS, NUMBERS, NAMES), max_size=8)


def same(content: bytes, width: int, places: tuple[int, ...]) -> bool:
    left = load_kernel(KERNEL).rows(content, width, places)
    right = ratio_rows_python.rows(content, width, places)
    if left is None or right is None:
        return left is None and right is None
    held = [number for number, place in enumerate(places[3:6]) if place >= 0]
    return bool(
        left[0].tolist() == right[0].tolist()
        and left[1][held].tobytes() == right[1][held].tobytes()
        and left[2].tolist() == right[2].tolist()
        and left[3:] == right[3:]
    )


@settings(max_examples=300, deadline=None)
@given(ROWS, st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_twins_agree(rows: list[tuple[str, ...]], last: bool, end: str) -> None:
    text = end.join("\t".join(row) for row in rows) + (end if last else "")
    content = text.encode()
    assert same(content, 6, PLACES)


@settings(max_examples=300, deadline=None)
@given(NUMBERS)
def test_numbers_are_those_of_python(cell: str) -> None:
    content = f"chr1\t0\t9\t{cell}\t1\tx\n".encode()
    found = load_kernel(KERNEL).rows(content, 6, PLACES)
    if found is None:
        return
    value = found[1][0, 0]
    if cell in ("", "NA", "NaN", "nan", "."):
        assert math.isnan(value)
    else:
        assert np.float64(value).tobytes() == np.float64(float(cell)).tobytes()


@pytest.mark.parametrize(
    "content",
    [
        b"chr1\t0\t9\t1\t1\n",
        b"chr1\t0\t9\t1\t1\tx\ty\n",
        b"chr1\t0\t9\t1\t1\tx\n\nchr1\t9\t10\t1\t1\tx\n",
        b"chr1\t0\t9\t1\t1\tx\r\n",
        b"chr1\t0\t9\tone\t1\tx\n",
    ],
)
def test_rows_that_need_a_closer_look_are_handed_back(content: bytes) -> None:
    assert load_kernel(KERNEL).rows(content, 6, PLACES) is None
    assert ratio_rows_python.rows(content, 6, PLACES) is None


def test_names_are_numbered_as_they_come() -> None:
    content = b"b\t0\t9\t1\t1\tx\na\t0\t9\t1\t1\tx\nb\t0\t9\t1\t1\ty"
    found = load_kernel(KERNEL).rows(content, 6, PLACES)
    assert found is not None
    assert found[2].tolist() == [[0, 1, 0], [0, 0, 1]]
    assert found[3:] == ([b"b", b"a"], [b"x", b"y"])
