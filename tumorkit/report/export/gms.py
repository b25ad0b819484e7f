"""The table of coverage and mutations that GMS's pathologists open: 26 columns.

Source: the output of Twist Solid, ``coverage_and_mutations``. Limits of depth are those of its
report: 200 reads are enough, below 30 a position cannot be analysed. ``-`` is not known.
"""

from __future__ import annotations

import re

from tumorkit.report.export.case import ExportCase, File, file_stem, table
from tumorkit.report.export.fhir_codes import refseq
from tumorkit.report.export.maf import SYMBOLIC, database_ids
from tumorkit.report.export.params import ReportExportParams
from tumorkit.variants.reported import ReportedVariant

COLUMNS = (
    "chr", "start", "stop", "Gene", "Consequence", "Exon", "AA_change", "CDS_change",
    "Accession_number", "report", "Comment", "Min_read_depth200", "gvcf_depth", "ref", "alt", "DP",
    "ref_depth", "alt_depth", "AF", "rs", "db1000G", "GnomAD", "clinvar", "background_median",
    "nr_std_from_background_median", "nr_observed_in_normals",
)  # fmt: skip
UNKNOWN = "-"
ENOUGH, LEAST = 200, 30
THOUSAND_GENOMES = ("AF", "AF_1000G", "1000G_AF")
GNOMAD = re.compile(r"(?:INFO/)?gnomad[eg]?_?AF$", re.I)
CLINICAL = ("CLIN_SIG", "ClinVar_CLNSIG", "CLNSIG")
HOTSPOTS = ("Hotspot", "TK_HOTSPOT")


def gms_table(case: ExportCase, params: ReportExportParams) -> File:
    """Return one row a variant; hotspots without a variant need depths that a case has not."""
    del params
    file = File(name=f"{file_stem(case.sample)}.coverage_and_mutations.tsv", content="")
    rows = []
    for item in case.variants:
        if item.variant.kind == "symbolic":
            file.left_out[SYMBOLIC] += 1
        else:
            rows.append(row_of(item, case))
    file.content, file.records = table(COLUMNS, rows), len(rows)
    return file


def row_of(item: ReportedVariant, case: ExportCase) -> list[str]:
    """Return one variant in the table's order of columns."""
    own, said, info = item.variant, item.consequence, item.variant.info
    counts = own.tumor
    names = {
        "chr": refseq(own.contig, case.build) or own.contig,
        "start": str(own.pos),
        "stop": str(own.pos + len(own.ref) - 1),
        "Gene": item.gene,
        "Consequence": "&".join(said.terms) if said else "",
        "Exon": said.exon if said else "",
        "AA_change": protein_change(item),
        "CDS_change": said.hgvsc if said else "",
        "Accession_number": said.transcript if said else "",
        "report": next((info[key] for key in HOTSPOTS if info.get(key)), ""),
        "Min_read_depth200": depth_word(counts.depth),
        "ref": own.ref,
        "alt": own.alt,
        "DP": "" if counts.depth is None else str(counts.depth),
        "ref_depth": "" if counts.ref_depth is None else str(counts.ref_depth),
        "alt_depth": "" if counts.alt_depth is None else str(counts.alt_depth),
        "AF": "" if counts.vaf is None else f"{counts.vaf:.3f}",
        "rs": database_ids(item).replace("novel", ""),
        "db1000G": first_of(item, THOUSAND_GENOMES),
        "GnomAD": gnomad(item),
        "clinvar": first_of(item, CLINICAL),
        "background_median": info.get("PanelMedian", ""),
        "nr_std_from_background_median": info.get("PositionNrSD", ""),
        "nr_observed_in_normals": info.get("Artifact", ""),
    }
    return [str(names.get(column) or "") or UNKNOWN for column in COLUMNS]


def protein_change(item: ReportedVariant) -> str:
    """Return the protein change without accession and ``p.``."""
    name = item.consequence.hgvsp if item.consequence else ""
    return name.rpartition(":")[2].removeprefix("p.").replace("%3D", "=")


def depth_word(depth: int | None) -> str:
    """Return whether a depth is enough, in the table's words.

    >>> [depth_word(depth) for depth in (200, 199, 29, None)]
    ['ok', 'low', 'not analyzable', '']
    """
    if depth is None:
        return ""
    return "ok" if depth >= ENOUGH else "low" if depth >= LEAST else "not analyzable"


def first_of(item: ReportedVariant, names: tuple[str, ...]) -> str:
    """Return the first field of the annotation that says something."""
    return next((item.annotation[name] for name in names if item.annotation.get(name)), "")


def gnomad(item: ReportedVariant) -> str:
    """Return the highest frequency in gnomAD; empty where it has none or was not asked."""
    found = item.variant.frequencies.items()
    values = [
        known.value for name, known in found if GNOMAD.match(name) and known.value is not None
    ]
    return f"{max(values):.6g}" if values else ""
