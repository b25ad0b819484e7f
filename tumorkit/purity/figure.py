"""The picture of a fit: the surface with its solutions, segments among states, the genome."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tumorkit.genome.contigs import order, standard
from tumorkit.purity.result import PurityResult, SegmentCopies, Solution

FONT = 7.5
SIZE = (13.0, 8.0)
# Okabe and Ito's colours: major allele, minor allele, solutions, what is subclonal.
MAJOR, MINOR, BEST, PARTIAL = "#0072B2", "#D55E00", "#D55E00", "#CC79A7"
# Copies that are drawn; more stand at the edge.
MOST = 8
# The surface is drawn down to this (natural logarithm) below its best.
DEEPEST = 60.0


def fit_figure(result: PurityResult) -> Figure:
    """Draw a fit; the same result gives the same picture."""
    figure = Figure(figsize=SIZE, layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2, 2, height_ratios=(1.15, 1.0))
    draw_surface(figure, figure.add_subplot(grid[0, 0]), result)
    draw_states(figure.add_subplot(grid[0, 1]), result)
    draw_genome(figure.add_subplot(grid[1, :]), result)
    value = result.purity.value
    said = (
        f"purity {value:.2f}, ploidy {result.ploidy.value:.2f}"
        if value is not None and result.ploidy.value is not None
        else result.reason_of_state
    )
    figure.suptitle(f"{result.sample}: {said}", fontsize=10, x=0.01, ha="left")
    return figure


def draw_surface(figure: Figure, axes: Any, result: PurityResult) -> None:
    """Draw the posterior over purity and ploidy, with the solutions numbered."""
    surface = result.surface
    if surface is not None:
        drawn = np.maximum(surface.log_weight - surface.log_weight.max(), -DEEPEST)
        image = axes.pcolormesh(
            surface.ploidy, surface.purity, drawn, cmap="viridis", shading="nearest",
            rasterized=True,
        )  # fmt: skip
        bar = figure.colorbar(image, ax=axes, pad=0.01)
        bar.set_label("log weight below the best", fontsize=FONT)
        bar.ax.tick_params(labelsize=FONT)
    for rank, item in enumerate(result.solutions, start=1):
        axes.plot(
            item.ploidy, item.purity, "o", ms=9, mfc="none", mec=BEST if rank == 1 else "white",
            mew=1.6,
        )  # fmt: skip
        axes.annotate(
            f"{rank}: {item.weight:.0%}", (item.ploidy, item.purity), xytext=(7, 5),
            textcoords="offset points", color="white", fontsize=FONT,
        )  # fmt: skip
    given = result.pathology_purity
    if given is not None:
        axes.axhline(given, color="white", lw=0.8, ls=":")
        axes.annotate("pathologist", (1.3, given), color="white", fontsize=FONT, va="bottom")
    axes.set_xlabel("ploidy", fontsize=FONT)
    axes.set_ylabel("purity", fontsize=FONT)
    axes.tick_params(labelsize=FONT)
    axes.set_title("How well each purity and ploidy fits", fontsize=9, loc="left")


def draw_states(axes: Any, result: PurityResult) -> None:
    """Draw segments by level and allele fraction, with the places of whole copies."""
    shown = [item for item in result.segments if item.normal_copies == 2 and item.baf is not None]
    axes.set_title("Segments and the places of whole copies", fontsize=9, loc="left")
    axes.set_xlabel("log2 copy ratio", fontsize=FONT)
    axes.set_ylabel("major-allele fraction", fontsize=FONT)
    axes.tick_params(labelsize=FONT)
    if not result.segments:
        axes.text(0.5, 0.5, "no solution", ha="center", transform=axes.transAxes, fontsize=9)
        return
    best = result.solutions[0]
    levels = [item.log2_ratio for item in shown or result.segments]
    low, high = min([*levels, -1.0]) - 0.15, max([*levels, 0.8]) + 0.15
    shift = offset(result.segments, best)
    for total in range(MOST + 1):
        for minor in range(total // 2 + 1):
            ratio = best.purity * total + 2 * (1 - best.purity)
            x = float(np.log2(max(ratio, 0.03))) - shift
            y = (best.purity * (total - minor) + 1 - best.purity) / max(ratio, 0.03)
            if low <= x <= high:
                axes.plot(x, y, "+", color="#777777", ms=7, mew=0.9)
                axes.annotate(
                    f"{total - minor}+{minor}", (x, y), xytext=(4, 3), textcoords="offset points",
                    fontsize=6.5, color="#555555",
                )  # fmt: skip
    size = [4 + 90 * (item.end - item.start) / 2.5e8 for item in shown]
    colors = [PARTIAL if item.subclonal else MAJOR for item in shown]
    axes.scatter(
        [item.log2_ratio for item in shown],
        [max(item.baf or 0.5, 1 - (item.baf or 0.5)) for item in shown],
        s=size, c=colors, alpha=0.65, lw=0,
    )  # fmt: skip
    axes.set_xlim(low, high)
    axes.set_ylim(0.48, 1.02)


def offset(segments: tuple[SegmentCopies, ...], best: Solution) -> float:
    """Return log2 of the copies that a ratio of 1 stands for, from a segment's computed copies."""
    item = max(segments, key=lambda one: (one.normal_copies == 2, one.end - one.start))
    mixture = best.purity * item.copies + item.normal_copies * (1 - best.purity)
    return float(np.log2(max(mixture, 0.03)) - item.log2_ratio)


def draw_genome(axes: Any, result: PurityResult) -> None:
    """Draw copies along the genome: as computed thin, whole copies of both alleles thick."""
    axes.set_title(
        "Copies: computed (grey), whole copies of major (blue) and minor allele (orange), "
        "partly subclonal (pink)",
        fontsize=9,
        loc="left",
    )
    axes.set_ylabel("copies", fontsize=FONT)
    axes.tick_params(labelsize=FONT)
    if not result.segments:
        axes.text(0.5, 0.5, "no solution", ha="center", transform=axes.transAxes, fontsize=9)
        return
    ends: dict[str, int] = {}
    for item in result.segments:
        name = standard(item.contig)
        ends[name] = max(ends.get(name, 0), item.end)
    offsets, place = {}, 0
    ticks, names = [], []
    for name in sorted(ends, key=order):
        offsets[name] = place
        ticks.append(place + ends[name] / 2)
        names.append(name.removeprefix("chr"))
        place += ends[name]
        axes.axvline(place, color="#dddddd", lw=0.6)
    for item in result.segments:
        start = offsets[standard(item.contig)] + item.start
        end = offsets[standard(item.contig)] + item.end
        color = PARTIAL if item.subclonal else "#999999"
        axes.plot([start, end], [min(max(item.copies, 0), MOST)] * 2, color=color, lw=1.2)
        if item.major_cn is not None and item.minor_cn is not None:
            axes.plot([start, end], [min(item.major_cn, MOST) + 0.06] * 2, color=MAJOR, lw=2.6)
            axes.plot([start, end], [item.minor_cn - 0.06] * 2, color=MINOR, lw=2.6)
    axes.set_xticks(ticks, names)
    axes.set_xlim(0, place)
    axes.set_ylim(-0.4, MOST + 0.4)
