"""Variants that are probably inherited leave in no file without consent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.report.exported import make_case, make_reported
from tests.report.test_interpretation import classified
from tumorkit.report.export import ReportExportParams, export_case
from tumorkit.report.export.case import ExportCase
from tumorkit.report.export.consent import consented, wholly

SECRET = "BRCA2"


def mixed() -> ExportCase:
    own, other = make_reported(0), make_reported(1)
    variant = replace(other.variant, contig="chr13", pos=32_340_300, ref="GT", alt="G")
    assert other.consequence is not None
    inherited = replace(
        other, variant=variant, origin="germline",
        consequence=replace(other.consequence, gene=SECRET),
    )  # fmt: skip
    record = f"chr13\t32340300\t.\tGT\tG\t.\tPASS\tGENE={SECRET}"
    row = classified(gene=SECRET, contig="chr13", pos=32_340_300, ref="GT", alt="G")
    listed = {"contig": "chr13", "pos": 32_340_300, "ref": "GT", "alt": "G", "gene": SECRET,
              "origin": "germline", "verdict": "pass"}  # fmt: skip
    document: dict[str, Any] = {
        "schema": "tumorkit/profile",
        "parts": [{"name": "variants", "status": "ok", "result": {"variants": [listed]}}],
        "board": {"interpretation": {"variants": [row]}},
    }
    case = make_case()
    return replace(case, variants=(own, inherited), vcf=(*case.vcf[:1], record), document=document)


def written(params: ReportExportParams) -> dict[str, str]:
    case = consented(mixed(), params)
    result = export_case(case, ["maf,vcf,fhir,oncokb,scout,gms-table"], params)
    return {name: text for name, text in result.contents.items() if isinstance(text, str)}


def test_no_file_names_an_inherited_variant() -> None:
    files = written(ReportExportParams())
    assert len(files) > 5
    assert [name for name, text in files.items() if SECRET in text or "32340300" in text] == []
    assert any("1 alleles that are probably inherited" in note
               for note in consented(mixed(), ReportExportParams()).notes)  # fmt: skip


def test_with_consent_it_is_there() -> None:
    files = written(ReportExportParams(germline_consent=True))
    assert SECRET in files["T1.maf"]
    assert "32340300" in files["T1.reported.vcf"]


def test_a_record_stays_while_one_of_its_alleles_may() -> None:
    hidden = {("1", 5, "A", "T")}
    assert wholly("1\t5\t.\tA\tT\t.\tPASS\t.", hidden)
    assert not wholly("1\t5\t.\tA\tT,C\t.\tPASS\t.", hidden)
    assert not wholly("#CHROM\tPOS", hidden)
