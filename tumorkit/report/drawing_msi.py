"""Drawings of microsatellites: the share beside its cut-off, how loci moved, lengths of some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from tumorkit.report.document import Node
from tumorkit.report.drawing import Drawing, Scale, axis, legend, short
from tumorkit.report.language import say
from tumorkit.report.text import interval, number, percent

WIDTH = 360.0
LOCUS_WIDTH, LOCUS_HEIGHT = 164.0, 112.0
# Share of fragments from which a length is drawn.
SEEN = 0.01
LEAST_TOP = 0.25


class MovedBar(NamedTuple):
    """Loci that moved by ``low`` to ``high`` units, by call; None is an open end."""

    low: float | None
    high: float | None
    unstable: float
    unsure: float
    stable: float


def bar_of(node: Node) -> MovedBar:
    """Read how many loci moved by so much."""
    counts = (node.maybe_number(key) or 0 for key in ("unstable", "undetermined", "stable"))
    return MovedBar(node.maybe_number("low"), node.maybe_number("high"), *counts)


def draw_share(result: Node) -> Markup | None:
    """Draw the share of unstable loci, its interval and the cut-off, on an axis from 0."""
    ends = [result.maybe_number(key) for key in ("value", "low", "high")]
    if None in ends:
        return None
    value, low, high = (end or 0.0 for end in ends)
    limits = [
        limit for node in result.nodes("cutoffs")
        if (limit := node.maybe_number("value")) is not None
    ]  # fmt: skip
    top = max(high * 1.15, *(1.6 * limit for limit in limits), LEAST_TOP)
    drawing = Drawing("msi-share", WIDTH, 84)
    scale = Scale(0, 100 * top, 12, WIDTH - 14)
    y = 26.0
    for limit in limits:
        x = scale(100 * limit)
        drawing.line(x, y - 12, x, y + 12, "cut")
        drawing.word(x + 3, y - 8, say("cut-off {value}", value=percent(limit)))
    left, right = scale(100 * low), scale(100 * high)
    drawing.path(
        f"M{left:.1f} {y:.1f}H{right:.1f}M{left:.1f} {y - 5:.1f}v10M{right:.1f} {y - 5:.1f}v10",
        "whisker",
    )
    drawing.dot(scale(100 * value), y, 4, "point")
    axis(drawing, scale, 44, say("unstable loci, per cent"))
    return drawing.done(
        say("Share of unstable loci"),
        say("{value}, interval {interval}, cut-offs {limits}.", value=percent(value),
            interval=interval(100 * low, 100 * high),
            limits=", ".join(map(percent, limits)) or say("none")),
    )  # fmt: skip


def draw_moved(nodes: Sequence[Node], against: str) -> Markup | None:
    """Draw how many loci moved by how much: unstable ones above, stable ones below the axis."""
    if not nodes:
        return None
    rows = [bar_of(node) for node in nodes]
    edges = [row.low for row in rows if row.low is not None]
    if not edges or not any(row.unstable + row.unsure + row.stable for row in rows):
        return None
    step = edges[1] - edges[0] if len(edges) > 1 else 1.0
    drawing = Drawing("msi-moved", WIDTH, 222)
    scale = Scale(edges[0] - step, edges[-1] + step, 34, WIDTH - 8)
    above, below, tall = 96.0, 128.0, 62.0
    most = max(1, *(row.unstable + row.unsure for row in rows))
    many = max(1, *(row.stable for row in rows))
    for row in rows:
        left = edges[0] - step if row.low is None else row.low
        right = edges[-1] + step if row.high is None else row.high
        x, width = scale(left) + 0.5, scale(right) - scale(left) - 1
        first, second = (tall * count / most for count in (row.unstable, row.unsure))
        drawing.box(x, above - first, width, first, "tumor")
        drawing.box(x, above - first - second, width, second, "open")
        drawing.box(x, below, width, tall * row.stable / many, "normal")
    drawing.line(scale.start, above, scale.end, above, "ax")
    drawing.line(scale.start, below, scale.end, below, "ax")
    drawing.line(scale(0), above - tall, scale(0), below + tall, "zero")
    low, high = edges[0], edges[-1]
    whole = [value for value in range(-9, 10) if low - step <= value <= high + step]
    for value in whole:
        drawing.word(scale(value), above + 20, number(value), at="m")
    drawing.word(30, above - tall + 9, number(most), at="e")
    drawing.word(30, below + tall, number(many), at="e")
    legend(
        drawing, 38, 16,
        [("box", "tumor", say("unstable")), ("box", "open", say("cannot be told"))],
    )  # fmt: skip
    legend(drawing, 38, below + tall - 2, [("box", "normal", say("stable"))])
    drawing.word(
        (scale.start + scale.end) / 2, 217, say("units lost (−) or gained, mean of a locus"), at="m"
    )
    return drawing.done(
        say("All used loci by how far they moved"),
        say("Mean length of each locus against {against}; unstable loci above, stable ones below.",
            against=against),
    )  # fmt: skip


def draw_lengths(name: str, title: str, rows: Sequence[Node], *, paired: bool) -> Markup:
    """Draw one locus: the tumour's fragments by length, the normal's, what stutter expects."""
    units = [row.count("units") for row in rows]
    counts = {
        key: [row.maybe_number(key) or 0 for row in rows] for key in ("tumor", "normal", "stutter")
    }
    parts = {key: shares(values) for key, values in counts.items()}
    kept = [
        at for at in range(len(units))
        if any(parts[key][at] >= SEEN for key in ("tumor", "normal", "stutter"))
    ]  # fmt: skip
    drawing = Drawing(name, LOCUS_WIDTH, LOCUS_HEIGHT)
    drawing.word(0, 10, short(title, LOCUS_WIDTH))
    if kept:
        low, high = units[kept[0]], units[kept[-1]]
        low, high = min(low, high - 3), max(high, low + 3)
        scale = Scale(low - 0.6, high + 0.6, 6, LOCUS_WIDTH - 4)
        base, tall = LOCUS_HEIGHT - 16, 76.0
        wide = scale(1 + scale.low) - scale(scale.low)
        most = max(max(values) for values in parts.values()) or 1
        for at in kept:
            x = scale(units[at])
            height = tall * parts["tumor"][at] / most
            drawing.box(x - 0.42 * wide, base - height, 0.84 * wide, height, "tumor")
            if paired and parts["normal"][at]:
                y = base - tall * parts["normal"][at] / most
                drawing.path(
                    f"M{x - 0.46 * wide:.1f} {base:.1f}V{y:.1f}h{0.92 * wide:.1f}V{base:.1f}",
                    "own",
                )
            if parts["stutter"][at] >= SEEN:
                drawing.dot(x, base - tall * parts["stutter"][at] / most, 2.4, "expected")
        drawing.line(scale.start, base, scale.end, base, "ax")
        every = max(1, -(-(high - low + 1) // 7))
        for value in range(low, high + 1):
            if (value - low) % every == 0:
                drawing.word(scale(value), LOCUS_HEIGHT - 4, number(value), at="m")
    said = ", ".join(
        f"{units[at]}: {percent(parts['tumor'][at])}" for at in kept if parts["tumor"][at]
    )
    return drawing.done(
        title, say("Share of the tumour's fragments by number of units: {values}.", values=said)
    )


def shares(values: Sequence[float]) -> list[float]:
    """Return shares of a sum; all 0 where there is none.

    >>> shares([1, 3])
    [0.25, 0.75]
    """
    total = sum(values)
    return [value / total if total else 0.0 for value in values]
