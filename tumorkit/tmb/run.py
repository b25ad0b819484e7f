"""From a VCF and a panel to a TMB, and from a TMB to files."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import InputFile, to_document
from tumorkit.contract.settings import Settings, about
from tumorkit.errors import ParameterError, TumorkitError
from tumorkit.genome.build import detect_build
from tumorkit.genome.variant import Variant
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.atomic import atomic_path, write_text
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import STDOUT, Outputs
from tumorkit.io.scheme_file import YAML_SUFFIXES, read_scheme_file
from tumorkit.io.territory import read_masks
from tumorkit.io.transcripts import read_transcripts
from tumorkit.io.vcf import VcfSink, open_vcf
from tumorkit.tmb.analysis import compare_tmb, with_rules
from tumorkit.tmb.calibrate.run import read_calibration
from tumorkit.tmb.notes import origin_notes
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import TRACE, TmbResult, Verdict
from tumorkit.tmb.schemes import SCHEMES, scheme_named
from tumorkit.tmb.terms import check_terms
from tumorkit.tmb.territory.run import by_scheme, territory_for, territory_notes, write_beside
from tumorkit.tmb.text import (
    TAG_LINE,
    hydra_text,
    single_number,
    summary_of,
    tagged,
    trace_row,
)
from tumorkit.variants.allele_block import AlleleBlock
from tumorkit.variants.calls import CallReader
from tumorkit.variants.consequence import Annotations
from tumorkit.variants.evidence.run import CaseFiles, open_case
from tumorkit.variants.filter.block_columns import columns_of
from tumorkit.variants.filter.evidence_columns import FittedCase, fitted_case
from tumorkit.variants.lazy import LazyReader
from tumorkit.variants.roles import assign_roles
from tumorkit.variants.transcripts import NO_LIST, TranscriptList


@dataclass(frozen=True, kw_only=True)
class TmbFiles(Settings):
    """Files that stand beside a TMB; those that list variants are written while the VCF is read."""

    trace: Path | None = field(
        default=None,
        metadata=about("Table of every variant: counted or rejected, and why (- is stdout)."),
    )
    tagged: Path | None = field(
        default=None, metadata=about("VCF with the first scheme's verdict on every record.")
    )
    hydra: Path | None = field(default=None, metadata=about("Hydra-genetics' TMB.txt."))
    balsamic_stat: Path | None = field(
        default=None, metadata=about("BALSAMIC's balsamic_stat, one number.")
    )
    gene_table: Path | None = field(
        default=None, metadata=about("Table of the megabases of each gene.")
    )
    territory: Path | None = field(
        default=None,
        metadata=about("The first scheme's territory as BED, to be given as targets again."),
    )


def run_tmb(
    vcf: Path,
    *,
    targets: Path | None = None,
    exons: Path | None = None,
    masks: Sequence[Path] = (),
    coverage: Path | None = None,
    megabases: float | None = None,
    preset: str | Sequence[str] = (),
    params: TmbParams | Sequence[TmbParams] | None = None,
    changes: Mapping[str, object] | None = None,
    tumor: str | None = None,
    normal: str | None = None,
    transcripts: Path | None = None,
    calibration: Path | None = None,
    case_files: CaseFiles | None = None,
    files: TmbFiles | None = None,
    progress: Progress = SILENT,
) -> TmbResult:
    """Score the variants of a VCF under one scheme or several; the first one leads.

    ``preset`` names published schemes or YAML files, ``params`` gives rules; ``changes`` replaces
    single rules in all. ``targets`` (BED) is the territory, ``exons`` keeps its coding part,
    ``coverage`` (mosdepth's BEDs, .cnn) its covered part, ``masks`` are left out of territory and
    count; ``megabases`` is a size to divide by instead. ``transcripts`` lists each gene's reported
    transcript. ``calibration`` leads to an exome's burden. ``case_files``: with a purity only
    bases deep enough to show a clonal variant are territory; schemes that weigh germline variants
    compute P(somatic) from it, or read TK_P_SOMATIC where nothing is given and the VCF has it.
    """
    schemes = tuple(with_rules(scheme, dict(changes or {})) for scheme in chosen(preset, params))
    files, case = files or TmbFiles(), checked(case_files or CaseFiles(), schemes)
    listed = TranscriptList(read_transcripts(transcripts)) if transcripts else NO_LIST
    with open_vcf(vcf) as source:
        header = source.header
        roles = assign_roles(header, tumor=tumor, normal=normal, path=vcf)
        reader = CallReader(header, roles, listed)
        built = territory_for(targets, exons, masks)
        known = case.used_purity
        territories, covering = by_scheme(schemes, built, coverage, known)
        said = territory_notes(built, targets, header, vcf, coverage, known, schemes[0])
        said = [*said, *case.purity_notes()]
        inputs = inputs_of(vcf, targets, exons, coverage, masks, transcripts, calibration)
        fitted = fitted_origins(vcf, reader, schemes, case, progress)
        blocks = progress.track(source.packed(), label="variants")
        with Recorder(files, header, schemes[0].scheme) as recorder:
            result = compare_tmb(
                alleles(blocks, reader, recorder, fitted),
                territories,
                schemes,
                **known_of(reader),
                megabases=megabases,
                masked=built.masked if built is not None else read_masks(masks),
                trace=recorder if recorder.wanted else None,
                purity=known,
                calibration=read_calibration(calibration) if calibration else None,
            )
            result = dataclasses.replace(
                result,
                sample=roles.tumor or "",
                build=build_of(header),
                inputs=(*inputs, *case.inputs()),
                territory=covering,
                notes=(*result.notes, *said, *origin_notes(fitted is not None, known)),
            )
            recorder.finish(result)
    return write_beside(files.gene_table, files.territory, built, territories, result)


def chosen(
    preset: str | Sequence[str], params: TmbParams | Sequence[TmbParams] | None
) -> tuple[TmbParams, ...]:
    """Return the schemes that presets and params name, in their order."""
    names = (preset,) if isinstance(preset, str) else tuple(preset)
    given = (params,) if isinstance(params, TmbParams) else tuple(params or ())
    schemes = (*(scheme_of(name) for name in names if name), *given)
    if not schemes:
        raise ParameterError(
            "no TMB scheme was named: what counts, and what it is divided by, differs",
            f"name one with --preset: {', '.join(SCHEMES)}",
        )
    seen: dict[str, TmbParams] = {}
    for scheme in schemes:
        if scheme.scheme in seen:
            raise ParameterError(f"TMB scheme {scheme.scheme!r} was named twice")
        seen[scheme.scheme] = scheme
    return schemes


def scheme_of(name: str) -> TmbParams:
    """Return a published scheme, or the one of a YAML file (``base:`` names what it builds on)."""
    if not name.endswith(YAML_SUFFIXES):
        return scheme_named(name)
    path = Path(name)
    rules, lines = read_scheme_file(path)
    base = rules.pop("base", None)
    try:
        values = dataclasses.asdict(scheme_named(str(base))) if base is not None else {}
        params = TmbParams.from_mapping({**values, "scheme": path.stem, **rules})
        check_terms(params.consequences)
    except ParameterError as error:
        # The message names the rule; one that names none is about the preset.
        named = (at for rule, at in lines.items() if re.search(rf"\b{rule}\b", error.message))
        line = next(named, lines.get("base", 1))
        said = error.message.removeprefix("settings: ")
        raise ParameterError(f"{path.name}:{line}: {said}", error.hint) from error
    return params


def checked(case: CaseFiles, schemes: Sequence[TmbParams]) -> CaseFiles:
    """Return the case; raise where something of it is given that no scheme asks for."""
    known = dataclasses.replace(case, purity=None, purity_sd=0.0, purity_fit=None)
    if known.any and not any(scheme.weighs for scheme in schemes):
        raise ParameterError(
            "segments, background, reference, contamination and sex serve to weigh germline "
            "variants, and no scheme does",
            "add --germline posterior",
        )
    return case


def fitted_origins(
    vcf: Path,
    reader: CallReader,
    schemes: Sequence[TmbParams],
    files: CaseFiles,
    progress: Progress,
) -> FittedCase | None:
    """Learn from a first pass what P(somatic) leans on; None where nobody has to compute it."""
    if not any(scheme.weighs for scheme in schemes) or (reader.knows_origin and not files.any):
        return None
    build = detect_build(reader.header.contig_lengths)
    with open_case(files, build) as case, open_vcf(vcf) as source:
        blocks = progress.track(source.packed(), label="Learning from the sample")
        return fitted_case(blocks, reader, case, columns_of=columns_of)


def alleles(
    blocks: Iterable[Sequence[VcfRecord]],
    reader: CallReader,
    recorder: Recorder,
    fitted: FittedCase | None = None,
) -> Iterator[Variant | AlleleBlock]:
    """Yield the alternative alleles of records: one by one if they are recorded, else in blocks."""
    lazy = LazyReader(reader)
    for records in blocks:
        block = AlleleBlock(records, lazy, fitted)
        if not recorder.wanted:
            yield block
            continue
        for record, variants in block.by_record():
            recorder.begin(record)
            yield from variants


def known_of(reader: CallReader) -> dict[str, Any]:
    """Return what a header says of annotation, normal, population sources and fields."""
    header, annotations = reader.header, reader.annotations
    return {
        "annotated": bool(annotations.tool),
        "tumor_only": reader.roles.tumor_only and not reports_normal(header),
        "frequencies": declared_frequencies(annotations),
        "fields": declared_fields(header, annotations),
    }


def declared_frequencies(annotations: Annotations) -> tuple[str, ...]:
    """Return the population sources that a header declares and that were really asked."""
    silent = () if annotations.mutect_had_resource else ("POPAF", "POP_AF")
    names = [name for name, _ in annotations.csq_frequencies] + annotations.info_frequencies
    return tuple(name for name in names if name not in silent)


def declared_fields(header: VcfHeader, annotations: Annotations) -> frozenset[str]:
    """Return the declared INFO fields and the fields of the annotation, under their prefixes."""
    return frozenset(f"INFO/{key}" for key in header.info) | frozenset(
        f"CSQ/{name}" for name in annotations.at
    )


def reports_normal(header: VcfHeader) -> bool:
    """Whether the tumour's column carries the normal's counts (DeepSomatic, ClairS)."""
    return "NDP" in header.formats and "NAF" in header.formats


def build_of(header: VcfHeader) -> str:
    """Return the name of the build, empty where the contig lengths do not tell."""
    build = detect_build(header.contig_lengths)
    return build.name if build is not None else ""


def inputs_of(
    vcf: Path,
    targets: Path | None,
    exons: Path | None,
    coverage: Path | None,
    masks: Sequence[Path],
    transcripts: Path | None = None,
    calibration: Path | None = None,
) -> tuple[InputFile, ...]:
    """Describe the inputs by name and digest."""
    given = [("somatic", vcf), ("targets", targets), ("exons", exons), ("coverage", coverage)]
    given += [*(("mask", mask) for mask in masks), ("transcripts", transcripts)]
    given += [("calibration", calibration)]
    return tuple(input_file(role, path) for role, path in given if path is not None)


class Recorder:
    """Writes the files that list variants one by one, whole or not at all."""

    def __init__(self, files: TmbFiles, header: VcfHeader, scheme: str) -> None:
        self.files = files
        self.header = header
        self.scheme = scheme
        self.wanted = any((files.trace, files.tagged, files.hydra))
        self.stack = contextlib.ExitStack()
        self.table: IO[str] | None = None
        self.sink: VcfSink | None = None
        self.record: VcfRecord | None = None
        self.verdicts: list[str] = []
        self.lines: list[str] = []

    def __enter__(self) -> Recorder:
        with contextlib.ExitStack() as stack:
            if self.files.trace == STDOUT:
                self.table = sys.stdout
            elif self.files.trace is not None:
                temporary = stack.enter_context(atomic_path(self.files.trace))
                handle = temporary.open("w", encoding="utf-8", newline="")
                self.table = stack.enter_context(handle)
            if self.table is not None:
                self.table.write(TRACE.header() + "\n")
            if self.files.tagged is not None:
                header = self.header.with_meta([TAG_LINE])
                self.sink = stack.enter_context(VcfSink(self.files.tagged, header))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *problem: object) -> None:
        self.stack.__exit__(*problem)  # type: ignore[arg-type]

    def begin(self, record: VcfRecord) -> None:
        """Hear that the alleles of a record follow."""
        self.flush()
        self.record = record

    def __call__(self, verdict: Verdict) -> None:
        """Hear the verdict of one scheme on one allele."""
        if self.table is not None:
            self.table.write(TRACE.line(trace_row(verdict)) + "\n")
        if verdict.scheme == self.scheme:
            codes = "|".join(reason.code for reason in verdict.reasons)
            self.verdicts.append(codes or "counted")

    def flush(self) -> None:
        """Write the record that is finished."""
        record, verdicts = self.record, self.verdicts
        if record is None:
            return
        if self.sink is not None:
            self.sink.write([tagged(record, verdicts)])
        if self.files.hydra is not None and "counted" in verdicts:
            self.lines.append(record.line)
        self.verdicts = []

    def finish(self, result: TmbResult) -> None:
        """Write what is left, and the files of one number."""
        self.flush()
        if self.files.hydra is not None:
            write_text(self.files.hydra, hydra_text(result, self.lines))
        if self.files.balsamic_stat is not None:
            write_text(self.files.balsamic_stat, f"{single_number(result)}\n")


def write_tmb(result: TmbResult, outputs: Outputs, *, trace: Path | None = None) -> None:
    """Write a result as JSON and show it as a short table, unless the trace took stdout."""
    if outputs.json is not None:
        outputs.write_json(to_document(result))
    if trace == STDOUT:
        return
    outputs.summarize(summary_of(result))


def check_evaluable(result: TmbResult) -> None:
    """Raise where the leading scheme could not be evaluated."""
    if result.tmb.status != "ok":
        raise TumorkitError(f"{result.scheme}: TMB is not evaluable: {result.tmb.reason}")
