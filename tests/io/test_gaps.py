"""Gaps of a reference, found in one pass, are those that a base-by-base look finds."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumorkit.io import gaps
from tumorkit.io.gaps import known_stretches

pieces = st.lists(
    st.tuples(st.sampled_from(["N", "n", "ACGT", "acgt"]), st.integers(1, 40)), max_size=10
)


def plain(sequence: str, least: int) -> list[tuple[int, int]]:
    """Stretches between long runs of N, trimmed of N at both ends of the contig."""
    found, edge = [], 0
    for hit in re.finditer("[Nn]+", sequence):
        start, end = hit.span()
        if end - start < least and start > 0 and end < len(sequence):
            continue
        if start > edge:
            found.append((edge, start))
        edge = end
    if edge < len(sequence):
        found.append((edge, len(sequence)))
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(pieces, min_size=1, max_size=3), st.integers(3, 60), st.sampled_from([7, 64]))
def test_stretches_are_those_of_the_text(
    contigs: list[list[tuple[str, int]]], least: int, chunk: int
) -> None:
    texts = {
        f"c{n}": "".join((kind * size)[:size] for kind, size in rows) or "A"
        for n, rows in enumerate(contigs)
    }
    for width in (5, 80):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "r.fa"
            lines = []
            for name, text in texts.items():
                lines += [f">{name}", *(text[a : a + width] for a in range(0, len(text), width))]
            path.write_text("\n".join(lines) + "\n")
            pysam.faidx(str(path))
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(gaps, "CHUNK", chunk)
                found = known_stretches(path, least)
        assert found == {name: plain(text, least) for name, text in texts.items()}


@pytest.mark.parametrize("between", ["A", "AC", "ACG"])
def test_a_known_base_between_two_gaps_parts_them(tmp_path: Path, between: str) -> None:
    path = tmp_path / "r.fa"
    path.write_text(f">c\nAA{'N' * 6}{between}{'N' * 6}AA\n")
    pysam.faidx(str(path))
    end = 8 + len(between)
    assert known_stretches(path, 3)["c"] == [(0, 2), (8, end), (end + 6, end + 8)]
