"""The chapter on quality: numbers of the results, limits with a source, and unknown as unknown."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from tests.report.builders import make_case, make_estimate, make_profile, make_tmb, make_variants
from tests.report.test_chapters import said
from tumorkit.report import ReportParams, render_report
from tumorkit.report.document import open_document
from tumorkit.report.quality import quality_strip, quality_view
from tumorkit.report.quality_row import QualityRow

GENES = [
    {"gene": "TP53", "size": 1000, "share": 1.0, "median_depth": 300.0},
    {"gene": "KRAS", "size": 3000, "share": 0.5, "median_depth": 90.0},
]
BOARD = {
    "coverage": {"source": "t.bam", "unit": "bases", "needed_depth": 200, "needed_vaf": 0.05,
                 "genes": GENES},
    "negative_share": 0.95,
    "detection": {"probability": 0.95, "depths_from": "coverage", "rows": [
        {"site": "snv", "at": "median", "depth": 195, "vaf": 0.05, "reads": 9, "failing": []},
        {"site": "snv", "at": "low", "depth": 60, "vaf": 0.1, "reads": 9, "failing": []},
    ]},
}  # fmt: skip


def lines(document: dict[str, Any]) -> dict[str, QualityRow]:
    found = quality_view(open_document(document, "profile.json"))
    rows = [row for _, rows in found.groups for row in rows]
    assert found.attention == sum(row.answer == "attention" for row in rows)
    assert found.unsure == sum(row.answer == "unknown" for row in rows)
    return {row.what: row for row in rows}


def test_depth_is_judged_by_the_depth_that_the_filters_need() -> None:
    rows = lines({**make_case(), "board": BOARD})
    median = rows["Median depth of the tumour"]
    assert (median.found, median.answer) == ("195×, 5th percentile 60×", "attention")
    assert median.asked == "200× for a variant of 5.0\N{NO-BREAK SPACE}%"
    share = rows["Coding bases read deeply enough"]
    assert share.found.startswith("62.5")
    assert "1 gene below" in share.found
    assert share.answer == "attention"
    deeper = copy.deepcopy(BOARD)
    deeper["coverage"]["genes"][1]["share"] = 0.99  # type: ignore[index]
    assert lines({**make_case(), "board": deeper})["Coding bases read deeply enough"].answer == "ok"


def test_what_nobody_measured_is_unknown_and_never_zero() -> None:
    document = make_profile(results={})
    rows = lines(document)
    assert {row.answer for row in rows.values()} == {"unknown"}
    assert not any(re.search(r"\d", row.found) for row in rows.values())
    strip = quality_strip(open_document(document, "profile.json"))
    assert [label for label, _ in strip] == ["Unknown:"]


def test_noise_has_no_limit_and_is_not_judged() -> None:
    noise = {"sd": 0.41, "bins": 900, "lag50_ratio": 1.2}
    row = lines(make_case(copy_number={"genes": [], "segments": [], "noise": noise}))[
        "Noise: spread of neighbouring bins"
    ]
    assert (row.found, row.asked, row.answer) == ("SD 0.41 of log2, 900 bins", "", "noted")


@pytest.mark.parametrize(("snps", "answer"), [(0, "attention"), (408, "noted"), (None, "unknown")])
def test_without_heterozygous_snps_it_says_what_stays_unknown(
    snps: int | None, answer: str
) -> None:
    used = {"snps": snps, "segments": 57, "segments_with_alleles": 52}
    fitted = {**make_estimate(0.6), "ploidy": make_estimate(2.1), "state": "solved", "used": used}
    purity = {**make_estimate(0.6), "used": "0.60 as fitted", "rule": "", "fitted": fitted}
    rows = lines(make_case(purity=purity))
    row = rows["Heterozygous SNPs with reads of both alleles"]
    assert row.answer == answer
    assert ("LOH and scars stay unknown" in row.found) is (snps == 0)


def test_snps_that_nobody_counted_are_not_zero() -> None:
    used = {"snps": 0, "segments": 57, "segments_with_alleles": 0}
    notes = ["no allele fractions: levels alone speak, ranges are wide (give --snps)"]
    fitted = {**make_estimate(0.6), "ploidy": make_estimate(2.1), "state": "solved", "used": used,
              "notes": notes}  # fmt: skip
    purity = {**make_estimate(0.6), "used": "0.60 as fitted", "rule": "", "fitted": fitted}
    document = make_case(purity=purity)
    row = lines(document)["Heterozygous SNPs with reads of both alleles"]
    assert row.answer == "attention"
    assert row.found.startswith("not counted: ")
    strip = dict(quality_strip(open_document(document, "profile.json")))
    assert "Heterozygous SNPs" not in strip
    assert "0" not in strip.values()


def test_accounts_are_equal_or_ask_for_attention() -> None:
    rows = lines(make_case(variants=make_variants(9, 40, rescued=0)))
    account = rows["Alleles, by verdict"]
    assert account.found == "49 = 9 passing + 40 failing + 0 kept by a rescue"
    assert account.answer == "ok"
    assert rows["Microsatellites"].found == "100 = 90 used + 10 left out"
    rows = lines(make_case(variants=make_variants(9, 40, alleles=50)))
    assert rows["Alleles, by verdict"].answer == "attention"
    assert "50 ≠ 9" in rows["Alleles, by verdict"].found


def test_numbers_of_biomarkers_without_an_answer_stay_in_quality() -> None:
    document = make_case()
    part = next(part for part in document["parts"] if part["name"] == "hrd")
    part.update(status="not_evaluable", reason="few SNPs")
    part["result"]["evaluable"] = 0.41
    row = lines(document)["Autosomes on which scars can be seen"]
    assert (row.found[:4], row.answer) == ("41.0", "attention")
    part.update(status="failed", reason="cut off")
    assert "Autosomes on which scars can be seen" not in lines(document)


def test_nobody_is_said_to_be_one_person_without_a_comparison() -> None:
    document = make_case()
    document["case"]["tumor_only"] = False
    rows = lines(document)
    assert rows["Tumour and normal of one person"].answer == "unknown"
    assert rows["Another person's DNA"].answer == "unknown"
    note = "9 of 20 unstable sites gained units; look for another person's DNA in the sample"
    document["parts"][4]["result"]["notes"] = [note]
    assert lines(document)["Another person's DNA"].answer == "attention"
    document["case"]["tumor_only"] = True
    assert "Tumour and normal of one person" not in lines(document)


@pytest.mark.parametrize(
    ("other", "foreign", "answers"),
    [(0.001, 0.01, ["ok", "ok"]), (0.24, 0.4, ["attention", "attention"]),
     (None, None, ["unknown", "unknown"])],
)  # fmt: skip
def test_persons_are_compared_where_a_purity_counted_their_snps(
    other: float | None, foreign: float | None, answers: list[str]
) -> None:
    pair = {"foreign": foreign, "foreign_limit": 0.15, "other": other, "other_limit": 0.1}
    fitted = {**make_estimate(0.6), "ploidy": make_estimate(2.1), "state": "solved", "pair": pair}
    document = make_case(purity={**make_estimate(0.6), "used": "", "rule": "", "fitted": fitted})
    document["case"]["tumor_only"] = False
    rows = lines(document)
    found = [rows["Tumour and normal of one person"], rows["Another person's DNA"]]
    assert [row.answer for row in found] == answers
    assert ("24.0" in found[0].found) is (other == 0.24)


def test_the_answer_is_a_word_and_never_a_colour_alone() -> None:
    text = said("quality-full", {**make_case(), "board": BOARD})
    for words in ("▲ attention", "✓ ok", "? unknown", "no limit set"):
        assert words in text
    assert "▲ uppmärksamma" in said("quality-full", {**make_case(), "board": BOARD}, "sv")


def test_page_one_says_depth_and_what_was_read_deeply_enough() -> None:
    html = render_report({**make_case(tmb=make_tmb()), "board": BOARD}, params=ReportParams())
    strip = html[html.index('<p class="strip">') :].partition("</p>")[0]
    words = " ".join(re.sub(r"<[^>]*>", "", strip).split())
    assert "Median depth 195×" in words
    assert "Bases deep enough 62.5" in words
    assert "Unknown: noise of copy ratios, heterozygous SNPs" in words
