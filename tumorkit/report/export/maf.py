"""Mutation Annotation Format with GDC's columns, as vcf2maf fills them.

Sources: GDC MAF format 1.0.0 and its columns; mskcc/vcf2maf (README, tests); cBioPortal file
formats, "Mutation data".
"""

from __future__ import annotations

from collections.abc import Sequence

from tumorkit.report.export.alleles import (
    Alleles,
    classification,
    maf_alleles,
    short_protein,
    without_accession,
)
from tumorkit.report.export.case import ExportCase, File, file_stem, shown, table
from tumorkit.report.export.params import ReportExportParams
from tumorkit.variants.reported import ReportedVariant

VERSION = "#version 2.4"
BASIC = (
    "Hugo_Symbol", "Entrez_Gene_Id", "Center", "NCBI_Build", "Chromosome", "Start_Position",
    "End_Position", "Strand", "Variant_Classification", "Variant_Type", "Reference_Allele",
    "Tumor_Seq_Allele1", "Tumor_Seq_Allele2", "dbSNP_RS", "dbSNP_Val_Status",
    "Tumor_Sample_Barcode", "Matched_Norm_Sample_Barcode", "Match_Norm_Seq_Allele1",
    "Match_Norm_Seq_Allele2", "Tumor_Validation_Allele1", "Tumor_Validation_Allele2",
    "Match_Norm_Validation_Allele1", "Match_Norm_Validation_Allele2", "Verification_Status",
    "Validation_Status", "Mutation_Status", "Sequencing_Phase", "Sequence_Source",
    "Validation_Method", "Score", "BAM_File", "Sequencer", "Tumor_Sample_UUID",
    "Matched_Norm_Sample_UUID", "HGVSc", "HGVSp", "HGVSp_Short", "Transcript_ID", "Exon_Number",
    "t_depth", "t_ref_count", "t_alt_count", "n_depth", "n_ref_count", "n_alt_count",
)  # fmt: skip
# Fields of VEP by their own names; MAF's name for VEP's STRAND is TRANSCRIPT_STRAND.
ANNOTATED = (
    "Allele", "Gene", "Feature", "Feature_type", "Consequence", "cDNA_position", "CDS_position",
    "Protein_position", "Amino_acids", "Codons", "Existing_variation", "DISTANCE", "STRAND",
    "SYMBOL", "SYMBOL_SOURCE", "HGNC_ID", "BIOTYPE", "CANONICAL", "CCDS", "ENSP", "SWISSPROT",
    "TREMBL", "UNIPARC", "RefSeq", "SIFT", "PolyPhen", "EXON", "INTRON", "DOMAINS", "CLIN_SIG",
    "SOMATIC", "PUBMED", "MOTIF_NAME", "MOTIF_POS", "HIGH_INF_POS", "MOTIF_SCORE_CHANGE",
    "IMPACT", "PICK", "VARIANT_CLASS", "TSL", "HGVS_OFFSET", "PHENO", "MANE_SELECT",
)  # fmt: skip
RENAMED = {"STRAND": "TRANSCRIPT_STRAND"}
OWN = (
    "FILTER", "vcf_id", "vcf_qual", "vcf_pos", "callers", "hotspot", "t_vaf", "n_vaf",
    "population_af", "p_somatic", "tumorkit_verdict",
)  # fmt: skip
COLUMNS = (*BASIC, *(RENAMED.get(name, name) for name in ANNOTATED), *OWN)
SYMBOLIC = "symbolic alleles"
NOT_IN_GENOTYPE = "alternatives that the tumour's genotype does not have"
NO_GENE = "Unknown"


def maf(case: ExportCase, params: ReportExportParams) -> File:
    """Return the MAF of a case: one row an alternative allele; unknown is empty, never 0."""
    file = File(name=f"{file_stem(case.sample)}.maf", content="")
    rows = maf_rows(case, params, file)
    file.content = table(COLUMNS, ([row[name] for name in COLUMNS] for row in rows), VERSION)
    file.records = len(rows)
    return file


def maf_rows(case: ExportCase, params: ReportExportParams, file: File) -> list[dict[str, str]]:
    """Return the rows by column name, and count in ``file`` what has no row."""
    rows = []
    for item in case.variants:
        if item.variant.kind == "symbolic":
            file.left_out[SYMBOLIC] += 1
        elif item.tumor_alleles and not in_genotype(item):
            file.left_out[NOT_IN_GENOTYPE] += 1
        else:
            rows.append(maf_row(item, case, params))
    return rows


