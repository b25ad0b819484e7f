"""Read alterations and tables, class them, and write what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.errors import InputError, ParameterError
from tumorkit.genome.build import detect_build
from tumorkit.interpretation.alterations import (
    alteration_of,
    biomarker_alterations,
    copy_number_alterations,
    event_alterations,
)
from tumorkit.interpretation.classify.analysis import classify
from tumorkit.interpretation.classify.params import ClassifyParams
from tumorkit.interpretation.classify.result import ClassifyResult
from tumorkit.interpretation.classify.tables import TABLES, Checks
from tumorkit.interpretation.classify.text import (
    by_allele,
    summary_of,
    table_text,
    tagged_header,
    tagged_line,
)
from tumorkit.interpretation.nouns import Alteration, EvidenceItem, Knowledge, Tables
from tumorkit.io.case_file import read_table_list
from tumorkit.io.digest import input_file
from tumorkit.io.documents import read_document as read_result
from tumorkit.io.knowledge import iso_date, one_of, read_table, whole
from tumorkit.io.outputs import Outputs
from tumorkit.io.transcript_models import read_transcript_models
from tumorkit.io.vcf import VcfSink, open_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.reported import listed_variant, reported_variants
from tumorkit.variants.roles import assign_roles

CHECKS = Checks(date=iso_date, one_of=one_of, whole=whole)
KNOWLEDGE = "tumorkit/interpretation.knowledge"
PROFILE, FILTERING, EVENTS = (
    "tumorkit/profile", "tumorkit/variants.filter", "tumorkit/variants.structural"
)  # fmt: skip
VARIANTS_OF = (PROFILE, FILTERING, EVENTS)
EVENTS_OF = "structural_events"
FILTERED = "variants.vcf.gz"
RESULT_HINT = "give a profile.json, or the JSON of variants filter or import"
VCF_SUFFIXES = (".vcf", ".vcf.gz", ".vcf.bgz")


@dataclass(frozen=True, kw_only=True)
class TableFiles:
    """The tables that were given; None is not given."""

    evidence: Path | None = None
    tiers: Path | None = None
    laboratory: Path | None = None
    escat: Path | None = None
    roles: Path | None = None
    hotspots: Path | None = None
    domains: Path | None = None
    criteria: Path | None = None
    synonyms: Path | None = None
    parents: Path | None = None
    exons: Path | None = None

    def given(self) -> dict[str, Path]:
        """Return the tables that were given, by kind."""
        named = {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}
        return {name: path for name, path in named.items() if path is not None}


def named_tables(path: Path) -> tuple[TableFiles, dict[str, Any]]:
    """Return the tables that a laboratory's TOML file names, and its settings.

    The tables are relative to the file. Raises :class:`ParameterError` for unknown keys.
    """
    settings = [item.name for item in ClassifyParams.described()]
    roles = [item.name for item in dataclasses.fields(TableFiles)]
    files, said = read_table_list(path, roles=roles, settings=settings)
    ClassifyParams.from_mapping(said, where=str(path))
    return TableFiles(**files), said


def with_named(
    path: Path, files: TableFiles, params: ClassifyParams
) -> tuple[TableFiles, ClassifyParams]:
    """Add the tables and settings that a TOML file names to those that were given, which lead."""
    tables, said = named_tables(path)
    default = ClassifyParams()
    unsaid = {key: said[key] for key in said if getattr(params, key) == getattr(default, key)}
    both = tables.given() | files.given()
    return TableFiles(**both), dataclasses.replace(params, **unsaid)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is to be classed, and whose it is."""

    sample: str
    build: str
    tumor_type: str
    alterations: Sequence[Alteration]


