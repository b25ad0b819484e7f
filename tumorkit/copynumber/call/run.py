"""Join reading, calls and writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.copynumber.call.analysis import Sex, call
from tumorkit.copynumber.call.params import CallParams
from tumorkit.copynumber.call.result import (
    ARM_SCHEMA,
    GENE_SCHEMA,
    LOSSES,
    NEUTRAL,
    NOT_CALLABLE,
    CallResult,
    GeneCall,
    SegmentCall,
)
from tumorkit.errors import ContigMismatchError
from tumorkit.genome.build import Build, detect_build
from tumorkit.genome.contigs import standard
from tumorkit.genome.table import cell
from tumorkit.io.copy_ratios import read_contig_lengths, read_copy_ratios
from tumorkit.io.digest import input_file
from tumorkit.io.fitted_purity import read_fitted_purity
from tumorkit.io.genes import read_genes
from tumorkit.io.outputs import Outputs, write_to
from tumorkit.io.segments import read_segments, segments_text

# What a called .cns has behind the columns of segments.
CALLED_COLUMNS = (
    "state",
    "state_from_two",
    "copy_number_low",
    "copy_number_high",
    "copy_number_raw",
    "minor_copies",
    "minor_copies_low",
    "minor_copies_high",
    "loh",
)


def run_call(
    segments: Path,
    *,
    ratios: Path | None = None,
    genes: Path | None = None,
    params: CallParams | None = None,
    purity: float | None = None,
    ploidy: float | None = None,
    purity_fit: Path | None = None,
    sex: Sex | None = None,
    build: Build | None = None,
    sample: str = "",
    progress: Progress = SILENT,
) -> CallResult:
    """Read segments, copy ratios and genes, and call them.

    The build is the one given, else the one of the copy ratios' header, else the only one whose
    contigs can hold the bins. ``purity_fit`` is the JSON of a purity's fit: without a ``purity``
    its best solution is taken, and intervals are those over all of its solutions. Raises
    :class:`ContigMismatchError` where genes and segments share no contig.
    """
    listed = read_segments(segments)
    read = [] if genes is None else read_genes(genes)
    if genes is not None:
        there = {standard(item.contig) for item in listed}
        if not there & {standard(gene.contig) for gene in read}:
            raise ContigMismatchError(
                genes,
                f"no gene lies on a contig of {segments.name} ({', '.join(sorted(there))[:80]})",
                hint="take genes and segments of one build",
            )
    bins = None if ratios is None else read_copy_ratios(ratios)
    if ratios is not None:
        build = build or detect_build(read_contig_lengths(ratios))
    progress.log(f"{segments.name}: {len(listed)} segments, {len(read)} genes")
    other = ratios is not None and stem(ratios) != stem(segments)
    result = call(
        bins,
        listed,
        read,
        params,
        purity=purity,
        ploidy=ploidy,
        sex=sex,
        build=build,
        fitted=None if purity_fit is None else read_fitted_purity(purity_fit),
    )
    given = (
        ("segments", segments), ("copy_ratios", ratios), ("genes", genes),
        ("purity_fit", purity_fit),
    )  # fmt: skip
    if other and ratios is not None and any("one sample?" in note for note in result.notes):
        said = f"their names differ, too: {stem(ratios)} and {stem(segments)}"
        result = replace(result, notes=(*result.notes, said))
    described = tuple(input_file(role, path) for role, path in given if path is not None)
    return result.labelled(sample or segments.name.partition(".")[0], described)


def stem(path: Path) -> str:
    """Return a file's name up to the first dot."""
    return path.name.partition(".")[0]


def write_call(
    result: CallResult,
    outputs: Outputs,
    *,
    gene_table: Path | None = None,
    arm_table: Path | None = None,
) -> None:
    """Write called segments, tables, JSON and the short table where they were asked for."""
    outputs.write_output(called_text(result))
    if gene_table is not None:
        write_to(gene_table, gene_text(result))
    if arm_table is not None:
        write_to(arm_table, arm_text(result))
    outputs.write_json(to_document(result))
    if Path("-") not in (gene_table, arm_table):
        outputs.summarize(summary(result))


