"""Cases to export, made in code."""

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
        Segment(contig="chr17", start=999, end=80_000_000, log2_ratio=0.01, bins=900),
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
