"""The picture of a fit: the surface with its solutions, segments among states, the genome."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from tumorkit.contract.estimate import Estimate
from tumorkit.genome.contigs import order, standard
from tumorkit.purity.result import PurityResult, SegmentCopies, Solution

FONT = 7.5
SIZE = (13.0, 8.0)
# Okabe and Ito's colours: major allele, minor allele, solutions, what is subclonal.
MAJOR, MINOR, BEST, PARTIAL = "#0072B2", "#D55E00", "#D55E00", "#CC79A7"
TOTAL = "#222222"
# Letters and rings on the surface have a dark rim, since it is dark in places and light in others.
OUTLINE = [withStroke(linewidth=2.0, foreground="#222222")]
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
    said = result.reason_of_state
    if value is not None:
        said = f"purity {ranged(result.purity)}, ploidy {ranged(result.ploidy)}"
    figure.suptitle(f"{result.sample}: {said}", fontsize=10, x=0.01, ha="left")
    return figure


def ranged(estimate: Estimate) -> str:
    """Return a value with its 95 % range."""
    return f"{estimate.value:.2f} ({estimate.low or 0.0:.2f} to {estimate.high or 0.0:.2f})"


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
            mew=1.6, path_effects=OUTLINE,
        )  # fmt: skip
        axes.annotate(
            f"{rank}: {item.weight:.0%}", (item.ploidy, item.purity), xytext=(7, 5),
            textcoords="offset points", color="white", fontsize=FONT + 0.5, path_effects=OUTLINE,
        )  # fmt: skip
    given = result.pathology_purity
    if given is not None:
        axes.axhline(given, color="white", lw=0.8, ls=":")
        axes.annotate(
            "pathologist", (1.3, given), color="white", fontsize=FONT, va="bottom",
            path_effects=OUTLINE,
        )  # fmt: skip
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
    if not shown:
        draw_levels(axes, result)
        return
    best = result.solutions[0]
    levels = [item.log2_ratio for item in shown]
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


def draw_levels(axes: Any, result: PurityResult) -> None:
    """Draw how much of the genome lies at which level, where no alleles were measured."""
    axes.set_title("Levels of segments and the places of whole copies", fontsize=9, loc="left")
    axes.set_ylabel("length, Mb", fontsize=FONT)
    best = result.solutions[0]
    own = [item for item in result.segments if item.normal_copies == 2]
    shift = offset(result.segments, best)
    low = min([item.log2_ratio for item in own] + [-1.0]) - 0.15
    high = max([item.log2_ratio for item in own] + [0.8]) + 0.15
    top = max([item.end - item.start for item in own] + [1]) / 1e6
    for total in range(MOST + 1):
        x = float(np.log2(max(best.purity * total + 2 * (1 - best.purity), 0.03))) - shift
        if low <= x <= high:
            axes.axvline(x, color="#bbbbbb", lw=0.8, ls="--")
            axes.annotate(str(total), (x, 1.1 * top), fontsize=FONT, color="#555555", ha="center")
    for item in own:
        color = PARTIAL if item.subclonal else MAJOR
        length = (item.end - item.start) / 1e6
        axes.plot([item.log2_ratio] * 2, [0, length], color=color, lw=1.0, alpha=0.6)
        axes.plot(item.log2_ratio, length, "o", color=color, ms=4, alpha=0.75, mew=0)
    axes.set_xlim(low, high)
    axes.set_ylim(0, 1.2 * top)


def offset(segments: tuple[SegmentCopies, ...], best: Solution) -> float:
    """Return log2 of the copies that a ratio of 1 stands for, from a segment's computed copies."""
    item = max(segments, key=lambda one: (one.normal_copies == 2, one.end - one.start))
    mixture = best.purity * item.copies + item.normal_copies * (1 - best.purity)
    return float(np.log2(max(mixture, 0.03)) - item.log2_ratio)


def draw_genome(axes: Any, result: PurityResult) -> None:
    """Draw copies along the genome: as computed thin, whole copies of both alleles thick."""
    alleles = any(item.minor_cn is not None for item in result.segments)
    whole = "of major (blue) and minor allele (orange)" if alleles else "of both alleles (black)"
    axes.set_title(
        f"Copies: computed (grey), whole copies {whole}, partly subclonal (pink)",
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
        else:
            axes.plot([start, end], [min(item.total_cn, MOST)] * 2, color=TOTAL, lw=2.6)
    axes.set_xticks(ticks, names)
    axes.set_xlim(0, place)
    axes.set_ylim(-0.4, MOST + 0.4)
