"""What all pictures draw: bins, segments, alleles, breakpoints, axes and names."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from tumorkit.copynumber.call.result import CallResult, SegmentCall
from tumorkit.copynumber.plot.labels import GeneLabel, spread
from tumorkit.copynumber.plot.style import BREAK, FONT, INK, LOOKS, POINTS, WIDTH, Look, look_of
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import LOG2_FLOOR, CopyRatios, Gene, Segment, floored
from tumorkit.genome.snps import SnpCounts

Values = NDArray[np.float64]
Place = Callable[[str, "int | Values"], "float | Values"]

COMMON = 0.02
# More breakpoints in one view show their intervals only, no lines through the bins.
FEW_BREAKS = 16
COPIES = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """All that a picture may show of a sample.

    ``calls`` colours segments by their states and names genes; without them log2 ratios do.
    ``loci`` are genes with their exons. ``snps`` are heterozygous SNPs of the tumour.
    """

    ratios: CopyRatios
    segments: Sequence[Segment]
    calls: CallResult | None = None
    loci: Sequence[Gene] = ()
    snps: SnpCounts | None = None
    build: Build | None = None
    title: str = ""

    @property
    def called(self) -> Sequence[SegmentCall | None]:
        """The call of each segment, None where nothing was called."""
        if self.calls is None or len(self.calls.segments) != len(self.segments):
            return [None] * len(self.segments)
        return self.calls.segments

    @property
    def alleles_known(self) -> bool:
        """Whether there is anything to show of alleles."""
        snps = self.snps is not None and len(self.snps) > 0
        return snps or any(item.baf is not None for item in self.segments)


@dataclass(frozen=True, kw_only=True)
class View:
    """The part of the genome that is shown: contigs, extent of the x axis, places on it."""

    contigs: frozenset[str]
    left: float
    right: float
    place: Place
    parity: dict[str, int]

    @property
    def width(self) -> float:
        """Length of the x axis."""
        return self.right - self.left

    def shows(self, contig: str, start: float, end: float) -> bool:
        """Whether a stretch is at least in part in the view."""
        if standard(contig) not in self.contigs:
            return False
        low, high = (float(self.place(contig, at)) for at in (start, end))  # type: ignore[arg-type]
        return high >= self.left and low <= self.right


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


def ratio_axis(axes: Any, low: float, high: float, calls: CallResult | None) -> None:
    """Set up the axis of log2 ratios, and of copies beside it where a purity is known."""
    margin = (high - low) * 0.03
    axes.set_ylim(low - margin, high + margin)
    axes.set_ylabel("log2 copy ratio", fontsize=FONT + 1)
    ticks = list(range(int(np.ceil(low)), int(np.floor(high)) + 1))
    axes.set_yticks(ticks if len(ticks) > 3 else np.arange(np.ceil(low * 2), high * 2 + 1) / 2)
    axes.tick_params(axis="y", labelsize=FONT)
    bare(axes)
    if calls is None or calls.purity is None:
        return
    purity, ploidy = calls.purity, calls.ploidy or 2.0
    average = purity * ploidy + 2 * (1 - purity)
    places = [
        (copies, float(np.log2((purity * copies + 2 * (1 - purity)) / average)))
        for copies in COPIES
        if purity * copies + 2 * (1 - purity) > 0
    ]
    apart, last, kept = (high - low) / 16, -np.inf, []
    for copies, level in places:
        if low <= level <= high and level - last >= apart:
            kept.append((copies, level))
            last = level
    beside = axes.secondary_yaxis("right")
    beside.set_yticks([level for _, level in kept], [str(copies) for copies, _ in kept])
    beside.tick_params(labelsize=FONT)
    beside.set_ylabel("tumour copies (two in a normal cell)", fontsize=FONT + 1)


def bare(axes: Any) -> None:
    """Leave out the frame above and to the right."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def draw_points(
    axes: Any, ratios: CopyRatios, view: View, low: float, high: float, color: str = ""
) -> None:
    """Draw bins as points; those outside the picture are triangles at its edge."""
    values = floored(ratios.log2_ratio)
    x = np.full(len(values), np.nan)
    parity = np.zeros(len(values), dtype=np.int64)
    middle = (ratios.start + ratios.end) / 2
    for name, first, last in ratios.runs():
        if standard(name) in view.contigs:
            x[first:last] = view.place(name, middle[first:last])
            parity[first:last] = view.parity.get(standard(name), 0)
    seen = (x >= view.left) & (x <= view.right)
    known = np.isfinite(values) & seen
    count = max(int(known.sum()), 1)
    size = float(np.clip(40_000 / count, 0.5, 11))
    alpha = float(np.clip(20_000 / count, 0.15, 0.85))
    inside = known & (values > LOG2_FLOOR) & (values >= low) & (values <= high)
    for number, shade in enumerate(POINTS):
        for target, strength in ((True, 1.0), (False, 0.6)):
            rows = inside & (parity == number) & (ratios.target == target)
            if rows.any():
                axes.scatter(
                    x[rows], values[rows], s=size, c=color or shade, alpha=alpha * strength,
                    linewidths=0, rasterized=True, zorder=1,
                )  # fmt: skip
    for rows, y, marker, shade in (
        (known & ((values <= LOG2_FLOOR) | (values < low)), low, "v", INK[True]),
        (known & (values > high), high, "^", INK[False]),
    ):
        # Where bins without reads are common they are no finding.
        common = rows.sum() > COMMON * count and rows.sum() > 50
        if rows.any():
            axes.scatter(
                x[rows], np.full(int(rows.sum()), y), s=6 if common else 16,
                c=POINTS[0] if common else shade, marker=marker, alpha=0.02 if common else 0.7,
                linewidths=0, rasterized=True, zorder=2,
            )  # fmt: skip


