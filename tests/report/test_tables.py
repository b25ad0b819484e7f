"""Workbook, GMS's table and Scout's description: no formulas, no zeros for the unknown."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pysam
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.report.exported import make_case, make_reported
from tumorkit.errors import ParameterError
from tumorkit.genome.segment import CopyRatios
from tumorkit.genome.snps import SnpCounts
from tumorkit.genome.variant import AlleleCounts
from tumorkit.io.outputs import Outputs
from tumorkit.report.export import ExportCase, ReportExportParams, export_case
from tumorkit.report.export.gms import COLUMNS
from tumorkit.report.export.run import write_report_export
from tumorkit.report.export.workbook import Sheet, workbook

NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def book(content: bytes) -> dict[str, list[list[str]]]:
    """Return every sheet's rows as texts, by place of the columns."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        listed = ElementTree.fromstring(package.read("xl/workbook.xml"))
        names = [sheet.attrib["name"] for sheet in listed.findall(".//m:sheet", NAMES)]
        found = {}
        for at, name in enumerate(names, 1):
            root = ElementTree.fromstring(package.read(f"xl/worksheets/sheet{at}.xml"))
            assert not root.findall(".//m:f", NAMES), "a formula"
            found[name] = [
                ["".join(cell.itertext()) for cell in row]
                for row in root.findall(".//m:row", NAMES)
            ]
    return found


def exported(case: ExportCase, name: str) -> bytes:
    content = export_case(case, [name]).contents
    first = next(iter(content.values()))
    return first if isinstance(first, bytes) else first.encode()


def test_workbook_has_settings_versions_and_reasons() -> None:
    sheets = book(exported(make_case(), "xlsx"))
    assert list(sheets) == [
        "Biomarkers",
        "Variants",
        "Genes",
        "Segments",
        "Settings",
        "Versions and inputs",
    ]
    rows = {row[0]: row for row in sheets["Biomarkers"]}
    assert rows["TMB"][1:4] == ["12.6", "mut/Mb", "7.58"]
    assert rows["HRD sum"] == ["HRD sum", "not evaluable", "too few sites"]
    assert rows["Fusions"] == ["Fusions", "not assessed"]
    assert len(sheets["Variants"]) == 4


def test_two_workbooks_are_equal_bytes() -> None:
    assert exported(make_case(), "xlsx") == exported(make_case(), "xlsx")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=40))
def test_no_text_becomes_a_formula_or_breaks_the_file(text: str) -> None:
    for said in (text, f"={text}", f"@SUM({text})"):
        sheet = Sheet(name="x", columns=("a",), rows=[[said]])
        (rows,) = book(workbook([sheet])).values()
        assert len(rows) == 2


def test_numbers_that_are_none_are_empty() -> None:
    sheet = Sheet(name="x", columns=("a", "b"), rows=[[float("nan"), float("inf")], [None, 2.5]])
    assert book(workbook([sheet]))["x"] == [["a", "b"], [], ["2.5"]]


def test_gms_table_has_its_columns_and_no_zero_for_unknown() -> None:
    unknown = make_reported(tumor=AlleleCounts(), info={"Artifact": "0,0,53"})
    text = exported(one(unknown), "gms-table").decode()
    head, row = (line.split("\t") for line in text.splitlines())
    told = dict(zip(head, row, strict=True))
    assert tuple(head) == COLUMNS
    assert (told["chr"], told["start"], told["stop"]) == ("NC_000017.11", "7675088", "7675088")
    assert (told["DP"], told["AF"], told["Min_read_depth200"]) == ("-", "-", "-")
    assert (told["AA_change"], told["nr_observed_in_normals"]) == ("Arg175His", "0,0,53")


def one(variant: object) -> ExportCase:
    return make_case(0, variants=(variant,))


@pytest.mark.shared
def test_gms_columns_are_those_of_the_pathologists_table(shared: Path) -> None:
    with (shared / "gms560" / "coverage_and_mutations.tsv").open() as handle:
        head = handle.readline().rstrip("\n").split("\t")
    assert tuple(head[:26]) == COLUMNS


def test_scout_gets_what_is_known_only() -> None:
    result = export_case(make_case(), ["scout"], ReportExportParams(center="lab: #1"))
    text = str(result.contents["scout/T1.load.yaml"])
    assert 'owner: "lab: #1"' in text
    assert 'tmb: "12.6 (TMB-High)"' in text
    assert "tumor_purity: null" in text
    assert "hrd" not in text
    assert json.loads(text.split("vcf_cancer: ")[1].splitlines()[0]) == "T1.vcf"
    with pytest.raises(ParameterError, match="Scout"):
        export_case(make_case(build="T2T"), ["scout"])


def tracks() -> ExportCase:
    rng = np.random.default_rng(3)
    start = np.sort(rng.choice(40_000_000, 900, replace=False)).astype(np.int64)
    level = np.where(np.arange(900) < 450, 0.5, -0.5)
    level[7] = np.nan
    ratios = CopyRatios(
        contig=np.array(["chr2"] * 900),
        start=start,
        end=start + 100,
        log2_ratio=level,
        weight=np.ones(900),
        gene=np.array([""] * 900),
        depth=np.full(900, np.nan),
        target=np.ones(900, dtype=bool),
    )
    snps = SnpCounts(
        contig=np.array(["chr2"] * 400),
        position=start[:400],
        ref=np.full(400, 30),
        alt=np.full(400, 10),
    )
    case = make_case()
    assert case.calls is not None
    return replace(case, calls=replace(case.calls, ratios=ratios), snps=snps)


def test_gens_has_five_levels_that_keep_the_mean(tmp_path: Path) -> None:
    result = export_case(tracks(), ["gens"])
    text = {name: str(content) for name, content in result.contents.items()}
    rows = [line.split("\t") for line in text["gens/T1.cov.bed.gz"].splitlines()]
    levels = {row[0] for row in rows}
    assert levels == {f"{letter}_2" for letter in "oabcd"}
    counts = {level: sum(row[0] == level for row in rows) for level in levels}
    assert counts["d_2"] == 899
    assert counts["o_2"] <= counts["a_2"] <= counts["b_2"] <= counts["c_2"] <= counts["d_2"]
    assert {row[3] for row in rows if int(row[1]) < 15_000_000} == {"0.5000"}
    assert dict(result.files[0].left_out) == {"bins without a log2 ratio": 1}
    shares = [line.split("\t") for line in text["gens/T1.baf.bed.gz"].splitlines()]
    assert {row[3] for row in shares} == {"0.2500"}
    assert [sum(r[0] == f"{x}_2" for r in shares) for x in "oabcd"] == [3, 10, 40, 100, 400]
    write_report_export(result, Outputs(), outdir=tmp_path)
    with pysam.TabixFile(str(tmp_path / "gens" / "T1.cov.bed.gz")) as index:
        assert set(index.contigs) == levels


def test_gens_needs_copy_ratios() -> None:
    with pytest.raises(ParameterError, match="copy ratios"):
        export_case(make_case(), ["gens"])
