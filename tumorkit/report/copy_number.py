"""Copy number: genes with events first, segments, and why there are no absolute numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tumorkit.report.document import Node, Part
from tumorkit.report.params import ReportParams
from tumorkit.report.text import UNKNOWN, fixed, listed, number, plural, scalar, words

NO_EVENT = frozenset(
    {"", "neutral", "normal", "balanced", "unknown", "not callable", "not evaluable", "no call"}
)
# What a board asks for first: events that can drive a tumour by themselves.
LEADING = ("amplification", "high gain (log2)", "homozygous deletion", "deep loss (log2)")
LOSSES = ("loss", "deletion")
NOISE_WORDS = {
    "sd": "Noise of a bin, log2",
    "bins": "Bins",
    "sd_target": "Noise of a target bin",
    "sd_off_target": "Noise of an off-target bin",
    "lag20_ratio": "Noise 20 bins apart, ratio",
    "lag50_ratio": "Noise 50 bins apart, ratio",
    "mad": "Scale of what segments leave",
    "outlier_fraction": "Share of bins beyond 5 sd",
}
NO_PURITY = (
    "No purity is known, so changes are given in words and log2 ratios, not in absolute copies; "
    "normal cells make every change look smaller than it is in the tumour."
)
MOST_GENES_IN_A_LINE = 8


@dataclass(frozen=True, kw_only=True)
class RegionRow:
    """A gene or a segment as texts, with the numbers that columns are sorted by."""

    gene: str
    region: str
    contig: str
    length: str
    length_value: int
    state: str
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

    @property
    def leading(self) -> bool:
        """Whether this is an event for page one."""
        return self.event and (self.focal or self.state in LEADING)


@dataclass(frozen=True, kw_only=True)
class BroadEvent:
    """Changes of one kind that are not focal: contigs, each with its genes."""

    state: str
    direction: str
    regions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CopyNumberView:
    """Everything that the report says about copy number."""

    part: Part
    genes: tuple[RegionRow, ...]
    n_genes: int
    n_events: int
    leading: tuple[RegionRow, ...]
    n_leading: int
    broad: tuple[BroadEvent, ...]
    segments: tuple[RegionRow, ...]
    n_segments: int
    absolute: bool
    why_not_absolute: str
    noise: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    full_file: str

    @property
    def genes_caption(self) -> str:
        """What the table of genes shows."""
        events = f"{self.n_events:,} with an event, those first"
        return f"{self.shown(len(self.genes), self.n_genes, 'gene')}, {events}."

    @property
    def segments_caption(self) -> str:
        """What the table of segments shows."""
        return f"{self.shown(len(self.segments), self.n_segments, 'segment')}."

    def shown(self, shown: int, total: int, noun: str) -> str:
        """Say how many rows are shown, and where the rest is."""
        if shown == total:
            return plural(total, noun)
        return f"{shown:,} of {plural(total, noun)} (all in {self.full_file})"


def copy_number_view(part: Part, *, purity: bool, params: ReportParams) -> CopyNumberView | None:
    """Read the copy-number part; None where it has no result.

    ``purity`` says whether one is known; without it no absolute copy number is shown, whatever
    the document holds.
    """
    if part.result is None:
        return None
    result = part.result
    purity = purity or result.maybe_number("purity") is not None
    genes = [region_row(n, purity=purity) for n in result.nodes("genes")]
    segments = [region_row(placed(n), purity=purity) for n in result.nodes("segments")]
    ordered = sorted(genes, key=importance)
    leading = [row for row in ordered if row.leading]
    return CopyNumberView(
        part=part,
        genes=tuple(ordered[: params.max_genes]),
        n_genes=len(genes),
        n_events=sum(row.event for row in genes),
        leading=tuple(leading[: params.page_one_rows]),
        n_leading=len(leading),
        broad=broad_events([row for row in ordered if row.event and not row.leading]),
        segments=tuple(segments[: params.max_segments]),
        n_segments=len(segments),
        absolute=any(row.copy_number != UNKNOWN for row in (*genes, *segments)),
        why_not_absolute="" if purity else NO_PURITY,
        noise=noise_rows(result.maybe_node("noise")),
        notes=tuple(result.texts("notes")),
        full_file=next((f for f in part.files if not f.endswith(".svg")), "the segment file"),
    )


def importance(row: RegionRow) -> tuple[bool, bool, bool, float]:
    """Order genes: leading states, focal events, other events, then by size of the change."""
    size = abs(row.log2_value) if row.log2_value is not None else -1.0
    return (row.state not in LEADING, not (row.focal and row.event), not row.event, -size)


def noise_rows(noise: Node | None) -> tuple[tuple[str, str], ...]:
    """Return how noisy the sample is, in words; what is nested is left to the JSON."""
    if noise is None:
        return ()
    return tuple(
        (NOISE_WORDS.get(key, words(key)), scalar(value))
        for key, value in noise.value.items()
        if not isinstance(value, (Mapping, list, tuple))
    )


def placed(node: Node) -> Node:
    """Return a call with the fields of the segment inside it, its own before the segment's."""
    inner = node.maybe_node("segment")
    return Node({**inner.value, **node.value}, node.place, node.source) if inner else node


def region_row(node: Node, *, purity: bool) -> RegionRow:
    """Read a gene or a segment; start is 0-based in the document and 1-based for readers."""
    state = words(node.maybe_text("state") or "")
    start, end = node.count("start"), node.count("end")
    log2, bins = node.maybe_number("log2_ratio"), node.maybe_number("bins")
    return RegionRow(
        gene=node.maybe_text("gene") or "",
        region=f"{node.text('contig')}:{start + 1:,}–{end:,}",
        contig=node.text("contig"),
        length=f"{number((end - start) / 1e6, 2)}\N{NO-BREAK SPACE}Mb",
        length_value=end - start,
        state=state or "not called",
        direction=direction_of(state),
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
    )


def direction_of(state: str) -> str:
    """Return ``up``, ``down`` or ``level``, for the sign beside the word."""
    if state in NO_EVENT or "LOH" in state:
        return "level"
    return "down" if any(word in state for word in LOSSES) else "up"


def log2_interval(node: Node) -> str:
    """Return the interval of a log2 ratio."""
    low, high = node.maybe_number("log2_low"), node.maybe_number("log2_high")
    return UNKNOWN if low is None or high is None else f"{fixed(low)} to {fixed(high)}"


def copies(node: Node) -> str:
    """Return an absolute copy number with its interval."""
    value = node.maybe_number("copy_number")
    low, high = node.maybe_number("copy_number_low"), node.maybe_number("copy_number_high")
    if value is None:
        return UNKNOWN
    return number(value) + (f" ({number(low)}–{number(high)})" if None not in (low, high) else "")


def broad_events(rows: Sequence[RegionRow]) -> tuple[BroadEvent, ...]:
    """Gather events that are not focal by their state, and there by contig."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        grouped.setdefault(row.state, {}).setdefault(row.contig, []).append(row.gene)
    return tuple(
        BroadEvent(
            state=state,
            direction=direction_of(state),
            regions=tuple(
                (contig, listed(sorted(set(contigs[contig])), MOST_GENES_IN_A_LINE))
                for contig in sorted(contigs, key=contig_order)
            ),
        )
        for state, contigs in sorted(grouped.items())
    )


def contig_order(contig: str) -> tuple[int, str]:
    """Return a key that puts chr2 before chr10 and both before chrX."""
    bare = contig.removeprefix("chr")
    return (int(bare), "") if bare.isdigit() else (1000, bare)
