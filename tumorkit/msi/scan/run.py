"""Join reading a FASTA, scanning it and writing the list."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import ContigMismatchError
from tumorkit.genome.build import detect_build
from tumorkit.genome.contigs import match_names
from tumorkit.genome.interval import Interval, Territory
from tumorkit.genome.repeat import Repeat
from tumorkit.io.bed import read_intervals
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import Fasta, open_fasta
from tumorkit.io.loci import loci_text
from tumorkit.io.outputs import Outputs
from tumorkit.msi.scan.analysis import scan_sequence
from tumorkit.msi.scan.params import ScanParams
from tumorkit.msi.scan.result import ScanResult
from tumorkit.msi.scan.stretches import stretches

PIECE = 1_000_000


def run_scan(
    reference: Path,
    *,
    targets: Path | None = None,
    params: ScanParams | None = None,
    progress: Progress = SILENT,
) -> ScanResult:
    """Find the microsatellites of a FASTA, or those that lie whole within targets.

    With targets only their surroundings are read, from where no repeat lies across the edge, so
    that a site is the same with and without targets.
    """
    params = params or ScanParams()
    wanted = None if targets is None else Territory(read_intervals(targets))
    notes: list[str] = []
    inputs = [input_file("reference", reference)]
    with open_fasta(reference) as fasta:
        contigs = list(fasta.lengths)
        spans: dict[str, list[Interval]] = {}
        if wanted is not None and targets is not None:
            inputs.append(input_file("targets", targets))
            spans, absent = placed(wanted, fasta)
            contigs = [name for name in contigs if name in spans]
            if not contigs:
                raise ContigMismatchError(
                    targets,
                    f"no target lies on a contig of {reference.name}",
                    hint="give targets of the same reference build",
                )
            check_ends(targets, spans, fasta)
            if absent:
                notes.append(f"contigs of {targets.name} that the FASTA lacks: {', '.join(absent)}")
        loci: list[Repeat] = []
        cut = bases = 0
        for contig in progress.track(contigs, label="scan", total=len(contigs)):
            length = fasta.lengths[contig]
            if wanted is None:
                loci += scan_sequence(contig, pieces_of(fasta, contig, 0, length), params)
                bases += length
                continue
            fetch = partial(fasta.fetch_cased, contig)
            for begin, end, listed in stretches(spans[contig], fetch, length, params):
                found = list(scan_stretch(fasta, contig, begin, end, params))
                kept = within(found, listed)
                cut += len(touching(found, listed)) - len(kept)
                loci += kept
                bases += end - begin
        build = detect_build(fasta.lengths)
    if wanted is not None and not loci:
        notes.append("no repeat lies whole within a target: are targets and FASTA of one build?")
    by_unit = Counter(len(locus.unit) for locus in loci)
    return ScanResult(
        build=build.name if build else "",
        inputs=tuple(inputs),
        loci=tuple(loci),
        bases=bases,
        found=len(loci),
        by_unit={str(unit): by_unit[unit] for unit in sorted(by_unit)},
        cut_by_targets=cut,
        notes=tuple(notes),
        params=params,
    )


def check_ends(targets: Path, spans: dict[str, list[Interval]], fasta: Fasta) -> None:
    """Raise where a target begins behind the end of its contig."""
    for contig, listed in spans.items():
        length = fasta.lengths[contig]
        for item in listed:
            if item.start >= length:
                raise ContigMismatchError(
                    targets,
                    f"{item.contig}:{item.start + 1}-{item.end} lies behind the end of {contig} in "
                    f"{fasta.path.name} ({length:,} bases)",
                    hint="give targets of the same reference build",
                )


def placed(wanted: Territory, fasta: Fasta) -> tuple[dict[str, list[Interval]], list[str]]:
    """Return targets under the FASTA's names of contigs, and the contigs that it lacks."""
    listed = list(wanted)
    names = match_names(dict.fromkeys(item.contig for item in listed), fasta.lengths)
    spans: dict[str, list[Interval]] = {}
    for item in listed:
        if item.contig in names:
            spans.setdefault(names[item.contig], []).append(item)
    return spans, [c for c in dict.fromkeys(i.contig for i in listed) if c not in names]


def scan_stretch(
    fasta: Fasta, contig: str, begin: int, end: int, params: ScanParams
) -> Iterator[Repeat]:
    """Yield the microsatellites of a stretch that no repeat lies across the edges of."""
    start = max(begin - params.flank, 0)
    pieces = pieces_of(fasta, contig, start, min(end + params.flank, fasta.lengths[contig]))
    return scan_sequence(contig, pieces, params, start=start, lead=begin - start)


def pieces_of(fasta: Fasta, contig: str, begin: int, end: int) -> Iterator[str]:
    """Yield the sequence of a stretch of a contig, a million bases at a time."""
    for start in range(begin, end, PIECE):
        yield fasta.fetch_cased(contig, start, min(start + PIECE, end))


def touching(loci: Sequence[Repeat], spans: Sequence[Interval]) -> list[Repeat]:
    """Return sites of which at least a base lies in one of sorted, disjoint intervals."""
    ends = [span.end for span in spans]
    return [
        locus
        for locus in loci
        if (at := bisect_right(ends, locus.start)) < len(spans) and spans[at].start < locus.end
    ]


def within(loci: Sequence[Repeat], spans: Sequence[Interval]) -> list[Repeat]:
    """Return sites whose tract lies whole within one of sorted, disjoint intervals."""
    kept = []
    at = 0
    for locus in loci:
        while at < len(spans) and spans[at].end <= locus.start:
            at += 1
        if at < len(spans) and spans[at].start <= locus.start and locus.end <= spans[at].end:
            kept.append(locus)
    return kept


def write_scan(result: ScanResult, outputs: Outputs) -> None:
    """Write the list, JSON and the short table where they were asked for."""
    outputs.write_output(loci_text(result.loci))
    outputs.write_json(to_document(result))
    rows = [("bases read", f"{result.bases:,}"), ("microsatellites", f"{result.found:,}")]
    rows += [(f"of {unit} bases a unit", f"{count:,}") for unit, count in result.by_unit.items()]
    if result.cut_by_targets:
        rows.append(("partly in a target, left out", f"{result.cut_by_targets:,}"))
    outputs.summarize(
        Summary(
            title="microsatellites",
            columns=("what", "value"),
            rows=tuple(rows),
            notes=result.notes,
        )
    )
