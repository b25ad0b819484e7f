"""What is not shown without consent: a germline variant, wherever in the profile it stands."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.report.builders import (
    make_copy_number,
    make_estimate,
    make_profile,
    make_tmb,
    make_variant,
    make_variants,
)
from tests.report.test_html import page
from tumorkit.report import ReportParams, render_report
from tumorkit.report.consent import freed, without_germline
from tumorkit.report.summary import summarize_report

PLACE: dict[str, Any] = {"contig": "chr13", "pos": 32_340_300, "ref": "GT", "alt": "G"}
CHANGE = "p.Ser1982ArgfsTer22"


def brca2(**changes: Any) -> dict[str, Any]:
    found = {"gene": "BRCA2", "hgvsp": f"NP_000050.3:{CHANGE}", "consequence": "frameshift_variant"}
    return make_variant(0, **PLACE, **found, **changes)


def with_brca2(*, origin: str = "germline", hit: str = f"somatic BRCA2 {CHANGE}") -> dict[str, Any]:
    """A profile in which one variant of BRCA2 stands in five results."""
    variants = {**make_variants(2, 0), "passed": 3}
    variants["variants"] = [brca2(origin=origin, p_somatic=0.02), *variants["variants"]]
    gene = {"gene": "BRCA2", "status": "two hits", "hits": ["LOH", hit], "total_cn": 1}
    fitted = make_estimate(0.6, genes=[gene], state="solved", ploidy=make_estimate(2.1))
    tmb = make_tmb()
    tmb["variants"] = [{**tmb["variants"][0], **PLACE, "gene": "BRCA2"}]
    results = {"variants": variants, "copy_number": make_copy_number(), "tmb": tmb}
    document = make_profile(results={**results, "purity": {"value": 0.6, "fitted": fitted}})
    asked = {"gene": "BRCA2", "kind": "snv_indel", "tumor_type": None, "note": None}
    line = {
        "name": "two hits in BRCA1, BRCA2", "kind": "cause", "evaluable": "yes", "reason": "",
        "finding": f"BRCA2: LOH, {hit}", "direction": "deficient", "source": "",
    }  # fmt: skip
    verdict = {
        "repair": "hr", "conclusion": "insufficient", "state": "", "because": "insufficient",
        "lines": [line], "conflicts": [], "limits": [], "notes": [],
    }  # fmt: skip
    document["board"] = {"actionable": {"rows": [asked]}, "verdicts": [verdict]}
    return document


def test_without_consent_a_germline_variant_stands_nowhere_in_the_report() -> None:
    document = with_brca2()
    untouched = copy.deepcopy(document)
    text = page(document).text
    assert CHANGE not in text
    assert "32340300" not in text
    assert "no consent to show germline variants" in text
    assert "Variants that are probably germline are left out" in text
    summary = summarize_report(document)
    assert CHANGE not in " ".join(summary.notes)
    assert document == untouched


def test_with_consent_or_of_another_origin_it_is_shown() -> None:
    asked = ReportParams(germline_consent=True)
    assert render_report(with_brca2(), params=asked).count(CHANGE) >= 4
    assert render_report(with_brca2(origin="somatic")).count(CHANGE) >= 4


def test_a_germline_hit_of_the_purity_fit_needs_consent_as_well() -> None:
    document = with_brca2(origin="somatic", hit="germline BRCA2 p.Lys1691AsnfsTer15")
    assert "Lys1691" not in render_report(document)
    assert "Lys1691" in render_report(document, params=ReportParams(germline_consent=True))


@pytest.mark.parametrize("origin", ["somatic", None, "unknown"])
def test_a_profile_without_germline_variants_comes_back_itself(origin: str | None) -> None:
    document = with_brca2(origin=str(origin) if origin else "")
    assert without_germline(document, "profile.json") is document


def test_the_other_hits_of_a_gene_stay() -> None:
    document = with_brca2()
    for part in document["parts"]:
        if part["name"] == "purity":
            part["result"]["fitted"]["genes"][0]["hits"].append("somatic BRCA2 p.Glu97Ter")
    found = without_germline(document, "profile.json")
    part = next(part for part in found["parts"] if part["name"] == "purity")
    gene = part["result"]["fitted"]["genes"][0]
    assert gene["hits"] == ["LOH", "somatic BRCA2 p.Glu97Ter"]
    assert gene["status"] == "two hits"


def test_only_rows_of_that_very_change_are_taken() -> None:
    other = {**PLACE, "alt": "GTT"}
    place = ("chr13", 32_340_300, "GT", "G")
    assert freed({"rows": [PLACE, other, {"pos": 1}]}, {place}) == {"rows": [other, {"pos": 1}]}
