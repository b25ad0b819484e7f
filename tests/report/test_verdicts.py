"""Repair of DNA in the report: what the lines say together, and what contradicts what."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.report.builders import make_part, make_profile
from tests.report.test_html import Page
from tumorkit.errors import InputError, ParameterError
from tumorkit.report import ReportParams, render_report, summarize_report
from tumorkit.report.board.run import BoardFiles, with_board
from tumorkit.report.diff import diff_profiles
from tumorkit.report.language import language_named, speaking
from tumorkit.report.two_hits import hit_words
from tumorkit.report.verdicts import judged, other_tests


def msi(call: str, value: float) -> dict[str, Any]:
    return {
        "schema": "tumorkit/msi", "schema_version": "1.0", "sample": "T1", "build": "GRCh38",
        "status": "ok", "value": value, "low": value, "high": value, "call": call, "cutoffs": [],
    }  # fmt: skip


def profile(call: str = "MSI-H", value: float = 0.4) -> dict[str, Any]:
    made = copy.deepcopy(make_profile())
    parts = [part for part in made["parts"] if part["name"] != "msi"]
    made["parts"] = [*parts, make_part("msi", msi(call, value))]
    return made


def external(folder: Path, *rows: str) -> BoardFiles:
    path = folder / "external.tsv"
    path.write_text("\n".join(["biomarker\tmethod\tvalue", *rows, ""]))
    return BoardFiles(external=path)


def first_and_chapter(document: dict[str, Any], **options: Any) -> tuple[str, str]:
    text = Page(render_report(document, params=ReportParams(**options))).text
    at = text.index("do the lines agree" if not options else "beviskällorna överens")
    return text[:at], text[at:]


def test_hits_are_told_in_the_language_of_the_report() -> None:
    said = "MSH2: LOH, somatic MSH2 p.Trp318Ter; MSH6: of unknown origin MSH6 p.Ala2Val"
    with speaking(language_named("sv")):
        assert hit_words(said) == (
            "MSH2: LOH, somatisk MSH2 p.Trp318Ter; MSH6: av okänt ursprung MSH6 p.Ala2Val"
        )
    assert hit_words(said) == said


def test_staining_from_elsewhere_and_microsatellites_agree(tmp_path: Path) -> None:
    files = external(tmp_path, "MLH1\tIHC\tlost", "PMS2\tIHC\tloss of expression",
                     "MSH2\tIHC\tretained")  # fmt: skip
    made = with_board(profile(), files)
    first, chapter = first_and_chapter(made)
    assert "Mismatch repair deficient" in first
    assert "microsatellites: MSI-H, 40% unstable; immunohistochemistry: lost: MLH1, PMS2" in first
    assert "retained: MSH2" not in first
    assert "no joint probability" in chapter
    (note,) = [n for n in summarize_report(made).notes if n.startswith("Mismatch repair")]
    assert note.startswith("Mismatch repair: deficient (microsatellites")


def test_a_contradiction_stands_on_page_one(tmp_path: Path) -> None:
    files = external(tmp_path, "MLH1\tIHC\tlost", "PMS2\tIHC\tlost")
    first, chapter = first_and_chapter(with_board(profile("MSS", 0.01), files))
    assert "Mismatch repair discordant" in first
    assert "Look at this" in chapter


def test_too_little_is_no_verdict_and_not_on_page_one() -> None:
    first, chapter = first_and_chapter(with_board(profile(), BoardFiles()))
    assert "Mismatch repair insufficient" not in first
    assert "Mismatch repair: insufficient" in chapter


def test_swedish(tmp_path: Path) -> None:
    files = external(tmp_path, "MLH1\tIHC\tlost", "PMS2\tIHC\tlost")
    first, chapter = first_and_chapter(with_board(profile(), files), language="sv")
    assert "Mismatchreparation defekt" in first
    assert "mikrosatelliter: MSI-H, 40 % instabila" in first
    assert "ingen gemensam sannolikhet" in chapter


def test_words_that_nobody_knows_say_nothing() -> None:
    rows = [
        {"biomarker": "MLH1", "method": "IHC", "value": "patchy"},
        {"biomarker": "MSI", "method": "NGS elsewhere", "value": "MSI-H"},
        {"biomarker": "ERBB2", "method": "IHC", "value": "lost"},
    ]
    mmr, hr = other_tests(rows)
    assert not any((mmr.ihc_lost, mmr.ihc_retained, mmr.pcr, hr.rad51_foci))


def test_one_protein_both_lost_and_retained_is_refused(tmp_path: Path) -> None:
    files = external(tmp_path, "MLH1\tIHC\tlost", "MLH1\tIHC\tretained")
    with pytest.raises(ParameterError, match="MLH1: staining cannot be lost and retained"):
        with_board(profile(), files)


def test_a_damaged_result_is_said_in_one_line() -> None:
    made = profile()
    made["parts"][-1]["result"]["value"] = "much"
    with pytest.raises(InputError, match="cannot be read"):
        judged(made)


def test_another_verdict_is_a_change_of_class(tmp_path: Path) -> None:
    files = external(tmp_path, "MLH1\tIHC\tlost", "PMS2\tIHC\tlost")
    old, new = with_board(profile(), BoardFiles()), with_board(profile(), files)
    result = diff_profiles(old, new)
    assert [(b.name, b.change, b.old and b.old.call, b.new and b.new.call)
            for b in result.biomarkers] == [
        ("Mismatch repair", "class", "insufficient", "deficient"),
    ]  # fmt: skip
    assert result.clinical
    assert result.amendment[0].startswith("Mismatch repair: insufficient before, deficient now")


def test_tests_that_disagree_are_in_the_light(tmp_path: Path) -> None:
    said = with_board(profile(), external(tmp_path, "MSI\tPCR\tMSS"))
    html = render_report(said)
    assert "Tests disagree" in html
    assert "Mismatch repair: discordant" in html[: html.index('id="biomarkers"')]
    agreed = with_board(profile(), external(tmp_path, "MSI\tPCR\tMSI-H"))
    assert "Tests disagree" not in render_report(agreed)
    failed = copy.deepcopy(said)
    failed["parts"][0].update(status="failed", reason="x", result=None)
    assert "Read with caution" in render_report(failed)


def test_another_test_elsewhere_is_the_cause_of_another_verdict(tmp_path: Path) -> None:
    old = with_board(profile(), external(tmp_path, "MSI\tPCR\tMSI-H"))
    new = with_board(profile(), external(tmp_path, "MSI\tPCR\tMSS"))
    found = diff_profiles(old, new)
    (change,) = found.biomarkers
    assert (change.name, change.change, change.cause) == ("Mismatch repair", "class", "input")
    assert [(c.name, c.old, c.new) for c in change.causes] == [
        ("external", "MSI PCR MSI-H", "MSI PCR MSS")
    ]
    new["biomarkers"][0]["estimate"]["value"] += 1
    burden = next(item for item in diff_profiles(old, new).biomarkers if item.name == "TMB")
    assert burden.cause == "unknown"
