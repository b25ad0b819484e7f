"""Tables of hydra-genetics pipelines: report of copy numbers, arms, small events.

Sources: column names and units of Twist_Solid (``cnv_report.py``, ``call_small_cnv_deletions.py``);
rules are ours: states of the calls, arms of the build, whatever the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tumorkit.copynumber.call.result import (
    AMPLIFICATION,
    GAINS,
    HIGH_GAIN,
    LOSSES,
    NOT_CALLABLE,
    GeneCall,
    SegmentCall,
)
from tumorkit.copynumber.export.calls import Calls
from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.vcf import prefixed
from tumorkit.copynumber.export.written import NO_CHANGE, Written, shown, step_of
from tumorkit.genome.contigs import is_autosome, standard
from tumorkit.genome.segment import CopyRatios

REPORT = ("gene(s)", "chrom", "region", "caller", "freq_in_db", "copy_number", "FP_flag")
ARMS = ("chrom", "arm", "caller", "type", "fraction")
UNKNOWN = "NA"
# Twist Solid: copies of a stretch on the baseline.
BASELINE = (1.7, 2.25)
# Bins averaged before the spread around an event is taken, as in the pipeline's own tables.
WINDOW = 4


def report(calls: Calls, params: ExportParams) -> Written:
    """Return cnv_report.tsv: amplifications, losses and LOH that touch genes.

    How often an event is in a database, and whether it is a false positive, is not known here: NA.
    Without a purity there are no copies: ``NA`` with the state, which tells the direction.
    """
    out = Written(["\t".join(REPORT)])
    caller = calls.caller or params.caller
    for event in calls.events:
        if event.event == "1p/19q codeletion" and event.status == "present":
            shares = ",".join(f"{share:.0%}" for share in event.fractions.values())
            out.row(("1p19q", "1p19q", shares, caller, UNKNOWN, UNKNOWN, UNKNOWN))
    for item in calls.segments:
        if not reported(item):
            changed = item.state in GAINS
            out.left_out["gains below an amplification" if changed else NO_CHANGE] += 1
            continue
        names = genes_in(item, calls.genes)
        if not names:
            out.left_out["events without a gene"] += 1
            continue
        own = item.segment
        word = "LOH" if item.loh and step_of(item) == 0 else item.state
        copies = shown(own.copy_number, f"{UNKNOWN} ({word})", ".2f")
        out.row(report_row(names, own.contig, (own.start, own.end), copies, caller))
    for gene in calls.genes or ():
        if part_alone(gene, calls.segments) and gene.part_start is not None:
            word = "small_deletion" if gene.state in LOSSES else "small_amplification"
            place = (gene.part_start, gene.part_end or gene.part_start)
            out.row(report_row(gene.gene, gene.contig, place, f"{UNKNOWN} ({gene.state})", word))
    return out


def report_row(
    genes: str, contig: str, place: tuple[int, int], copies: str, caller: str
) -> tuple[str, ...]:
    """Return a row of the report; the region is 1-based and holds both ends."""
    region = f"{place[0] + 1}-{place[1]}"
    return (genes, prefixed(contig), region, caller, UNKNOWN, copies, UNKNOWN)


def reported(item: SegmentCall) -> bool:
    """Whether an event is one that the report lists: amplification, loss, or a lost allele."""
    return item.state in (AMPLIFICATION, HIGH_GAIN, *LOSSES) or bool(item.loh)


def genes_in(item: SegmentCall, genes: Sequence[GeneCall] | None) -> str:
    """Return the genes that a segment touches: of the gene table, else of its own bins."""
    own = item.segment
    if genes is None:
        return own.gene
    touched = [
        gene.gene
        for gene in genes
        if standard(gene.contig) == standard(own.contig)
        and gene.start < own.end
        and own.start < gene.end
    ]
    return ",".join(dict.fromkeys(touched))


def part_alone(gene: GeneCall, segments: Sequence[SegmentCall]) -> bool:
    """Whether a gene's event is a part of it that no segment shows."""
    if (gene.event_start, gene.event_end) != (gene.part_start, gene.part_end):
        return False
    return gene.state in (*LOSSES, *GAINS) and not any(
        item.state == gene.state
        and standard(item.segment.contig) == standard(gene.contig)
        and item.segment.start < gene.event_end
        and gene.event_start < item.segment.end
        for item in segments
    )


def arms(calls: Calls, params: ExportParams) -> Written:
    """Return the table of arms: shares of the covered length lost, gained, without an allele.

    Rows of warning stand first: few autosomes on the baseline (only where copies are known), and a
    genome that was doubled.
    """
    out = Written(["\t".join(ARMS)])
    caller = calls.caller or params.caller
    share = baseline_share(calls.segments)
    if share is not None and share < params.min_baseline_fraction:
        said = f"Warning: baseline of {caller} might be shifted!"
        out.row((said, "", "", "", f"{share:.1%} on baseline"))
    if calls.genome.doubling == "yes":
        told = calls.genome.doubling_reason.split(" (")[0]
        out.row(("Warning: potential polyploidy detected!", "", "", "", told))
    for item in calls.arms:
        if item.state == NOT_CALLABLE:
            out.left_out["arms of which too little is covered"] += 1
            continue
        shares = (
            ("deletion", item.loss_fraction),
            ("duplication", item.gain_fraction),
            ("loh", item.loh_fraction),
        )
        for kind, fraction in shares:
            if fraction is not None and fraction >= params.min_arm_fraction:
                cells = (prefixed(item.contig), item.arm, caller, kind, f"{fraction:.1%}")
                out.row(cells)
    return out


