"""Scanning for repeats: compiled as in plain code."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.core.kernels import repeats_python

compiled = pytest.importorskip("tumorkit.core.kernels.repeats", reason="no compiled kernels here")

PIECE = st.one_of(
    st.text("ACGTNacgt", max_size=12),
    st.tuples(st.text("ACGTN", min_size=1, max_size=6), st.integers(1, 14)).map(
        lambda both: both[0] * both[1]
    ),
)
SEQUENCE = st.lists(PIECE, max_size=12).map("".join)


@given(SEQUENCE, st.booleans(), st.integers(0, 5))
def test_the_compiled_form_is_its_twin(text: str, final: bool, first: int) -> None:
    letters = np.frombuffer(text.encode(), dtype=np.uint8)
    limits = {"min_homopolymer": 8, "min_repeats": 5, "max_unit": 6}
    one = compiled.find_repeats(letters, first, final=final, **limits)
    other = repeats_python.find_repeats(letters, first, final=final, **limits)
    assert one[0].tolist() == other[0].tolist()
    assert one[1] == other[1]