def in_genotype(item: ReportedVariant) -> bool:
    """Whether a genotype that names any alternative names this one."""
    others = [base for base in item.tumor_alleles if base != item.variant.ref]
    return not others or item.variant.alt in others


def maf_row(item: ReportedVariant, case: ExportCase, params: ReportExportParams) -> dict[str, str]:
    """Return one row by column name."""
    variant, said = item.variant, item.consequence
    cut = maf_alleles(variant.pos, variant.ref, variant.alt)
    row = dict.fromkeys(COLUMNS, "")
    row |= {RENAMED.get(n, n): unquoted(item.annotation.get(n, "")) for n in ANNOTATED}
    row |= genotype_columns(item, cut)
    row |= count_columns(item)
    row |= {
        "Hugo_Symbol": item.gene or NO_GENE,
        "Center": params.center,
        "NCBI_Build": case.build,
        "Chromosome": variant.contig,
        "Start_Position": str(cut.start),
        "End_Position": str(cut.end),
        "Strand": "+",
        "Variant_Classification": classification(said.terms if said else (), cut),
        "Variant_Type": cut.kind,
        "Reference_Allele": cut.ref,
        "Tumor_Seq_Allele2": cut.alt,
        "dbSNP_RS": database_ids(item),
        "Tumor_Sample_Barcode": case.sample,
        "Matched_Norm_Sample_Barcode": case.normal_sample,
        "FILTER": ";".join(variant.filters) or ".",
        "vcf_id": ";".join(variant.ids) or ".",
        "vcf_qual": shown(variant.quality, "."),
        "vcf_pos": str(variant.pos),
        "callers": ",".join(variant.callers),
        "hotspot": {True: "yes", False: "no", None: ""}[variant.hotspot],
        "population_af": shown(variant.population_af.value),
        "p_somatic": shown(variant.p_somatic),
        "tumorkit_verdict": item.verdict,
    }
    if said is not None:
        row |= {
            "HGVSc": without_accession(said.hgvsc),
            "HGVSp": without_accession(said.hgvsp),
            "HGVSp_Short": short_protein(said.hgvsp, said.hgvsc, said.terms),
            "Transcript_ID": said.transcript,
            "Exon_Number": said.exon,
            "Consequence": ",".join(said.terms),
        }
    return row


def genotype_columns(item: ReportedVariant, cut: Alleles) -> dict[str, str]:
    """Return the other allele of the tumour and both of the normal; empty where not genotyped."""
    row = {}
    tumor = list(item.tumor_alleles)
    if len(tumor) == 2:
        if item.variant.alt in tumor:
            tumor.remove(item.variant.alt)
        row["Tumor_Seq_Allele1"] = cut.other(tumor[0])
    if len(item.normal_alleles) == 2:
        first, second = item.normal_alleles
        row["Match_Norm_Seq_Allele1"] = cut.other(first)
        row["Match_Norm_Seq_Allele2"] = cut.other(second)
    return row


def count_columns(item: ReportedVariant) -> dict[str, str]:
    """Return reads of the tumour and of the normal; what nobody counted is empty."""
    row = {}
    for letter, counts in (("t", item.variant.tumor), ("n", item.variant.normal)):
        if counts is not None:
            row[f"{letter}_depth"] = shown(counts.depth)
            row[f"{letter}_ref_count"] = shown(counts.ref_depth)
            row[f"{letter}_alt_count"] = shown(counts.alt_depth)
            row[f"{letter}_vaf"] = shown(counts.vaf)
    return row


def database_ids(item: ReportedVariant) -> str:
    """Return dbSNP's names, ``novel`` where the annotation asked and found nothing.

    The column stays empty where it found entries of other databases only, or nobody asked.
    """
    known = item.annotation.get("Existing_variation")
    names = [*split(known), *item.variant.ids]
    found = [name for name in dict.fromkeys(names) if name.startswith("rs")]
    if found:
        return ",".join(found)
    return "novel" if known == "" else ""


def split(text: str | None) -> Sequence[str]:
    """Return the names of a field that holds several."""
    return [name for name in (text or "").replace("&", ",").split(",") if name]


def unquoted(text: str) -> str:
    """Return a field of VEP as MAF has it: several values with commas."""
    return text.replace("&", ",").replace("%3D", "=")
