"""Drawings of the burden: schemes beside their cut-offs, fractions of the counted variants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tumorkit.report.drawing import Drawing, Scale, axis, bars, legend, short
from tumorkit.report.language import say
from tumorkit.report.text import interval, number

WIDTH = 360.0
NAMES, ROW = 96.0, 20.0


@dataclass(frozen=True)
class Marker:
    """A fraction to be marked: where, how it is drawn, what it means."""

    at: float
    style: str
    words: str


def draw_schemes(
    rows: Sequence[tuple[str, float, float, float, tuple[float, ...]]],
) -> Markup | None:
    """Draw point, interval and cut-offs of every scheme on one axis from 0."""
    if not rows:
        return None
    top = 1.08 * max(max(value, high, *limits) for _, value, _, high, limits in rows)
    if top <= 0 or min(min(value, low) for _, value, low, _, _ in rows) < 0:
        return None
    foot = 10 + ROW * len(rows)
    drawing = Drawing("tmb-schemes", WIDTH, foot + 48)
    scale = Scale(0, top, NAMES, WIDTH - 12)
    for at, (name, value, low, high, limits) in enumerate(rows):
        y = 12 + ROW * at
        drawing.word(0, y + 4, short(name, NAMES - 4))
        for limit in limits:
            drawing.line(scale(limit), y - 8, scale(limit), y + 8, "cut")
        left, right = scale(low), scale(high)
        drawing.path(
            f"M{left:.1f} {y:.1f}H{right:.1f}M{left:.1f} {y - 4:.1f}v8M{right:.1f} {y - 4:.1f}v8",
            "whisker",
        )
        drawing.dot(scale(value), y, 3.6, "point")
    axis(drawing, scale, foot, say("mutations per megabase"))
    if any(limits for *_, limits in rows):
        drawing.line(0, foot + 41, 0, foot + 31, "cut")
        drawing.word(6, foot + 40, say("cut-off"))
    said = "; ".join(
        f"{name}: {number(value)} ({interval(low, high)})" for name, value, low, high, _ in rows
    )
    return drawing.done(
        say("Burden with its interval"),
        say("Point and interval of each scheme, cut-offs dashed: {values}.", values=said),
    )


def draw_fractions(counts: Sequence[int], step: float, markers: Sequence[Marker]) -> Markup | None:
    """Draw how many counted variants have which fraction, and where others would lie."""
    if not any(counts):
        return None
    head, tall = 8.0, 110.0
    foot = head + tall
    drawing = Drawing("tmb-fractions", WIDTH, foot + 34 + 14 * len(markers))
    scale = Scale(0, 1, 34, WIDTH - 8)
    most = max(counts)
    edges = [at * step for at in range(len(counts) + 1)]
    bars(drawing, counts, scale, edges, base=foot, top=head + 4, most=most, style="tumor")
    drawing.word(30, head + 10, number(most), at="e")
    drawing.word(30, foot, "0", at="e")
    for marker in markers:
        drawing.line(scale(marker.at), head, scale(marker.at), foot, marker.style)
    axis(drawing, scale, foot, say("allele fraction of the counted variants"))
    legend(drawing, 34, foot + 44, [("line", marker.style, marker.words) for marker in markers])
    return drawing.done(
        say("Counted variants by allele fraction"),
        say("{total} variants; marked: {markers}.", total=number(sum(counts)),
            markers="; ".join(marker.words for marker in markers)),
    )  # fmt: skip
