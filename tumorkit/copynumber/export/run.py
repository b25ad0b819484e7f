"""Join reading, export and writing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tumorkit.contract.exported import summary_of_files
from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.copynumber.call.analysis import Sex
from tumorkit.copynumber.call.run import table_of_calls
from tumorkit.copynumber.export.analysis import export, formats_of
from tumorkit.copynumber.export.calls import Calls, calls_of, calls_of_document
from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.result import ExportResult
from tumorkit.copynumber.segment.bins import only_build
from tumorkit.errors import ContigMismatchError, InputError, ParameterError
from tumorkit.genome.build import Build, build_named, detect_build
from tumorkit.genome.contigs import standard
from tumorkit.io.copy_ratios import read_contig_lengths, read_copy_ratios
from tumorkit.io.digest import input_file
from tumorkit.io.genes import read_genes
from tumorkit.io.outputs import Outputs, write_to
from tumorkit.io.segments import read_segment_set
from tumorkit.io.text import read_lines

SCHEMA = "tumorkit/copynumber.call"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Which part of a file of calls is meant, and what is known beside it.

    ``sample`` names the sample in a file of several, else in what is written; ``caller`` chooses
    in a VCF of several callers. ``lenient`` takes allele fractions outside 0 to 1 as unknown.
    """

    sample: str = ""
    caller: str = ""
    lenient: bool = False
    sex: Sex | None = None
    build: Build | None = None


def run_export(
    calls: Path,
    formats: Sequence[str],
    *,
    genes: Path | None = None,
    ratios: Path | None = None,
    source: Source | None = None,
    params: ExportParams | None = None,
    progress: Progress = SILENT,
) -> ExportResult:
    """Read calls (segments of any program, or the JSON of ``cnv call``) and make other files.

    The build is the one given, else the one that contig lengths of the headers show, else the only
    one that can hold the bins. Raises :class:`InputError` for what cannot be read,
    :class:`ParameterError` for a format that lacks what it needs.
    """
    formats_of(formats)
    source = source or Source()
    found = read_calls(calls, genes=genes, ratios=ratios, source=source)
    progress.log(f"{calls.name}: {len(found.segments)} segments, {found.source}")
    result = export(found, formats, params, table_of_calls)
    given = (("calls", calls), ("genes", genes), ("copy_ratios", ratios))
    return result.labelled(
        tuple(input_file(role, path) for role, path in given if path is not None)
    )


def read_calls(path: Path, *, genes: Path | None, ratios: Path | None, source: Source) -> Calls:
    """Read calls and what was given beside them."""
    bins = None if ratios is None else read_copy_ratios(ratios)
    build = source.build
    if build is None and ratios is not None and bins is not None:
        build = detect_build(read_contig_lengths(ratios)) or only_build(bins)
    if is_document(path):
        found = read_document(path, build)
        given = {"--genes": genes, "--sex": source.sex, "--caller": source.caller}
        for name, value in given.items():
            if value:
                raise ParameterError(
                    f"{name}: the JSON of a call has its own", f"leave {name} out, or give the .cns"
                )
        return replace(found, ratios=bins, sample=source.sample or found.sample)
    read = read_segment_set(
        path, sample=source.sample, caller=source.caller, lenient=source.lenient
    )
    build = build or detect_build(read.lengths)
    listed = None if genes is None else read_genes(genes)
    if listed is not None:
        there = {standard(item.contig) for item in read.segments}
        if not there & {standard(gene.contig) for gene in listed}:
            raise ContigMismatchError(
                genes or "",
                f"no gene lies on a contig of {path.name} ({', '.join(sorted(there))[:80]})",
                hint="take genes and segments of one build",
            )
    return calls_of(
        read.segments,
        sample=source.sample or read.sample or path.name.partition(".")[0],
        words=read.words,
        genes=listed,
        build=build,
        sex=source.sex,
        ratios=bins,
        source=read.form,
        caller=read.caller,
        notes=read.notes,
        lengths=read.lengths,
    )


def is_document(path: Path) -> bool:
    """Whether a file is JSON."""
    return next((line.lstrip().startswith("{") for _, line in read_lines(path)), False)


def read_document(path: Path, build: Build | None) -> Calls:
    """Read the JSON of ``tumorkit cnv call``."""
    text = "\n".join(line for _, line in read_lines(path))
    try:
        document: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(path, f"no JSON: {error.msg}", line=error.lineno) from error
    found = document.get("schema")
    if found != SCHEMA:
        raise InputError(path, f"expected a document {SCHEMA}, found {found}")
    if build is None and document.get("build"):
        build = build_named(document["build"])
    try:
        return calls_of_document(document, build)
    except (KeyError, TypeError) as error:
        raise InputError(
            path,
            f"a document of another version of tumorkit ({document.get('tumorkit_version')})",
            hint="run: tumorkit cnv call",
        ) from error


def write_export(result: ExportResult, outputs: Outputs, *, outdir: Path | None = None) -> None:
    """Write the files into a folder, or the only one where it was asked for; then what was done."""
    if outputs.output is not None:
        if len(result.files) != 1:
            listed = ", ".join(item.format for item in result.files)
            raise ParameterError(
                f"{len(result.files)} files ({listed}) do not fit into one",
                "use --outdir, or name one format",
            )
        outputs.write_output(result.texts[result.files[0].format])
    if outdir is not None:
        for item in result.files:
            write_to(outdir / item.name, result.texts[item.format])
    outputs.write_json(to_document(result))
    outputs.summarize(
        summary_of_files(
            result.files, sample=result.sample, source=result.source, notes=result.notes
        )
    )
