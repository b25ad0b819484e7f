"""Alignments and places on one contig, for hypothesis."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.builders import (
    DUPLICATE,
    MATE_UNMAPPED,
    QC_FAIL,
    REVERSE,
    SECONDARY,
    SUPPLEMENTARY,
    Read,
    make_pair,
)

SPAN = 600
INNER = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from("MMM=XIDNP")), min_size=0, max_size=4
)
CLIPS = st.sampled_from(["", "", "5S", "3H", "2H4S"])


@st.composite
def cigars(draw: st.DrawFn) -> str:
    """A CIGAR with at least one aligned base; neighbouring operations may be of one kind."""
    first = f"{draw(st.integers(1, 80))}{draw(st.sampled_from('M='))}"
    inner = "".join(f"{size}{kind}" for size, kind in draw(INNER))
    last = f"{draw(st.integers(1, 60))}M" if draw(st.booleans()) or inner else ""
    lead = draw(CLIPS)
    return lead + first + inner + last + draw(st.sampled_from(["", "", "6S"]))


@st.composite
def single_reads(draw: st.DrawFn) -> Read:
    read = Read(
        name="",
        pos=draw(st.integers(0, SPAN)),
        cigar=draw(cigars()),
        flag=draw(st.sampled_from([0] * 8 + [DUPLICATE, QC_FAIL, SECONDARY, SUPPLEMENTARY, 16])),
        mapping_quality=draw(st.sampled_from([60, 60, 60, 20, 19, 0])),
    )
    size = read.query_length
    bases = draw(st.text("ACGT", min_size=8, max_size=8)) + "N"
    qualities = draw(st.lists(st.sampled_from([2, 19, 20, 37, 37]), min_size=7, max_size=7))
    return replace(
        read,
        sequence=(bases * (size // 9 + 1))[:size],
        qualities=draw(st.sampled_from([tuple((qualities * (size // 7 + 1))[:size]), None])),
    )


@st.composite
def fragments(draw: st.DrawFn) -> tuple[Read, ...]:
    left, right = draw(single_reads()), draw(single_reads())
    if draw(st.booleans()):
        # Near each other, so that mates often overlap.
        right = replace(right, pos=left.pos + draw(st.integers(0, 60)))
    kind = draw(st.sampled_from(["pair", "pair", "single", "other contig", "mate unmapped"]))
    if kind == "single":
        return (left,)
    if kind == "other contig":
        right = replace(right, contig="chr2")
    if right.pos < left.pos:
        left, right = right, left
    first, second = make_pair(left, right)
    if kind == "mate unmapped":
        return (replace(first, flag=first.flag | MATE_UNMAPPED),)
    if draw(st.booleans()):
        first, second = (
            replace(first, flag=first.flag | REVERSE),
            replace(second, flag=second.flag & ~REVERSE),
        )
    return first, second


@st.composite
def many_reads(draw: st.DrawFn) -> list[Read]:
    found = draw(st.lists(fragments(), max_size=12))
    return [replace(r, name=f"read{n}") for n, pair in enumerate(found) for r in pair]


@st.composite
def disjoint_blocks(draw: st.DrawFn) -> list[tuple[int, int]]:
    edges = draw(st.lists(st.integers(0, SPAN + 200), min_size=2, max_size=12, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    return list(zip(edges[::2], edges[1::2], strict=True))


READS = many_reads()
BLOCKS = disjoint_blocks()
