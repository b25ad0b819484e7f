"""Chromosome and gene views: what they show, and that no name covers another."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.copynumber.models import easy, joint, make_ratios
from tumorkit.cli import run
from tumorkit.copynumber.call import call
from tumorkit.copynumber.plot import (
    Profile,
    figure_bytes,
    gene_figure,
    genome_figure,
    labels_of,
    region_figure,
)
from tumorkit.copynumber.plot.run import parse_region, run_plot
from tumorkit.copynumber.plot.style import look_of
from tumorkit.copynumber.segment import segment
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.errors import ParameterError
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import CopyRatios, Gene, Segment
from tumorkit.io.outputs import Outputs


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts whose boxes cover each other by more than a pixel."""
    figure.draw_without_rendering()
    boxes = []
    for item in figure.findobj(Text):
        if item.get_visible() and item.get_text().strip():
            box = item.get_window_extent()
            if box.width > 0:
                boxes.append((item.get_text(), box))
    found = []
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > 1 and high > 1:
            found.append((one, other))
    return found


def crowded(count: int, *, seed: int = 2) -> tuple[CopyRatios, list[Gene]]:
    """One chromosome with ``count`` genes side by side, every fifth one amplified or lost."""
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 0.1, count * 10)
    for at in range(0, count, 5):
        values[at * 10 : at * 10 + 10] += 1.5 if at % 10 else -1.0
    ratios = make_ratios(values, np.full(count * 10, "chr7"), bin_size=10_000)
    genes = [
        Gene(
            name=f"LONGNAME{at}",
            contig="chr7",
            start=at * 100_000,
            end=at * 100_000 + 95_000,
            exons=tuple(
                (at * 100_000 + k * 10_000, at * 100_000 + k * 10_000 + 500) for k in range(9)
            ),
        )
        for at in range(count)
    ]
    return ratios, genes


def profile_of(ratios: CopyRatios, genes: list[Gene], **more: object) -> Profile:
    segments = segment(ratios).segments
    calls = call(ratios, segments, genes, purity=0.6, ploidy=2.0)
    return Profile(ratios=ratios, segments=segments, calls=calls, loci=genes, title="T", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [3, 300])
def test_no_name_covers_another(count: int) -> None:
    ratios, genes = crowded(count)
    profile = profile_of(ratios, genes)
    assert profile.calls is not None
    labels = labels_of(profile.calls.genes)
    whole = genome_figure(ratios, profile.segments, genes_to_label=labels, calls=profile.calls)
    assert overlapping(whole) == []
    assert overlapping(region_figure(profile, "chr7", genes_to_label=labels)) == []
    near = region_figure(profile, "7", (0, 2_000_000), genes_to_label=labels)
    assert overlapping(near) == []
    gene = genes[min(5, count - 1)]
    called = next(row for row in profile.calls.genes if row.gene == gene.name)
    assert overlapping(gene_figure(profile, gene, called)) == []


def test_names_of_a_whole_genome_do_not_cover_each_other() -> None:
    ratios = easy(3, 4000).ratios
    assert overlapping(genome_figure(ratios, segment(ratios).segments, build=GRCH38)) == []


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_every_view_has_equal_bytes_twice(kind: str) -> None:
    ratios, genes = crowded(12)

    def views() -> list[bytes]:
        profile = profile_of(ratios, genes)
        assert profile.calls is not None
        drawn = [
            region_figure(profile, "chr7"),
            gene_figure(profile, genes[5], profile.calls.genes[5]),
        ]
        return [figure_bytes(figure, kind) for figure in drawn]  # type: ignore[arg-type]

    assert views() == views()


def test_letters_of_an_svg_stay_text_and_points_are_rasterised() -> None:
    model = joint(1, 20_000)
    segments = segment(model.ratios, snps=model.snps).segments
    calls = call(model.ratios, segments, purity=0.5, ploidy=2.0)
    svg = figure_bytes(
        genome_figure(
            model.ratios, segments, calls=calls, snps=model.snps, build=GRCH38, title="Sample 7"
        ),
        "svg",
    )
    assert b">Sample 7</text>" in svg
    assert b"copy-neutral LOH" in svg
    assert b"tumour copies" in svg
    assert len(svg) < 1_000_000


def test_copies_are_shown_with_a_purity_only() -> None:
    ratios, genes = crowded(10)
    segments = segment(ratios).segments
    for purity in (None, 0.6):
        calls = call(ratios, segments, genes, purity=purity)
        svg = figure_bytes(genome_figure(ratios, segments, calls=calls), "svg")
        assert (b"tumour copies" in svg) == (purity is not None)


