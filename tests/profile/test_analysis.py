"""A profile says what is known, what is not and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tumorkit.contract import plain
from tumorkit.errors import InputError
from tumorkit.profile import Case, CaseInputs, Part, assay_named
from tumorkit.profile.analysis import (
    biomarkers_of,
    check_earlier_result,
    hints_of,
    never_assessed,
    summarize_case,
    tumor_only,
)

ESTIMATE = {"value": 12.6, "unit": "mut/Mb", "status": "ok", "reason": None, "low": 1.0}


def make_part(name: str, result: dict[str, Any] | None = None, **changes: Any) -> Part:
    values: dict[str, Any] = {"title": name, "status": "ok", "result": result}
    return Part(name=name, **(values | changes))


def test_every_biomarker_has_a_row_even_when_unknown() -> None:
    parts = [
        make_part("tmb", {**ESTIMATE, "scheme": "tso500"}),
        make_part("msi", status="not_evaluable", reason="no BAM"),
        make_part("hrd", status="failed", reason="calls.tsv:3: damaged"),
        make_part("purity", status="not_evaluable", reason="not given"),
    ]
    rows = {row.name: row for row in biomarkers_of(parts)}
    assert set(rows) == {"TMB", "MSI", "HRD sum", "Purity", "Ploidy"}
    assert rows["TMB"].scheme == "tso500"
    found = {name: plain(row.estimate)["status"] for name, row in rows.items()}
    assert found["MSI"] == "not_evaluable"
    assert found["HRD sum"] == "failed"


def test_what_is_never_looked_at_is_said() -> None:
    parts = never_assessed(germline_given=False)
    assert [part.name for part in parts] == [
        "fusions",
        "structural_variants",
        "internal_tandem_duplications",
        "germline",
    ]
    assert all(part.reason and part.reason.startswith("not assessed") for part in parts)


def test_a_vcf_without_annotation_gets_the_exact_command() -> None:
    part = make_part("variants", {"annotated": False})
    hint = hints_of([part], somatic="a.vcf.gz", build="GRCh37", reference="")[0]
    assert "vep --input_file a.vcf.gz" in hint
    assert "--assembly GRCh37" in hint
    annotated = make_part("variants", {"annotated": True})
    assert hints_of([annotated], somatic="a.vcf.gz", build="", reference="") == ()


def test_the_assay_says_material_and_library_unless_the_case_does() -> None:
    case = Case(assay="gms560-ffpe", library="amplicon")
    found = summarize_case(
        case, CaseInputs(somatic=Path("t.vcf")), assay_named(case.assay), sample="T", normal=None,
        purity=None, ploidy=None, purity_source=None,
    )  # fmt: skip
    assert (found.material, found.library, found.tumor_only) == ("ffpe", "amplicon", True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": "tumorkit/tmb"}, "expected a tumorkit/msi result, found 'tumorkit/tmb'"),
        ({"sample": "OTHER"}, "sample is 'OTHER', the case's is 'T'"),
        ({"build": "GRCh37"}, "build is 'GRCh37', the case's is 'GRCh38'"),
        (
            {"inputs": [{"role": "tumor", "name": "o.bam", "sha256": "1"}]},
            "was made from another tumor file (o.bam) than this case has",
        ),
    ],
)
def test_a_result_of_another_case_is_refused(changes: dict[str, Any], message: str) -> None:
    document = {"schema": "tumorkit/msi", "sample": "T", "build": "GRCh38", "inputs": []} | changes
    with pytest.raises(InputError) as caught:
        check_earlier_result(
            document, path="msi.json", schema="msi", sample="T", build="GRCh38",
            digests={"tumor": "0"},
        )  # fmt: skip
    assert caught.value.message == f"msi.json: {message}"


@pytest.mark.parametrize(
    ("files", "normal", "said"),
    [
        (("copy_ratios",), None, None), (("segments",), None, None), (("tmb_result",), None, None),
        (("somatic",), None, True), (("tumor",), None, True),
        (("copy_ratios", "somatic"), None, True),
        (("tumor", "normal"), None, False), (("somatic",), "N", False),
        (("coverage", "normal_coverage"), None, False),
    ],
)  # fmt: skip
def test_tumour_only_is_said_where_an_input_says_so(
    files: tuple[str, ...], normal: str | None, said: bool | None
) -> None:
    given: dict[str, Any] = {name: Path(name) for name in files}
    inputs = CaseInputs(**given)
    assert tumor_only(inputs, normal) is said
