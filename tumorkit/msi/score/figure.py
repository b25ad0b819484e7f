"""Pictures of a score: the whole sample, and the lengths of its most unstable sites."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tumorkit.errors import ParameterError
from tumorkit.msi.likelihood import kernel_of
from tumorkit.msi.score.result import MsiResult, SiteCall
from tumorkit.msi.stutter import STEPS, Shape

# Okabe and Ito's colours.
TUMOR, NORMAL, STABLE, LIMIT = "#D55E00", "#0072B2", "#8a9199", "#333333"
SHOWN = 8
WIDTH, TOP, ROW = 12.0, 3.6, 2.1
FONT = 8.0
FORMATS = ("svg", "png", "pdf")


def msi_figure(result: MsiResult) -> Figure:
    """Draw a score: its interval against the cut-off, all sites, and the most unstable ones.

    Histograms show the tumour's share of fragments by length, the normal's where there is one, and
    what stutter alone would give.
    """
    with rc_context({"font.size": FONT, "svg.hashsalt": "tumorkit", "axes.spines.top": False,
                     "axes.spines.right": False}):  # fmt: skip
        best = most_unstable(result.sites)
        rows = -(-len(best) // 4)
        figure = Figure(figsize=(WIDTH, TOP + ROW * rows), layout="constrained")
        FigureCanvasAgg(figure)
        heights = [TOP, *([ROW] * rows)]
        grid = figure.add_gridspec(1 + rows, 4, height_ratios=heights)
        draw_score(figure.add_subplot(grid[0, 0]), result)
        draw_sites(figure.add_subplot(grid[0, 1:]), result)
        for number, site in enumerate(best):
            axes = figure.add_subplot(grid[1 + number // 4, number % 4])
            draw_lengths(axes, site, legend=number == 0)
        figure.suptitle(f"{result.sample}: microsatellite instability", fontsize=FONT + 3)
    return figure


def most_unstable(sites: Sequence[SiteCall]) -> list[SiteCall]:
    """Return the sites with the strongest evidence of a shift."""
    found = [site for site in sites if site.call == "unstable"]
    return sorted(found, key=lambda s: (-(s.log_likelihood_ratio or 0), s.contig, s.location))[
        :SHOWN
    ]


def draw_score(axes: Any, result: MsiResult) -> None:
    """Draw the share with its interval and the cut-off, or say why there is none."""
    msi = result.msi
    axes.set_xlim(-1, 1)
    axes.set_xticks([])
    if msi.value is None or msi.low is None or msi.high is None:
        words = (msi.reason or "").split()
        lines = [" ".join(words[k : k + 5]) for k in range(0, len(words), 5)]
        axes.text(0, 0.5, "not evaluable\n" + "\n".join(lines), ha="center", va="center",
                  transform=axes.get_xaxis_transform())  # fmt: skip
        axes.set_yticks([])
        return
    limit = msi.cutoffs[0]
    axes.errorbar([0], [100 * msi.value],
                  yerr=[[100 * (msi.value - msi.low)], [100 * (msi.high - msi.value)]],
                  fmt="o", color=TUMOR, capsize=5, markersize=7)  # fmt: skip
    axes.axhline(100 * limit.value, color=LIMIT, linewidth=0.8, linestyle="--")
    axes.text(-0.97, 100 * limit.value, f"cut-off {100 * limit.value:g} %", va="bottom",
              color=LIMIT)  # fmt: skip
    axes.set_ylim(0, max(100 * msi.high, 200 * limit.value) * 1.1)
    axes.set_ylabel("unstable sites (%)")
    axes.set_title(
        f"{msi.call}: {msi.value:.1%} ({msi.low:.1%} to {msi.high:.1%})", fontsize=FONT + 1
    )


def draw_sites(axes: Any, result: MsiResult) -> None:
    """Draw every judged site: its units against the evidence of a shift."""
    judged = [site for site in result.sites if site.log_likelihood_ratio is not None]
    jitter = np.random.default_rng(0).uniform(-0.3, 0.3, len(judged))
    for call, color, size in (("stable", STABLE, 7), ("undetermined", LIMIT, 12),
                              ("unstable", TUMOR, 12)):  # fmt: skip
        rows = [k for k, site in enumerate(judged) if site.call == call]
        x = [judged[k].repeats + jitter[k] for k in rows]
        y = [np.arcsinh(judged[k].log_likelihood_ratio or 0) for k in rows]
        axes.scatter(x, y, s=size, color=color, alpha=0.7, linewidths=0, rasterized=True,
                     label=f"{call} ({len(rows)})")  # fmt: skip
    ticks = [-10, -3, 0, 3, 10, 30, 100, 300]
    axes.set_yticks(np.arcsinh(ticks), [str(tick) for tick in ticks])
    axes.axhline(0, color=LIMIT, linewidth=0.5)
    axes.set_xlabel("units in the reference")
    axes.set_ylabel("log likelihood ratio, shifted : stable")
    axes.set_title(f"{len(judged)} usable of {result.listed} sites", fontsize=FONT + 1)
    if judged:
        axes.set_ylim(np.arcsinh(-12), np.arcsinh(700))
        axes.legend(frameon=False, loc="upper left", ncols=3)


def shares_of(text: str) -> dict[int, float]:
    """Return shares by number of units from a table's ``units:fragments``.

    >>> shares_of("9:1,10:3")
    {9: 0.25, 10: 0.75}
    """
    pairs = [item.split(":") for item in text.split(",") if item]
    total = sum(int(count) for _, count in pairs)
    return {int(units): int(count) / total for units, count in pairs}


def draw_lengths(axes: Any, site: SiteCall, *, legend: bool) -> None:
    """Draw the lengths of one site: tumour as bars, normal as a line, expectation as points."""
    tumor, normal = shares_of(site.lengths), shares_of(site.normal_lengths)
    expected = {
        int(site.repeats + step): float(share)
        for step, share in zip(STEPS, kernel_of(site.stutter or 0.0, Shape()), strict=True)
        if site.repeats + step >= 0
    }
    seen = [k for k, share in {**normal, **tumor}.items() if max(share, tumor.get(k, 0)) > 0.01]
    low, high = min([*seen, site.repeats - 3]), max([*seen, site.repeats + 3])
    units = np.arange(low - 1, high + 2)
    axes.bar(units, [tumor.get(int(k), 0) for k in units], color=TUMOR, width=0.8, label="tumour")
    if normal:
        axes.step(units, [normal.get(int(k), 0) for k in units], where="mid", color=NORMAL,
                  linewidth=1.3, label="normal")  # fmt: skip
    axes.plot(units, [expected.get(int(k), 0) for k in units], "o", color=LIMIT, markersize=3,
              fillstyle="none", label="stutter alone")  # fmt: skip
    axes.set_title(
        f"{site.contig}:{site.location + 1:,} ({site.unit}){site.repeats}, depth {site.depth:,}",
        fontsize=FONT,
    )
    axes.set_xlabel("units")
    if legend:
        axes.set_ylim(0, 1.35 * axes.get_ylim()[1])
        axes.legend(frameon=False, loc="upper left", ncols=3, fontsize=FONT - 1.5,
                    handlelength=1.2, columnspacing=0.8)  # fmt: skip


def format_of(path: Path) -> str:
    """Return the format that a file's suffix asks for."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise ParameterError(f"cannot draw {path.name!r}", "name the picture .svg, .png or .pdf")
    return kind


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """Return a figure as a file's bytes, the same for the same figure."""
    empty: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Creator": None},
        "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
        "png": {"Software": None},
    }
    target = BytesIO()
    with rc_context({"svg.hashsalt": "tumorkit", "svg.fonttype": "none"}):
        figure.savefig(target, format=kind, dpi=150, metadata=empty[kind])
    return target.getvalue()
