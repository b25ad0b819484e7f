"""Reads a VCF, filters it and writes what was asked for: VCF, audit table, JSON, short table."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import InputError, ParameterError
from tumorkit.genome.build import detect_build
from tumorkit.genome.table import Column, TableSchema
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.atomic import atomic_path
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import open_fasta
from tumorkit.io.outputs import STDOUT, Outputs
from tumorkit.io.text import require_file
from tumorkit.io.transcripts import read_transcripts
from tumorkit.io.vcf import VcfSink, VcfSource, open_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.evidence import EvidenceParams
from tumorkit.variants.evidence.run import CaseFiles, open_case
from tumorkit.variants.filter.analysis import filter_variants
from tumorkit.variants.filter.block_columns import columns_of
from tumorkit.variants.filter.conditions import settled
from tumorkit.variants.filter.document import parse_yaml
from tumorkit.variants.filter.evidence_columns import (
    FittedCase,
    fitted_case,
    names_asked,
    names_written,
)
from tumorkit.variants.filter.evidence_names import EVIDENCE
from tumorkit.variants.filter.explain import Explainer, in_words
from tumorkit.variants.filter.hydra import is_hydra, read_hydra
from tumorkit.variants.filter.judge import Judgement
from tumorkit.variants.filter.params import FilterParams, Preparation
from tumorkit.variants.filter.presets import preset, preset_text
from tumorkit.variants.filter.quantities import AlleleColumns
from tumorkit.variants.filter.ranking import rank
from tumorkit.variants.filter.render import annotated_header
from tumorkit.variants.filter.result import FilterResult, NotEvaluable, Ranking
from tumorkit.variants.filter.specification import Specification, load_specification
from tumorkit.variants.oddities import Oddities
from tumorkit.variants.roles import Roles, assign_roles
from tumorkit.variants.transcripts import NO_LIST, TranscriptList

CHECKED_RECORDS = 1000
BLIND = (
    "no population frequencies and no matched normal: origins are told apart by allele "
    "fraction alone, and most somatic variants near a half are taken for germline; annotate the "
    "calls first (tumorkit variants annotate --population)"
)
AUDIT = TableSchema(
    "variants-audit",
    "Why each allele is in or out: a row for every filter that it does not simply pass, or one "
    "row with verdict pass.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("pos", int, "Position, 1-based.", optional=False),
        Column("ref", str, "Reference allele.", optional=False),
        Column("alt", str, "Alternative allele.", optional=False),
        Column("filter", str, "Filter; empty where the allele passes all."),
        Column("quantity", str, "What was measured."),
        Column("value", str, "Its value; empty is unknown."),
        Column("limit", str, "The limit in the allele's tier."),
        Column(
            "distance",
            str,
            "How far the value lies from the limit: log2(value / limit), positive above it; empty "
            "where one of them is no positive number.",
        ),
        Column("tier", str, "Tier of the allele.", optional=False),
        Column(
            "verdict",
            str,
            "pass, fail, unknown, lifted (by a rescue), or not_applicable (switched off by the "
            "sample's preparation).",
            optional=False,
        ),
        Column("reason", str, "The reason in words."),
    ),
)


def read_specification(spec: Path | None, preset_name: str | None) -> Specification:
    """Return the specification of a file, or of a preset; one of them must be given."""
    if (spec is None) == (preset_name is None):
        raise ParameterError(
            "give either a preset or a specification", "for instance --preset twist-solid"
        )
    if spec is None:
        return preset(preset_name or "")
    require_file(spec)
    try:
        text = spec.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ParameterError(f"{spec}: text is not UTF-8", "save the file as UTF-8") from error
    if is_hydra(parse_yaml(text, str(spec))):
        return read_hydra(text, str(spec)).specification
    return load_specification(text, str(spec), preset_text=preset_text)


def run_filter(
    vcf: Path,
    *,
    output: Path | None = None,
    audit: Path | None = None,
    preset: str | None = None,
    spec: Path | None = None,
    tumor: str | None = None,
    normal: str | None = None,
    transcripts: Path | None = None,
    files: CaseFiles | None = None,
    preparation: Preparation | None = None,
    params: FilterParams | None = None,
    evidence: EvidenceParams | None = None,
    progress: Progress = SILENT,
) -> FilterResult:
    """Filter a VCF by a preset or a specification, and say why for every allele.

    ``output`` (.vcf, .vcf.gz or .bcf with index, or ``-``) holds all records with FILTER and INFO
    set; ``audit`` is a table of reasons (or ``-``). ``transcripts`` is the laboratory's list of
    transcripts. ``files`` say what is known of the case: background of normals, purity, copies;
    for computed quantities the VCF is read once more for each pass that they need.
    ``preparation`` is what is known of material, library and reads. With a reference the REF of
    every record is compared; what is odd stands in the result's notes. Raises :class:`InputError`
    for what is no VCF, :class:`ParameterError` for a wrong specification or sample name.
    """
    specification, files = read_specification(spec, preset), files or CaseFiles()
    params, preparation = params or FilterParams(), preparation or Preparation()
    named = (("specification", spec), ("transcripts", transcripts))
    inputs = [input_file("somatic", vcf), *files.inputs()]
    inputs += [input_file(role, path) for role, path in named if path is not None]
    listed = TranscriptList(read_transcripts(transcripts)) if transcripts else NO_LIST
    if output is not None and output.exists() and output.samefile(vcf):
        raise ParameterError(f"{output}: the output is the input", "choose another output")
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(open_vcf(vcf))
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=vcf)
        first = FirstPasses(vcf, source.header, roles, params.block_size, progress, listed)
        fitted = stack.enter_context(first.fitted(specification, files, evidence))
        alike = case_notes(files, fitted, preparation)
        specification, ranking = first.ranked(specification, fitted, preparation)
        embed = preset is None or ranking is not None
        computed = names_written(specification, fitted)
        header = annotated_header(source.header, specification, computed, embed=embed)
        sink = stack.enter_context(VcfSink(output, header)) if output is not None else None
        table = stack.enter_context(_open_audit(audit)) if audit is not None else None
        fasta = stack.enter_context(open_fasta(files.reference)) if files.reference else None
        oddities = Oddities(source.header, fasta.fetch if fasta else None)
        result = filter_variants(
            _tracked(source, params.block_size, progress, oddities),
            source.header,
            roles,
            specification,
            params,
            transcripts=listed,
            fitted=fitted,
            preparation=preparation,
            write=sink.write if sink else None,
            write_content=sink.write_content if sink else None,
            audit=table.write if table else None,
        )
        require_genome(vcf, oddities)
    notes = (*result.notes, *alike, *oddities.notes(), *(sink.notes if sink else ()))
    for note in notes:
        progress.log(note)
    return dataclasses.replace(result, ranking=ranking, inputs=tuple(inputs), notes=notes)


def held_in(header: VcfHeader, asked: Sequence[str]) -> bool:
    """Whether an earlier run wrote what is asked for; a background it may not have had."""
    needed = [name for name in asked if EVIDENCE[name].needs != "background"] or asked
    return all(EVIDENCE[name].tag in header.info for name in needed)


def case_notes(
    files: CaseFiles, fitted: FittedCase | None, preparation: Preparation
) -> tuple[str, ...]:
    """Raise where the background's normals are of other material or reads; return what is open."""
    if fitted is None:
        if files.background is None and files.purity is None and files.purity_fit is None:
            return ()
        return ("the specification asks for nothing that the given case would change",)
    notes = (*((BLIND,) if fitted.blind else ()), *files.purity_notes())
    background = fitted.case.background
    if background is None:
        return notes
    return (*notes, *background.check_sample(preparation.material, preparation.reads))


