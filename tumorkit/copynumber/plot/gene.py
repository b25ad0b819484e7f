"""The picture of one gene: its bins and exons, its flanks, and what the test says."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from tumorkit.copynumber.call.result import LOSSES, GeneCall
from tumorkit.copynumber.plot.figure import draw_gene, panels
from tumorkit.copynumber.plot.style import FONT, INK, POINTS, text_width
from tumorkit.copynumber.plot.tracks import (
    Profile,
    Values,
    View,
    draw_alleles,
    draw_breakpoints,
    draw_heading,
    draw_segments,
    limits,
    ratio_axis,
)
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import LOG2_FLOOR, CopyRatios, Gene, floored

# Bins shown on each side of the gene: as many as it has, between these.
FEWEST, MOST = 12, 60
# Half of the room of a bin on the axis; the rest stands for what lies between two bins.
HALF = 0.4
MARKS = 90  # up to so many bins are drawn as marks that can be counted


def gene_figure(profile: Profile, gene: Gene, called: GeneCall | None) -> Figure:
    """Draw a gene's bins between its flanks, one step per bin, with exons below.

    Targets are short and far apart, so the axis counts bins and not bases: each bin takes one
    step, what lies between two takes the gap between the steps. ``called`` adds level, flanks,
    the part that stands out, and the result of the test in words.
    """
    rows, own = rows_of(profile.ratios, gene)
    bins = profile.ratios.taken(rows)
    view = view_of(bins, gene)
    figure, (axes, *below) = panels(profile, genes=True)
    inside = [item for item in profile.segments if view.shows(item.contig, item.start, item.end)]
    low, high = limits(bins, inside)
    breaks = draw_breakpoints(axes, profile, view)
    draw_bins(axes, bins, own, low, high, loss=called is not None and called.state in LOSSES)
    used = draw_segments(axes, profile, view, low, high)
    axes.set_xlim(view.left, view.right)
    ratio_axis(axes, low, high, profile.calls)
    if called is not None:
        draw_test(axes, called, own, view)
    for panel in below[:-1]:
        draw_alleles(panel, profile, view)
    draw_exons(figure, below[-1], profile, gene, bins, own, view)
    draw_heading(figure, heading(profile.title, gene, called), used, breaks=breaks)
    return figure


def rows_of(ratios: CopyRatios, gene: Gene) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the rows shown, and which of them touch the gene."""
    name = standard(gene.contig)
    here = np.array([standard(contig) == name for contig in ratios.contig.tolist()], dtype=bool)
    rows = np.flatnonzero(here & np.isfinite(ratios.log2_ratio))
    touch = (ratios.start[rows] < gene.end) & (ratios.end[rows] > gene.start)
    if touch.any():
        first, last = int(np.argmax(touch)), len(touch) - int(np.argmax(touch[::-1]))
    else:
        first = last = int(np.searchsorted(ratios.start[rows], gene.start))
    flank = int(np.clip(last - first, FEWEST, MOST))
    shown = slice(max(0, first - flank), min(len(rows), last + flank))
    return rows[shown], touch[shown]


def view_of(bins: CopyRatios, gene: Gene) -> View:
    """Return a view whose x axis counts bins; places between bins lie between their steps."""
    edges: Values = np.empty(2 * len(bins))
    edges[0::2], edges[1::2] = bins.start, bins.end
    edges = np.maximum.accumulate(edges)
    steps: Values = np.empty(2 * len(bins))
    steps[0::2] = np.arange(len(bins)) - HALF
    steps[1::2] = np.arange(len(bins)) + HALF

    def place(_contig: str, position: int | Values) -> float | Values:
        if len(edges) == 0:
            return np.zeros_like(np.asarray(position, dtype=np.float64))
        found = np.interp(position, edges, steps, left=-1.0, right=len(bins))
        return found if isinstance(position, np.ndarray) else float(found)

    name = standard(gene.contig)
    return View(
        contigs=frozenset((name,)),
        left=-0.7,
        right=max(len(bins), 1) - 0.3,
        place=place,
        parity={name: 0},
    )


def draw_bins(
    axes: Any, bins: CopyRatios, own: NDArray[np.bool_], low: float, high: float, *, loss: bool
) -> None:
    """Draw bins, the gene's in strong colour; off-target bins are hollow, empty ones triangles.

    Where the spread among normals is known a bar shows two of it around the flat level.
    """
    values = floored(bins.log2_ratio)
    x = np.arange(len(bins))
    few = len(bins) <= MARKS
    if bins.spread is not None and np.isfinite(bins.spread).any():
        wide = 2 * np.nan_to_num(bins.spread)
        axes.bar(x, 2 * wide, bottom=-wide, width=2 * HALF, color="#eef0f3", lw=0, zorder=0.4)
    empty = values <= LOG2_FLOOR
    for mine, color in ((False, POINTS[0]), (True, INK[loss])):
        for target in (True, False):
            rows = (own == mine) & (bins.target == target) & ~empty
            if rows.any():
                axes.scatter(
                    x[rows], np.clip(values[rows], low, high), s=22 if few else 6,
                    facecolors=color if target else "white", edgecolors=color,
                    linewidths=0 if target else 0.9, alpha=0.9, rasterized=not few, zorder=6,
                )  # fmt: skip
        rows = (own == mine) & empty
        if rows.any():
            axes.scatter(
                x[rows], np.full(int(rows.sum()), low), s=26, c=color, marker="v", linewidths=0,
                rasterized=not few, zorder=2,
            )  # fmt: skip
            axes.annotate(
                "no reads", (float(x[rows][0]), low), xytext=(0, 6), textcoords="offset points",
                fontsize=FONT - 0.5, color=color, ha="center",
            )  # fmt: skip


