from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumorkit.genome.build import GRCH38
from tumorkit.simulate.copy_number import (
    EVENTS,
    SegmentIndex,
    draw_segments,
    exon_deletion,
    expected_baf,
    expected_log2,
    mean_copies,
)
from tumorkit.simulate.nouns import TrueSegment
from tumorkit.simulate.panel import lay_out
from tumorkit.simulate.params import SimulateParams

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(1.7, 4.2))
def test_the_mean_copy_number_is_the_ploidy_that_was_asked_for(seed: int, ploidy: float) -> None:
    segments = draw_segments(np.random.default_rng(seed), ploidy=ploidy)
    assert mean_copies(segments) == pytest.approx(ploidy, abs=0.05)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from(["female", "male"]))
def test_segments_tile_every_contig(seed: int, sex: str) -> None:
    segments = draw_segments(np.random.default_rng(seed), ploidy=2.8, sex=sex)
    for contig in {s.contig for s in segments}:
        rows = [s for s in segments if s.contig == contig]
        assert rows[0].start == 0
        assert rows[-1].end == GRCH38.lengths[contig]
        assert all(a.end == b.start for a, b in pairwise(rows))
        assert all(s.major_cn >= s.minor_cn >= 0 for s in rows)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_planted_events_are_always_there(seed: int) -> None:
    index = SegmentIndex(draw_segments(np.random.default_rng(seed), ploidy=3.3))
    for event in EVENTS:
        found = index.at(event.contig, event.start + 1000)
        assert (found.major_cn, found.minor_cn) == (event.major_cn, event.minor_cn)


def test_a_mans_x_has_one_haplotype() -> None:
    segments = draw_segments(np.random.default_rng(4), ploidy=2.8, sex="male")
    for segment in segments:
        if segment.contig == "chrX":
            assert segment.normal_cn == 1
            assert segment.minor_cn == 0
            assert segment.copies(1) == 0


def test_copy_number_formulas_at_known_points() -> None:
    loss = TrueSegment(
        contig="chr1", start=0, end=1, major_cn=1, minor_cn=0, normal_cn=2, major_haplotype=0
    )
    # p = .6, psi = 2: (.6 + .8) / 2 = .7
    assert expected_log2(loss, purity=0.6, ploidy=2) == pytest.approx(math.log2(0.7))
    # (.6 + .4) / (.6 + .8)
    assert expected_baf(loss, purity=0.6) == pytest.approx(1 / 1.4)
    hemizygous = replace(loss, normal_cn=1)
    # A man's X that the tumour keeps: as many copies as in the normal, relative to psi.
    assert expected_log2(hemizygous, purity=0.6, ploidy=2) == pytest.approx(0)
    assert expected_baf(hemizygous, purity=0.6) is None
    gone = replace(loss, major_cn=0)
    assert expected_log2(gone, purity=1, ploidy=2) == -math.inf


@pytest.mark.parametrize("ploidy", [3.2, 4.0])
def test_a_doubled_genome_has_pairs_of_every_copy_and_the_ploidy_asked_for(ploidy: float) -> None:
    segments = draw_segments(np.random.default_rng(5), ploidy=ploidy, doubled=True)
    names = {event.name for event in EVENTS if event.end - event.start < 1_000_000}
    assert all(
        s.major_cn % 2 == 0 and s.minor_cn % 2 == 0 for s in segments if s.event not in names
    )
    assert mean_copies(segments) == pytest.approx(ploidy, abs=0.1)


def test_two_exons_of_one_gene_are_deleted_where_asked_for() -> None:
    panel = lay_out(SimulateParams(genes=40, coding_kb=120))
    event = exon_deletion(panel.transcripts)
    index = SegmentIndex(draw_segments(np.random.default_rng(5), ploidy=2.0, more=[event]))
    gene = next(item for item in panel.transcripts if item.gene == event.name.split()[0])
    copies = [index.at(gene.contig, start).copy_number for start, _ in gene.exons]
    assert copies[1:3] == [0, 0]
    assert min(copies[0], *copies[3:]) > 0
