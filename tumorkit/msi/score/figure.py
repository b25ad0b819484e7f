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

from tumorkit.contract.visible import show_letters
from tumorkit.errors import ParameterError
from tumorkit.msi.likelihood import kernel_of
from tumorkit.msi.score.result import MsiResult, SiteCall
from tumorkit.msi.stutter import STEPS, Shape

# Okabe and Ito's colours.
TUMOR, NORMAL, STABLE, LIMIT, GAINED = "#D55E00", "#0072B2", "#8a9199", "#333333", "#E69F00"
SHOWN, ACROSS = 8, 4
WIDTH, TOP, ROW = 11.0, 3.1, 2.0
# Room around and between axes, in inches. Fixed, because a layout that is solved for differs from
# run to run in its last digits, and so would the file.
LEFT, RIGHT, HEAD, FOOT, GAP, BELOW = 0.75, 0.15, 0.75, 0.55, 0.62, 0.88
FONT = 9.0
FORMATS = ("svg", "png", "pdf")
WORDS = 3
MOST_SHIFT = 6
MOST_TICKS = 9
# Share of fragments from which a length is drawn.
SEEN = 0.01


def msi_figure(result: MsiResult) -> Figure:
    """Draw a score: its interval against the cut-off, all sites, shifts, and the clearest sites.

    Histograms show the tumour's share of fragments by length, the normal's where there is one, and
    what stutter alone would give.
    """
    with rc_context({"font.size": FONT, "svg.hashsalt": "tumorkit", "axes.spines.top": False,
                     "axes.spines.right": False}):  # fmt: skip
        best = most_unstable(result.sites)
        rows = -(-len(best) // ACROSS)
        height = HEAD + TOP + rows * (BELOW + ROW) + FOOT
        figure = Figure(figsize=(WIDTH, height))
        FigureCanvasAgg(figure)
        wide = (WIDTH - LEFT - RIGHT - (ACROSS - 1) * GAP) / ACROSS

        def axes_at(row: int, column: int, columns: int = 1) -> Any:
            left = LEFT + column * (wide + GAP)
            top = HEAD + (TOP + BELOW + (row - 1) * (ROW + BELOW) if row else 0)
            tall = ROW if row else TOP
            return figure.add_axes(
                (left / WIDTH, 1 - (top + tall) / height,
                 (columns * wide + (columns - 1) * GAP) / WIDTH, tall / height)
            )  # fmt: skip

        draw_score(axes_at(0, 0), result)
        draw_sites(axes_at(0, 1, 2), result)
        draw_shifts(axes_at(0, 3), result)
        for number, site in enumerate(best):
            axes = axes_at(1 + number // ACROSS, number % ACROSS)
            draw_lengths(axes, site, legend=number == 0)
            if number % ACROSS == 0:
                axes.set_ylabel("share of fragments")
        figure.suptitle(
            f"{result.sample}: microsatellite instability, tumour "
            + ("beside its normal" if result.paired else "alone"),
            fontsize=FONT + 3, y=1 - 0.22 / height,
        )  # fmt: skip
    return figure


def most_unstable(sites: Sequence[SiteCall]) -> list[SiteCall]:
    """Return the sites with the strongest evidence of a shift."""
    found = [site for site in sites if site.call == "unstable"]
    return sorted(found, key=lambda s: (-(s.log_likelihood_ratio or 0), s.contig, s.location))[
        :SHOWN
    ]


def in_lines(text: str, count: int) -> str:
    """Return words with a line's end after every ``count``."""
    words = text.split()
    return "\n".join(" ".join(words[k : k + count]) for k in range(0, len(words), count))


def draw_score(axes: Any, result: MsiResult) -> None:
    """Draw the share with its interval and the cut-off, or say why there is none."""
    msi = result.msi
    axes.set_xlim(-1, 1)
    axes.set_xticks([])
    if msi.value is None or msi.low is None or msi.high is None:
        axes.text(0, 0.5, "not evaluable\n" + in_lines(msi.reason or "", WORDS), ha="center",
                  va="center", transform=axes.get_xaxis_transform())  # fmt: skip
        axes.set_yticks([])
        return
    limit = msi.cutoffs[0]
    top = max(100 * msi.high, 200 * limit.value) * 1.1
    axes.errorbar([0], [100 * msi.value],
                  yerr=[[100 * (msi.value - msi.low)], [100 * (msi.high - msi.value)]],
                  fmt="o", color=TUMOR, capsize=6, markersize=8)  # fmt: skip
    axes.axhline(100 * limit.value, color=LIMIT, linewidth=0.9, linestyle="--")
    told = f"cut-off {100 * limit.value:g} %"
    if "not clinically validated" in limit.source:
        told += "\nnot clinically validated"
    axes.text(-0.95, 100 * limit.value + 0.01 * top, told, va="bottom", color=LIMIT,
              fontsize=FONT - 1.5, linespacing=1.1)  # fmt: skip
    axes.set_ylim(0, top)
    axes.set_ylabel("unstable sites (%)")
    axes.set_title(
        f"{msi.call}: {msi.value:.1%}\n({msi.low:.1%} to {msi.high:.1%})", fontsize=FONT + 1
    )


def draw_sites(axes: Any, result: MsiResult) -> None:
    """Draw every judged site: its units against the evidence of a shift."""
    judged = [site for site in result.sites if site.log_likelihood_ratio is not None]
    jitter = np.random.default_rng(0).uniform(-0.3, 0.3, len(judged))
    for call, color, size in (("stable", STABLE, 9), ("undetermined", LIMIT, 16),
                              ("unstable", TUMOR, 16)):  # fmt: skip
        rows = [k for k, site in enumerate(judged) if site.call == call]
        x = [judged[k].repeats + jitter[k] for k in rows]
        y = [np.arcsinh(judged[k].log_likelihood_ratio or 0) for k in rows]
        axes.scatter(x, y, s=size, color=color, alpha=0.75, linewidths=0, rasterized=True,
                     label=f"{call} ({len(rows):,})")  # fmt: skip
    ticks = [-30, -10, -3, 0, 3, 10, 30, 100, 300]
    axes.set_yticks(np.arcsinh(ticks), [str(tick) for tick in ticks])
    axes.axhline(0, color=LIMIT, linewidth=0.5)
    axes.set_xlabel("units in the reference")
    axes.set_ylabel("log likelihood ratio, shifted : stable")
    axes.set_title(f"{len(judged):,} usable of {result.listed:,} sites", fontsize=FONT + 1)
    if judged:
        least = min(site.log_likelihood_ratio or 0 for site in judged)
        axes.set_ylim(np.arcsinh(min(1.3 * least, -12)), np.arcsinh(1500))
        axes.legend(frameon=False, loc="upper left", ncols=3, handletextpad=0.1,
                    columnspacing=0.8)  # fmt: skip


def draw_shifts(axes: Any, result: MsiResult) -> None:
    """Draw how many units unstable sites lost or gained: instability mostly loses them."""
    found = [site.shift or 0.0 for site in result.sites if site.call == "unstable"]
    units = np.arange(-MOST_SHIFT, 4)
    counts = np.zeros(units.size)
    for shift in found:
        # What rounds to nothing is a mixture of both; it belongs to its side.
        whole = int(np.round(shift)) or (-1 if shift < 0 else 1)
        counts[int(np.clip(whole, units[0], units[-1])) - units[0]] += 1
    axes.bar(units, counts, color=[TUMOR if unit < 0 else GAINED for unit in units], width=0.8)
    axes.axvline(0, color=LIMIT, linewidth=0.5)
    axes.set_xticks(units[::2], [f"{unit:+d}" if unit else "0" for unit in units[::2]])
    axes.set_ylim(0, max(counts.max() * 1.15, 1))
    axes.locator_params(axis="y", integer=True)
    axes.set_xlabel("units lost (-) or gained (+)")
    axes.set_ylabel("unstable sites")
    lost = sum(shift < 0 for shift in found)
    axes.set_title(f"{lost:,} lost, {len(found) - lost:,} gained units", fontsize=FONT + 1)


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
    seen = [k for row in (normal, tumor) for k, share in row.items() if share > SEEN]
    low, high = min([*seen, site.repeats - 2]), max([*seen, site.repeats + 2])
    units = np.arange(max(low - 1, 0), high + 2)
    handles = [
        axes.bar(units, [tumor.get(int(k), 0) for k in units], color=TUMOR, width=0.8,
                 label="tumour")
    ]  # fmt: skip
    if normal:
        handles += axes.step(units, [normal.get(int(k), 0) for k in units], where="mid",
                             color=NORMAL, linewidth=1.4, label="normal")  # fmt: skip
    shown = [int(k) for k in units if expected.get(int(k), 0) > SEEN / 2]
    handles += axes.plot(shown, [expected[k] for k in shown], "o", color=LIMIT, markersize=4,
                         fillstyle="none", label="stutter alone")  # fmt: skip
    axes.set_ylim(0, 1.32 if legend else 1.08)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "", ".5", "", "1"])
    axes.set_xticks(units if units.size <= MOST_TICKS else units[units % 2 == site.repeats % 2])
    axes.set_title(
        f"{site.contig}:{site.location + 1:,} ({site.unit}){site.repeats}\n"
        f"{site.depth:,} fragments, {site.fraction or 0:.0%} shifted by {site.shift or 0:+.1f}",
        fontsize=FONT - 0.5, linespacing=1.15,
    )  # fmt: skip
    axes.set_xlabel("units")
    if legend:
        axes.legend(handles=handles, frameon=False, loc="upper left", ncols=3, fontsize=FONT - 2,
                    handlelength=1.0, columnspacing=0.7, handletextpad=0.3,
                    borderaxespad=0.1)  # fmt: skip


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
    show_letters(figure)
    with rc_context({"svg.hashsalt": "tumorkit", "svg.fonttype": "none"}):
        figure.savefig(target, format=kind, dpi=150, metadata=empty[kind])
    return target.getvalue()
