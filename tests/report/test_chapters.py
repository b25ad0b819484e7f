"""Burden, microsatellites and scars: whether their numbers can be believed, and where they rest."""

from __future__ import annotations

import contextlib
import copy
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.builders import (
    make_biomarker,
    make_case,
    make_hit,
    make_hrd,
    make_locus,
    make_missing,
    make_msi,
    make_profile,
    make_step,
    make_tmb,
)
from tests.report.test_html import JUNK, places
from tumorkit.errors import InputError
from tumorkit.report import ReportParams, render_report
from tumorkit.report.drawing import ticks

CHAPTERS = ("tmb-full", "msi-full", "hrd-full")


def chapter(name: str, document: dict[str, Any], language: str = "en") -> str:
    html = render_report(document, params=ReportParams.from_mapping({"language": language}))
    return re.split(r"</section>", html[html.index(f'<section aria-labelledby="{name}"') :])[0]


def said(name: str, document: dict[str, Any], language: str = "en") -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", chapter(name, document, language)).split())


def test_the_burden_shows_value_class_and_an_account_that_adds_up() -> None:
    text = said("tmb-full", make_case())
    assert "12.6 mut/Mb (7.6–19.6; 95 %)" in text
    assert "TMB-High at ≥ 10 (12.6; borderline, P = .77)" in text
    assert "49 = 19 counted + 30 rejected" in text
    assert "1.51 Mb" in text
    assert "2 (SD 1) expected among the counted ones and taken off" in text


def test_an_account_that_does_not_add_up_says_so() -> None:
    steps = [make_step("vaf", "VAF >= 0.05", 49, 29)]
    assert "does not add up: 49 = 19" in said("tmb-full", make_case(tmb=make_tmb(waterfall=steps)))
    assert "does not add up: 50 = 19" in said("tmb-full", make_case(tmb=make_tmb(seen=50)))


def test_every_rule_of_the_waterfall_is_a_row() -> None:
    text = said("tmb-full", make_case())
    assert "all alleles of the file – – 49" in text
    assert "kind is one of: snv 0 0 49" in text
    assert "has a consequence that the scheme counts 22 0 27" in text


def test_counted_variants_are_told_by_effect_and_kind() -> None:
    text = said("tmb-full", make_case())
    assert "missense 14 73.7" in text
    assert "insertion 5 26.3" in text


def test_the_least_certain_variants_come_first_and_the_full_file_is_named() -> None:
    hits = [make_hit(at, alt_depth=200 - at, depth=400) for at in range(120)]
    document = make_case(tmb=make_tmb(variants=hits, seen=150, counted=120))
    document["parts"][3]["files"] = ["tmb.json", "tmb.trace.tsv"]
    html = chapter("tmb-full", document)
    rows = re.findall(r'<th scope="row">TP53</th>.*?</tr>', html)
    assert len(rows) == 40
    assert "81 / 400" in rows[0]
    assert "40 of 120 shown" in html
    assert "are in tmb.trace.tsv" in html


def test_weighed_variants_tell_how_many_are_somatic() -> None:
    evidence = {"counted": 19, "megabases": 1.51, "expected_somatic": 11.2,
                "expected_somatic_sd": 1.7}  # fmt: skip
    hits = [make_hit(at, p_somatic=0.9 - at / 40) for at in range(19)]
    text = said("tmb-full", make_case(tmb=make_tmb(evidence=evidence, variants=hits)))
    assert "weighed: 11.2 somatic expected (SD 1.7) of 19" in text
    assert "least likely somatic first" in text


def test_what_is_done_about_inherited_variants_follows_the_case() -> None:
    tmb = make_tmb(params={"min_vaf": 0.05})
    document = make_case(tmb=tmb)
    assert "none taken off: whatever passes the rules counts" in said("tmb-full", document)
    document["case"]["tumor_only"] = False
    assert "left out by the caller, with the matched normal" in said("tmb-full", document)
    document["case"]["tumor_only"] = None
    assert "not known whether there was a matched normal" in said("tmb-full", document)


def test_drivers_that_the_file_does_not_tell_are_not_said_to_be_left_out() -> None:
    params = {"exclude_hotspots": True}
    text = said("tmb-full", make_case(tmb=make_tmb(params=params, hotspots_unknown=19)))
    assert "asked to be left out, but not known for 19 of 19 counted variants" in text
    steps = [make_step("hotspot", "no known hotspot or driver", 49, 30)]
    text = said("tmb-full", make_case(tmb=make_tmb(params=params, waterfall=steps)))
    assert "30 known drivers left out" in text


def test_microsatellites_show_loci_against_what_and_from_which_purity() -> None:
    text = said("msi-full", make_case())
    for words in (
        "31.0 % (24.0 % to 39.0 %",
        "MSI-H at ≥ 0.1", "90 of 100 listed", "28; 2 cannot be told",
        "the matched normal T1.normal.bam", "84×, normal 40×", "7,560, normal 3,600",
        "that is a purity of 16.0", "depth below the limit 10", "2.0 lost",
    ):  # fmt: skip
        assert words in text, words


def test_a_tumour_alone_is_held_against_a_baseline_or_the_reference() -> None:
    alone = make_msi(paired=False, inputs=[], normal_votes=None, normal_lost_reads=None)
    text = said("msi-full", make_case(msi=alone))
    assert "the reference, with the stutter of this sample; no normal" in text
    assert "Normal 1" not in text
    inputs = [{"role": "baseline", "name": "normals.tsv", "sha256": "0" * 64}]
    text = said("msi-full", make_case(msi={**alone, "inputs": inputs}))
    assert "Held against baseline normals.tsv" in text


