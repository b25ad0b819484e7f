"""Files for other programs: what each format demands, and what it must not say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.report.builders import make_profile
from tests.report.exported import (
    ESTIMATE,
    MISSING,
    make_biomarkers,
    make_case,
    make_events,
    make_reported,
)
from tumorkit.cli import run
from tumorkit.contract.progress import SILENT
from tumorkit.errors import InputError, ParameterError
from tumorkit.report.export import FORMATS, ExportCase, ReportExportParams, export_case
from tumorkit.report.export.run import read_case, read_events, run_report_export

NASTY = "<script>alert(1)</script>\u202e\"'&"


def texts(case: ExportCase, *formats: str, **params: Any) -> dict[str, str]:
    found = export_case(case, formats, ReportExportParams(**params)).contents
    return {name: content for name, content in found.items() if isinstance(content, str)}


def test_atypical_alterations_only_where_the_class_is_clear() -> None:
    doubt = {**ESTIMATE, "cutoffs": [{"name": "TMB-High", "certainty": "borderline"}]}
    clear = texts(make_case(), "oncokb")["oncokb_atypical.txt"].splitlines()
    assert clear[1:] == ["Other Biomarkers\tT1\tMSI-H", "Other Biomarkers\tT1\tTMB-H"]
    for marker in (doubt, MISSING):
        case = make_case(biomarkers=make_biomarkers(TMB=marker))
        assert texts(case, "oncokb")["oncokb_atypical.txt"].count("TMB-H") == 0


def test_oncokb_gets_no_deletion_that_only_a_log2_ratio_supports() -> None:
    result = export_case(make_case(), ["oncokb"])
    assert str(result.contents["oncokb_cna.txt"]).splitlines()[1:] == []
    left = {file.name: dict(file.left_out) for file in result.files}
    assert sum(left["oncokb_cna.txt"].values()) == 1


def test_multiqc_leaves_out_what_nobody_knows() -> None:
    made = texts(make_case(), "multiqc")
    general = json.loads(made["tumorkit_T1_mqc.json"])
    assert general["data"] == {
        "T1": {"tumorkit_variants": 3, "tumorkit_tmb": 12.6, "tumorkit_msi": 31.0}
    }
    assert isinstance(general["headers"], list)
    table = json.loads(made["tumorkit_T1_biomarkers_mqc.json"])["data"]
    assert table["T1: HRD sum"] == {"tumorkit_status": "not evaluable: too few sites"}


def test_multiqc_shows_shares_in_percent_and_no_bars_across_units() -> None:
    share = {**ESTIMATE, "value": 0.31, "unit": "", "call": "MSI-H", "cutoffs": []}
    made = texts(make_case(biomarkers=make_biomarkers(MSI=share)), "multiqc")
    assert json.loads(made["tumorkit_T1_mqc.json"])["data"]["T1"]["tumorkit_msi"] == 31.0
    headers = json.loads(made["tumorkit_T1_biomarkers_mqc.json"])["headers"]
    assert headers["tumorkit_value"]["scale"] is False


def test_scout_gets_one_alternative_a_record_and_both_samples() -> None:
    vcf = ("##fileformat=VCFv4.2",
           '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="x">',
           "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tN1\tT1",
           "chr1\t5\t.\tA\tC,G\t.\tPASS\t.\tGT:PL\t0/0:0,1,2,3,4,5\t1/2:0,1,2,3,4,5")  # fmt: skip
    made = texts(make_case(vcf=vcf), "scout")
    rows = [line.split("\t") for line in made["scout/T1.vcf"].splitlines()[3:]]
    assert [(row[4], row[9], row[10]) for row in rows] == [
        ("C", "0/0:0,1,2", "1/.:0,1,2"), ("G", "0/0:0,3,5", "./1:0,3,5")]  # fmt: skip
    case = made["scout/T1.load.yaml"]
    assert 'sample_id: "N1"' in case
    assert 'tissue_type: "normal"' in case
    assert "tumor_purity: null" in case
    assert "N1" not in texts(make_case(vcf=vcf, tumor_only=True), "scout")["scout/T1.load.yaml"]


def test_oncokb_knows_the_columns_and_kinds() -> None:
    """Columns and kinds that its annotator reads: oncokb/oncokb-annotator, AnnotatorCore."""
    made = texts(make_case(events=make_events()), "oncokb")
    heads = {name: text.splitlines()[0].upper().split("\t") for name, text in made.items()}
    assert {"HUGO_SYMBOL", "TUMOR_SAMPLE_BARCODE", "VARIANT_CLASSIFICATION", "HGVSP_SHORT",
            "HGVSG", "NCBI_BUILD"} <= set(heads["oncokb_maf.txt"])  # fmt: skip
    assert {"GENEA", "GENEB", "SV_TYPE"} <= set(heads["oncokb_sv.txt"])
    assert {"HUGO_SYMBOL", "COPY_NUMBER_ALTERATION"} <= set(heads["oncokb_cna.txt"])
    assert {"HUGO_SYMBOL", "SAMPLE_ID", "ALTERATION"} <= set(heads["oncokb_atypical.txt"])
    assert {"SAMPLE_ID", "ONCOTREE_CODE"} <= set(heads["oncokb_clinical.txt"])
    kinds = {line.split("\t")[3] for line in made["oncokb_sv.txt"].splitlines()[1:]}
    known = {"DELETION", "TRANSLOCATION", "DUPLICATION", "INSERTION", "INVERSION", "FUSION",
             "UNKNOWN"}  # fmt: skip
    assert kinds <= known


def test_names_cannot_leave_their_place() -> None:
    case = make_case(1, sample=NASTY + "/../x")
    for name, text in texts(case, "maf", "multiqc", "fhir", "oncokb", "seg", "vcf").items():
        assert "/" not in name
        assert ".." not in name
        if name.endswith("_mqc.json"):
            assert "<script>" not in text
            json.loads(text)


def test_every_symbolic_allele_is_counted() -> None:
    symbolic = make_reported(ref="N", alt="<DEL>")
    result = export_case(
        ExportCase(sample="T", normal_sample="", build="GRCh38", variants=(symbolic,)), ["maf"]
    )
    assert result.files[0].records == 0
    assert sum(result.files[0].left_out.values()) == 1


def test_formats_say_what_they_need() -> None:
    only = ExportCase(sample="T", normal_sample="", build="GRCh38", variants=(make_reported(),))
    with pytest.raises(ParameterError, match="fhir needs a profile"):
        export_case(only, ["fhir"])
    with pytest.raises(ParameterError, match="unknown format"):
        export_case(only, ["mfa"])
    result = export_case(only, ["all"])
    assert {file.format for file in result.files} == {"maf", "vcf", "gms-table"}
    assert sum("not written" in note for note in result.notes) == len(FORMATS) - 3


def test_a_profile_without_its_vcf_is_exported_from_its_list(tmp_path: Path) -> None:
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps(make_profile()))
    result = run_report_export(profile, ["maf"])
    rows = str(next(iter(result.contents.values()))).splitlines()
    assert len(rows) - 2 == result.files[0].records > 0
    assert any("not beside the profile" in note for note in result.notes)


def test_command_writes_a_folder(tmp_path: Path) -> None:
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps(make_profile()))
    out = tmp_path / "out"
    assert run(["report", "export", str(profile), "--to", "maf,fhir", "--outdir", str(out)]) == 0
    assert len(list(out.iterdir())) == 2
    assert run(["report", "export", str(profile), "--to", "maf"]) == 2
    assert run(["report", "export", str(profile), "--to", "maf,fhir", "-o", "x"]) == 2


def test_what_a_profile_keeps_is_what_is_exported(tmp_path: Path) -> None:
    """FILTER also holds filters of the caller that the specification does not judge."""
    golden = Path(__file__).parents[1] / "golden" / "profile"
    case = next(golden.glob("*/case.toml"))
    assert run(["profile", str(case), "--outdir", str(tmp_path), "-q"]) in (0, 1)
    document = json.loads((tmp_path / "profile.json").read_text())
    listed = next(p["result"] for p in document["parts"] if p["name"] == "variants")["variants"]
    kept = {(v["contig"], v["pos"], v["ref"], v["alt"]) for v in listed if v["verdict"] != "fail"}
    case_read, _ = read_case(tmp_path / "profile.json", ReportExportParams(), SILENT)
    assert {item.variant.key for item in case_read.variants} == kept
    assert case_read.source == "variants.vcf.gz"
    assert not any("not of one run" in note for note in case_read.notes)
    next(p for p in document["parts"] if p["name"] == "variants")["result"]["listed_of"] += 1
    (tmp_path / "profile.json").write_text(json.dumps(document))
    other, _ = read_case(tmp_path / "profile.json", ReportExportParams(), SILENT)
    assert any("not of one run" in note for note in other.notes)


def test_segments_bear_the_name_of_the_case() -> None:
    case = make_case()
    assert case.calls is not None
    case = replace(case, calls=replace(case.calls, sample="file-of-segments"))
    for name, text in texts(case, "seg", "cbioportal").items():
        assert "file-of-segments" not in text, name
    assert texts(case, "seg")["T1.seg"].splitlines()[1].startswith("T1\t")


def test_a_caller_filter_that_nobody_judged_fails_nothing(tmp_path: Path) -> None:
    head = '##fileformat=VCFv4.2\n##INFO=<ID=TK_FILTER,Number=A,Type=String,Description="x">\n'
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    rows = (
        "chr1\t5\t.\tA\tC,G\t.\tArtifact;low\tTK_FILTER=PASS,low\n"
        "chr1\t9\t.\tA\tC\t.\tPASS\tTK_FILTER=low\n"
    )
    path = tmp_path / "in.vcf"
    path.write_text(head + columns + rows)
    result = run_report_export(path, ["maf"])
    (row,) = str(result.contents["sample.maf"]).splitlines()[2:]
    assert row.split("\t")[12] == "C"


def with_events() -> dict[str, str]:
    golden = Path(__file__).parents[1] / "golden" / "variants-import" / "fusions"
    case = make_case(events=read_events(golden / "expected" / "events.json"))
    made = export_case(case, ["oncokb", "cbioportal"]).contents
    return {name: str(content) for name, content in made.items()}


def test_structural_events_reach_oncokb_and_cbioportal(tmp_path: Path) -> None:
    made = with_events()
    assert made["oncokb_sv.txt"].splitlines()[1:] == [
        "T1\tEML4\tALK\tFUSION", "T1\tMET\tMET\tDELETION"]  # fmt: skip
    assert "FLT3\tT1\tITD" in made["oncokb_atypical.txt"]
    head, *rows = [line.split("\t") for line in made["cbioportal/data_sv.txt"].splitlines()]
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert {row["Event_Info"] for row in told} >= {"FLT3-ITD", "EML4::ALK"}
    assert "oncokb_sv.txt" not in texts(make_case(), "oncokb")
    (tmp_path / "x.json").write_text('{"schema": "tumorkit/tmb"}')
    with pytest.raises(InputError, match="expected tumorkit/variants"):
        read_events(tmp_path / "x.json")
