"""The picture of a genome, or of the one contig there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tumorkit.copynumber.plot.labels import GeneLabel, spread
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import order, standard
from tumorkit.genome.segment import LOG2_FLOOR, CopyRatios, Segment, floored

Format = Literal["svg", "png", "pdf"]

# Okabe and Ito's colours.
GAIN, LOSS, NEUTRAL = "#D55E00", "#0072B2", "#333333"
POINTS = ("#8a9199", "#b9bec4")
BAND = "#f4f5f7"
CHANGED = 0.2  # log2 from which a segment is coloured; the same as for gains without a purity
COMMON = 0.02
SIZE = (13.0, 5.4)
FONT = 7.5


@dataclass(frozen=True)
class _Layout:
    """Where contigs stand on the x axis, in bases."""

    offsets: dict[str, int]
    lengths: dict[str, int]

    @property
    def width(self) -> int:
        last = list(self.offsets)[-1]
        return self.offsets[last] + self.lengths[last]

    def place(self, contig: str, position: float) -> float:
        return self.offsets[standard(contig)] + position


def genome_figure(
    ratios: CopyRatios,
    segments: Sequence[Segment],
    *,
    genes_to_label: Sequence[GeneLabel] = (),
    build: Build | None = None,
    title: str = "",
) -> Figure:
    """Draw log2 copy ratios and segments along the genome.

    Contigs are as long as the build says, else as their last bin. One contig alone gets an axis
    in megabases. The drawing is the same for the same input; points are rasterised in vector
    formats.
    """
    figure = Figure(figsize=SIZE, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    layout = layout_of(ratios, build)
    low, high = limits(ratios, segments)
    draw_contigs(axes, layout, build)
    draw_points(axes, ratios, layout, low, high)
    draw_segments(axes, segments, layout, low, high)
    draw_labels(axes, genes_to_label, layout, low, high)
    axes.set_xlim(0, layout.width)
    axes.set_ylabel("log2 copy ratio")
    axes.tick_params(axis="y", labelsize=FONT)
    ticks = list(range(int(np.ceil(low)), int(np.floor(high)) + 1))
    axes.set_yticks(ticks if len(ticks) > 3 else np.arange(np.ceil(low * 2), high * 2 + 1) / 2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
    return figure


def layout_of(ratios: CopyRatios, build: Build | None) -> _Layout:
    """Lay the contigs side by side in genome order."""
    names = sorted(ratios.contigs, key=order)
    lengths: dict[str, int] = {}
    for name in names:
        last = int(ratios.end[ratios.contig == name].max())
        known = build.length(name) if build else None
        lengths[standard(name)] = max(last, known or 0)
    offsets, at = {}, 0
    for name, length in lengths.items():
        offsets[name] = at
        at += length
    return _Layout(offsets, lengths)


def limits(ratios: CopyRatios, segments: Sequence[Segment]) -> tuple[float, float]:
    """Return the lowest and highest log2 ratio shown: all segments and nearly all bins."""
    values = floored(ratios.log2_ratio[np.isfinite(ratios.log2_ratio)])
    inner = values[values > LOG2_FLOOR]
    # A missing Y is known and would only press the rest together.
    levels = [
        s.log2_ratio for s in segments if np.isfinite(s.log2_ratio) and standard(s.contig) != "chrY"
    ]
    if len(inner) == 0:
        return LOG2_FLOOR - 0.5, 1.5
    low = min(-1.2, float(np.quantile(inner, 0.002)), min(levels, default=0.0) - 0.3)
    high = max(1.2, float(np.quantile(inner, 0.998)), max(levels, default=0.0) + 0.3)
    return max(low, LOG2_FLOOR - 0.3), min(high, 8.0)


def draw_contigs(axes: Any, layout: _Layout, build: Build | None) -> None:
    """Draw bands, borders, names and, for a contig alone, centromere and megabases."""
    if len(layout.offsets) == 1:
        (name,) = layout.offsets
        if build is not None and name in build.centromeres:
            axes.axvspan(*build.centromeres[name], color="#e3e6ea", lw=0, zorder=0)
        step = megabase_step(layout.width)
        ticks = np.arange(0, layout.width + 1, step)
        axes.set_xticks(ticks, [f"{tick / 1e6:g}" for tick in ticks], fontsize=FONT)
        axes.annotate(
            f"{name} (Mb)", (1, 0), xycoords="axes fraction", xytext=(4, -10),
            textcoords="offset points", ha="left", va="center", fontsize=FONT,
        )  # fmt: skip
        return
    narrow = layout.width * 0.018
    lowered = False
    for number, (name, offset) in enumerate(layout.offsets.items()):
        length = layout.lengths[name]
        if number % 2:
            axes.axvspan(offset, offset + length, color=BAND, lw=0, zorder=0)
        if build is not None and name in build.centromeres:
            middle = offset + sum(build.centromeres[name]) / 2
            axes.axvline(middle, color="#d5d9de", lw=0.6, ls=(0, (1, 2)), zorder=0.5)
        lowered = length < narrow and not lowered
        axes.annotate(
            name.removeprefix("chr"),
            (offset + length / 2, 0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0, -13 if lowered else -4),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=FONT,
            annotation_clip=False,
        )
    edges = [*layout.offsets.values(), layout.width]
    axes.set_xticks(edges, [""] * len(edges))
    axes.tick_params(axis="x", length=3, width=0.6)


def megabase_step(width: int) -> float:
    """Return a round distance between ticks, about twelve of them."""
    raw = width / 12
    unit = 10.0 ** np.floor(np.log10(max(raw, 1)))
    return float(next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= raw))


def draw_points(axes: Any, ratios: CopyRatios, layout: _Layout, low: float, high: float) -> None:
    """Draw bins as points; those outside the picture are triangles at its edge."""
    values = floored(ratios.log2_ratio)
    names = {name: number for number, name in enumerate(layout.offsets)}
    offset = np.zeros(len(values))
    parity = np.zeros(len(values), dtype=np.int64)
    for name in ratios.contigs:
        rows = ratios.contig == name
        offset[rows] = layout.offsets[standard(name)]
        parity[rows] = names[standard(name)] % 2
    x = offset + (ratios.start + ratios.end) / 2
    known = np.isfinite(values)
    size = float(np.clip(40_000 / max(len(values), 1), 0.5, 9))
    alpha = float(np.clip(20_000 / max(len(values), 1), 0.15, 0.8))
    inside = known & (values > LOG2_FLOOR) & (values >= low) & (values <= high)
    for number, color in enumerate(POINTS):
        for target, strength in ((True, 1.0), (False, 0.6)):
            rows = inside & (parity == number) & (ratios.target == target)
            axes.scatter(
                x[rows],
                values[rows],
                s=size,
                c=color,
                alpha=alpha * strength,
                linewidths=0,
                rasterized=True,
                zorder=1,
            )
    for rows, y, marker, color in (
        (known & ((values <= LOG2_FLOOR) | (values < low)), low, "v", LOSS),
        (known & (values > high), high, "^", GAIN),
    ):
        # Where bins without reads are common they are no finding.
        common = rows.sum() > COMMON * len(values)
        axes.scatter(
            x[rows],
            np.full(int(rows.sum()), y),
            s=6 if common else 16,
            c=POINTS[0] if common else color,
            marker=marker,
            alpha=0.02 if common else 0.7,
            linewidths=0,
            rasterized=True,
            zorder=2,
        )


def draw_segments(
    axes: Any, segments: Sequence[Segment], layout: _Layout, low: float, high: float
) -> None:
    """Draw segments as lines; short ones are widened so that they can be seen."""
    axes.axhline(0, color="#555555", lw=0.6, zorder=1.5)
    least = layout.width / 500
    for item in segments:
        if standard(item.contig) not in layout.offsets or not np.isfinite(item.log2_ratio):
            continue
        start, end = (layout.place(item.contig, at) for at in (item.start, item.end))
        if end - start < least:
            middle = (start + end) / 2
            start, end = middle - least / 2, middle + least / 2
        level = float(np.clip(item.log2_ratio, low, high))
        color = NEUTRAL
        if abs(item.log2_ratio) >= CHANGED:
            color = GAIN if item.log2_ratio > 0 else LOSS
        axes.plot(
            [start, end], [level, level], color="white", lw=3.4, zorder=3, solid_capstyle="butt"
        )
        axes.plot(
            [start, end], [level, level], color=color, lw=2.0, zorder=4, solid_capstyle="butt"
        )


def draw_labels(
    axes: Any, labels: Sequence[GeneLabel], layout: _Layout, low: float, high: float
) -> None:
    """Write gene names above (gains) and below (losses) the picture, with lines to the events."""
    shown = [label for label in labels if standard(label.contig) in layout.offsets]
    margin = (high - low) * 0.03
    axes.set_ylim(low - margin, high + margin)
    # Upright text takes its height from the width of the picture.
    width = layout.width * (FONT * 1.35 / 72) / (SIZE[0] * 0.93)
    for loss, edge in ((False, 1.04), (True, -0.12)):
        own = sorted(
            (label for label in shown if label.loss is loss),
            key=lambda label: layout.place(label.contig, label.position),
        )
        places = [layout.place(label.contig, label.position) for label in own]
        moved = spread(places, width, width / 2, layout.width - width / 2)
        for label, place, x in zip(own, places, moved, strict=True):
            color = LOSS if loss else GAIN
            axes.annotate(
                label.name,
                (place, float(np.clip(label.log2_ratio, low, high))),
                xytext=(x, edge),
                textcoords=axes.get_xaxis_transform(),
                rotation=90,
                ha="center",
                va="top" if loss else "bottom",
                fontsize=FONT,
                color=color,
                arrowprops={
                    "arrowstyle": "-",
                    "lw": 0.6,
                    "color": color,
                    "alpha": 0.5,
                    "shrinkA": 1,
                    "shrinkB": 3,
                },
                annotation_clip=False,
                zorder=2.5,
            )


def figure_bytes(figure: Figure, kind: Format, *, dpi: int = 150) -> bytes:
    """Return a figure as SVG, PNG or PDF; equal figures give equal bytes."""
    metadata: dict[str, Any] = {
        "svg": {"Date": None, "Creator": None},
        "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
        "png": {"Software": None},
    }[kind]
    out = BytesIO()
    with rc_context({"svg.hashsalt": "tumorkit", "svg.fonttype": "path", "pdf.fonttype": 42}):
        figure.savefig(out, format=kind, dpi=dpi, metadata=metadata)
    return out.getvalue()