def test_a_gene_view_says_the_test_and_marks_bins_without_reads() -> None:
    ratios, genes = crowded(12)
    ratios.log2_ratio[52:54] = -20.0
    spread = np.full(len(ratios), 0.1)
    profile = profile_of(replace(ratios, spread=spread), genes)
    assert profile.calls is not None
    figure = gene_figure(profile, genes[5], profile.calls.genes[5])
    said = {text.get_text() for text in figure.findobj(Text)}
    assert "no reads" in said
    heading = next(text for text in said if text.startswith("T: LONGNAME5"))
    assert "bins in" in heading
    assert "z against normals" in heading


def test_empty_views_are_drawn() -> None:
    ratios = make_ratios(np.full(30, np.nan), np.full(30, "chr7"))
    profile = Profile(ratios=ratios, segments=[])
    gene = Gene(name="A", contig="chr7", start=10_000, end=12_000)
    elsewhere = Gene(name="B", contig="chr9", start=10_000, end=12_000)
    for figure in (
        region_figure(profile, "chr7", (10_000, 20_000)),
        gene_figure(profile, gene, None),
        gene_figure(profile, elsewhere, None),
    ):
        assert figure_bytes(figure, "svg")
    nothing = ratios.taken(np.zeros(30, dtype=bool))
    assert figure_bytes(genome_figure(nothing, []), "svg")


def test_states_have_colours_of_their_own() -> None:
    item = Segment(contig="chr1", start=0, end=9_000_000, log2_ratio=0.0, bins=9)
    levels = {"loss": -0.5, "neutral": 0.0, "gain": 0.3, "high gain": 1.5, "deep loss": -2.0}
    for name, level in levels.items():
        own = replace(item, log2_ratio=level)
        assert look_of(own, call(None, [own]).segments[0]).name == name
    assert look_of(replace(item, baf=0.8, imbalance_p=1e-9), None).name == "alleles out of balance"
    assert look_of(replace(item, baf=0.52, imbalance_p=1e-9), None).name == "neutral"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chr17:7-8Mb", ("chr17", 7_000_000, 8_000_000)),
        ("chr17:7,500kb-8Mb", ("chr17", 7_500_000, 8_000_000)),
        ("17:1-10", ("17", 0, 10)),
        ("7.5-8Mb", ("", 7_500_000, 8_000_000)),
    ],
)
def test_regions_are_read(text: str, expected: tuple[str, int, int]) -> None:
    assert parse_region(text) == expected


@pytest.mark.parametrize("text", ["chr17", "chr17:8-7Mb", "chr17:a-b", "chr17:1.2.3-4"])
def test_a_region_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="region"):
        parse_region(text)


def test_the_command_draws_a_gene_and_names_those_near_a_wrong_name(tmp_path: Path) -> None:
    cnr, cns, bed = tmp_path / "t.cnr", tmp_path / "t.cns", tmp_path / "g.bed"
    rows = "".join(f"chr17\t{at * 100}\t{at * 100 + 100}\tERBB2\t0.1\n" for at in range(30))
    cnr.write_text("chromosome\tstart\tend\tgene\tlog2\n" + rows)
    cns.write_text("chromosome\tstart\tend\tlog2\nchr17\t0\t3000\t0.1\n")
    bed.write_text("chr17\t1000\t2000\tERBB2\n")
    out = tmp_path / "g.svg"
    base = ["cnv", "plot", str(cnr), str(cns), "-o", str(out)]
    assert run([*base, "--gene", "erbb2", "--genes", str(bed)]) == 0
    assert "ERBB2" in out.read_text()
    assert run([*base, "--gene", "ERBB2"]) == 0
    with pytest.raises(ParameterError, match="no gene 'ERBB3'"):
        run_plot(cnr, cns, genes=bed, gene="ERBB3")
    with pytest.raises(ParameterError, match="has no bin"):
        run_plot(cnr, cns, contig="chr18")
    with pytest.raises(ParameterError, match="which contig"):
        run_plot(cnr, cns, region="7-8Mb")


@pytest.mark.shared
def test_hd832_shows_the_loss_of_cdkn2a(shared: Path, tmp_path: Path) -> None:
    ratios, genes = (
        shared / "gms560/HD832.clean.denoisedCR.tsv",
        shared / "reference/hg19_genes.bed.gz",
    )
    cns = tmp_path / "HD832.cns"
    write_segment(run_segment(ratios), Outputs(output=cns))
    for view in (
        {"gene": "CDKN2A"},
        {"gene": "CDKN2B"},
        {"region": "chr9:21-23Mb"},
        {"contig": "9"},
    ):
        figure = run_plot(ratios, cns, genes=genes, **view)  # type: ignore[arg-type]
        assert overlapping(figure) == []
        said = " ".join(text.get_text() for text in figure.findobj(Text))
        assert "CDKN2A" in said
        if "gene" in view:
            assert "loss, focal" in said
