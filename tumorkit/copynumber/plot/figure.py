"""The picture of a genome, of a chromosome, or of a stretch of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tumorkit.copynumber.call.result import CallResult, GeneCall
from tumorkit.copynumber.plot.labels import ASKED_FOR, GeneLabel
from tumorkit.copynumber.plot.style import (
    BAND,
    CENTROMERE,
    FONT,
    INK,
    WIDTH,
    new_figure,
    text_width,
)
from tumorkit.copynumber.plot.tracks import (
    Profile,
    Values,
    View,
    bare,
    draw_alleles,
    draw_breakpoints,
    draw_heading,
    draw_labels,
    draw_points,
    draw_segments,
    limits,
    ratio_axis,
)
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import order, standard
from tumorkit.genome.segment import CopyRatios, Gene, Segment
from tumorkit.genome.snps import SnpCounts

TRACK_ROWS = 4


def genome_figure(
    ratios: CopyRatios,
    segments: Sequence[Segment],
    *,
    genes_to_label: Sequence[GeneLabel] = (),
    build: Build | None = None,
    title: str = "",
    calls: CallResult | None = None,
    snps: SnpCounts | None = None,
) -> Figure:
    """Draw log2 copy ratios and segments along the genome, and alleles where they are known.

    Contigs are as long as the build says, else as their last bin. One contig alone gets an axis
    in megabases. With ``calls`` of the same segments colours follow states, focal events are
    marked, and a known purity adds an axis of copies. ``snps`` are heterozygous. The drawing is
    the same for the same input; points are rasterised in vector formats.
    """
    profile = Profile(
        ratios=ratios, segments=segments, calls=calls, snps=snps, build=build, title=title
    )
    names = list(ratios.contigs)
    if len(names) == 1:
        return region_figure(profile, names[0], genes_to_label=genes_to_label)
    figure, (axes, *below) = panels(profile)
    offsets, lengths = layout_of(ratios, build)
    view = genome_view(offsets, lengths)
    for panel in (axes, *below):
        draw_bands(panel, offsets, lengths, build)
    name_contigs((axes, *below)[-1], offsets, lengths)
    draw_ratios(figure, axes, profile, view, genes_to_label)
    for panel in below:
        draw_alleles(panel, profile, view)
    return figure


def region_figure(
    profile: Profile,
    contig: str,
    extent: tuple[int, int] | None = None,
    *,
    genes_to_label: Sequence[GeneLabel] = (),
) -> Figure:
    """Draw one chromosome, or the stretch ``extent`` of it (0-based half-open).

    Shows bins, segments with the intervals of their breakpoints, alleles where known, and genes
    where there are any; names that find no room are counted.
    """
    own = standard(contig)
    rows = np.array([standard(name) == own for name in profile.ratios.contig.tolist()], dtype=bool)
    ratios = profile.ratios.taken(rows)
    length = max(
        int(ratios.end.max()) if len(ratios) else 1,
        (profile.build.length(own) or 0) if profile.build else 0,
    )
    start, end = extent or (0, length)
    view = View(contigs=frozenset((own,)), left=start, right=end, place=as_it_is, parity={own: 0})
    genes = [
        gene for gene in profile.loci
        if standard(gene.contig) == own and gene.start < end and start < gene.end
    ]  # fmt: skip
    figure, (axes, *below) = panels(profile, genes=bool(genes))
    for panel in (axes, *below):
        if profile.build is not None and own in profile.build.centromeres:
            panel.axvspan(*profile.build.centromeres[own], color=CENTROMERE, lw=0, zorder=0)
    breaks = draw_breakpoints(axes, profile, view)
    shown = (ratios.end > start) & (ratios.start < end)
    draw_ratios(
        figure, axes, replace(profile, ratios=ratios.taken(shown)), view, genes_to_label,
        breaks=breaks,
    )  # fmt: skip
    if genes:
        draw_genes(figure, below[-1], genes, profile.calls, view)
    for panel in below[:-1] if genes else below:
        draw_alleles(panel, profile, view)
    megabases((axes, *below)[-1], own, view)
    return figure


def as_it_is(_contig: str, position: Any) -> Any:
    """Return positions on a contig as places on the x axis."""
    return position


def panels(profile: Profile, *, genes: bool = False) -> tuple[Figure, list[Any]]:
    """Return a figure with its panels: ratios, alleles where known, genes where wanted."""
    heights = [3.4] + [1.5] * profile.alleles_known + [0.75] * genes
    figure = new_figure(1.6 + sum(heights))
    made = figure.subplots(
        len(heights), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": heights}
    )
    return figure, list(made[:, 0])


def draw_ratios(
    figure: Figure,
    axes: Any,
    profile: Profile,
    view: View,
    labels: Sequence[GeneLabel],
    *,
    breaks: bool = False,
) -> None:
    """Draw the panel of log2 ratios with names and legend."""
    inside = [item for item in profile.segments if view.shows(item.contig, item.start, item.end)]
    low, high = limits(profile.ratios, inside)
    draw_points(axes, profile.ratios, view, low, high)
    used = draw_segments(axes, profile, view, low, high)
    axes.set_xlim(view.left, view.right)
    ratio_axis(axes, low, high, profile.calls)
    draw_labels(axes, labels, view, low, high)
    draw_heading(figure, profile.title, used, breaks=breaks, focal=any_focal(profile, view))


def any_focal(profile: Profile, view: View) -> bool:
    """Whether a focal event is in the view."""
    return any(
        (item.focal or (called is not None and called.focal))
        and view.shows(item.contig, item.start, item.end)
        for item, called in zip(profile.segments, profile.called, strict=True)
    )


def layout_of(ratios: CopyRatios, build: Build | None) -> tuple[dict[str, int], dict[str, int]]:
    """Lay the contigs side by side in genome order; return their offsets and lengths."""
    lengths: dict[str, int] = {}
    for name in sorted(ratios.contigs, key=order):
        last = int(ratios.end[ratios.contig == name].max())
        known = build.length(name) if build else None
        lengths[standard(name)] = max(last, known or 0)
    offsets, at = {}, 0
    for name, length in lengths.items():
        offsets[name] = at
        at += length
    return offsets, lengths


def genome_view(offsets: dict[str, int], lengths: dict[str, int]) -> View:
    """Return the view of contigs side by side."""

    def place(contig: str, position: int | Values) -> float | Values:
        return offsets[standard(contig)] + position

    return View(
        contigs=frozenset(offsets),
        left=0,
        right=max(sum(lengths.values()), 1),
        place=place,
        parity={name: number % 2 for number, name in enumerate(offsets)},
    )


def draw_bands(
    axes: Any, offsets: dict[str, int], lengths: dict[str, int], build: Build | None
) -> None:
    """Shade every other contig and mark centromeres."""
    for number, (name, offset) in enumerate(offsets.items()):
        if number % 2:
            axes.axvspan(offset, offset + lengths[name], color=BAND, lw=0, zorder=0)
        if build is not None and name in build.centromeres:
            middle = offset + sum(build.centromeres[name]) / 2
            axes.axvline(middle, color="#d5d9de", lw=0.6, ls=(0, (1, 2)), zorder=0.5)


def name_contigs(axes: Any, offsets: dict[str, int], lengths: dict[str, int]) -> None:
    """Name contigs below the axis; narrow neighbours stand one below the other."""
    whole = sum(lengths.values())
    lowered = False
    for name, offset in offsets.items():
        length = lengths[name]
        lowered = length < whole * 0.018 and not lowered
        axes.annotate(
            name.removeprefix("chr"),
            (offset + length / 2, 0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0, -14 if lowered else -4),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=FONT,
            annotation_clip=False,
        )
    edges = [*offsets.values(), whole]
    axes.set_xticks(edges, [""] * len(edges))
    axes.tick_params(axis="x", length=3, width=0.6)


def megabases(axes: Any, name: str, view: View) -> None:
    """Number the axis of one contig in megabases."""
    step = megabase_step(view.width)
    ticks = np.arange(np.ceil(view.left / step) * step, view.right + 1, step)
    axes.set_xticks(ticks, [f"{tick / 1e6:.10g}" for tick in ticks], fontsize=FONT)
    axes.set_xlabel(f"{name} (Mb)", fontsize=FONT + 1)


def megabase_step(width: float) -> float:
    """Return a round distance between ticks, about twelve of them.

    >>> megabase_step(81_000_000), megabase_step(30_000)
    (10000000.0, 5000.0)
    """
    raw = max(width / 12, 1)
    unit = 10.0 ** np.floor(np.log10(raw))
    return float(next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= raw))


def draw_genes(
    figure: Figure, axes: Any, genes: Sequence[Gene], calls: CallResult | None, view: View
) -> None:
    """Draw genes with their exons, named where names find room; the others are counted."""
    rank = {(gene.gene, gene.start): gene for gene in calls.genes} if calls else {}
    ranked = sorted(genes, key=lambda gene: importance(gene, rank.get((gene.name, gene.start))))
    unit = view.width / (WIDTH * 0.9)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(TRACK_ROWS)]
    left_out = 0
    for gene in ranked:
        start, end = (
            min(max(float(view.place(gene.contig, at)), view.left), view.right)
            for at in (gene.start, gene.end)
        )
        half = text_width(figure, gene.name) * unit / 2 + 0.03 * unit
        middle = min(max((start + end) / 2, view.left + half), view.right - half)
        low, high = min(start, middle - half), max(end, middle + half)
        row = next(
            (
                at
                for at, spans in enumerate(taken)
                if all(high < other or low > last for other, last in spans)
            ),
            None,
        )
        if row is None:
            left_out += 1
            continue
        taken[row].append((low, high))
        draw_gene(axes, gene, view, row, middle, rank.get((gene.name, gene.start)))
    rows = max((at + 1 for at, spans in enumerate(taken) if spans), default=1)
    axes.set_ylim(-rows + 0.05, 0.6)
    axes.set_yticks([])
    bare(axes)
    axes.spines["left"].set_visible(False)
    axes.set_ylabel("genes" if not left_out else f"genes\n(+{left_out})", fontsize=FONT)


def importance(gene: Gene, called: GeneCall | None) -> tuple[bool, bool, int, int]:
    """Return the rank of a gene's name: focal events, genes asked for, most bins, the longest."""
    return (
        not (called is not None and called.focal),
        gene.name not in ASKED_FOR,
        -(called.bins or 0) if called is not None else 0,
        gene.start - gene.end,
    )


def draw_gene(
    axes: Any, gene: Gene, view: View, row: int, middle: float, called: GeneCall | None
) -> None:
    """Draw one gene: a line, its exons as boxes, its name below."""
    color = "#333333"
    if called is not None and called.focal:
        color = INK["loss" in called.state or "deletion" in called.state]
    y = 0.3 - row
    start, end = (float(view.place(gene.contig, at)) for at in (gene.start, gene.end))
    axes.plot([start, end], [y, y], color=color, lw=0.9, zorder=2, clip_on=True)
    boxes = [
        (float(view.place(gene.contig, low)), float(view.place(gene.contig, high)))
        for low, high in gene.exons
    ]
    if boxes:
        axes.broken_barh(
            [(low, high - low) for low, high in boxes], (y - 0.13, 0.26), color=color, lw=0.4,
            zorder=3,
        )  # fmt: skip
    axes.annotate(
        gene.name, (middle, y - 0.2), ha="center", va="top", fontsize=FONT - 0.5, color=color,
        annotation_clip=False,
    )  # fmt: skip
