"""A case as a workbook: biomarkers, variants, genes, segments, settings, versions and inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tumorkit.report.diff.causes import flat, text
from tumorkit.report.export.case import ExportCase, File, file_stem
from tumorkit.report.export.maf import maf_rows
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.export.structural import EVENT_COLUMNS, event_rows
from tumorkit.report.export.workbook import Cell, Sheet, workbook

VARIANT_COLUMNS = (
    "Hugo_Symbol", "HGVSp_Short", "HGVSc", "Transcript_ID", "Exon_Number",
    "Variant_Classification", "Chromosome", "vcf_pos", "Reference_Allele", "Tumor_Seq_Allele2",
    "t_vaf", "t_depth", "t_alt_count", "n_vaf", "n_depth", "n_alt_count", "population_af",
    "p_somatic", "hotspot", "dbSNP_RS", "CLIN_SIG", "callers", "FILTER", "tumorkit_verdict",
)  # fmt: skip
NUMBERS = frozenset(
    [
        "vcf_pos", "t_vaf", "t_depth", "t_alt_count", "n_vaf", "n_depth", "n_alt_count",
        "population_af", "p_somatic",
    ]
)  # fmt: skip
GENE_COLUMNS = (
    "gene", "contig", "start", "end", "state", "log2_ratio", "log2_low", "log2_high", "bins",
    "focal", "copy_number", "copy_number_low", "copy_number_high", "q_value", "loh",
)  # fmt: skip
SEGMENT_COLUMNS = (
    "contig", "start", "end", "log2_ratio", "log2_low", "log2_high", "bins", "baf", "snps",
    "copy_number", "major_cn", "minor_cn",
)  # fmt: skip


def xlsx(case: ExportCase, params: ReportExportParams) -> File:
    """Return the workbook; cells of what is not known are empty."""
    file = File(name=f"{file_stem(case.sample)}.xlsx", content=b"")
    sheets = list(sheets_of(case, params, file))
    file.content = workbook(sheets)
    file.records = sum(len(sheet.rows) for sheet in sheets)
    return file


def sheets_of(case: ExportCase, params: ReportExportParams, file: File) -> Iterator[Sheet]:
    """Yield the sheets in the order of the report."""
    yield biomarkers(case)
    if case.has_variants:
        rows = maf_rows(case, params, file)
        yield Sheet(
            name="Variants",
            columns=VARIANT_COLUMNS,
            rows=[[number(row[n]) if n in NUMBERS else row[n] for n in VARIANT_COLUMNS]
                  for row in rows],
        )  # fmt: skip
    if case.calls is not None:
        genes = [cells(gene, GENE_COLUMNS) for gene in case.calls.genes or ()]
        yield Sheet(name="Genes", columns=GENE_COLUMNS, rows=genes)
        segments = [
            [*cells(item.segment, SEGMENT_COLUMNS), item.state] for item in case.calls.segments
        ]
        yield Sheet(name="Segments", columns=(*SEGMENT_COLUMNS, "state"), rows=segments)
    if case.events is not None:
        yield Sheet(name="Structural events", columns=EVENT_COLUMNS, rows=event_rows(case))
    yield Sheet(name="Settings", columns=("part", "setting", "value"), rows=list(settings(case)))
    yield Sheet(
        name="Versions and inputs",
        columns=("what", "name", "sha256 or version"),
        rows=list(versions(case)),
    )


def biomarkers(case: ExportCase) -> Sheet:
    """Return the biomarkers, and the parts that were not assessed with their reasons."""
    rows: list[list[Cell]] = []
    for item in case.biomarkers.values():
        told = item.estimate
        ends = [told.get("low"), told.get("high")] if item.ok else [None, None]
        certainty = "" if not item.call else "clear" if item.clear else "borderline"
        unit = told.get("unit") if item.ok else ""
        status = "evaluated" if item.ok else str(told.get("status") or "").replace("_", " ")
        rows.append(
            [item.name, item.value, unit, *ends, item.call, certainty, item.scheme, status,
             item.reason]
        )  # fmt: skip
    named = {item.title for item in case.biomarkers.values()}
    for part in case.parts.values():
        if not part.ok and part.title not in named:
            rows.append([part.title, *[None] * 7, part.status_words, part.reason])
    columns = ("biomarker", "value", "unit", "low", "high", "class", "certainty", "scheme",
               "status", "reason")  # fmt: skip
    return Sheet(name="Biomarkers", columns=columns, rows=rows)


def cells(noun: object, names: tuple[str, ...]) -> list[Cell]:
    """Return fields of a noun as cells."""
    found: list[Cell] = []
    for name in names:
        value = getattr(noun, name)
        found.append(text(value) if isinstance(value, bool) else value)
    return found


def number(said: str) -> Cell:
    """Return a number of a table, None where it is empty."""
    return float(said) if said else None


def settings(case: ExportCase) -> Iterator[list[Cell]]:
    """Yield what was set: of the case, then of every part."""
    own = case.document.get("case")
    for key, value in flat(own if isinstance(own, Mapping) else {}).items():
        yield ["case", key, text(value)]
    for part in case.parts.values():
        params = part.result.maybe_node("params") if part.result else None
        if part.result is not None:
            for key in ("preset", "scheme", "specification_sha256"):
                if part.result.value.get(key):
                    yield [part.title, key, text(part.result.value[key])]
        for key, value in flat(params.value if params else {}).items():
            yield [part.title, key, text(value)]


def versions(case: ExportCase) -> Iterator[list[Cell]]:
    """Yield the software's version, the build, and the digest of every input."""
    yield ["software", "tumorkit", text(case.document.get("tumorkit_version"))]
    yield ["build", "reference", case.build]
    for row in case.document.get("inputs") or ():
        yield [text(row.get("role")), text(row.get("name")), text(row.get("sha256"))]
    for row in case.document.get("knowledge") or ():
        yield ["knowledge", text(row.get("name")), text(row.get("sha256"))]
