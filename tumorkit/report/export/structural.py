"""Structural events for OncoKB and cBioPortal.

Sources: oncokb/oncokb-annotator (structural variants, atypical alterations); cBioPortal, "File
formats", structural variant data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tumorkit.genome.contigs import standard
from tumorkit.genome.structural import Breakpoint, StructuralEvent
from tumorkit.report.export.case import ExportCase, File, shown, table
from tumorkit.report.export.params import ReportExportParams

KINDS = {
    "fusion": "FUSION", "translocation": "TRANSLOCATION", "deletion": "DELETION",
    "duplication": "DUPLICATION", "inversion": "INVERSION", "insertion": "INSERTION",
}  # fmt: skip
# Named events that OncoKB knows as alterations of one gene.
ATYPICAL = {
    "FLT3-ITD": ("FLT3", "ITD"),
    "EGFRvIII": ("EGFR", "vIII"),
    "KMT2A-PTD": ("KMT2A", "Partial Tandem Duplication"),
}
ONCOKB = ("Tumor_Sample_Barcode", "GeneA", "GeneB", "Sv_Type")
CBIOPORTAL = (
    "Sample_Id", "SV_Status", "Site1_Hugo_Symbol", "Site1_Entrez_Gene_Id",
    "Site1_Ensembl_Transcript_Id", "Site1_Region", "Site1_Region_Number", "Site1_Contig",
    "Site1_Chromosome", "Site1_Position", "Site2_Hugo_Symbol", "Site2_Entrez_Gene_Id",
    "Site2_Ensembl_Transcript_Id", "Site2_Region", "Site2_Region_Number", "Site2_Contig",
    "Site2_Chromosome", "Site2_Position", "Class", "SV_Length", "Site2_Effect_On_Frame",
    "NCBI_Build", "Tumor_Split_Read_Count", "Tumor_Paired_End_Read_Count", "Event_Info",
    "Annotation",
)  # fmt: skip
# A record is the same where both sites and the name agree.
SAME = slice(0, 18)
TWICE = "structural events that stand in it already"
FRAMES = {"in-frame": "in-frame", "out-of-frame": "frameshift"}
NO_GENE = "structural events without a gene at either end"
FAILED = "structural events that a filter of their caller fails"
GERMLINE = "structural events of the germline"


def first_gene(names: str) -> str:
    """Return the first gene of a breakpoint that lies in several."""
    return names.partition(",")[0]


def reported_events(
    case: ExportCase, left_out: Counter[str], *, failed: bool = False
) -> list[StructuralEvent]:
    """Return the events that their caller's filters let pass, and count the others.

    Events that a matched normal shows as germline are none of the tumour's.
    """
    found = []
    for event in case.events or ():
        if event.somatic is False:
            left_out[GERMLINE] += 1
        elif event.passed or failed:
            found.append(event)
        else:
            left_out[FAILED] += 1
    return found


def in_genes(
    case: ExportCase, params: ReportExportParams, file: File
) -> Iterator[tuple[StructuralEvent, str, str]]:
    """Yield events that touch a gene, with the genes of both ends; count the others."""
    for event in reported_events(case, file.left_out, failed=params.include_failed):
        first, second = first_gene(event.first.gene), first_gene(event.second.gene)
        if first or second:
            yield event, first, second
        else:
            file.left_out[NO_GENE] += 1


def oncokb_events(case: ExportCase, params: ReportExportParams) -> File:
    """Return events by the genes that they join; named ones go to the atypical alterations."""
    file = File(name="oncokb_sv.txt", content="")
    rows = [
        (case.sample, first or second, second or first, KINDS.get(event.kind, "UNKNOWN"))
        for event, first, second in in_genes(case, params, file)
        if event.name not in ATYPICAL
    ]
    rows = list(dict.fromkeys(rows))
    file.content, file.records = table(ONCOKB, rows), len(rows)
    return file


def atypical_events(case: ExportCase, params: ReportExportParams) -> list[tuple[str, str, str]]:
    """Return named events as OncoKB's atypical alterations: gene, sample, alteration."""
    kept = reported_events(case, Counter(), failed=params.include_failed)
    named = [ATYPICAL[event.name] for event in kept if event.name in ATYPICAL]
    return [(gene, case.sample, word) for gene, word in dict.fromkeys(named)]


def cbioportal_events(case: ExportCase, params: ReportExportParams) -> File:
    """Return events with both sites, each once; what nobody knows is empty."""
    file = File(name="data_sv.txt", content="")
    rows = []
    seen = set()
    for event, first, second in in_genes(case, params, file):
        frame = FRAMES.get(event.frame or "", "")
        row = (
            case.sample, "SOMATIC", *site(event.first, first), *site(event.second, second),
            KINDS.get(event.kind, "UNKNOWN"), shown(event.length), frame, case.build,
            shown(event.split_reads), shown(event.spanning_pairs), event.name,
            event.caller,
        )  # fmt: skip
        key = (*row[SAME], event.name)
        if key in seen:
            file.left_out[TWICE] += 1
        else:
            seen.add(key)
            rows.append(row)
    file.content, file.records = table(CBIOPORTAL, rows), len(rows)
    return file


def site(end: Breakpoint, gene: str) -> tuple[str, ...]:
    """Return an end: gene, ids, exon, strand of the contig, contig, position."""
    number = end.exon if end.exon.isdigit() else ""
    region = "EXON" if number else ""
    contig = standard(end.contig).removeprefix("chr")
    return gene, "", "", region, number, "", contig, "" if end.pos is None else str(end.pos)
