"""Structural events for OncoKB and cBioPortal.

Sources: oncokb/oncokb-annotator (structural variants, atypical alterations); cBioPortal, "File
formats", structural variant data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tumorkit.genome.contigs import standard
from tumorkit.genome.structural import Breakpoint, Observation, StructuralEvent
from tumorkit.report.export.case import ExportCase, File, file_stem, shown, table
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.structural import in_normal

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
    "NCBI_Build", "DNA_Support", "RNA_Support", "Tumor_Split_Read_Count",
    "Tumor_Paired_End_Read_Count", "Event_Info", "Annotation",
)  # fmt: skip
# A record is the same where both sites and the name agree.
SAME = slice(0, 18)
TWICE = "structural events that stand in it already"
FRAMES = {"in-frame": "in-frame", "out-of-frame": "frameshift"}
NO_GENE = "structural events without a gene at either end"
FAILED = "structural events that a filter of their caller fails"
GERMLINE = "structural events of the germline"
IN_NORMAL = "structural events that the normal shows as well"
# Columns of the workbook.
EVENT_COLUMNS = (
    "event", "kind", "gene1", "contig1", "pos1", "keeps1", "gene2", "contig2", "pos2", "keeps2",
    "length", "frame", "frame_source", "split_reads", "spanning_pairs", "depth", "vaf",
    "normal_vaf", "confidence", "filters", "material", "callers", "caller", "file", "evidence",
)  # fmt: skip
VCF_META = (
    "##fileformat=VCFv4.3",
    '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Kind of structural variant">',
    '##INFO=<ID=MATEID,Number=1,Type=String,Description="The other end">',
    '##INFO=<ID=EVENT,Number=1,Type=String,Description="Name of the event">',
    '##INFO=<ID=KIND,Number=1,Type=String,Description="Deletion, fusion and others">',
    '##INFO=<ID=GENE,Number=.,Type=String,Description="Genes at this end">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="Last base">',
    '##INFO=<ID=SVLEN,Number=1,Type=Integer,Description="Length">',
    '##INFO=<ID=SPLIT,Number=1,Type=Integer,Description="Split reads">',
    '##INFO=<ID=PAIRS,Number=1,Type=Integer,Description="Spanning pairs">',
    '##INFO=<ID=AF,Number=1,Type=Float,Description="Share of the caller\'s reads">',
    '##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers">',
    '##INFO=<ID=MATERIAL,Number=1,Type=String,Description="DNA or RNA">',
)
VCF_COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
SYMBOLS = {"deletion": "DEL", "duplication": "DUP", "insertion": "INS"}
NO_SIDES = "structural events whose kept sides nobody says"


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
        elif in_normal(event):
            left_out[IN_NORMAL] += 1
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
            support(event, "DNA"), support(event, "RNA"),
            shown(event.split_reads), shown(event.spanning_pairs), event.name,
            ",".join(event.callers),
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


def support(event: StructuralEvent, material: str) -> str:
    """Return whether an event was seen in DNA or RNA; empty where nobody says what was read."""
    known = {item.material for item in event.observations if item.material}
    return ("Yes" if material in known else "No") if known else ""


def event_rows(case: ExportCase) -> list[list[str | float | int | None]]:
    """Return every observation of every event as a row of the workbook, those of one together."""
    return [
        observation_row(event, item) for event in case.events or () for item in event.observations
    ]


def observation_row(event: StructuralEvent, item: Observation) -> list[str | float | int | None]:
    """Return what one caller says of an event; what it does not say is empty."""
    one, two = item.first, item.second
    ends = [
        (end.gene, end.contig, end.pos, "" if end.keeps == "unknown" else end.keeps)
        for end in (one, two)
    ]
    evidence = "; ".join(f"{key}={value}" for key, value in item.evidence.items())
    return [
        event.name, item.kind, *ends[0], *ends[1], item.length, item.frame, item.frame_source,
        item.split_reads, item.spanning_pairs, item.depth, item.vaf, item.normal_vaf,
        item.confidence, ";".join(item.filters), item.material, len(event.callers), item.caller,
        item.file, evidence,
    ]  # fmt: skip


def events_vcf(case: ExportCase, params: ReportExportParams) -> File:
    """Return the events as VCF: symbolic alleles on one contig, else pairs of breakends.

    The base of the reference is written as N: an event does not carry it. Source: VCF
    specification 4.3, sections 3 and 5.4.
    """
    del params
    file = File(name=f"{file_stem(case.sample)}.structural.vcf", content="")
    rows = []
    for number, event in enumerate(case.events or (), 1):
        made = records_of(event, number)
        if not made:
            file.left_out[NO_SIDES] += 1
        rows += made
    file.content = "\n".join([*VCF_META, VCF_COLUMNS, *rows]) + "\n"
    file.records = len(rows)
    return file


def records_of(event: StructuralEvent, number: int) -> list[str]:
    """Return the record or the pair of records of an event; none where its sides are not known."""
    one, two = event.first, event.second
    if event.kind in SYMBOLS and one.pos is not None:
        kind = SYMBOLS[event.kind]
        sign = -1 if event.kind == "deletion" else 1
        known = {
            "SVTYPE": kind,
            "END": two.pos,
            "SVLEN": None if event.length is None else sign * event.length,
        }
        return [record(event, one, f"event{number}", f"<{kind}>", known)]
    if "unknown" in (one.keeps, two.keeps) or None in (one.pos, two.pos):
        return []
    names = f"event{number}_1", f"event{number}_2"
    return [
        record(
            event, own, names[at], bracketed(own, mate), {"SVTYPE": "BND", "MATEID": names[1 - at]}
        )
        for at, (own, mate) in enumerate(((one, two), (two, one)))
    ]


def bracketed(own: Breakpoint, mate: Breakpoint) -> str:
    """Return the breakend notation of one end.

    >>> here = Breakpoint(contig="chr1", pos=100, keeps="before")
    >>> bracketed(here, Breakpoint(contig="chr9", pos=200, keeps="after"))
    'N[chr9:200['
    """
    side = "[" if mate.keeps == "after" else "]"
    place = f"{side}{mate.contig}:{mate.pos}{side}"
    return f"N{place}" if own.keeps == "before" else f"{place}N"


def record(
    event: StructuralEvent, end: Breakpoint, name: str, alt: str, own: Mapping[str, object]
) -> str:
    """Return one record."""
    known = {
        **own,
        "KIND": event.kind,
        "EVENT": event.name,
        "GENE": end.gene,
        "SPLIT": event.split_reads,
        "PAIRS": event.spanning_pairs,
        "AF": None if event.vaf is None else f"{event.vaf:.6g}",
        "CALLERS": ",".join(event.callers),
        "MATERIAL": event.material,
    }
    info = ";".join(
        f"{key}={written(str(value))}" for key, value in known.items() if value not in (None, "")
    )
    filters = ";".join(event.filters) or "."
    return "\t".join((end.contig, str(end.pos), name, "N", alt, ".", written(filters, ";"), info))


def written(text: str, keep: str = "") -> str:
    """Return a value that cannot break a record.

    >>> written("MET exon 14; x")
    'MET_exon_14__x'
    """
    return "".join(c if c.isprintable() and (c not in " ;=" or c in keep) else "_" for c in text)