def called_text(result: CallResult) -> str:
    """Return the called segments as a .cns that CNVkit reads, with their states."""
    return table_of_calls(result.segments)


def table_of_calls(called: Sequence[SegmentCall]) -> str:
    """Return called segments as a .cns, from any list of them."""
    known = any(item.state_probability is not None for item in called)
    names = (*CALLED_COLUMNS, "state_probability", "other_states") if known else CALLED_COLUMNS
    return segments_text(
        [item.segment for item in called],
        {name: [getattr(item, name) for item in called] for name in names},
    )


def gene_text(result: CallResult) -> str:
    """Return the gene table as tab-separated text."""
    return GENE_SCHEMA.text_of(gene_row(gene) for gene in result.genes)


def arm_text(result: CallResult) -> str:
    """Return the table of arms as tab-separated text."""
    return ARM_SCHEMA.text_of(
        {item.name: getattr(arm, item.name) for item in fields(arm)} for arm in result.arms
    )


def event_notes(result: CallResult) -> tuple[str, ...]:
    """Return the named events of arms that are there or in part, and the genome's doubling."""
    notes = [
        f"{item.event} ({item.meaning}): {item.status}; {item.reason}"
        for item in result.events
        if item.status in ("present", "partial")
    ]
    genome = result.genome
    if genome.doubling in ("yes", "uncertain"):
        notes.append(f"whole-genome doubling: {genome.doubling}; {genome.doubling_reason}")
    return tuple(notes)


def gene_row(gene: GeneCall) -> dict[str, object]:
    """Return a gene as a row of its table."""
    return {item.name: getattr(gene, item.name) for item in fields(gene)}


def summary(result: CallResult, most: int = 25) -> Summary:
    """Return the short table: genes with small events first, then the others that changed.

    Where no genes were given the segments that changed stand in their place.
    """
    if not result.genes:
        return summary_of_segments(result, most)
    changed = [gene for gene in result.genes if gene.state not in (NEUTRAL, NOT_CALLABLE)]
    ranked = sorted(changed, key=lambda gene: (not gene.focal, -abs(event_log2(gene))))
    rows = tuple(
        (
            gene.gene,
            f"{gene.contig}:{gene.start + 1}-{gene.end}",
            gene.state,
            "yes" if gene.focal else "no",
            f"{gene.log2_ratio:.2f}",
            f"{event_log2(gene):.2f}",
            cell(None if gene.copy_number is None else round(gene.copy_number, 2)),
            cell(gene.bins),
            "" if gene.q_value is None else f"{gene.q_value:.2g}",
        )
        for gene in ranked[:most]
    )
    more = () if len(changed) <= most else (f"and {len(changed) - most} more; see --gene-table",)
    return Summary(
        title=f"{result.sample}: {len(changed)} of {len(result.genes)} genes changed",
        columns=("gene", "where", "state", "focal", "log2", "of event", "copies", "bins", "q"),
        rows=rows,
        notes=(*more, *event_notes(result), *result.notes),
    )


def summary_of_segments(result: CallResult, most: int) -> Summary:
    """Return the short table of segments: small events first, then the others that changed."""
    changed = [item for item in result.segments if item.state not in (NEUTRAL, NOT_CALLABLE)]
    ranked = sorted(changed, key=lambda item: (not item.focal, -abs(item.segment.log2_ratio)))
    rows = tuple(
        (
            f"{item.segment.contig}:{item.segment.start + 1}-{item.segment.end}",
            item.state,
            "yes" if item.focal else "no",
            f"{item.segment.log2_ratio:.2f}",
            cell(copies if (copies := item.segment.copy_number) is None else round(copies, 2)),
            cell(item.segment.bins),
        )
        for item in ranked[:most]
    )
    more = () if len(changed) <= most else (f"and {len(changed) - most} more; see --output",)
    return Summary(
        title=f"{result.sample}: {len(changed)} of {len(result.segments)} segments changed",
        columns=("where", "state", "focal", "log2", "copies", "bins"),
        rows=rows,
        notes=(*more, "no genes given (--genes)", *event_notes(result), *result.notes),
    )


def event_log2(gene: GeneCall) -> float:
    """Return the level of the gene's most changed segment."""
    return gene.lowest_log2 if gene.state in LOSSES else gene.highest_log2