class FirstPasses:
    """Reads a VCF before it is filtered: to learn what its sample is like, and to rank."""

    def __init__(
        self,
        vcf: Path,
        header: VcfHeader,
        roles: Roles,
        block_size: int,
        progress: Progress,
        transcripts: TranscriptList = NO_LIST,
    ) -> None:
        self.vcf = vcf
        self.header = header
        self.roles = roles
        self.block_size = block_size
        self.progress = progress
        self.transcripts = transcripts

    def blocks(self, label: str) -> Iterator[Sequence[VcfRecord]]:
        """Read the file from its start."""
        with open_vcf(self.vcf) as source:
            yield from self.progress.track(source.packed(self.block_size), label=label)

    @contextlib.contextmanager
    def fitted(
        self,
        specification: Specification | None,
        files: CaseFiles,
        params: EvidenceParams | None,
        blocks: Iterable[Sequence[VcfRecord]] | None = None,
    ) -> Iterator[FittedCase | None]:
        """Yield the case after a first pass; None where nothing has to be computed.

        A file that was filtered before holds its computed quantities: they are taken from there
        unless something is said of the case.
        """
        asked = names_asked(specification) if specification is not None else ()
        if not asked or (held_in(self.header, asked) and not files.any):
            yield None
            return
        build = detect_build(self.header.contig_lengths)
        with open_case(files, build) as case:
            blocks = blocks or self.blocks("Learning from the sample")
            reader = CallReader(self.header, self.roles, self.transcripts)
            yield fitted_case(blocks, reader, case, params, columns_of=columns_of)

    def ranked(
        self,
        specification: Specification,
        fitted: FittedCase | None,
        preparation: Preparation | None,
    ) -> tuple[Specification, Ranking | None]:
        """Return the specification with its score cut, where it ranks alleles."""
        if specification.combine is None:
            return specification, None
        blocks = self.blocks("Ranking")
        return rank(
            blocks,
            self.header,
            self.roles,
            specification,
            fitted,
            preparation,
            self.transcripts,
        )


