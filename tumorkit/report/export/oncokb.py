"""Input files of OncoKB's annotator; its data are not shipped and not read.

Source: oncokb/oncokb-annotator, README and the layouts of its example files.
"""

from __future__ import annotations

from tumorkit.copynumber.call.result import (
    AMPLIFICATION,
    DEEP_LOSS,
    HIGH_GAIN,
    HOMOZYGOUS_DELETION,
)
from tumorkit.genome.contigs import standard
from tumorkit.report.export.case import ExportCase, File, table
from tumorkit.report.export.maf import maf_rows
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.export.structural import atypical_events, oncokb_events

MAF_COLUMNS = (
    "NCBI_Build", "Hugo_Symbol", "Variant_Classification", "Tumor_Sample_Barcode", "HGVSp_Short",
    "HGVSp", "HGVSg", "Chromosome", "Start_Position", "End_Position", "Reference_Allele",
    "Tumor_Seq_Allele1", "Tumor_Seq_Allele2",
)  # fmt: skip
CNA = {AMPLIFICATION: "Amplification", HOMOZYGOUS_DELETION: "Deletion"}
WITHOUT_COPIES = (HIGH_GAIN, DEEP_LOSS)
NO_COPIES = "genes far from the usual level whose copies are unknown (no purity)"
OTHER = "Other Biomarkers"
ATYPICAL = {"MSI": ("MSI-H", "MSI-H"), "TMB": ("TMB-High", "TMB-H")}


def oncokb(case: ExportCase, params: ReportExportParams) -> list[File]:
    """Return the annotator's input: variants, copy number, atypical alterations, samples.

    A gene is said to be amplified or deleted only where its copies are known; MSI-H and TMB-H only
    where the class is clear.
    """
    files = [variants(case, params)]
    if case.calls is not None and case.calls.genes is not None:
        files.append(copy_number(case))
    if case.events is not None:
        files.append(oncokb_events(case, params))
    files += [atypical(case, params), clinical(case, params)]
    return files


def variants(case: ExportCase, params: ReportExportParams) -> File:
    """Return the variants by protein name and by place."""
    file = File(name="oncokb_maf.txt", content="")
    rows = maf_rows(case, params, file)
    for row in rows:
        row["HGVSg"] = genomic_name(row)
    file.content = table(MAF_COLUMNS, ([row[name] for name in MAF_COLUMNS] for row in rows))
    file.records = len(rows)
    return file


def genomic_name(row: dict[str, str]) -> str:
    """Return the genomic HGVS name of a substitution of one base; others go by their place.

    >>> genomic_name({"Variant_Type": "SNP", "Chromosome": "chr7", "Start_Position": "140753336",
    ...               "Reference_Allele": "A", "Tumor_Seq_Allele2": "T"})
    '7:g.140753336A>T'
    """
    if row["Variant_Type"] != "SNP":
        return ""
    contig = standard(row["Chromosome"]).removeprefix("chr")
    change = f"{row['Reference_Allele']}>{row['Tumor_Seq_Allele2']}"
    return f"{contig}:g.{row['Start_Position']}{change}"


def copy_number(case: ExportCase) -> File:
    """Return amplified and deleted genes."""
    file = File(name="oncokb_cna.txt", content="")
    assert case.calls is not None
    rows = []
    for gene in case.calls.genes or ():
        if gene.state in CNA:
            rows.append((case.sample, gene.gene, CNA[gene.state]))
        elif gene.state in WITHOUT_COPIES:
            file.left_out[NO_COPIES] += 1
    rows = list(dict.fromkeys(rows))
    columns = ("Tumor_Sample_Barcode", "Hugo_Symbol", "Copy_Number_Alteration")
    file.content, file.records = table(columns, rows), len(rows)
    return file


def atypical(case: ExportCase, params: ReportExportParams) -> File:
    """Return MSI-H and TMB-H where the class is clear, and structural events with a name."""
    file = File(name="oncokb_atypical.txt", content="")
    rows = [*atypical_events(case, params)]
    for name, (call, word) in ATYPICAL.items():
        found = case.biomarkers.get(name)
        if found is None or not found.ok:
            file.left_out[f"{name}: not evaluable"] += 1
        elif found.call == call and found.clear:
            rows.append((OTHER, case.sample, word))
        elif found.call == call:
            file.left_out[f"{name}: {call}, but borderline"] += 1
    columns = ("HUGO_SYMBOL", "SAMPLE_ID", "ALTERATION")
    file.content, file.records = table(columns, rows), len(rows)
    return file


def clinical(case: ExportCase, params: ReportExportParams) -> File:
    """Return the sample with its OncoTree code, empty where none was given."""
    return File(
        name="oncokb_clinical.txt",
        content=table(("SAMPLE_ID", "ONCOTREE_CODE"), [(case.sample, params.oncotree)]),
        records=1,
    )
