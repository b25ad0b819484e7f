"""Read the files of other callers and write their events in one shape."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import InputError
from tumorkit.genome.build import Build, detect_build
from tumorkit.genome.structural import StructuralEvent
from tumorkit.io.digest import input_file
from tumorkit.io.genes import read_genes
from tumorkit.io.outputs import Outputs
from tumorkit.io.structural.fusions import fusion_format, read_fusions
from tumorkit.io.structural.vcf import UNNAMED, read_structural_vcf
from tumorkit.io.text import read_lines, require_file
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.structural.analysis import gather, keep
from tumorkit.variants.structural.params import StructuralParams
from tumorkit.variants.structural.result import EVENTS, ReadFile, StructuralResult

HINT = "give a VCF (Manta, DRAGEN, GRIDSS, Delly, Pindel, ScanITD) or a table of fusions"
MOST_ROWS = 30


def run_structural(
    calls: Sequence[Path],
    *,
    genes: Path | None = None,
    tumor: str | None = None,
    build: Build | None = None,
    params: StructuralParams | None = None,
    progress: Progress = SILENT,
) -> StructuralResult:
    """Read files of any of the callers; the format shows in each file.

    ``genes`` names breakpoints that the caller left without a gene. The build is the one given,
    else the one that contig lengths of a VCF show. Raises :class:`InputError` for other files.
    """
    params = params or StructuralParams()
    listed = read_genes(genes) if genes is not None else []
    name = build.name if build else next(filter(None, map(build_of, calls)), "")
    events: list[StructuralEvent] = []
    files = []
    for path in calls:
        found, form, caller, read, left = read_events(path, tumor, params)
        kept = keep(found, params, genes=listed, build=name)
        events += kept.events
        files.append(
            ReadFile(
                name=path.name,
                format=form,
                caller=caller if caller != UNNAMED or not found else found[0].caller,
                read=read,
                kept=len(kept.events),
                left_out=dict(sorted((left + kept.left_out).items())),
            )
        )
        progress.log(f"{path.name}: {len(kept.events)} events of {caller}")
    result = gather(events, params, genes=listed, build=name, sample=tumor or "", files=files)
    inputs = [("calls", path) for path in calls] + ([("genes", genes)] if genes else [])
    return dataclasses.replace(
        result, inputs=tuple(input_file(role, path) for role, path in inputs)
    )


def read_events(
    path: Path, tumor: str | None, params: StructuralParams
) -> tuple[list[StructuralEvent], str, str, int, Counter[str]]:
    """Return a file's events, its format and caller, rows read, and those left out."""
    require_file(path)
    if is_vcf(path):
        found, caller, read, left = read_structural_vcf(
            path, tumor=tumor, min_length=params.min_length
        )
        return found, "VCF", caller, read, left
    form = fusion_format(path)
    if form is None:
        raise InputError(path, "is neither a VCF nor a table of fusions that is known", hint=HINT)
    found = read_fusions(path, form)
    return found, form, form, len(found), Counter()


def is_vcf(path: Path) -> bool:
    """Whether a file is a VCF or BCF."""
    if path.name.endswith(".bcf"):
        return True
    first = next((line for _, line in read_lines(path) if line.strip()), "")
    return first.startswith(("##", "#CHROM"))


def build_of(path: Path) -> str:
    """Return the build that a VCF's contig lengths show, empty where they do not."""
    if not is_vcf(path):
        return ""
    with open_vcf(path) as source:
        found = detect_build(source.header.contig_lengths)
    return found.name if found else ""


def write_structural(result: StructuralResult, outputs: Outputs) -> None:
    """Write the table of events, the JSON, and show the events."""
    outputs.write_output(EVENTS.text_of(row_of(event) for event in result.events))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def row_of(event: StructuralEvent) -> dict[str, object]:
    """Return one event as a row."""
    row: dict[str, object] = {
        name: getattr(event, name)
        for name in ("name", "kind", "length", "frame", "split_reads", "spanning_pairs", "vaf",
                     "confidence", "filters", "caller")
    }  # fmt: skip
    for at, end in (("1", event.first), ("2", event.second)):
        row |= {f"gene{at}": end.gene, f"contig{at}": end.contig or None, f"pos{at}": end.pos}
        row[f"keeps{at}"] = None if end.keeps == "unknown" else end.keeps
    return {key: clean(value) if isinstance(value, str) else value for key, value in row.items()}


def clean(text: str) -> str:
    """Return a text in which control characters are blanks."""
    return "".join(c if c.isprintable() else " " for c in text)


def summary(result: StructuralResult) -> Summary:
    """Return the short table: named events and fusions first."""
    ordered = sorted(result.events, key=lambda event: not event.name)
    names = ("name", "kind", "contig1", "pos1", "contig2", "pos2", "length", "frame",
             "split_reads", "spanning_pairs", "caller")  # fmt: skip
    rows = [row_of(event) for event in ordered[:MOST_ROWS]]
    notes = []
    for file in result.files:
        left = "; ".join(f"{count} {reason}" for reason, count in file.left_out.items())
        notes.append(f"{file.name} ({file.caller}): {file.read} read, {file.kept} kept"
                     + (f", left out: {left}" if left else ""))  # fmt: skip
    if len(ordered) > MOST_ROWS:
        notes.append(f"{len(ordered) - MOST_ROWS} more events")
    return Summary(
        title=f"{len(result.events)} structural events",
        columns=names,
        rows=tuple(
            tuple("" if row[name] is None else str(row[name]) for name in names) for row in rows
        ),
        notes=(*map(clean, notes), *result.notes),
    )