def draw_segments(
    axes: Any, profile: Profile, view: View, low: float, high: float
) -> dict[str, Look]:
    """Draw segments as lines, focal ones with a mark; return the looks that were used.

    Short ones are widened so that they can be seen.
    """
    axes.axhline(0, color="#555555", lw=0.6, zorder=1.5)
    least = view.width / 500
    used: dict[str, Look] = {}
    for item, called in zip(profile.segments, profile.called, strict=True):
        if not np.isfinite(item.log2_ratio) or not view.shows(item.contig, item.start, item.end):
            continue
        start, end = widened(view, item, least)
        level = float(np.clip(item.log2_ratio, low, high))
        look = look_of(item, called)
        used[look.name] = look
        for color, width, order in (("white", 3.6, 3), (look.color, 2.2, 4)):
            axes.plot(
                [start, end], [level, level], color=color, lw=width, zorder=order,
                solid_capstyle="butt",
            )  # fmt: skip
        if item.focal or (called is not None and called.focal):
            axes.plot(
                [(start + end) / 2], [level], marker="D", ms=4.2, mfc=look.color, mec="white",
                mew=0.7, zorder=5,
            )  # fmt: skip
    return used


def widened(view: View, item: Segment, least: float) -> tuple[float, float]:
    """Return where a segment begins and ends on the x axis, at least so long."""
    start = max(float(view.place(item.contig, item.start)), view.left)
    end = min(float(view.place(item.contig, item.end)), view.right)
    if end - start < least:
        middle = (start + end) / 2
        start, end = middle - least / 2, middle + least / 2
    return start, end


def draw_breakpoints(axes: Any, profile: Profile, view: View) -> bool:
    """Mark breakpoints, each with a bracket at the bottom over its interval; say if there are."""
    there = [
        item
        for before, item in itertools.pairwise(profile.segments)
        if before.contig == item.contig
        and not parted(profile.build, before, item)
        and view.shows(item.contig, item.start_low or item.start, item.start_high or item.start)
    ]
    for item in there:
        if len(there) <= FEW_BREAKS:
            at = float(view.place(item.contig, item.start))
            axes.axvline(at, color=BREAK, lw=0.8, ls=(0, (2, 2)), zorder=0.7)
        if item.start_low is not None and item.start_high is not None:
            low, high = (
                min(max(float(view.place(item.contig, edge)), view.left), view.right)
                for edge in (item.start_low, item.start_high)
            )
            if len(there) <= FEW_BREAKS:
                axes.axvspan(low, high, color=BREAK, alpha=0.06, lw=0, zorder=0.3)
            axes.plot(
                [low, high], [0.025, 0.025], transform=axes.get_xaxis_transform(), color=BREAK,
                lw=1.2, marker="|", ms=5, zorder=0.8,
            )  # fmt: skip
    return bool(there)


def parted(build: Build | None, left: Segment, right: Segment) -> bool:
    """Whether a centromere lies between two neighbours: no breakpoint was looked for there."""
    if build is None:
        return False
    return build.arm(left.contig, left.start, left.end) != build.arm(
        right.contig, right.start, right.end
    )


