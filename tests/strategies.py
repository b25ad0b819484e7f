"""Hypothesis strategies for nouns of the genome."""

from __future__ import annotations

from hypothesis import strategies as st

from tumorkit.genome import Interval

CONTIGS = st.sampled_from(["chr1", "chr2", "chrX"])


@st.composite
def intervals(draw: st.DrawFn, longest: int = 40) -> Interval:
    """A short interval on one of three contigs."""
    start = draw(st.integers(0, 60))
    return Interval(draw(CONTIGS), start, start + draw(st.integers(0, longest)))


TERRITORIES = st.lists(intervals(), max_size=8)
