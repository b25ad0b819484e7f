"""A study folder of one case for cBioPortal.

Sources: cBioPortal documentation, "File formats" (cancer study, clinical data, mutation data,
discrete and log2 copy number, segmented data, structural variants); what its importer refuses or
warns of (cBioPortal/cbioportal-core, scripts/importer). A value that is not evaluable is an empty
cell, never 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tumorkit.copynumber.export.cbioportal import continuous, discrete
from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.tables import SEG
from tumorkit.errors import ParameterError
from tumorkit.genome.contigs import standard
from tumorkit.report.export.case import ExportCase, File, shown, table
from tumorkit.report.export.maf import COLUMNS, NO_GENE, VERSION, maf_rows
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.export.structural import cbioportal_events
from tumorkit.report.export.study_parts import case_lists, gene_panel, meta, signatures

FOLDER = "cbioportal"
GENOMES = {"GRCh37": "hg19", "GRCh38": "hg38"}
IDENTIFIER = re.compile(r"[a-z0-9_]+")
NAME = re.compile(r"[A-Za-z0-9_.-]{1,63}")
PANEL = re.compile(r"[A-Za-z0-9_.-]*")
# Column, name, description, type; the fourth header row is the priority.
ATTRIBUTES = (
    ("PATIENT_ID", "Patient identifier", "Identifier of the patient", "STRING"),
    ("SAMPLE_ID", "Sample identifier", "Identifier of the sample", "STRING"),
    ("TUMOR_TYPE", "Tumor type", "Tumor type as given by the laboratory", "STRING"),
    ("SOMATIC_STATUS", "Somatic status", "Matched or unmatched", "STRING"),
    ("PURITY", "Purity", "Share of tumor cells", "NUMBER"),
    ("PLOIDY", "Ploidy", "Mean copies of the tumor", "NUMBER"),
    ("TMB_SCORE", "TMB", "Tumor mutational burden, mutations per megabase", "NUMBER"),
    ("TMB_SCHEME", "TMB scheme", "Rules that the burden was counted by", "STRING"),
    ("MSI_SCORE", "MSI score", "Unstable microsatellites", "NUMBER"),
    ("MSI_TYPE", "MSI type", "Class of the MSI score", "STRING"),
    ("HRD_SUM", "HRD sum", "Sum of the three scars", "NUMBER"),
)
NO_BINS = "segments without a number of bins"
OUTSIDE = "variants outside genes"
TWICE = "variants that stand in it already"
NAMELESS = "protein names that cBioPortal cannot read"
# A record is the same where these agree.
SAME = ("Chromosome", "Start_Position", "End_Position", "Variant_Classification",
        "Tumor_Seq_Allele2", "HGVSp_Short")  # fmt: skip
ACCESSION = re.compile(r"(?:[OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d){1,2})")
LONGEST_NAME = 255
SWISSPROT = "SWISSPROT"


def study(case: ExportCase, params: ReportExportParams) -> list[File]:
    """Return the folder's files.

    Raises :class:`ParameterError` for a build that cBioPortal does not have, and for identifiers
    that it refuses.
    """
    genome = GENOMES.get(case.build)
    if genome is None:
        raise ParameterError(
            f"cBioPortal knows GRCh37 and GRCh38, not {case.build or 'an unknown build'}",
            "make the other files without cbioportal",
        )
    check_identifiers(case, params)
    files = [meta_study(case, params, genome), *clinical(case, params)]
    files += mutations(case, params)
    profiled, profiles = ["sequenced"], ["mutations"]
    if case.calls is not None:
        files += copy_number(case, params, genome)
        if case.calls.genes:
            profiled.append("cna")
            profiles.append("gistic")
    if case.events is not None:
        files += structural_variants(case, params)
        profiled.append("sv")
        profiles.append("structural_variants")
    files += signatures(case, params)
    files += gene_panel(case, params, profiles)
    files += case_lists(case, params, profiled)
    for file in files:
        file.name = f"{FOLDER}/{file.name}"
    return files


def check_identifiers(case: ExportCase, params: ReportExportParams) -> None:
    """Raise for identifiers with characters that cBioPortal does not take."""
    if not IDENTIFIER.fullmatch(params.study):
        raise ParameterError(
            f"study: {params.study!r} is not an identifier",
            "use lower-case letters, digits and _",
        )
    if not PANEL.fullmatch(params.gene_panel):
        raise ParameterError(
            f"gene_panel: {params.gene_panel!r} is not an identifier",
            "use letters, digits, _, - and .",
        )
    for what, name in (("sample", case.sample), ("patient", patient(case, params))):
        if not NAME.fullmatch(name):
            raise ParameterError(
                f"{what} {name!r} cannot be an identifier in cBioPortal",
                "use at most 63 letters, digits, _, - and .",
            )


def patient(case: ExportCase, params: ReportExportParams) -> str:
    """Return the patient's identifier, the sample's where none was given."""
    return params.patient or case.sample


def meta_study(case: ExportCase, params: ReportExportParams, genome: str) -> File:
    """Return what the study is."""
    file = meta(
        "meta_study.txt",
        params,
        {
            "type_of_cancer": params.cancer_type.lower(),
            "name": params.study_name or params.study,
            "description": "Somatic profiles made by tumorkit; for research use.",
            "add_global_case_list": "true",
            "reference_genome": genome,
        },
    )
    del case
    return file


def clinical(case: ExportCase, params: ReportExportParams) -> Iterator[File]:
    """Return attributes of the sample with the four header rows that cBioPortal reads."""
    yield meta(
        "meta_clinical_sample.txt",
        params,
        {
            "genetic_alteration_type": "CLINICAL",
            "datatype": "SAMPLE_ATTRIBUTES",
            "data_filename": "data_clinical_sample.txt",
        },
    )
    known = {name: item for name, item in case.biomarkers.items() if item.ok}

    def value(name: str) -> str:
        return shown(known[name].value) if name in known else ""

    row = {
        "PATIENT_ID": patient(case, params),
        "SAMPLE_ID": case.sample,
        "TUMOR_TYPE": case.tumor_type,
        "SOMATIC_STATUS": "Unmatched" if case.tumor_only else "Matched",
        "PURITY": value("Purity"),
        "PLOIDY": value("Ploidy"),
        "TMB_SCORE": value("TMB"),
        "TMB_SCHEME": known["TMB"].scheme if "TMB" in known else "",
        "MSI_SCORE": value("MSI"),
        "MSI_TYPE": known["MSI"].call if "MSI" in known else "",
        "HRD_SUM": value("HRD sum"),
    }
    head = ["#" + "\t".join(item[at] for item in ATTRIBUTES) for at in (1, 2, 3)]
    head.append("#" + "\t".join("1" for _ in ATTRIBUTES))
    columns = [item[0] for item in ATTRIBUTES]
    content = table(columns, [[row[name] for name in columns]], *head)
    file = File(name="data_clinical_sample.txt", content=content, records=1)
    for name, item in case.biomarkers.items():
        if not item.ok:
            file.left_out[f"{name}: not evaluable"] += 1
    yield file


def mutations(case: ExportCase, params: ReportExportParams) -> Iterator[File]:
    """Return the variants: contigs without ``chr``, each record once, a UniProt entry a protein."""
    file = File(name="data_mutations.txt", content="")
    rows = unique_rows(maf_rows(case, params, file), file)
    named = not rows or any(row[SWISSPROT] for row in rows)
    columns = [name for name in COLUMNS if name != SWISSPROT or named]
    lines = {
        "genetic_alteration_type": "MUTATION_EXTENDED",
        "datatype": "MAF",
        "stable_id": "mutations",
        "show_profile_in_analysis_tab": "true",
        "profile_name": "Mutations",
        "profile_description": "Variants that pass the filters of tumorkit.",
        "data_filename": file.name,
    }
    if SWISSPROT in columns:
        lines["swissprot_identifier"] = "accession"
    if case.normal_sample:
        lines["normal_samples_list"] = case.normal_sample
    yield meta("meta_mutations.txt", params, lines)
    file.content = table(columns, ([row[name] for name in columns] for row in rows), VERSION)
    file.records = len(rows)
    yield file


def unique_rows(rows: list[dict[str, str]], file: File) -> list[dict[str, str]]:
    """Return the rows that cBioPortal loads, and count in ``file`` the others by reason."""
    kept = []
    seen = set()
    for row in rows:
        row["Chromosome"] = bare(row["Chromosome"])
        name = row["HGVSp_Short"]
        if any(mark in name for mark in ",;") or "p." in name[1:] or len(name) > LONGEST_NAME:
            file.left_out[NAMELESS] += 1
            row["HGVSp_Short"] = ""
        found = ACCESSION.match(row[SWISSPROT])
        row[SWISSPROT] = found.group() if found else ""
        key = tuple(row[column] for column in SAME)
        if row["Hugo_Symbol"] == NO_GENE:
            file.left_out[OUTSIDE] += 1
        elif key in seen:
            file.left_out[TWICE] += 1
        else:
            seen.add(key)
            kept.append(row)
    return kept


def copy_number(case: ExportCase, params: ReportExportParams, genome: str) -> Iterator[File]:
    """Return genes as steps of -2 to 2 and as log2 ratios, and segments."""
    assert case.calls is not None
    kinds = (
        ("cna", "DISCRETE", "gistic", "true", "Putative copy-number alterations", discrete),
        ("log2_cna", "LOG2-VALUE", "log2CNA", "false", "Log2 copy-number values", continuous),
    )
    for stem, datatype, stable, shown_there, title, write in kinds if case.calls.genes else ():
        yield meta(
            f"meta_{stem}.txt",
            params,
            {
                "genetic_alteration_type": "COPY_NUMBER_ALTERATION",
                "datatype": datatype,
                "stable_id": stable,
                "show_profile_in_analysis_tab": shown_there,
                "profile_name": title,
                "profile_description": f"{title} by tumorkit.",
                "data_filename": f"data_{stem}.txt",
            },
        )
        made = write(replace(case.calls, sample=case.sample), ExportParams())
        text, records, left = with_entrez(made.text), made.records, made.left_out
        yield File(name=f"data_{stem}.txt", content=text, records=records, left_out=left)
    yield meta(
        "meta_cna_seg.txt",
        params,
        {
            "genetic_alteration_type": "COPY_NUMBER_ALTERATION",
            "datatype": "SEG",
            "reference_genome_id": genome,
            "description": "Segments of constant copy number.",
            "data_filename": "data_cna_seg.seg",
        },
    )
    yield segments(case)


def with_entrez(matrix: str) -> str:
    """Return a matrix with the column of Entrez ids: empty, for no table of them is shipped.

    >>> with_entrez("Hugo_Symbol\\tT1\\nTP53\\t-2\\n")
    'Hugo_Symbol\\tEntrez_Gene_Id\\tT1\\nTP53\\t\\t-2\\n'
    """
    head, *rows = matrix.splitlines()
    lines = [head.replace("\t", "\tEntrez_Gene_Id\t", 1)]
    lines += [row.replace("\t", "\t\t", 1) for row in rows]
    return "\n".join(lines) + "\n"


def structural_variants(case: ExportCase, params: ReportExportParams) -> Iterator[File]:
    """Return structural events of other callers."""
    yield meta(
        "meta_sv.txt",
        params,
        {
            "genetic_alteration_type": "STRUCTURAL_VARIANT",
            "datatype": "SV",
            "stable_id": "structural_variants",
            "show_profile_in_analysis_tab": "true",
            "profile_name": "Structural variants",
            "profile_description": "Structural variants and fusions of other callers.",
            "data_filename": "data_sv.txt",
        },
    )
    yield cbioportal_events(case, params)


def segments(case: ExportCase) -> File:
    """Return segments with a log2 ratio and a number of bins: this format has no unknown."""
    file = File(name="data_cna_seg.seg", content="")
    assert case.calls is not None
    rows = []
    for item in case.calls.segments:
        own = item.segment
        if not own.bins or own.log2_ratio != own.log2_ratio:
            file.left_out[NO_BINS] += 1
            continue
        place = (bare(own.contig), str(own.start + 1), str(own.end))
        rows.append((case.sample, *place, str(own.bins), f"{own.log2_ratio:.4f}"))
    file.content, file.records = table(SEG, rows), len(rows)
    return file


def bare(contig: str) -> str:
    """Return a contig as cBioPortal names it.

    >>> bare("chr7"), bare("X")
    ('7', 'X')
    """
    return standard(contig).removeprefix("chr")
