"""Copy number: genes with events first, segments, and why there are no absolute numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tumorkit.report.document import Node, Part
from tumorkit.report.events import (
    Event,
    GeneLine,
    broad_events,
    leading_events,
    other_events,
)
from tumorkit.report.language import say, term
from tumorkit.report.params import ReportParams
from tumorkit.report.region import RegionRow, importance, placed, region_row
from tumorkit.report.text import UNKNOWN, number, plural, scalar, words
from tumorkit.report.two_hits import two_hit_genes

NOISE_WORDS = {
    "sd": "Noise of a bin, log2",
    "bins": "Bins",
    "sd_target": "Noise of a target bin",
    "sd_off_target": "Noise of an off-target bin",
    "lag20_ratio": "Noise 20 bins apart, ratio",
    "lag50_ratio": "Noise 50 bins apart, ratio",
    "spread": "Variance about the segments",
    "mad": "Scale of what segments leave",
    "outlier_fraction": "Share of bins beyond 5 sd",
}
NO_PURITY = (
    "No purity is known, so changes are given in words and log2 ratios, not in absolute copies; "
    "normal cells make every change look smaller than it is."
)


@dataclass(frozen=True, kw_only=True)
class CopyNumberView:
    """Everything that the report says about copy number."""

    part: Part
    genes: tuple[RegionRow, ...]
    n_genes: int
    n_events: int
    leading: tuple[Event, ...]
    others: tuple[tuple[str, str, str], ...]
    n_leading: int
    broad: tuple[GeneLine, ...]
    segments: tuple[RegionRow, ...]
    n_segments: int
    absolute: bool
    why_not_absolute: str
    noise: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    two_hits: tuple[tuple[str, str], ...]
    two_hits_further: str
    genes_file: str
    segments_file: str

    @property
    def genes_caption(self) -> str:
        """What the table of genes shows."""
        shown = rows_shown(len(self.genes), self.n_genes, "gene", self.genes_file)
        return say(
            "{shown}, {events} with an event, those first.",
            shown=shown,
            events=number(self.n_events),
        )

    @property
    def segments_caption(self) -> str:
        """What the table of segments shows."""
        return f"{rows_shown(len(self.segments), self.n_segments, 'segment', self.segments_file)}."


def rows_shown(shown: int, total: int, noun: str, file: str) -> str:
    """Say how many rows are shown, and where the rest is."""
    if shown == total:
        return plural(total, noun)
    return say(
        "{shown} of {total} (all in {file})",
        shown=number(shown),
        total=plural(total, noun),
        file=file,
    )


def copy_number_view(
    part: Part, *, purity: bool, params: ReportParams, purity_part: Part | None = None
) -> CopyNumberView | None:
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
    hit_twice, further = two_hit_genes(purity_part)
    events = leading_events([row for row in ordered if row.leading])
    return CopyNumberView(
        part=part,
        genes=tuple(ordered[: params.max_genes]),
        n_genes=len(genes),
        n_events=sum(row.event for row in genes),
        leading=events[: params.page_one_events],
        others=other_events(events[params.page_one_events :]),
        n_leading=len(events),
        broad=broad_events([row for row in ordered if row.event and not row.leading]),
        segments=tuple(segments[: params.max_segments]),
        n_segments=len(segments),
        absolute=any(row.copy_number != UNKNOWN for row in (*genes, *segments)),
        why_not_absolute="" if purity else say(NO_PURITY),
        noise=noise_rows(result.maybe_node("noise")),
        notes=tuple(result.texts("notes")),
        two_hits=hit_twice,
        two_hits_further=further,
        genes_file=file_of(part.files, "gene"),
        segments_file=file_of(part.files, ".cns"),
    )


def file_of(files: Sequence[str], mark: str) -> str:
    """Return the file whose name holds ``mark``, else the profile itself."""
    return next((name for name in files if mark in name), "profile.json")


def noise_rows(noise: Node | None) -> tuple[tuple[str, str], ...]:
    """Return how noisy the sample is, in words; what is nested is left to the JSON."""
    if noise is None:
        return ()
    return tuple(
        (term(NOISE_WORDS[key]) if key in NOISE_WORDS else words(key), scalar(value))
        for key, value in noise.value.items()
        if value is not None and not isinstance(value, (Mapping, list, tuple))
    )