def draw_test(axes: Any, called: GeneCall, own: NDArray[np.bool_], view: View) -> None:
    """Draw the gene's level with its interval, the flanks' level, and the part that stands out."""
    at = np.flatnonzero(own)
    if len(at) == 0:
        return
    left, right = at[0] - 0.5, at[-1] + 0.5
    axes.axvspan(left, right, color="#fbf6e6", lw=0, zorder=0.2)
    color = INK[called.state in LOSSES]
    if called.log2_low is not None and called.log2_high is not None:
        axes.fill_between(
            [left, right], called.log2_low, called.log2_high, color=color, alpha=0.14, lw=0,
            zorder=0.8,
        )  # fmt: skip
    axes.plot([left, right], [called.log2_ratio] * 2, color=color, lw=1, ls=(0, (4, 2)), zorder=1.6)
    if called.flank_log2 is not None:
        for a, b in ((view.left, left), (right, view.right)):
            axes.plot([a, b], [called.flank_log2] * 2, color="#555555", lw=1, ls=(0, (1, 1.5)))
    part = called.focal and called.part_start == called.event_start
    if part and called.part_start is not None and called.part_log2 is not None:
        a = float(view.place(called.contig, called.part_start))
        b = float(view.place(called.contig, called.part_end or called.part_start))
        axes.plot(
            [a, b], [called.part_log2] * 2, color=color, lw=3.2, alpha=0.5, zorder=1.7,
            solid_capstyle="butt",
        )  # fmt: skip


def draw_exons(
    figure: Figure,
    axes: Any,
    profile: Profile,
    gene: Gene,
    bins: CopyRatios,
    own: NDArray[np.bool_],
    view: View,
) -> None:
    """Draw the gene with its exons and the names of the genes around it; number the places."""
    draw_gene(axes, gene, view, 0, middle_of(gene, view), None)
    taken: list[tuple[float, float]] = []
    unit = view.width / (figure.get_size_inches()[0] * 0.9)
    around = [
        other for other in profile.loci
        if other.name != gene.name and standard(other.contig) == standard(gene.contig)
        and bool(((bins.start < other.end) & (bins.end > other.start)).any())
    ]  # fmt: skip
    left_out = 0
    for other in around:
        middle = middle_of(other, view)
        half = text_width(figure, other.name) * unit / 2 + 0.03 * unit
        middle = min(max(middle, view.left + half), view.right - half)
        start, end = (float(view.place(other.contig, at)) for at in (other.start, other.end))
        low, high = min(start, middle - half), max(end, middle + half)
        if any(high > a and low < b for a, b in taken):
            left_out += 1
            continue
        taken.append((low, high))
        draw_gene(axes, other, view, 1, middle, None)
    axes.set_ylim(-1.95 if taken else -0.95, 0.6)
    axes.set_yticks([])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    name = "exons" if len(gene.exons) > 1 else "genes"
    axes.set_ylabel(name if not left_out else f"{name}\n(+{left_out})", fontsize=FONT)
    mark_places(axes, gene, bins, own)


def middle_of(gene: Gene, view: View) -> float:
    """Return the middle of what the view shows of a gene."""
    start, end = (float(view.place(gene.contig, at)) for at in (gene.start, gene.end))
    return (max(start, view.left) + min(end, view.right)) / 2


def mark_places(axes: Any, gene: Gene, bins: CopyRatios, own: NDArray[np.bool_]) -> None:
    """Write positions below some bins: the ends of the picture and of the gene."""
    at = np.flatnonzero(own)
    wanted = {0, len(bins) - 1}
    if len(at):
        wanted |= {int(at[0]), int(at[-1])}
    apart = max(len(bins) / 9, 1)
    kept: list[int] = []
    # The gene's own ends come first where there is no room for all.
    for one in sorted(wanted, key=lambda row: (row not in at, row)):
        if 0 <= one < len(bins) and all(abs(one - other) >= apart for other in kept):
            kept.append(one)
    kept.sort()
    axes.set_xticks(kept, [f"{bins.start[row] + 1:,}" for row in kept], fontsize=FONT)
    axes.set_xlabel(
        f"{gene.contig}, one step per bin (between bins not to scale)", fontsize=FONT + 1
    )


def heading(title: str, gene: Gene, called: GeneCall | None) -> str:
    """Return the title and, in words, what is known of the gene."""
    first = f"{title}: {gene.name}".removeprefix(": ")
    first += f"  {gene.contig}:{gene.start + 1:,}-{gene.end:,}"
    if called is None:
        return f"{first}\nno bin in this gene"
    said = [called.state + (", focal" if called.focal else "")]
    level = f"log2 {called.log2_ratio:.2f}"
    if called.log2_low is not None and called.log2_high is not None:
        level += f" ({called.log2_low:.2f} to {called.log2_high:.2f})"
    said.append(level)
    if called.copy_number is not None:
        said.append(f"{called.copy_number:.1f} copies")
    said.append(f"{called.bins} bins in {called.segments} segment{'s' * (called.segments > 1)}")
    lower = called.state in LOSSES
    most = called.lowest_log2 if lower else called.highest_log2
    count = called.lowest_bins if lower else called.highest_bins
    if called.segments > 1 and count is not None:
        said.append(f"{'lowest' if lower else 'highest'} {most:.2f} in {count} of them")
    if called.flank_log2 is not None and called.z is not None:
        said.append(f"flanks {called.flank_log2:.2f}, z {called.z:.1f}")
    if called.z_normals is not None:
        said.append(f"z against normals {called.z_normals:.1f}")
    if called.q_value is not None:
        said.append(f"q {called.q_value:.2g}")
    if called.loh is not None:
        said.append("LOH" if called.loh else "no LOH")
    return first + "\n" + ";  ".join(said)
