"""Cases to export, made in code, and the rules of formats that have no validator to install."""

from __future__ import annotations

from typing import Any

from tumorkit.copynumber.export.calls import calls_of
from tumorkit.genome.segment import Gene, Segment
from tumorkit.genome.structural import Breakpoint, StructuralEvent
from tumorkit.genome.variant import AlleleCounts, Consequence, Variant
from tumorkit.report.document import Part
from tumorkit.report.export.case import Biomarker, ExportCase
from tumorkit.variants.reported import ReportedVariant

ESTIMATE: dict[str, Any] = {
    "value": 12.6,
    "unit": "mut/Mb",
    "low": 7.58,
    "high": 19.6,
    "level": 0.95,
    "status": "ok",
    "reason": None,
    "call": "TMB-High",
    "cutoffs": [{"name": "TMB-High", "value": 10, "certainty": "clear"}],
}
MISSING: dict[str, Any] = {
    "value": None,
    "unit": "",
    "low": None,
    "high": None,
    "level": None,
    "status": "not_evaluable",
    "reason": "too few sites",
    "call": None,
    "cutoffs": [],
}


def make_reported(index: int = 0, **changes: Any) -> ReportedVariant:
    known: dict[str, Any] = {
        "contig": "chr17",
        "pos": 7675088 + index,
        "ref": "C",
        "alt": "T",
        "filters": ("PASS",),
        "tumor": AlleleCounts(depth=200, ref_depth=140, alt_depth=60, vaf=0.3),
        "normal": AlleleCounts(depth=90, ref_depth=90, alt_depth=0, vaf=0.0),
    }
    said = Consequence(
        terms=("missense_variant",),
        gene="TP53",
        transcript="NM_000546.6",
        hgvsc="NM_000546.6:c.524G>A",
        hgvsp="NP_000537.3:p.Arg175His",
        hgnc_id="11998",
    )
    return ReportedVariant(
        variant=Variant(**{**known, **changes}), consequence=said, annotated=True
    )


def make_biomarkers(**changes: dict[str, Any]) -> dict[str, Biomarker]:
    estimates = {
        "Purity": MISSING,
        "Ploidy": MISSING,
        "TMB": ESTIMATE,
        "MSI": {**ESTIMATE, "value": 31.0, "unit": "%", "call": "MSI-H", "cutoffs": []},
        "HRD sum": MISSING,
        **changes,
    }
    return {
        name: Biomarker(name=name, title=name, scheme="tso500" if name == "TMB" else "", estimate=e)
        for name, e in estimates.items()
    }


def make_events() -> tuple[StructuralEvent, ...]:
    """A fusion, a deletion within a gene, and a duplication with a name."""
    return (
        StructuralEvent(
            kind="fusion", caller="arriba", name="EML4::ALK", frame="in-frame", split_reads=12,
            first=Breakpoint(contig="chr2", pos=42_295_516, gene="EML4"),
            second=Breakpoint(contig="chr2", pos=29_223_528, gene="ALK"),
        ),
        StructuralEvent(
            kind="deletion", caller="manta", somatic=True, length=2_999, vaf=0.2,
            first=Breakpoint(contig="chr7", pos=116_771_000, gene="MET"),
            second=Breakpoint(contig="chr7", pos=116_774_000, gene="MET"),
        ),
        StructuralEvent(
            kind="duplication", caller="pindel", name="FLT3-ITD", length=54,
            first=Breakpoint(contig="chr13", pos=28_034_100, gene="FLT3"),
            second=Breakpoint(contig="chr13", pos=28_034_154, gene="FLT3"),
        ),
        StructuralEvent(
            kind="translocation", caller="manta",
            first=Breakpoint(contig="chr9", pos=130_854_064, gene="ABL1"),
            second=Breakpoint(contig="chr22", pos=23_290_413, gene="BCR"),
        ),
    )  # fmt: skip


def make_case(number: int = 3, **changes: Any) -> ExportCase:
    segments = [
        Segment(contig="chr9", start=999, end=9_000, log2_ratio=-1.3, bins=9),
        Segment(contig="chr17", start=999, end=90_000_000, log2_ratio=0.01, bins=900),
        Segment(contig="chr18", start=0, end=90_000, log2_ratio=0.01, bins=0),
    ]
    genes = [
        Gene(name="CDKN2A", contig="chr9", start=2_000, end=4_000),
        Gene(name="TP53", contig="chr17", start=7_661_778, end=7_687_546),
    ]
    known: dict[str, Any] = {
        "sample": "T1",
        "normal_sample": "N1",
        "build": "GRCh38",
        "tumor_type": "melanoma",
        "tumor_only": False,
        "variants": tuple(make_reported(i) for i in range(number)),
        "calls": calls_of(segments, sample="T1", genes=genes),
        "biomarkers": make_biomarkers(),
        "parts": {"fusions": Part("fusions", "Fusions", "not_evaluable", "not assessed", "", (),
                                  None)},
        "document": {"schema": "tumorkit/profile"},
    }  # fmt: skip
    return ExportCase(**{**known, **changes})


