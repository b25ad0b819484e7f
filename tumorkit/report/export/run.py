"""Read a finished case, or a VCF, and write files for other programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from tumorkit.contract.exported import summary_of_files
from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.copynumber.export.calls import Calls, calls_of_document
from tumorkit.errors import ParameterError
from tumorkit.genome.build import build_named, detect_build
from tumorkit.genome.contigs import PRIMARY, standard
from tumorkit.genome.interval import Interval
from tumorkit.genome.structural import StructuralEvent
from tumorkit.io.atomic import write_bytes, write_text
from tumorkit.io.copy_ratios import read_copy_ratios
from tumorkit.io.digest import input_file
from tumorkit.io.documents import read_document
from tumorkit.io.hotspot_table import read_hotspot_table, read_point_depths
from tumorkit.io.indexed_bed import write_indexed_bed
from tumorkit.io.outputs import Outputs
from tumorkit.io.snps import read_snp_counts
from tumorkit.io.transcripts import read_transcripts
from tumorkit.io.vcf import open_vcf
from tumorkit.report.document import Node, Part, open_document, read_parts
from tumorkit.report.export.analysis import export_case, formats_of
from tumorkit.report.export.case import Biomarker, ExportCase
from tumorkit.report.export.consent import consented
from tumorkit.report.export.fhir_codes import refseq
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.export.result import ReportExportResult
from tumorkit.report.structural import imported
from tumorkit.variants.calls import CallReader
from tumorkit.variants.reported import (
    ReportedVariant,
    fails_wholly,
    listed_variant,
    reported_variants,
)
from tumorkit.variants.roles import assign_roles
from tumorkit.variants.structural.document import read_import
from tumorkit.variants.transcripts import LIST, NO_LIST, OTHER_VERSION, TranscriptList

FILTERED = "variants.vcf.gz"
RATIOS, SNPS = "copy_ratios.cnr", "snps.tsv"


def run_report_export(
    source: Path,
    formats: Sequence[str],
    *,
    tumor: str | None = None,
    normal: str | None = None,
    transcripts: Path | None = None,
    events: Path | None = None,
    ratios: Path | None = None,
    hotspots: Path | None = None,
    depth: Path | None = None,
    reference: Path | None = None,
    params: ReportExportParams | None = None,
    progress: Progress = SILENT,
) -> ReportExportResult:
    """Read a profile (JSON) or a VCF and make files in other formats.

    The variants of a profile are read from the filtered VCF beside it; where that is gone, from
    the profile's own list, which knows less. ``tumor``, ``normal`` and ``transcripts`` (each
    gene's reported transcript) are for a VCF; a profile has its own. ``events`` are structural
    events (JSON of ``variants import``) in place of those that a profile holds, ``ratios`` copy
    ratios that are not beside the profile.
    ``hotspots`` is a laboratory's list for the table of coverage and mutations, ``depth`` where the
    depth of its positions is read (BAM, CRAM with ``reference``, gVCF, per-base BED or ``.cnn``).
    """
    params = params or ReportExportParams()
    formats_of(formats)
    if source.suffix.lower() == ".json":
        given = {"--tumor": tumor, "--normal": normal, "--transcripts": transcripts}
        for name, value in given.items():
            if value:
                raise ParameterError(f"{name}: a profile has its own", f"leave {name} out")
        case, inputs = read_case(source, params, progress)
        case, more = with_tracks(case, source.parent, ratios)
        inputs += more
    else:
        listed = TranscriptList(read_transcripts(transcripts)) if transcripts else NO_LIST
        case = read_calls(source, params, tumor=tumor, normal=normal, listed=listed)
        inputs = [("somatic", source), *([("transcripts", transcripts)] if transcripts else [])]
    if events is not None:
        case = dataclasses.replace(case, events=read_events(events))
        inputs.append(("events", events))
    if hotspots is not None:
        case = with_hotspots(case, hotspots, depth, reference, progress)
        inputs += [("hotspots", hotspots), *([("depth", depth)] if depth is not None else [])]
    elif depth is not None:
        raise ParameterError("--depth says nothing without --hotspots", "give both")
    result = export_case(consented(case, params), formats, params)
    return dataclasses.replace(
        result, inputs=tuple(input_file(role, path) for role, path in inputs)
    )


def with_tracks(
    case: ExportCase, folder: Path, ratios: Path | None
) -> tuple[ExportCase, list[tuple[str, Path]]]:
    """Return the case with copy ratios and SNPs, given or beside the profile, and their files."""
    inputs = []
    beside = folder / RATIOS
    path = ratios or (beside if beside.is_file() else None)
    if path is not None and case.calls is not None:
        inputs.append(("copy_ratios", path))
        calls = dataclasses.replace(case.calls, ratios=read_copy_ratios(path))
        case = dataclasses.replace(case, calls=calls)
    counted = folder / SNPS
    if counted.is_file():
        inputs.append(("snps", counted))
        case = dataclasses.replace(case, snps=read_snp_counts(counted))
    return case, inputs


def with_hotspots(
    case: ExportCase,
    hotspots: Path,
    depth: Path | None,
    reference: Path | None,
    progress: Progress,
) -> ExportCase:
    """Return the case with a list of hotspots, and the depth of its positions and of variants."""
    accessions = {standard(name): refseq(name, case.build) for name in PRIMARY}
    listed = read_hotspot_table(hotspots, accessions)
    if depth is None:
        note = f"the depth of {hotspots.name} is not known (--depth)"
        return dataclasses.replace(case, hotspots=listed, notes=(*case.notes, note))
    places = [Interval(spot.contig, spot.start - 1, spot.end) for spot in listed]
    for item in case.variants:
        own = item.variant
        places.append(Interval(own.contig, own.pos - 1, own.pos - 1 + len(own.ref)))
    found = read_point_depths(
        depth, places, sample=case.sample, reference=reference, progress=progress
    )
    return dataclasses.replace(case, hotspots=listed, depths=found)


def read_events(path: Path) -> tuple[StructuralEvent, ...]:
    """Read the JSON of ``tumorkit variants import``."""
    return read_import(read_document(path), str(path)).events


def read_calls(
    path: Path,
    params: ReportExportParams,
    *,
    tumor: str | None = None,
    normal: str | None = None,
    listed: TranscriptList = NO_LIST,
    sample: str = "",
    build: str = "",
) -> ExportCase:
    """Read the variants of a VCF that are to be reported."""
    with open_vcf(path) as source:
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=path)
        reader = CallReader(source.header, roles, listed)
        lines = list(source.header.text().rstrip("\n").split("\n"))
        found: list[ReportedVariant] = []
        failed = 0
        for record in source:
            # Most calls of a tumour alone fail: they need not be described to be left out.
            if fails_wholly(record) and not params.include_failed:
                failed += len(record.alts)
                continue
            items = reported_variants(record, reader)
            wanted = [item for item in items if item.kept or params.include_failed]
            failed += len(items) - len(wanted)
            if wanted:
                found += wanted
                lines.append(record.line)
        known = detect_build(source.header.contig_lengths)
    notes = [f"{failed} alleles that a filter fails are left out"] if failed else []
    if not reader.annotations.tool:
        notes.append(f"{path.name} is not annotated: genes, classes and names are not known")
    return ExportCase(
        sample=sample or roles.tumor or "",
        normal_sample=roles.normal or "",
        build=build or (known.name if known else ""),
        tumor_only=roles.normal is None,
        variants=tuple(found),
        vcf=tuple(lines),
        source=path.name,
        notes=tuple(notes),
    )


def read_case(
    path: Path, params: ReportExportParams, progress: Progress
) -> tuple[ExportCase, list[tuple[str, Path]]]:
    """Read a profile and the filtered variants beside it."""
    document = read_document(path)
    root = open_document(document, str(path))
    parts = read_parts(root)
    own = root.node("case")
    inputs = [("profile", path)]
    beside = path.parent / FILTERED
    part = parts["variants"]
    result = part.result
    if result is not None and beside.is_file() and FILTERED in part.files:
        inputs.append(("variants", beside))
        case = read_calls(
            beside,
            params,
            tumor=result.maybe_text("tumor_sample"),
            normal=result.maybe_text("normal_sample"),
            listed=listed_transcripts(result),
            sample=root.text("sample"),
            build=root.text("build"),
        )
    else:
        case = case_from_list(root, part)
        if result is not None:
            progress.log(f"{beside}: not there; variants come from the list of {path.name}")
    calls = calls_of_part(parts["copy_number"])
    found = imported(root)
    notes = (*case.notes, *disagreement(case, part))
    if parts["copy_number"].ok and calls is None:
        notes = (*notes, "copy number is of another version of tumorkit and is left out")
    case = dataclasses.replace(
        case,
        tumor_type=own.maybe_text("tumor_type") or "",
        date=own.maybe_text("date") or "",
        tumor_only=own.flag("tumor_only"),
        calls=calls,
        events=found.events if found else None,
        notes=notes,
        biomarkers={item.name: item for item in map(biomarker, root.nodes("biomarkers"))},
        parts=parts,
        document=document,
    )
    return case, inputs


def disagreement(case: ExportCase, part: Part) -> tuple[str, ...]:
    """Say where the filtered VCF keeps another number of alleles than the profile says."""
    total = part.result.maybe_number("listed_of") if part.result else None
    kept = sum(item.kept for item in case.variants)
    if total is None or case.source != FILTERED or kept == total:
        return ()
    said = f"{FILTERED} keeps {kept} alleles, the profile {total:g}: they are not of one run"
    return (said,)


def listed_transcripts(result: Node) -> TranscriptList:
    """Return the laboratory's transcripts that a profile used, as far as its variants show them."""
    found: dict[str, str] = {}
    for row in result.nodes("variants"):
        if row.maybe_text("transcript_choice") in (LIST, OTHER_VERSION):
            found[row.maybe_text("gene") or ""] = row.maybe_text("transcript") or ""
    return TranscriptList(found) if found else NO_LIST