def run_classify(
    variants: Path,
    tables: TableFiles,
    *,
    structural: Path | None = None,
    tumor: str | None = None,
    params: ClassifyParams | None = None,
    progress: Progress = SILENT,
) -> ClassifyResult:
    """Class the alterations of a VCF, a filtering's JSON or a profile by the tables given.

    Variants that a filter fails are not classed. A profile has its copy-number states, structural
    events and biomarkers classed, too; ``structural`` is an import of events beside the variants.
    Raises :class:`ParameterError` where no table is given at all.
    """
    params = params or ClassifyParams()
    if params.date:
        checked_date(params.date)
    if not tables.given():
        raise ParameterError("no table was given", "give --evidence, --roles, --hotspots or others")
    known = read_tables(tables)
    if variants.suffix.lower() == ".json":
        case = read_document(variants, params)
    else:
        case = read_vcf(variants, tumor, params)
    if structural is not None:
        case = with_events(case, structural)
    progress.log(f"{variants.name}: {len(case.alterations)} alterations")
    result = classify(case.alterations, known, params, tumor_type=case.tumor_type)
    beside = (("structural", structural),) if structural else ()
    files = (("variants", variants), *beside, *tables.given().items())
    return dataclasses.replace(
        result,
        sample=case.sample,
        build=case.build,
        inputs=tuple(input_file(role, path) for role, path in files),
    )


def checked_date(text: str) -> str:
    """Return an ISO date or raise :class:`ParameterError`."""
    try:
        return iso_date(text)
    except ValueError as error:
        raise ParameterError(str(error)) from error


