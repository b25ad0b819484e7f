"""A gene or a segment with its copy number, as texts."""

from __future__ import annotations

from dataclasses import dataclass

from tumorkit.report.document import Node
from tumorkit.report.language import say, term
from tumorkit.report.text import UNKNOWN, fixed, number, words

NO_EVENT = frozenset(
    {"", "neutral", "normal", "balanced", "unknown", "not callable", "not evaluable", "no call"}
)
# What a board asks for first: events that can drive a tumour by themselves.
LEADING = ("amplification", "high gain (log2)", "homozygous deletion", "deep loss (log2)")
LOSSES = ("loss", "deletion")


@dataclass(frozen=True, kw_only=True)
class RegionRow:
    """A gene or a segment as texts, with the numbers that columns are sorted by."""

    gene: str
    region: str
    contig: str
    length: str
    length_value: int
    state: str
    state_words: str
    direction: str
    event: bool
    focal: bool
    loh: bool
    log2: str
    log2_value: float | None
    log2_interval: str
    flank: str
    flank_value: float | None
    bins: str
    bins_value: float | None
    copy_number: str
    copies_value: float | None
    q_value: str
    q_number: float | None
    level_value: float | None
    level: str
    event_start: int | None
    event_end: int | None

    @property
    def leading(self) -> bool:
        """Whether this is an event for page one."""
        return self.event and (self.focal or self.state in LEADING)


def importance(row: RegionRow) -> tuple[bool, bool, bool, float]:
    """Order genes: leading states, focal events, other events, then by size of the change."""
    size = abs(row.level_value) if row.level_value is not None else -1.0
    return (row.state not in LEADING, not (row.focal and row.event), not row.event, -size)


def placed(node: Node) -> Node:
    """Return a call with the fields of the segment inside it, its own before the segment's."""
    inner = node.maybe_node("segment")
    return Node({**inner.value, **node.value}, node.place, node.source) if inner else node


def region_row(node: Node, *, purity: bool) -> RegionRow:
    """Read a gene or a segment; start is 0-based in the document and 1-based for readers."""
    state = (node.maybe_text("state") or "").replace("_", " ")
    start, end = node.count("start"), node.count("end")
    log2, bins = node.maybe_number("log2_ratio"), node.maybe_number("bins")
    direction = direction_of(state)
    level, level_bins = most_changed(node, direction)
    return RegionRow(
        gene=node.maybe_text("gene") or "",
        region=f"{node.text('contig')}:{number(start + 1)}–{number(end)}",
        contig=node.text("contig"),
        length=f"{number((end - start) / 1e6, 2)}\N{NO-BREAK SPACE}Mb",
        length_value=end - start,
        state=state or "not called",
        state_words=term(state or "not called"),
        direction=direction,
        event=state not in NO_EVENT,
        focal=node.flag("focal"),
        loh=node.flag("loh"),
        log2=fixed(log2),
        log2_value=log2,
        log2_interval=log2_interval(node),
        flank=fixed(node.maybe_number("flank_log2")),
        flank_value=node.maybe_number("flank_log2"),
        bins=number(bins),
        bins_value=bins,
        copy_number=copies(node) if purity else UNKNOWN,
        copies_value=node.maybe_number("copy_number") if purity else None,
        q_value=number(node.maybe_number("q_value"), 2),
        q_number=node.maybe_number("q_value"),
        level_value=level,
        level=UNKNOWN
        if level_bins in (None, bins)
        else say("{level} in {bins} bins", level=fixed(level), bins=number(level_bins)),
        event_start=base(node, "event_start"),
        event_end=base(node, "event_end"),
    )


def state_and_level(node: Node) -> str:
    """Return a gene's state and the level it was taken from, the same on every list of page one."""
    state = (node.maybe_text("state") or "").replace("_", " ")
    level, _ = most_changed(node, direction_of(state))
    return f"{words(state)}, log2 {fixed(level)}"


def direction_of(state: str) -> str:
    """Return ``up``, ``down`` or ``level``, for the sign beside the word."""
    if state in NO_EVENT or "LOH" in state:
        return "level"
    return "down" if any(word in state for word in LOSSES) else "up"


def log2_interval(node: Node) -> str:
    """Return the interval of a log2 ratio."""
    low, high = node.maybe_number("log2_low"), node.maybe_number("log2_high")
    return UNKNOWN if low is None or high is None else f"{fixed(low)} {say('to')} {fixed(high)}"


def copies(node: Node) -> str:
    """Return an absolute copy number with its interval, to a tenth of a copy."""
    value = node.maybe_number("copy_number")
    low, high = node.maybe_number("copy_number_low"), node.maybe_number("copy_number_high")
    if value is None:
        return UNKNOWN
    said = number(round(value, 1))
    if low is None or high is None:
        return said
    return f"{said} ({number(round(low, 1))}–{number(round(high, 1))})"


def base(node: Node, key: str) -> int | None:
    """Return a position, or None where there is none."""
    value = node.maybe_number(key)
    return None if value is None else int(value)


def most_changed(node: Node, direction: str) -> tuple[float | None, int | None]:
    """Return level and bins of the segment in a gene that its state was taken from.

    A gene with a breakpoint inside lies in several segments, so that the mean of its bins can be
    near 0 although a part of it is lost.
    """
    end = {"up": "highest", "down": "lowest"}.get(direction, "")
    level = node.maybe_number(f"{end}_log2") if end else None
    if level is None:
        return node.maybe_number("log2_ratio"), None
    return level, base(node, f"{end}_bins")