def draw_alleles(axes: Any, profile: Profile, view: View) -> None:
    """Draw allele fractions of heterozygous SNPs, and of segments the pair about one half."""
    bare(axes)
    axes.set_ylim(-0.03, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "", ".5", "", "1"])
    axes.tick_params(axis="y", labelsize=FONT)
    axes.set_ylabel("allele fraction", fontsize=FONT + 1)
    axes.axhline(0.5, color="#555555", lw=0.6, zorder=1.5)
    if profile.snps is not None and len(profile.snps):
        draw_snps(axes, profile.snps, view)
    least = view.width / 500
    for item, called in zip(profile.segments, profile.called, strict=True):
        if item.baf is None or not view.shows(item.contig, item.start, item.end):
            continue
        start, end = widened(view, item, least)
        color = look_of(item, called).color
        for level in {item.baf, 1 - item.baf}:
            for shade, width, order in (("white", 3.2, 3), (color, 1.8, 4)):
                axes.plot(
                    [start, end], [level, level], color=shade, lw=width, zorder=order,
                    solid_capstyle="butt",
                )  # fmt: skip


def draw_snps(axes: Any, snps: SnpCounts, view: View) -> None:
    """Draw the alternative's share of reads at each SNP."""
    depth = snps.ref + snps.alt
    share = snps.alt / np.maximum(depth, 1)
    x = np.full(len(snps), np.nan)
    parity = np.zeros(len(snps), dtype=np.int64)
    for name in dict.fromkeys(snps.contig.tolist()):
        if standard(name) in view.contigs:
            rows = snps.contig == name
            x[rows] = view.place(name, snps.position[rows].astype(np.float64))
            parity[rows] = view.parity.get(standard(name), 0)
    seen = (x >= view.left) & (x <= view.right) & (depth > 0)
    count = max(int(seen.sum()), 1)
    for number, shade in enumerate(POINTS):
        rows = seen & (parity == number)
        if rows.any():
            axes.scatter(
                x[rows], share[rows], s=float(np.clip(40_000 / count, 0.5, 9)), c=shade,
                alpha=float(np.clip(12_000 / count, 0.15, 0.8)), linewidths=0, rasterized=True,
                zorder=1,
            )  # fmt: skip


def draw_labels(
    axes: Any, labels: Sequence[GeneLabel], view: View, low: float, high: float
) -> None:
    """Write names above the picture, side by side, with lines to their events."""
    own = sorted(
        (float(view.place(label.contig, label.position)), label)
        for label in labels
        if view.shows(label.contig, label.position, label.position)
    )
    # Upright text takes its height from the width of the picture.
    width = view.width * (FONT * 1.5 / 72) / (WIDTH * 0.9)
    moved = spread(
        [place for place, _ in own], width, view.left + width / 2, view.right - width / 2
    )
    for (place, label), x in zip(own, moved, strict=True):
        color = INK[label.loss]
        axes.annotate(
            label.name,
            (place, float(np.clip(label.log2_ratio, low, high))),
            xytext=(x, 1.03),
            textcoords=axes.get_xaxis_transform(),
            rotation=90,
            ha="center",
            va="bottom",
            fontsize=FONT,
            color=color,
            arrowprops={
                "arrowstyle": "-", "lw": 0.6, "color": color, "alpha": 0.45, "shrinkA": 1,
                "shrinkB": 3,
            },
            annotation_clip=False,
            zorder=2.5,
        )  # fmt: skip


def draw_heading(
    figure: Figure, title: str, used: dict[str, Look], *, breaks: bool = False, focal: bool = False
) -> None:
    """Write the title, and say in words what the colours in the picture mean."""
    from matplotlib.lines import Line2D

    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
    ranked = sorted(
        used.values(), key=lambda look: [item.color for item in LOOKS].index(look.color)
    )
    handles = [Line2D([], [], color=look.color, lw=2.2, label=look.name) for look in ranked]
    if focal:
        handles.append(
            Line2D([], [], color="#333333", marker="D", ms=4.2, lw=0, label="focal event")
        )
    if breaks:
        handles.append(
            Line2D([], [], color=BREAK, lw=1.2, marker="|", ms=5, label="breakpoint, interval")
        )
    if handles:
        figure.legend(
            handles=handles, loc="outside lower center", ncols=len(handles), fontsize=FONT,
            frameon=False, handlelength=1.6,
        )  # fmt: skip