def biomarker(node: Node) -> Biomarker:
    """Return one biomarker of a profile."""
    return Biomarker(
        name=node.text("name"),
        title=node.maybe_text("title") or node.text("name"),
        scheme=node.maybe_text("scheme") or "",
        estimate=node.node("estimate").value,
    )


def calls_of_part(part: Part) -> Calls | None:
    """Return the copy-number calls of a profile; None where there are none of this version."""
    if part.result is None:
        return None
    value = part.result.value
    try:
        build = build_named(value["build"]) if value.get("build") else None
        return calls_of_document(value, build)
    except (KeyError, TypeError):
        return None


def case_from_list(root: Node, part: Part) -> ExportCase:
    """Return the case with the variants that the profile itself lists."""
    rows = part.result.nodes("variants") if part.result else []
    for row in rows:
        row.count("pos")
        for key in ("contig", "ref", "alt"):
            row.text(key)
    notes = []
    if part.result is not None:
        notes.append(
            f"{FILTERED} is not beside the profile: variants come from its list, without reads of "
            "the normal, genotypes and annotation but the reported transcript"
        )
        total = part.result.maybe_number("listed_of") or 0
        if total > len(rows):
            notes.append(f"the list has {len(rows)} of {total:g} variants")
    normal = root.node("case").maybe_text("normal_sample")
    return ExportCase(
        sample=root.text("sample"),
        normal_sample=normal or "",
        build=root.text("build"),
        variants=tuple(listed_variant(row.value) for row in rows),
        has_variants=part.result is not None,
        source="profile.json",
        notes=tuple(notes),
    )


def write_report_export(
    result: ReportExportResult, outputs: Outputs, *, outdir: Path | None = None
) -> None:
    """Write the files into a folder, or the only one where it was asked for; then what was done."""
    if outputs.output is not None:
        if len(result.files) != 1 or isinstance(result.contents[result.files[0].name], bytes):
            listed = ", ".join(item.name for item in result.files)
            raise ParameterError(
                f"{len(result.files)} files ({listed}) do not fit into one", "use --outdir"
            )
        outputs.write_output(str(result.contents[result.files[0].name]))
    if outdir is not None:
        for name, content in result.contents.items():
            if isinstance(content, bytes):
                write_bytes(outdir / name, content)
            elif name.endswith(".bed.gz"):
                write_indexed_bed(outdir / name, content)
            else:
                write_text(outdir / name, content)
    outputs.write_json(to_document(result))
    outputs.summarize(
        summary_of_files(
            result.files, sample=result.sample, source=result.source, notes=result.notes
        )
    )
