"""Columns of VCF lines read from bytes: the compiled form gives what its twin gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.core.kernels import load_kernel, vcf_block_python

KERNEL = "tumorkit.core.kernels.vcf_block"
NUMBERS = st.sampled_from(
    ["0", "7", "12", "0.05", "1e-05", "-0.5", ".5", "5.", "", ".", "-", "nan", "inf", "1e400",
     "123456789012345", "1234567890123456", "0.1234567890123456", "1E+3", "1e", "1e0022", "1_0",
     "+5", " 5", "1.2.3", "4.9e-324", "9e22", "9e23", "é"],
)  # fmt: skip
COUNTS = st.one_of(NUMBERS, st.lists(NUMBERS, min_size=2, max_size=3).map(",".join))
SAMPLES = st.lists(COUNTS, min_size=1, max_size=5).map(":".join)
INFOS = st.lists(
    st.one_of(
        COUNTS.map("AF={}".format), COUNTS.map("XAF={}".format), st.sampled_from(["AF", "DB", ""])
    ),
    max_size=4,
).map(";".join)
ALTS = st.sampled_from(["", ".", "C", "C,G", "<DEL>", ".,C", "é"])
LINES = st.builds(
    lambda pos, alt, quality, filters, info, sample: "\t".join(
        ["1", pos, ".", "A", alt, quality, filters, info, "DP:AD:AF", sample]
    ),
    st.sampled_from(["1", "99", "123456789012345"]),
    ALTS,
    NUMBERS,
    st.sampled_from(["PASS", ".", "a;b", ""]),
    st.one_of(st.just("."), INFOS),
    SAMPLES,
)
ODD_LINES = st.one_of(
    LINES,
    st.sampled_from(
        ["", "\t", "1\t5\t.", "x" * 9 + "\t" * 9, "1\t+5" + "\t" * 8, "1\t5" + "\t" * 9]
    ),
)
PLACES = st.tuples(st.integers(-1, 3), st.integers(0, 3), st.integers(-1, 3))


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    pytest.importorskip(KERNEL)


def content_of(lines: list[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


@given(st.lists(ODD_LINES, max_size=6), st.integers(1, 7))
def test_scan_finds_the_columns_that_the_twin_finds(lines: list[str], most: int) -> None:
    content = content_of(lines)
    start = len(lines[0].encode()) + 1 if lines else 0
    one = load_kernel(KERNEL).scan(content, start, 10, most)
    two = vcf_block_python.scan(content, start, 10, most)
    for ours, twins in zip(one, two, strict=True):
        np.testing.assert_array_equal(ours, twins)


@given(st.lists(LINES, max_size=6), st.data())
def test_columns_are_those_of_the_twin(lines: list[str], data: st.DataObject) -> None:
    content = content_of(lines)
    compiled = load_kernel(KERNEL)
    offsets, _, end, passed = compiled.scan(content, 0, 10, 10)
    assert (end, passed) == (len(content), len(lines))
    size = len(lines)
    places = data.draw(st.lists(PLACES, min_size=size, max_size=size))
    choice = data.draw(st.lists(st.integers(-4, 1), min_size=size, max_size=size))
    where = np.array(places, dtype=np.int64).reshape(-1, 3)
    picked = np.array(choice, dtype=np.int64)
    words = ([b"PASS", b"low;x"], [b"T=PASS", b"T=low&x"], [b"first other", b""])
    for name, arguments in (
        ("alternatives", ()),
        ("grouped", (6,)),
        ("numbers", (5,)),
        ("numbers", (1,)),
        ("tagged", (b"AF",)),
        ("repeated", ()),
        ("reads", (9, where)),
        ("substituted", (picked, *words)),
    ):
        one = getattr(compiled, name)(content, offsets, *arguments)
        two = getattr(vcf_block_python, name)(content, offsets, *arguments)
        if not isinstance(one, tuple):
            one, two = (one,), (two,)
        for ours, twins in zip(one, two, strict=True):
            if isinstance(ours, np.ndarray):
                assert ours.dtype == twins.dtype
                assert np.array_equal(ours, twins, equal_nan=ours.dtype.kind == "f"), name
            else:
                assert ours == twins, name


FIELDS = st.sampled_from(["T", "a&b", "", ".", "é", "0.1"])
BLOCKS = st.lists(st.lists(FIELDS, min_size=1, max_size=4).map("|".join), max_size=4).map(",".join)
ANNOTATED = st.lists(
    st.one_of(BLOCKS.map("CSQ={}".format), BLOCKS.map("XCSQ={}".format), st.just("CSQ")),
    max_size=3,
).map(";".join)


@given(st.lists(ANNOTATED, max_size=5), st.sets(st.integers(0, 4), max_size=3), st.integers(0, 3))
def test_entries_are_those_of_the_twin(infos: list[str], fields: set[int], most: int) -> None:
    content = content_of([f"1\t5\t.\tA\tC\t.\t.\t{info}" for info in infos])
    compiled = load_kernel(KERNEL)
    offsets, *_ = compiled.scan(content, 0, 8, 10)
    asked = (content, offsets, b"CSQ", sorted(fields), most)
    counts, codes, texts = compiled.entries(*asked)
    other_counts, other_codes, other_texts = vcf_block_python.entries(*asked)
    assert counts.tolist() == other_counts.tolist()
    assert (codes.shape, codes.tolist()) == (other_codes.shape, other_codes.tolist())
    assert texts == other_texts


@given(st.lists(st.sampled_from(["A", "B=", "A=1", "AB=2", "=3", "", "BA=1", "B"]), max_size=9))
def test_repeated_keys_are_those_of_the_twin(items: list[str]) -> None:
    content = f"1\t5\t.\tA\tC\t.\t.\t{';'.join(items)}\n".encode()
    compiled = load_kernel(KERNEL)
    offsets = compiled.scan(content, 0, 8, 1)[0]
    expected = vcf_block_python.repeated(content, offsets)
    assert compiled.repeated(content, offsets).tolist() == expected.tolist()


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["r", ".3g", ".6f", "e"]))
def test_numbers_are_those_of_python_to_the_last_bit(value: float, form: str) -> None:
    text = repr(value) if form == "r" else format(value, form)
    content = f"1\t5\t.\tA\tC\t{text}\t.\t.\n".encode()
    compiled = load_kernel(KERNEL)
    offsets, *_ = compiled.scan(content, 0, 8, 10)
    (found,), (state,) = compiled.numbers(content, offsets, 5)
    assert (found == float(text)) if state == vcf_block_python.NUMBER else np.isnan(found)
