"""Drawings of scars: the sum beside cut-off and grey zone, and every scar along the genome."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from tumorkit.report.document import Node
from tumorkit.report.drawing import Drawing, Scale, axis, legend
from tumorkit.report.language import say
from tumorkit.report.text import interval, number, plural

WIDTH = 360.0
ROW, LANE = 24.0, 5.0
LANES = {"LOH": 0, "TAI": 1, "LST": 2}
STYLES = {"LOH": "loh", "TAI": "tai", "LST": "lst"}
AUTOSOMES = tuple(f"chr{number}" for number in range(1, 23))
HALF = 11


def draw_sum(estimate: Node, presets: Sequence[Node]) -> Markup | None:
    """Draw the sum with interval, cut-offs and grey zones on an axis from 0."""
    value = estimate.maybe_number("value")
    if value is None:
        return None
    low, high = estimate.maybe_number("low"), estimate.maybe_number("high")
    limits = [
        limit for node in estimate.nodes("cutoffs")
        if (limit := node.maybe_number("value")) is not None
    ]  # fmt: skip
    top = 1.12 * max([value, *limits, *(end for end in (high,) if end is not None), 10.0])
    drawing = Drawing("hrd-sum", WIDTH, 84)
    scale, y = Scale(0, top, 12, WIDTH - 14), 26.0
    for preset in presets:
        if preset.maybe_text("measure") != "sum":
            continue
        first, last = preset.maybe_number("grey_low"), preset.maybe_number("grey_high")
        if first is not None and last is not None:
            drawing.box(scale(first), y - 12, scale(last) - scale(first), 24, "grey")
            drawing.word(scale(first) - 3, y - 6, say("grey zone"), at="e")
    for limit in limits:
        drawing.line(scale(limit), y - 14, scale(limit), y + 12, "cut")
    if low is not None and high is not None:
        left, right = scale(low), scale(high)
        drawing.path(
            f"M{left:.1f} {y:.1f}H{right:.1f}M{left:.1f} {y - 5:.1f}v10M{right:.1f} {y - 5:.1f}v10",
            "whisker",
        )
    drawing.dot(scale(value), y, 4, "point")
    axis(drawing, scale, 44, say("HRD sum, scars; cut-offs dashed"))
    return drawing.done(
        say("HRD sum with its interval"),
        say("{value}, interval {interval}, cut-offs {limits}.", value=number(value),
            interval=interval(low, high),
            limits=", ".join(map(number, limits)) or say("none")),
    )  # fmt: skip


def draw_genome(arms: Sequence[Node], scars: Sequence[Node]) -> tuple[Markup, ...]:
    """Draw all autosomes in two halves: arms, those without markers, and scars in three lanes."""
    if any(arm.maybe_number("start") is None for arm in arms):
        return ()
    ends = {
        arm.text("contig"): (arm.maybe_number("start") or 0) + (arm.maybe_number("length") or 0)
        for arm in arms
        if arm.text("arm") == "q"
    }
    if not ends:
        return ()
    longest = max(ends.values())
    return tuple(
        half(name, AUTOSOMES[first : first + HALF], arms, scars, longest)
        for name, first in (("hrd-genome-1", 0), ("hrd-genome-2", HALF))
    )


def half(
    name: str, contigs: Sequence[str], arms: Sequence[Node], scars: Sequence[Node], longest: float
) -> Markup:
    """Draw some chromosomes, one a row, all to one scale."""
    drawing = Drawing(name, WIDTH, ROW * len(contigs) + 22)
    scale = Scale(0, longest, 30, WIDTH - 6)
    rows = {contig: ROW * at + 3 for at, contig in enumerate(contigs)}
    for contig, y in rows.items():
        drawing.word(24, y + 12, contig.removeprefix("chr"), at="e")
    for arm in arms:
        top = rows.get(arm.text("contig"))
        if top is None:
            continue
        start, length = arm.maybe_number("start") or 0, arm.maybe_number("length") or 0
        left, right = scale(start), scale(start + length)
        style = "arm" if arm.flag("evaluable") else "closed"
        drawing.box(left + 0.5, top, right - left - 1, 3 * LANE + 3, style)
    counts = dict.fromkeys(LANES, 0)
    for scar in scars:
        top, kind = rows.get(scar.text("contig")), scar.text("kind")
        if top is None or kind not in LANES:
            continue
        counts[kind] += 1
        left, right = scale(scar.count("start")), scale(scar.count("end"))
        y = top + 0.8 + LANES[kind] * (LANE + 0.6)
        if kind == "LST":
            # A transition is a place: a triangle that points at it.
            middle = (left + right) / 2
            drawing.path(f"M{middle:.1f} {y - 0.5:.1f}l2.6 {LANE:.1f}h-5.2z", STYLES[kind])
        else:
            drawing.box(left, y, max(right - left, 1.5), LANE - 0.6, STYLES[kind])
    said = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    key(drawing, ROW * len(contigs) + 15)
    return drawing.done(
        say("Scars on chromosomes {first} to {last}",
            first=contigs[0].removeprefix("chr"), last=contigs[-1].removeprefix("chr")),
        say("{chromosomes}: {counts}. The table of scars gives every place.",
            chromosomes=plural(len(contigs), "chromosome"), counts=said),
    )  # fmt: skip


def key(drawing: Drawing, y: float) -> None:
    """Draw what the signs mean, in one line."""
    legend(drawing, 30, y, [("box", "loh", "LOH")])
    legend(drawing, 86, y, [("box", "tai", "TAI")])
    drawing.path(f"M148 {y - 8:.1f}l3.5 7.5h-7z", "lst")
    drawing.word(156, y, "LST")
    legend(drawing, 200, y, [("box", "closed", say("not evaluable"))])