def run_check(
    vcf: Path,
    *,
    preset: str | None = None,
    spec: Path | None = None,
    tumor: str | None = None,
    normal: str | None = None,
    files: CaseFiles | None = None,
    preparation: Preparation | None = None,
) -> tuple[Specification, tuple[NotEvaluable, ...]]:
    """Say which filters of a specification a VCF can answer, before anything is filtered.

    The header decides, and the first 1,000 records: a filter for which none of them holds a value
    cannot be answered either.
    """
    specification = read_specification(spec, preset)
    files = files or CaseFiles()
    with open_vcf(vcf) as source:
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=vcf)
        first = [next(source.blocks(CHECKED_RECORDS), [])]
        passes = FirstPasses(vcf, source.header, roles, CHECKED_RECORDS, SILENT)
        with passes.fitted(specification, files, None, first) as fitted:
            result = filter_variants(
                first,
                source.header,
                roles,
                specification,
                preparation=preparation,
                fitted=fitted,
            )
    return specification, result.not_evaluable


def first_oddities(vcf: Path, reference: Path | None = None) -> tuple[str, ...]:
    """Say what is odd about the first 1,000 records, with ``reference`` about their REF, too."""
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(open_vcf(vcf))
        fasta = stack.enter_context(open_fasta(reference)) if reference is not None else None
        oddities = Oddities(source.header, fasta.fetch if fasta else None)
        oddities.add(next(source.blocks(CHECKED_RECORDS), []))
    require_genome(vcf, oddities)
    return tuple(oddities.notes())


def write_filter(result: FilterResult, outputs: Outputs, *, audit: Path | None = None) -> None:
    """Write the JSON document and show the waterfall, unless the audit took stdout."""
    outputs.write_json(to_document(result))
    if audit != STDOUT:
        outputs.summarize(result.summary())


def check_summary(
    specification: Specification,
    not_evaluable: tuple[NotEvaluable, ...],
    preparation: Preparation | None = None,
    oddities: tuple[str, ...] = (),
) -> Summary:
    """Return which filters can run, as a short table."""
    reasons = {item.filter: item.reason for item in not_evaluable}
    said, notes = settled(preparation or Preparation(), specification.made_for, specification.name)
    off = {f.id: f.conditions.not_applicable(said) for f in specification.filters}
    off = {name: reason for name, reason in off.items() if reason}
    rows = [(f"tier {t.tier}", f"tier {t.tier}") for t in specification.tiers]
    rows += [(item.id, item.says) for item in specification.filters]
    rows += [(f"rescue {r.id}", r.says or f"rescue {r.id}") for r in specification.rescues]
    return Summary(
        title=f"Filter specification {specification.name}, version {specification.version}",
        columns=("filter", "evaluable", "reason", "meaning"),
        rows=tuple(
            (
                name,
                "not applicable" if name in off else "no" if name in reasons else "yes",
                off.get(name, "").removeprefix("not applicable: ") or reasons.get(name, ""),
                says,
            )
            for name, says in rows
        ),
        notes=(
            f"{len(specification.examples)} examples of the specification hold",
            f"sha256 {specification.sha256}",
            *notes,
            *oddities,
        ),
    )


class AuditTable:
    """Writes the audit table block by block."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        handle.write(AUDIT.header() + "\n")

    def write(
        self, _records: Sequence[VcfRecord], judgement: Judgement, explainer: Explainer
    ) -> None:
        """Write the rows of a block's alleles."""
        columns = judgement.columns
        if not isinstance(columns, AlleleColumns):
            return
        rows = []
        for at, record in enumerate(columns.records):
            variant = {
                "contig": record.contig,
                "pos": record.pos,
                "ref": record.ref,
                "alt": record.alts[columns.at[at]],
                "tier": judgement.tiers[at],
            }
            reasons = explainer.reasons(at)
            for reason in (*reasons, *explainer.skipped(at)):
                row = {
                    **variant,
                    "filter": reason.filter,
                    "quantity": reason.quantity,
                    "value": reason.value,
                    "limit": reason.limit,
                    "distance": reason.distance,
                    "verdict": reason.verdict,
                    "reason": in_words(reason),
                }
                rows.append(AUDIT.line(row))
            if not any(reason.verdict == "fail" for reason in reasons):
                verdict = judgement.verdict(at)
                said = {"rescued": "passes: rescued", "pass": "passes every filter"}
                reason_text = said.get(verdict, "no filter fails it; some could not judge it")
                rows.append(AUDIT.line({**variant, "verdict": verdict, "reason": reason_text}))
        if rows:
            self._handle.write("\n".join(rows) + "\n")


@contextlib.contextmanager
def _open_audit(path: Path) -> Iterator[AuditTable]:
    if path == STDOUT:
        yield AuditTable(sys.stdout)
        return
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        yield AuditTable(out)


def _tracked(
    source: VcfSource, block_size: int, progress: Progress, oddities: Oddities
) -> Iterator[Sequence[VcfRecord]]:
    for block in progress.track(source.packed(block_size), label="Filtering"):
        oddities.add(block)
        yield block


def require_genome(vcf: Path, oddities: Oddities) -> None:
    """Raise where so many REF differ that the calls were made on another genome."""
    if oddities.other_genome:
        raise InputError(
            vcf,
            f"REF is not the reference's in {oddities.counts['reference']} of {oddities.compared} "
            f"records: {oddities.wrong_reference}",
            line=oddities.firsts["reference"],
            hint="give the FASTA that the calls were made on",
        )
