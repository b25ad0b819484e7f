"""The picture: bars of a spectrum, bars of its fit, shares of signatures with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from tumorkit.genome.channels import Kind
from tumorkit.signatures.plot.layout import Layout, layout_of

Values = NDArray[np.float64]

WIDTH, ROW, HEAD, FOOT = 13.0, 2.3, 0.75, 0.1
LEFT, GAP, SHARES = 0.65, 0.45, 3.1
FONT = 8.0
NAMED, UNNAMED, LINE = "#D55E00", "#8a9199", "#333333"
SHOWN = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class FitShown:
    """A fit as it is drawn: expected counts, and rows of name, share, low, high, named."""

    fitted: Values
    rows: tuple[tuple[str, float, float, float, bool], ...]
    unexplained: float | None = None
    cosine: float | None = None


def spectrum_figure(
    kind: Kind, spectra: Sequence[tuple[str, Values]], fits: Sequence[FitShown | None]
) -> Figure:
    """Draw spectra (name and counts in the standard order) below each other, fits beneath them."""
    layout = layout_of(kind)
    heights = [ROW * (1 if fit is None else 2) + HEAD + FOOT for fit in fits]
    whole = sum(heights)
    with rc_context({"font.size": FONT, "svg.hashsalt": "tumorkit", "axes.spines.top": False,
                     "axes.spines.right": False}):  # fmt: skip
        # Places are given in inches: to measure a hundred labels takes longer than to draw them.
        figure = Figure(figsize=(WIDTH, whole))
        FigureCanvasAgg(figure)
        top = whole
        for (name, counts), fit, height in zip(spectra, fits, heights, strict=True):
            draw_one(Place(figure=figure, whole=whole, top=top), layout, name, counts, fit)
            top -= height
    return figure


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a sample's part of the figure begins, from below, in inches."""

    figure: Figure
    whole: float
    top: float

    def axes(self, left: float, down: float, width: float, height: float) -> Any:
        """Return axes whose upper left corner lies so far from that of the part."""
        bottom = self.top - down - height
        return self.figure.add_axes(
            (left / WIDTH, bottom / self.whole, width / WIDTH, height / self.whole)
        )


def draw_one(place: Place, layout: Layout, name: str, counts: Values, fit: FitShown | None) -> None:
    """Draw one sample."""
    total = float(counts.sum())
    shown = counts[list(layout.order)]
    # A spectrum of sum one is a signature.
    signature = 0.99 < total < 1.01
    title = name if signature else f"{name}: {total:,.6g} mutations"
    above = 40 if layout.groups else 28
    if fit is None:
        axes = place.axes(LEFT, HEAD, WIDTH - LEFT - 0.15, ROW - GAP)
        draw_bars(axes, layout, shown, head=True)
        axes.set_title(title, fontsize=FONT + 2, loc="left", pad=above)
        axes.set_ylabel("share" if signature else "mutations")
        return
    wide = WIDTH - LEFT - SHARES
    top = place.axes(LEFT, HEAD, wide, ROW - GAP)
    below = place.axes(LEFT, HEAD + ROW, wide, ROW - GAP)
    draw_bars(top, layout, shown, head=True)
    top.set_title(title, fontsize=FONT + 2, loc="left", pad=above)
    top.set_ylabel("observed")
    fitted = fit.fitted[list(layout.order)]
    draw_bars(below, layout, fitted, head=False)
    below.set_ylabel("fitted, observed as dots")
    below.plot(np.arange(len(shown)), shown, ".", color=LINE, markersize=3, rasterized=True)
    limit = max(float(max(fitted.max(), shown.max())) * 1.08, 1e-9)
    top.set_ylim(0, limit)
    below.set_ylim(0, limit)
    draw_shares(place.axes(LEFT + wide + 0.95, HEAD, SHARES - 1.1, 2 * ROW - GAP), fit)


def draw_bars(axes: Any, layout: Layout, values: Values, *, head: bool) -> None:
    """Draw bars in blocks of colour, their names above."""
    start = 0
    ticks: list[str] = []
    for block in layout.blocks:
        size = len(block.channels)
        place = np.arange(start, start + size)
        axes.bar(place, values[start : start + size], width=0.72, color=block.color,
                 edgecolor="#777777" if block.color in ("#E2E2EF", "#D0E1F2") else "none",
                 linewidth=0.3)  # fmt: skip
        if head:
            axes.add_patch(
                Rectangle((start - 0.5, 1.02), size, 0.09, transform=axes.get_xaxis_transform(),
                          color=block.color, clip_on=False, linewidth=0)
            )  # fmt: skip
            axes.text(start + size / 2 - 0.5, 1.065, block.name, ha="center", va="center",
                      color=block.text, transform=axes.get_xaxis_transform())  # fmt: skip
        ticks += block.labels
        start += size
    if head:
        draw_groups(axes, layout)
    axes.set_xlim(-0.7, start - 0.3)
    axes.set_ylim(0, float(values.max()) * 1.08 or 1.0)
    axes.set_xticks(range(start), ticks, rotation=90, fontsize=FONT - 2.5, family="monospace")
    axes.tick_params(axis="x", length=0, pad=1)
    axes.set_ylabel("mutations")
    if layout.below:
        axes.set_xlabel(layout.below, fontsize=FONT - 1)


def draw_groups(axes: Any, layout: Layout) -> None:
    """Write the names of groups of blocks above these."""
    start = block = 0
    for name, count in layout.groups:
        size = sum(len(item.channels) for item in layout.blocks[block : block + count])
        axes.text(start + size / 2 - 0.5, 1.13, name, ha="center", va="bottom", fontsize=FONT - 1,
                  transform=axes.get_xaxis_transform())  # fmt: skip
        start, block = start + size, block + count


def draw_shares(axes: Any, fit: FitShown) -> None:
    """Draw the shares of signatures with their intervals."""
    rows = fit.rows[:SHOWN]
    place = np.arange(len(rows))[::-1]
    for y, (_, share, low, high, named) in zip(place, rows, strict=True):
        axes.plot([100 * low, 100 * high], [y, y], color=NAMED if named else UNNAMED, linewidth=1.5)
        axes.plot([100 * share], [y], "o", color=NAMED if named else UNNAMED, markersize=5,
                  markerfacecolor=NAMED if named else "white")  # fmt: skip
    axes.set_yticks(place, [name for name, *_ in rows])
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_color("black" if row[4] else UNNAMED)
    axes.set_xlim(0, 100)
    axes.set_ylim(-0.7, max(len(rows), 4) - 0.3)
    axes.set_xlabel("share of mutations (%)")
    said = []
    if fit.unexplained is not None:
        said.append(f"unexplained {fit.unexplained:.0%}")
    if fit.cosine is not None:
        said.append(f"cosine {fit.cosine:.3f}")
    axes.set_title("signatures" + (f"\n{', '.join(said)}" if said else ""), fontsize=FONT)