def read_tables(files: TableFiles) -> Tables:
    """Read all tables that were given, and describe each."""
    found: dict[str, Any] = {}
    knowledge = []
    for kind, path in files.given().items():
        name, date = path.name, None
        if kind == "evidence":
            document = read_result(path, hint="give what interpretation import made")
            found["evidence"], name, date = evidence_of(document, path)
            found["evidence_name"] = f"{name} {date}"
            rows = found["evidence"]
        elif kind == "exons":
            rows = found["models"] = read_transcript_models(path)
        else:
            table = TABLES[kind]
            rows = read_table(
                path,
                table.needed,
                table.optional,
                lambda cells, table=table: table.make(cells, CHECKS),  # type: ignore[misc]
                filled=table.filled,
            )
            found[kind] = rows
            date = max((row.date for row in rows if getattr(row, "date", "")), default=None)
        digest = input_file(kind, path).sha256
        knowledge.append(Knowledge(kind=kind, name=name, date=date, sha256=digest, rows=len(rows)))
    if "roles" in found:
        found["roles"] = dict(found["roles"])
    for kind in ("synonyms", "parents"):
        found[kind] = grouped(found.pop(kind, ()))
    found["asserted"] = found.pop("criteria", None)
    return Tables(knowledge=tuple(knowledge), **found)


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return the second words of pairs by the first."""
    made: dict[str, set[str]] = {}
    for first, second in pairs:
        made.setdefault(first, set()).add(second)
    return {name: frozenset(words) for name, words in made.items()}


def evidence_of(
    document: Mapping[str, Any], path: Path
) -> tuple[tuple[EvidenceItem, ...], str, str]:
    """Return the statements of an imported knowledge base, its name and its date."""
    if document.get("schema") != KNOWLEDGE:
        raise InputError(
            path,
            f"expected a {KNOWLEDGE}, found {document.get('schema')!r}",
            hint="make it with `tumorkit interpretation import civic`",
        )
    try:
        items = tuple(
            EvidenceItem(**{**row, "therapies": tuple(row["therapies"])})
            for row in document["items"]
        )
        return items, str(document["name"]), str(document["date"])
    except (KeyError, TypeError) as error:
        raise InputError(
            path, "statements of another version of tumorkit", hint="import the dump again"
        ) from error


def read_vcf(
    path: Path, tumor: str | None, params: ClassifyParams, *, normal: str | None = None
) -> Case:
    """Read the variants of a VCF that no filter fails."""
    with open_vcf(path) as source:
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=path)
        reader = CallReader(source.header, roles)
        if not reader.annotations.tool:
            raise InputError(
                path,
                "is not annotated: genes and protein changes are not known",
                hint="annotate it with VEP, SnpEff or bcftools csq",
            )
        build = detect_build(source.header.contig_lengths)
        name = build.name if build else ""
        found = [
            alteration_of(item, params.predictor, name)
            for record in source
            for item in reported_variants(record, reader)
            if item.kept and item.variant.kind != "symbolic"
        ]
    return Case(
        sample=roles.tumor or "",
        build=name,
        tumor_type="",
        alterations=found,
    )


def read_document(path: Path, params: ClassifyParams) -> Case:
    """Read the variants of a filtering's JSON, events of an import, or all of a profile.

    The filtered VCF beside a profile knows more than its list: which populations were asked, exons.
    """
    document = read_result(path, hint=RESULT_HINT)
    schema = document.get("schema")
    if schema not in VARIANTS_OF:
        raise InputError(
            path, f"expected {' or '.join(VARIANTS_OF)}, found {schema!r}", hint="or give a VCF"
        )
    build = str(document.get("build") or "")
    results: dict[str, Any] = {"variants": {} if schema == EVENTS else document}
    results[EVENTS_OF] = document if schema == EVENTS else {}
    tumor_type = ""
    if schema == PROFILE:
        results = {p.get("name"): p.get("result") or {} for p in document.get("parts") or ()}
        tumor_type = str((document.get("case") or {}).get("tumor_type") or "")
    try:
        listed = [listed_variant(row) for row in results.get("variants", {}).get("variants") or ()]
        found = [alteration_of(item, "", build) for item in listed if item.kept]
        events = event_alterations(results.get(EVENTS_OF, {}).get("events") or ())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(path, "its list of variants or events cannot be read") from error
    beside = path.parent / FILTERED
    if schema == PROFILE and found and beside.is_file():
        told = results["variants"]
        normal, tumor = told.get("normal_sample"), told.get("tumor_sample")
        if told.get("annotated"):
            found = list(read_vcf(beside, tumor, params, normal=normal).alterations)
    genes = results.get("copy_number", {}).get("genes") or ()
    return Case(
        sample=str(document.get("sample") or ""),
        build=build,
        tumor_type=tumor_type,
        alterations=[
            *found,
            *copy_number_alterations(genes),
            *events,
            *biomarker_alterations(results),
        ],
    )


def with_events(case: Case, path: Path) -> Case:
    """Return a case with the events of an import beside it; sample and build have to agree."""
    document = read_result(path, hint=RESULT_HINT)
    if document.get("schema") != EVENTS:
        raise InputError(
            path,
            f"expected a {EVENTS}, found {document.get('schema')!r}",
            hint="make it with `tumorkit variants import --json`",
        )
    for what, own in (("sample", case.sample), ("build", case.build)):
        told = str(document.get(what) or "")
        if told and own and told != own:
            raise InputError(path, f"its {what} is {told!r}, that of the variants is {own!r}")
    try:
        events = event_alterations(document.get("events") or ())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(path, "its list of events cannot be read") from error
    return dataclasses.replace(case, alterations=[*case.alterations, *events])


def write_classify(result: ClassifyResult, variants: Path, outputs: Outputs) -> None:
    """Write the table, or the VCF with tags where the name asks for one; JSON; a short table."""
    path = outputs.output
    if path is not None and path.name.endswith(VCF_SUFFIXES):
        if variants.suffix.lower() == ".json":
            raise ParameterError("a VCF can be made of a VCF only", "name the table .tsv")
        write_tagged(result, variants, path)
    else:
        outputs.write_output(table_text(result))
    outputs.write_json(to_document(result))
    outputs.summarize(summary_of(result))


def write_tagged(result: ClassifyResult, variants: Path, path: Path) -> None:
    """Write the VCF again with the tags of every classed allele."""
    found = by_allele(result.variants)
    with open_vcf(variants) as source:
        header = tagged_header(source.header)
        with VcfSink(path, header) as sink:
            for block in source.blocks():
                sink.write(tagged_line(record, found) for record in block)
