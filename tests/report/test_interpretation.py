"""Tiers on page one: as the tables say, with what defines them, and nothing without evidence."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from tests.interpretation.builders import make_alteration
from tests.report.builders import DIGEST, make_profile, make_variant, make_variants
from tests.report.test_html import EVIL, Page
from tumorkit.errors import InputError
from tumorkit.genome.transcript_model import TranscriptModel
from tumorkit.interpretation import matching, names, statements
from tumorkit.interpretation.classify import classify, null
from tumorkit.interpretation.nouns import DomainRow, HotspotRow, Tables
from tumorkit.report import ReportParams, render_report
from tumorkit.report.board.run import BoardFiles, with_board
from tumorkit.report.language import language_named


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
    assert "OS3 4 – met hotspot" in text
    assert "OM1 2 – not assessable no domains were given" in text
    assert f"evidence civic.tsv 2026-02-01 12 {DIGEST}" in text


def test_without_an_interpretation_no_tier_is_invented() -> None:
    text = Page(render_report(profile())).text
    assert "Tiers I and II" not in text


def test_page_one_says_what_is_old_expired_or_not_read(tmp_path: Path) -> None:
    notes = [
        "CIViC is 400 days old (date 2025-01-01)",
        "2 entries of the laboratory table have expired",
        "37 variants outside of coding parts and splice sites, of which no table speaks, are not "
        "listed",
    ]
    document = profile()
    document["parts"][0]["result"]["annotated"] = False
    path = written(tmp_path, classified(), notes=notes)
    made = with_board(document, BoardFiles(interpretation=path))
    html = render_report(made)
    first = html[html.index('aria-labelledby="tiers"') : html.index('aria-labelledby="passed"')]
    for said in (*notes[:2], "the variants are not annotated: none of them can have a tier"):
        assert said in first
    assert "not listed" not in first


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


def test_a_long_list_of_tiers_does_not_fill_page_one(tmp_path: Path) -> None:
    text = page(tmp_path, *(classified(gene=f"T{n:02}") for n in range(60))).text
    first = text[: text.index("Variants that passed")]
    assert "T24 " in first
    assert "T25 " not in first
    assert "35 alterations of tier I or II more: in the chapter" in first
    assert "T59 " in text


def test_page_one_counts_what_has_only_broad_statements(tmp_path: Path) -> None:
    why = "it speaks of any mutation of the gene, and this one is not known to be oncogenic"
    broad = statement(7, use="additional", broad=True, why_additional=why)
    row = classified(gene="KRAS", oncogenicity="VUS", tier=None, points=1, evidence=[broad])
    text = page(tmp_path, classified(), row).text
    first = text[: text.index("Variants that passed")]
    assert "1 alteration of uncertain class in genes of which statements name any" in first
    assert f"additional {why}" in text


def test_what_is_only_rare_is_counted_and_the_cut_offs_are_shown(tmp_path: Path) -> None:
    rare = classified(tier=None, oncogenicity="VUS", points=1, evidence=[], escat=[], gene="RARE1")
    cutoffs = {"min_oncogenic": 10, "min_likely_oncogenic": 6, "max_likely_benign": -1,
               "max_benign": -7}  # fmt: skip
    files = BoardFiles(interpretation=written(tmp_path, classified(), rare, params=cutoffs))
    text = Page(render_report(with_board(profile(), files))).text
    assert "RARE1" not in text
    assert "1 alteration of lesser points" in text
    assert "oncogenic from 10 on, likely oncogenic from 6 on" in text


def test_long_lists_are_cut_and_counted(tmp_path: Path) -> None:
    rows = [classified(tier=None, gene=f"G{n}", points=n) for n in range(60)]
    text = page(tmp_path, classified(), *rows).text
    assert "G59" in text
    assert "G5 " not in text
    assert "21 alterations of lesser points are left to the result" in text


def statement(number: int, **changes: Any) -> dict[str, Any]:
    known = {**classified()["evidence"][0], "id": f"EID{number}"}
    return {**known, **changes}


def test_page_one_names_two_statements_and_counts_the_rest(tmp_path: Path) -> None:
    many = classified(evidence=[statement(n) for n in range(50)])
    text = page(tmp_path, many).text
    first = text[: text.index("Variants that passed")]
    assert "CIViC EID1, lung" in first
    assert "EID2" not in first
    assert "and 48 more" in first
    assert "30 more statements stand in the result" in text


@pytest.mark.parametrize(
    ("interaction", "said"),
    [("Combination", "dabrafenib + trametinib"), ("Substitutes", "dabrafenib or trametinib"),
     ("Sequential", "dabrafenib, then trametinib"), ("", "dabrafenib, trametinib")],
)  # fmt: skip
def test_therapies_are_joined_as_they_are_given(
    tmp_path: Path, interaction: str, said: str
) -> None:
    both = statement(1, therapies=["dabrafenib", "trametinib"], interaction=interaction)
    assert said in page(tmp_path, classified(evidence=[both])).text


def test_contradictions_and_broad_statements_are_said(tmp_path: Path) -> None:
    conflict = {"about": "sotorasib", "disease": "lung adenocarcinoma",
                "statements": ["EID1: Supports Sensitivity/Response (A)",
                               "EID2: Supports Resistance (C)"]}  # fmt: skip
    row = classified(oncogenicity="VUS", evidence=[statement(1, broad=True)], conflicts=[conflict])
    text = page(tmp_path, row).text
    first = text[: text.index("Variants that passed")]
    assert "by statements about any mutation of the gene; this one is of uncertain class" in first
    assert "statements disagree" in first
    assert "EID1: Supports Sensitivity/Response (A); EID2: Supports Resistance (C)" in text


def test_criteria_show_strength_and_every_step(tmp_path: Path) -> None:
    step = "exon not known (no EXON field, no gene model): decay is not known"
    criterion = {"code": "OVS1", "points": 2, "strength": "moderate", "most": 8, "state": "met",
                 "counted": True, "why": "stop_gained in TP53 (tumor suppressor)",
                 "steps": [step]}  # fmt: skip
    text = page(tmp_path, classified(criteria=[criterion])).text
    assert "OVS1 2, at most 8 moderate met stop_gained in TP53 (tumor suppressor)" in text
    assert "; exon not known (no EXON field" in text


def test_statements_that_a_person_judges_and_all_counts_are_shown(tmp_path: Path) -> None:
    open_ = {"id": "EID9", "alteration": "KRAS Wildtype", "disease": "Colorectal Cancer",
             "site": "other", "type": "Predictive", "significance": "Sensitivity/Response",
             "level": "A", "why": "wild type: absence of a variant is not shown"}  # fmt: skip
    files = BoardFiles(
        interpretation=written(
            tmp_path,
            classified(),
            open_statements=[open_] * 25,
            statements={"matched": 4, "words that are not read": 2},
            not_listed=900,
        )
    )
    text = Page(render_report(with_board(profile(), files))).text
    assert "EID9 KRAS Wildtype Colorectal Cancer Sensitivity/Response A wild type" in text
    assert "5 more stand in the result" in text
    assert "matched 4" in text
    assert "900 alterations without evidence or criterion" in text


def test_what_a_classification_says_is_known_in_swedish() -> None:
    swedish = language_named("sv")
    constants = {
        value
        for module in (matching, names, statements, null)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and " " in value
    }
    assert len(constants) > 20
    said = constants | sentences_of_criteria()
    assert sorted(text for text in said if swedish.find(text) is None) == []


def sentences_of_criteria() -> set[str]:
    """Return every reason, step, match and note of a broad set of alterations and tables."""
    found: set[str] = set()
    model = TranscriptModel(
        name="NM_1.1", gene="TP53", contig="chr7", strand="+", coding=(20, 950),
        exons=((0, 100), (200, 290), (400, 500), (900, 1000)),
    )  # fmt: skip
    tables = Tables(
        roles={"TP53": "tumor suppressor", "BRAF": "oncogene"},
        hotspots=(HotspotRow(gene="BRAF", residue="V600", residue_count=60, change="V600E",
                             change_count=50),),
        domains=(DomainRow(gene="BRAF", first=400, last=700, name="kinase"),),
        laboratory=(),
        asserted=(),
    )  # fmt: skip
    changes: list[dict[str, Any]] = [
        {}, {"population_af": 0.07}, {"population_af": 1e-6}, {"terms": ("synonymous_variant",)},
        {"population_af": 0.07, "populations": (("MAX_AF", 0.07),)},
        {"gene": "TP53", "terms": ("stop_gained",), "protein": "Q20*", "pos": 60},
        {"gene": "TP53", "terms": ("stop_gained",), "protein": "Q20*", "exon": None},
        {"gene": "TP53", "terms": ("stop_gained",), "protein": "Q90*", "exon": 18, "pos": 940},
        {"gene": "TP53", "terms": ("stop_gained",), "protein": "Q90*", "exon": 17, "pos": 480},
        {"gene": "TP53", "terms": ("frameshift_variant",), "protein": "Q20Rfs*3", "exons": 1},
        {"gene": "TP53", "terms": ("start_lost",), "protein": "M1?"},
        {"gene": "TP53", "terms": ("splice_donor_variant",), "protein": "", "pos": 291},
        {"gene": "TP53", "terms": ("splice_donor_variant",), "protein": "", "pos": 501},
        {"gene": "TP53", "terms": ("splice_acceptor_variant",), "protein": "", "pos": 200},
        {"gene": "TP53", "terms": ("inframe_deletion",), "protein": "Q20del"},
        {"gene": "ABC", "terms": ("stop_gained",), "population_asked": False},
    ]  # fmt: skip
    for known in (Tables(), tables, dataclasses.replace(tables, models=(model,))):
        result = classify([make_alteration(**each) for each in changes], known)
        found.update(result.notes)
        for item in result.variants:
            for criterion in item.criteria:
                found.update((criterion.why, *criterion.steps))
    return found