def test_a_stable_locus_has_no_shift() -> None:
    stable = make_msi(clearest=[make_locus(call="stable", probability=0.0001)])
    text = said("msi-full", make_case(msi=stable))
    assert "The loci that moved most; none of them is unstable" in text
    assert "– – 0.0001 stable" in text


def test_loci_that_are_neither_used_nor_left_out_are_noticed() -> None:
    text = said("msi-full", make_case(msi=make_msi(listed=101)))
    assert "Loci: the account does not add up" in text


def test_scars_show_interval_grey_zone_and_what_was_not_seen() -> None:
    text = said("hrd-full", make_case())
    for words in (
        "46 scars (39–55; 95 %)", "high (sum-42)", "38 to 45 (sum-42)",
        "87.0 % of the autosomes, 2 of 3 arms", "chr13q 96.6 0.0 12 heterozygous",
        "LOH chr1:2000000-88000000 p 86.0 2+0 yes",
        "TAI chr13:90000000-114000000 q 24.0 2+0 no: its arm is not evaluable",
        "What the HRD sum cannot say",
    ):  # fmt: skip
        assert words in text, words


def test_without_a_named_cutoff_there_is_no_class() -> None:
    scars = make_hrd(presets=[])
    scars["sum"] = {**scars["sum"], "cutoffs": [], "call": "no validated cut-off for this assay"}
    text = said("hrd-full", make_case(hrd=scars))
    assert text.count("none: no cut-off was named for this assay") == 2


def test_other_solutions_tell_their_own_sum() -> None:
    solution = {
        "purity": 0.6,
        "ploidy": 2.1,
        "weight": 0.8,
        "loh": 4,
        "tai": 5,
        "lst": 6,
        "sum": 15,
    }
    scars = make_hrd(solutions=[solution, {**solution, "ploidy": 4.0, "weight": 0.2, "sum": 23}])
    text = said("hrd-full", make_case(hrd=scars))
    assert "2 0.60 4.00 0.20 4 5 6 23" in text
    assert "0.60, the best of 2 solutions" in text


def test_scars_of_a_result_without_places_of_arms_are_not_drawn_in_a_wrong_place() -> None:
    scars = make_hrd()
    for arm in scars["arms"]:
        del arm["start"]
    html = chapter("hrd-full", make_case(hrd=scars))
    assert "hrd-genome" not in html
    assert "chr1:2000000-88000000" in html


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_without_an_answer_is_one_line_with_its_reason(name: str, language: str) -> None:
    part = name.removesuffix("-full")
    rows = [make_biomarker("X", make_missing("too few loci"), part=part)]
    absent = make_profile(results={})
    unanswered = make_profile(results={part: {"value": 41.5}}, biomarkers=rows)
    failed = make_profile(results={})
    for item in failed["parts"]:
        if item["name"] == part:
            item.update(status="failed", reason="the file is cut off")
    for document, words in ((absent, ""), (unanswered, "too few loci"), (failed, "is cut off")):
        html = chapter(name, document, language)
        assert html.count('<p class="none">') == 1
        assert words in html
        assert "41.5" not in html
        assert "41,5" not in html
        assert "<table" not in html
        assert "<svg" not in html


def test_drawings_are_small_titled_and_have_their_numbers_in_a_table() -> None:
    html = render_report(make_case())
    drawings = re.findall(r'<svg class="chart".*?</svg>', html)
    assert len(drawings) >= 9
    names: list[str] = []
    for svg in drawings:
        assert len(svg.encode()) < 20_000
        assert re.search(r"<title id=[^>]*>[^<]+</title><desc id=[^>]*>[^<]+</desc>", svg)
        names += re.findall(r'id="([^"]+)"', svg)
    assert len(names) == len(set(names))
    for caption in ("Counted variants by allele fraction", "Lengths of these loci, in fragments",
                    "All used loci by how far", "3 scars with their places"):  # fmt: skip
        assert caption in html


def test_names_in_drawings_and_tables_cannot_leave_their_place() -> None:
    bad = '"><script>alert(1)</script>'
    document = make_case(
        tmb=make_tmb(variants=[make_hit(gene=bad, contig=bad, consequence=bad)], notes=[bad]),
        msi=make_msi(
            clearest=[make_locus(contig=bad, unit=bad)],
            lost_sites={bad: 10},
            inputs=[{"role": "normal", "name": bad, "sha256": "0" * 64}],
        ),
        hrd=make_hrd(notes=[bad], compat=bad),
    )
    document["biomarkers"][0]["scheme"] = bad
    html = render_report(document)
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert") > 6


SMALL = make_case(
    tmb=make_tmb(variants=[make_hit()]),
    msi=make_msi(clearest=[make_locus()]),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(places(SMALL))), JUNK)
def test_damaged_results_are_a_report_or_one_line(path: tuple[Any, ...], junk: Any) -> None:
    document: Any = copy.deepcopy(SMALL)
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = junk
    with contextlib.suppress(InputError):
        render_report(document)


@given(st.floats(0, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_on_the_axis(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert len(found) <= 7
    assert all(low - 1e-6 * span <= value <= low + span * (1 + 1e-6) for value in found)