def cbioportal_faults(files: dict[str, str]) -> list[str]:
    """Return what the documented rules of a study folder forbid: cBioPortal, "File formats"."""
    faults = []
    metas = {n: meta_fields(t) for n, t in files.items() if n.startswith("meta_")}
    study = metas["meta_study.txt"]["cancer_study_identifier"]
    needed = {"type_of_cancer", "cancer_study_identifier", "name", "description"}
    faults += [f"meta_study: no {key}" for key in needed - metas["meta_study.txt"].keys()]
    for name, fields in metas.items():
        if fields["cancer_study_identifier"] != study:
            faults.append(f"{name}: another study")
        if name != "meta_study.txt" and fields["data_filename"] not in files:
            faults.append(f"{name}: no {fields['data_filename']}")
    clinical = files["data_clinical_sample.txt"].splitlines()
    if [line[0] for line in clinical[:4]] != ["#"] * 4 or clinical[4].startswith("#"):
        faults.append("clinical: four header rows with #")
    widths = {line.count("\t") for line in clinical}
    if len(widths) != 1:
        faults.append("clinical: rows of different lengths")
    types, columns = clinical[2][1:].split("\t"), clinical[4].split("\t")
    samples = set()
    for line in clinical[5:]:
        row = dict(zip(columns, line.split("\t"), strict=True))
        samples.add(row["SAMPLE_ID"])
        for kind, column in zip(types, columns, strict=True):
            if kind == "NUMBER" and row[column]:
                float(row[column])
    faults += maf_faults(files["data_mutations.txt"], samples)
    for name in ("data_cna.txt", "data_log2_cna.txt"):
        if name in files:
            head, *rows = [line.split("\t") for line in files[name].splitlines()]
            if head[0] != "Hugo_Symbol" or not set(head[1:]) <= samples:
                faults.append(f"{name}: header {head}")
            allowed = {"-2", "-1", "0", "1", "2", "NA"}
            if name == "data_cna.txt" and any(row[1] not in allowed for row in rows):
                faults.append("data_cna: values")
            if len({row[0] for row in rows}) < len(rows):
                faults.append(f"{name}: a gene twice")
    faults += seg_faults(files, samples)
    for name, text in files.items():
        if name.startswith("case_lists/"):
            fields = meta_fields(text)
            if not set(fields["case_list_ids"].split("\t")) <= samples:
                faults.append(f"{name}: unknown samples")
            if not fields["stable_id"].startswith(f"{study}_"):
                faults.append(f"{name}: stable_id")
    return faults


def meta_fields(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines())


def maf_faults(text: str, samples: set[str]) -> list[str]:
    head, *rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    needed = {
        "Hugo_Symbol", "NCBI_Build", "Chromosome", "Variant_Classification", "Reference_Allele",
        "Tumor_Seq_Allele2", "Tumor_Sample_Barcode", "HGVSp_Short",
    }  # fmt: skip
    faults = [f"maf: no {name}" for name in needed - set(head)]
    for row in rows:
        told = dict(zip(head, row, strict=True))
        if told["Tumor_Sample_Barcode"] not in samples:
            faults.append("maf: unknown sample")
        if told["NCBI_Build"] not in ("GRCh37", "GRCh38") or told["Chromosome"].startswith("chr"):
            faults.append(f"maf: {told['NCBI_Build']} {told['Chromosome']}")
        if not told["Hugo_Symbol"]:
            faults.append("maf: no gene")
    return faults


def seg_faults(files: dict[str, str], samples: set[str]) -> list[str]:
    if "data_cna_seg.seg" not in files:
        return []
    head, *rows = [line.split("\t") for line in files["data_cna_seg.seg"].splitlines()]
    faults = []
    if head != ["ID", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean"]:
        faults.append("seg: header")
    for name, contig, start, end, marks, mean in rows:
        float(mean)
        if name not in samples or contig.startswith("chr") or int(start) > int(end):
            faults.append(f"seg: {name} {contig} {start} {end}")
        if int(marks) < 1:
            faults.append("seg: no markers")
    return faults
