"""An amended report, verdicts and tiers without consent: no word of a possible germline finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.report.builders import make_profile, make_variant, make_variants
from tests.report.test_html import Page
from tumorkit.report import ReportParams, render_report, summarize_report
from tumorkit.report.board.run import BoardFiles, with_board
from tumorkit.report.consent import without_germline
from tumorkit.report.verdicts import judged

INHERITED = "germline BRCA1 p.Cys61Gly"


def hit_gene(name: str, hits: list[str], status: str) -> dict[str, Any]:
    return {
        "gene": name, "contig": "chr17", "start": 43_044_295, "end": 43_125_364, "total_cn": 1,
        "minor_cn": 0, "loh": True, "somatic": 0, "germline": "1 germline", "hits": hits,
        "status": status,
    }  # fmt: skip


def case() -> dict[str, Any]:
    """A tumour that lost BRCA1 beside an inherited variant, and asks for this gene."""
    own = make_variant(3, gene="BRCA1", origin="germline", hgvsp="NP:p.Cys61Gly", p_somatic=0.01,
                       consequence="missense_variant")  # fmt: skip
    rows = [make_variant(0, gene="TP53", consequence="missense_variant"), own]
    document = make_profile(results={"variants": make_variants(variants=rows, alleles=2, passed=2)})
    genes = [hit_gene("BRCA1", ["LOH", INHERITED], "two hits")]
    purity = {"schema": "tumorkit/purity", "status": "ok", "value": 0.6, "low": 0.5, "high": 0.7,
              "genes": genes, "mutations": [], "solutions": [], "fractions": [], "notes": [],
              "state": "ok", "ploidy": {"value": 2.0, "low": 1.9, "high": 2.1}}  # fmt: skip
    for part in document["parts"]:
        if part["name"] == "purity":
            part.update(status="ok", reason=None, result={"used": "0.6", "fitted": purity})
    asked = {"rows": [{"gene": "BRCA1", "kind": "snv_indel"}], "tumor_types": [],
             "known_type": False}  # fmt: skip
    told = {
        "kind": "variant", "gene": "BRCA1", "alteration": "p.C61G", "contig": own["contig"],
        "pos": own["pos"], "ref": own["ref"], "alt": own["alt"], "tier": "I", "points": 7,
        "oncogenicity": "Likely oncogenic", "evidence": [], "criteria": [], "escat": [],
        "laboratory": [], "conflicts": [],
    }  # fmt: skip
    interpretation = {"tumor_type": "", "variants": [told], "statements": {},
                      "open_statements": [], "knowledge": [], "notes": []}  # fmt: skip
    document["board"] = {"actionable": asked, "interpretation": interpretation}
    document["board"]["verdicts"] = judged(document)
    return document


@pytest.mark.parametrize("language", ["en", "sv"])
def test_no_word_of_an_inherited_variant_without_consent(language: Literal["en", "sv"]) -> None:
    text = Page(render_report(case(), params=ReportParams(language=language))).text
    for word in ("Cys61Gly", "C61G"):
        assert word not in text
    shown = ReportParams(language=language, germline_consent=True)
    open_text = Page(render_report(case(), params=shown)).text
    assert open_text.count("Cys61Gly") >= 3
    assert "C61G" in open_text


def test_verdict_and_terminal_do_not_name_what_is_left_out() -> None:
    assert any("Cys61Gly" in line["finding"] for v in judged(case()) for line in v["lines"])
    left = without_germline(case(), "profile.json")
    assert not any("Cys61Gly" in line["finding"] for v in left["board"]["verdicts"]
                   for line in v["lines"])  # fmt: skip
    assert "Cys61Gly" not in " ".join(summarize_report(case()).notes)


@pytest.mark.parametrize("turned", [False, True])
def test_an_amended_report_does_not_name_what_came_or_went(tmp_path: Path, turned: bool) -> None:
    bare = make_profile()
    bare["board"] = {"interpretation": {**case()["board"]["interpretation"], "variants": []}}
    old, new = (case(), bare) if turned else (bare, case())
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old))
    made = with_board(new, BoardFiles(previous=path))
    hidden, shown = (
        Page(render_report(made, params=ReportParams(germline_consent=consent))).text
        for consent in (False, True)
    )
    for word in ("Cys61Gly", "C61G"):
        assert word not in hidden
        assert word in shown