def baseline_share(segments: Sequence[SegmentCall]) -> float | None:
    """Return the share of the covered autosomes at 1.7 to 2.25 copies, None without copies."""
    own = [
        (item.segment.end - item.segment.start, item.segment.copy_number)
        for item in segments
        if is_autosome(item.segment.contig) and item.segment.copy_number is not None
    ]
    total = sum(length for length, _ in own)
    low, high = BASELINE
    near = sum(length for length, copies in own if copies is not None and low < copies < high)
    return near / total if total else None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A small event: its genes and extent."""

    genes: str
    contig: str
    start: int
    end: int


def deletions(calls: Calls, params: ExportParams) -> Written:
    """Return the table of small deletions, measured on the bins."""
    return small(calls, params, "Deletion", LOSSES)


def amplifications(calls: Calls, params: ExportParams) -> Written:
    """Return the table of small amplifications and gains, measured on the bins."""
    return small(calls, params, "Amplification", GAINS)


def small(calls: Calls, params: ExportParams, word: str, states: tuple[str, ...]) -> Written:
    """Return small events in genes: medians of the bins inside and around, and how far apart."""
    lower = word.lower()
    head = (
        "Gene(s)", "Chromosome", f"{word}_start", f"{word}_end", "Log2_ratio_diff",
        f"Median_L2R_{lower}", "Median_L2R_surrounding", "Number_of_data_points",
        "Number_of_stdev",
    )  # fmt: skip
    out = Written(["\t".join(head)])
    assert calls.ratios is not None, "formats that need bins are asked for with bins"
    for place in small_places(calls, states, out):
        measured = measure(place, calls.ratios, params.flank_bins)
        if measured is None:
            out.left_out["small events without bins inside or around"] += 1
            continue
        inside, around, spread, count = measured
        if (inside < around) != (word == "Deletion"):
            out.left_out["small events whose bins lie on the other side"] += 1
            continue
        apart = abs(inside - around) / spread if spread else None
        region = (prefixed(place.contig), str(place.start + 1), str(place.end))
        levels = (shown(inside - around, UNKNOWN), shown(inside, UNKNOWN), shown(around, UNKNOWN))
        out.row((place.genes, *region, *levels, str(count), shown(apart, UNKNOWN)))
    return out


def small_places(calls: Calls, states: tuple[str, ...], out: Written) -> list[Place]:
    """Return focal segments of these states with their genes, then parts of genes alone."""
    found = []
    for item in calls.segments:
        if not item.focal or item.state not in states:
            continue
        names, own = genes_in(item, calls.genes), item.segment
        if names:
            found.append(Place(genes=names, contig=own.contig, start=own.start, end=own.end))
        else:
            out.left_out["small events without a gene"] += 1
    for gene in calls.genes or ():
        if gene.state in states and part_alone(gene, calls.segments) and gene.part_end:
            start = gene.part_start or 0
            where = {"contig": gene.contig, "start": start, "end": gene.part_end}
            found.append(Place(genes=gene.gene, **where))  # type: ignore[arg-type]
    return found


def measure(
    place: Place, ratios: CopyRatios, flank: int
) -> tuple[float, float, float | None, int] | None:
    """Return medians inside and around an event, the spread around, and the bins inside.

    The spread is the standard deviation of means of four neighbouring bins around the event; None
    where there are too few.
    """
    wanted = standard(place.contig)
    names = {name for name in ratios.contigs if standard(name) == wanted}
    rows = np.flatnonzero(np.isin(ratios.contig, list(names)) & np.isfinite(ratios.log2_ratio))
    middle = (ratios.start[rows] + ratios.end[rows]) // 2
    hit = (middle >= place.start) & (middle < place.end)
    before = rows[middle < place.start][-flank:]
    after = rows[middle >= place.end][:flank]
    inside = ratios.log2_ratio[rows[hit]]
    around = [ratios.log2_ratio[before], ratios.log2_ratio[after]]
    every = np.concatenate(around)
    if not len(inside) or not len(every):
        return None
    kernel = np.full(WINDOW, 1 / WINDOW)
    means = [np.convolve(side, kernel, "valid") for side in around if len(side) >= WINDOW]
    pooled = np.concatenate(means) if means else np.empty(0)
    spread = float(pooled.std(ddof=1)) if len(pooled) >= WINDOW else None
    return float(np.median(inside)), float(np.median(every)), spread, len(inside)
