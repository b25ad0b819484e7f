"""Pictures are the same twice, in every format, and their labels keep apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.copynumber.models import easy, make_ratios
from tumorkit.copynumber.plot import GeneLabel, figure_bytes, genome_figure
from tumorkit.copynumber.plot.labels import spread
from tumorkit.copynumber.plot.run import format_of, run_plot, write_plot
from tumorkit.copynumber.plot.style import Format
from tumorkit.copynumber.segment import segment
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.errors import ContigMismatchError, ParameterError
from tumorkit.genome.build import GRCH38
from tumorkit.io.outputs import Outputs

LABELS = [
    GeneLabel(name="CDKN2A, CDKN2B", contig="chr9", position=30_000, log2_ratio=-1.0, loss=True),
    GeneLabel(name="ERBB2", contig="chr17", position=10_000, log2_ratio=2.0, loss=False),
]


@pytest.mark.parametrize("kind", get_args(Format))
def test_two_drawings_have_equal_bytes(kind: Format) -> None:
    ratios = easy(1, 1500).ratios
    ratios.log2_ratio[[5, 900]] = [-20.0, np.nan]
    segments = segment(ratios).segments
    first, second = (
        figure_bytes(
            genome_figure(ratios, segments, genes_to_label=LABELS, build=GRCH38, title="T"), kind
        )
        for _ in range(2)
    )
    assert first == second
    assert len(first) > 5000


def test_points_of_a_vector_picture_are_rasterised() -> None:
    ratios = easy(1, 20_000).ratios
    svg = figure_bytes(genome_figure(ratios, segment(ratios).segments), "svg")
    assert b"<image" in svg
    assert len(svg) < 1_500_000
    assert b"<dc:date>" not in svg


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20).map(sorted))
def test_labels_keep_apart_and_inside_where_there_is_room(places: list[float]) -> None:
    moved = spread(places, 4.0, 0.0, 100.0)
    gaps = np.diff(moved)
    assert (gaps >= 4.0 - 1e-9).all()
    assert moved[0] >= -1e-9
    assert moved[-1] <= 100 + 1e-9


def test_one_contig_and_bins_without_any_reads_can_be_drawn() -> None:
    ratios = make_ratios(np.full(30, -20.0), np.full(30, "demo"))
    figure = genome_figure(ratios, [])
    assert figure.axes[0].get_ylim()[0] < -5
    known = replace(ratios, log2_ratio=np.full(30, np.nan))
    assert figure_bytes(genome_figure(known, []), "png")


def test_the_suffix_chooses_the_format(tmp_path: Path) -> None:
    assert format_of(Path("a.SVG")) == "svg"
    with pytest.raises(ParameterError, match="cannot draw"):
        format_of(tmp_path / "a.jpg")


def test_segments_of_other_contigs_are_refused(tmp_path: Path) -> None:
    cnr, cns = tmp_path / "t.cnr", tmp_path / "t.cns"
    cnr.write_text("chromosome\tstart\tend\tlog2\nchr1\t0\t9\t0\n")
    cns.write_text("chromosome\tstart\tend\tlog2\ndemo\t0\t9\t0\n")
    with pytest.raises(ContigMismatchError, match="no segment lies on a contig"):
        run_plot(cnr, cns)


@pytest.mark.shared
def test_hd832_is_drawn_with_its_genes(shared: Path, tmp_path: Path) -> None:
    ratios = shared / "gms560/HD832.clean.denoisedCR.tsv"
    cns, svg = tmp_path / "HD832.cns", tmp_path / "HD832.svg"
    write_segment(run_segment(ratios), Outputs(output=cns))
    figure = run_plot(ratios, cns, genes=shared / "reference/hg19_genes.bed.gz")
    write_plot(figure, svg)
    assert svg.stat().st_size < 2_000_000
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert "CDKN2A, CDKN2B" in texts
