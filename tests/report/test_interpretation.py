"""Tiers on page one: as the tables say, with what defines them, and nothing without evidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.report.builders import DIGEST, make_profile, make_variant, make_variants
from tests.report.test_html import EVIL, Page
from tumorkit.errors import InputError
from tumorkit.report import ReportParams, render_report
from tumorkit.report.board.run import BoardFiles, with_board


def classified(**changes: Any) -> dict[str, Any]:
    row = {
        "kind": "variant", "gene": "KRAS", "alteration": "G12C", "contig": "chr12",
        "pos": 25245351, "ref": "C", "alt": "A", "vaf": 0.31,
        "oncogenicity": "Likely oncogenic", "oncogenicity_source": "points", "points": 7,
        "points_low": 3, "points_high": 9,
        "criteria": [
            {"code": "OS3", "points": 4, "state": "met", "counted": True, "why": "hotspot"},
            {"code": "OM1", "points": 2, "state": "not assessable", "counted": False,
             "why": "no domains were given"},
        ],
        "tier": "I", "level": "A", "tier_source": "tiers.tsv",
        "evidence": [
            {"source": "CIViC", "id": "EID1", "alteration": "G12C", "match": "exact",
             "disease": "lung adenocarcinoma", "site": "same", "therapies": ["sotorasib"],
             "type": "Predictive", "direction": "Supports", "significance": "Sensitivity/Response",
             "level": "A", "rating": 4, "citation": "PMID 1", "use": "tier-defining"},
        ],
        "escat": [{"tier": "I-A", "alteration": "G12C", "tumor_type": "lung adenocarcinoma",
                   "source": "t", "author": "a", "date": "2026-01-01"}],
        "laboratory": [],
    }  # fmt: skip
    return {**row, **changes}


def written(folder: Path, *rows: dict[str, Any], **changes: Any) -> Path:
    document = {
        "schema": "tumorkit/interpretation.classify", "schema_version": "1.0", "sample": "T1",
        "build": "GRCh38", "tumor_type": "lung adenocarcinoma", "variants": list(rows),
        "knowledge": [{"kind": "evidence", "name": "civic.tsv", "date": "2026-02-01",
                       "sha256": DIGEST, "rows": 12}],
        "notes": [], "params": {},
    }  # fmt: skip
    path = folder / "interpretation.json"
    path.write_text(json.dumps({**document, **changes}))
    return path


def profile() -> dict[str, Any]:
    call = make_variant(
        0, gene="KRAS", contig="chr12", pos=25245351, ref="C", alt="A", depth=700, alt_depth=217
    )
    return make_profile(results={"variants": make_variants(variants=[call])})


def page(folder: Path, *rows: dict[str, Any], **options: Any) -> Page:
    files = BoardFiles(interpretation=written(folder, *rows))
    return Page(render_report(with_board(profile(), files), **options))


def test_tier_one_stands_on_page_one_with_what_defines_it(tmp_path: Path) -> None:
    text = page(tmp_path, classified()).text
    first = text[: text.index("Variants that passed")]
    assert "KRAS G12C IA I-A Likely oncogenic 7 points (3 to 9) 31.0 % 217 / 700" in first
    assert "CIViC EID1, lung adenocarcinoma, sotorasib" in first


def test_lower_tiers_stand_in_the_chapter_only(tmp_path: Path) -> None:
    text = page(tmp_path, classified(tier="III", level=None, gene="BRAF")).text
    first = text[: text.index("Variants that passed")]
    assert "No alteration has evidence of tier I or II" in first
    assert "BRAF" not in first
    assert "BRAF G12C · tier III" in text


def test_what_has_neither_tier_nor_class_does_not_appear(tmp_path: Path) -> None:
    text = page(tmp_path, classified(tier=None, oncogenicity=None, gene="MYB")).text
    assert "MYB" not in text
    assert "1 alteration without evidence or criterion: not listed" in text


def test_every_criterion_and_table_is_shown(tmp_path: Path) -> None:
    text = page(tmp_path, classified()).text
    assert "OS3 4 met hotspot" in text
    assert "OM1 2 not assessable no domains were given" in text
    assert f"evidence civic.tsv 2026-02-01 12 {DIGEST}" in text


def test_without_an_interpretation_no_tier_is_invented() -> None:
    text = Page(render_report(profile())).text
    assert "Tiers I and II" not in text


def test_the_chapter_speaks_swedish(tmp_path: Path) -> None:
    text = page(tmp_path, classified(), params=ReportParams(language="sv")).text
    assert "Nivå I och II" in text
    assert "Sannolikt onkogen 7 poäng (3 till 9)" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sample": "T2"}, "sample is 'T2', the profile's is 'T1'"),
        ({"build": "GRCh37"}, "build is 'GRCh37'"),
        ({"schema": "tumorkit/tmb"}, "expected a tumorkit/interpretation.classify result"),
    ],
)
def test_an_interpretation_of_something_else_is_refused(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    path = written(tmp_path, classified(), **changes)
    with pytest.raises(InputError, match=said):
        with_board(profile(), BoardFiles(interpretation=path))


def test_statements_cannot_become_markup(tmp_path: Path) -> None:
    evil = classified(gene=EVIL, alteration=EVIL, tier_source=EVIL)
    evil["evidence"][0].update(source=EVIL, disease=EVIL, therapies=[EVIL], citation=EVIL)
    evil["criteria"][0].update(code=EVIL, why=EVIL)
    made = page(tmp_path, evil)
    assert len(list(made.named("script"))) == 1
    assert not list(made.named("img"))


def test_long_lists_are_cut_and_counted(tmp_path: Path) -> None:
    rows = [classified(tier=None, gene=f"G{n}", points=n) for n in range(60)]
    text = page(tmp_path, classified(), *rows).text
    assert "G59" in text
    assert "G5 " not in text
    assert "21 alterations of lesser points are left to the result" in text
