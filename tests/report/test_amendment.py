"""An amended report says what changed since the last one: before, now and by what."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.report.builders import make_biomarker, make_estimate, make_profile
from tests.report.test_html import EVIL, Page
from tests.report.test_interpretation import classified, profile, written
from tumorkit.errors import InputError, ParameterError
from tumorkit.report import ReportParams, render_report
from tumorkit.report.amendment import amendment_view
from tumorkit.report.board.run import BoardFiles, with_board
from tumorkit.report.diff import diff_profiles
from tumorkit.report.document import Node


def kept(folder: Path, document: dict[str, Any], name: str = "old.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(document))
    return path


def amended(
    folder: Path, old: dict[str, Any], new: dict[str, Any], **options: Any
) -> tuple[str, str]:
    """Return page one's block and the chapter of a report that amends another."""
    made = with_board(new, BoardFiles(previous=kept(folder, old)))
    text = Page(render_report(made, params=ReportParams(**options))).text
    begin = text.index("Amended report" if not options else "Ändrad rapport")
    chapter = text.rindex("Changes since" if not options else "Ändringar sedan")
    return text[begin : text.index("95", begin)], text[chapter:]


def with_genes(document: dict[str, Any], state: str) -> dict[str, Any]:
    made = copy.deepcopy(document)
    (part,) = [part for part in made["parts"] if part["name"] == "copy_number"]
    for gene in part["result"]["genes"]:
        gene["state"] = state
    return made


def test_a_change_below_the_printed_digits_is_no_row() -> None:
    """*0.361 (0.265-0.463)* before and now says nothing; a class or a status always does."""
    side = {"status": "ok", "value": 0.3606, "low": 0.2653, "high": 0.4634, "unit": "",
            "call": "MSI-H", "scheme": None, "reason": None}  # fmt: skip
    row = {"name": "MSI", "change": "interval", "old": side, "new": {**side, "high": 0.46341},
           "cause": "purity"}  # fmt: skip
    previous = {"file": "p.json", "sha256": "7f" * 32, "version": "0.1.0", "date": None}
    empty: dict[str, Any] = {
        key: [] for key in ("causes", "tiers", "variants", "events", "genes", "notes")
    }
    amendment = {
        "previous": previous, "clinical": False, "biomarkers": [row], "shared": 3, **empty
    }  # fmt: skip
    for high, shown in ((0.46341, False), (0.51, True)):
        row["new"] = {**side, "high": high}
        view = amendment_view(Node({"board": {"amendment": amendment}}, "", "profile.json"))
        assert view is not None
        assert bool(view.rows) is shown


def test_the_block_names_what_changed_with_before_now_and_cause(tmp_path: Path) -> None:
    new = make_profile(tumorkit_version="9.9")
    call = make_estimate(50.0, low=40.0, high=60.0, call="TMB-Low")
    new["biomarkers"] = [make_biomarker(estimate=call), *new["biomarkers"][1:]]
    first, chapter = amended(tmp_path, make_profile(), new)
    assert "TMB , class: 12.6" in first
    assert "→ 50 mut/Mb (40–60), TMB-Low (another version of the software)" in first
    assert "Before" in chapter
    assert "9.9" in chapter


def test_a_report_without_change_of_class_says_so(tmp_path: Path) -> None:
    first, chapter = amended(tmp_path, make_profile(), make_profile())
    assert "No class, tier, listed variant or copy-number state changed." in first
    assert "Nothing changed." in chapter


def test_genes_of_one_change_stand_in_one_line(tmp_path: Path) -> None:
    old, new = make_profile(), with_genes(make_profile(), "neutral")
    first, chapter = amended(tmp_path, old, new)
    changes = diff_profiles(old, new).genes
    assert len(changes) > 2
    assert first.count("copy-number state") < len(changes)
    assert all(change.gene in chapter for change in changes)


def test_swedish_numbers_and_words(tmp_path: Path) -> None:
    new = make_profile()
    call = make_estimate(50.0, low=40.5, high=60.0, call="TMB-Low")
    new["biomarkers"] = [make_biomarker(estimate=call), *new["biomarkers"][1:]]
    first, _ = amended(tmp_path, make_profile(), new, language="sv")
    assert "jämfört med" in first
    assert "(ingen orsak är registrerad)" in first
    assert "12,6" in first


def test_no_block_without_a_previous_report() -> None:
    assert "Amended" not in render_report(make_profile())


def test_tiers_that_change_are_named_with_the_knowledge_that_did(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    before = with_board(profile(), BoardFiles(interpretation=written(tmp_path, classified())))
    other = {"kind": "evidence", "name": "civic.tsv", "date": "2026-08-01",
             "sha256": "e" * 64, "rows": 13}  # fmt: skip
    path = written(tmp_path / "a", classified(tier="II", level="C"), knowledge=[other])
    after = with_board(profile(), BoardFiles(interpretation=path))
    result = diff_profiles(before, after)
    assert [(t.gene, t.old, t.new, t.cause) for t in result.tiers] == [
        ("KRAS", "tier IA, ESCAT I-A, Likely oncogenic",
         "tier IIC, ESCAT I-A, Likely oncogenic", "knowledge"),
    ]  # fmt: skip
    assert result.clinical
    mirrored = diff_profiles(after, before).tiers
    assert [(t.old, t.new) for t in mirrored] == [(t.new, t.old) for t in result.tiers]
    first, _ = amended(tmp_path, before, after)
    assert "KRAS G12C , tier or oncogenicity: tier IA" in first
    assert "(other knowledge)" in first


def test_another_sample_or_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="profiles of two samples"):
        amended(tmp_path, make_profile(sample="T2"), make_profile())
    (tmp_path / "old.json").write_text("[]")
    with pytest.raises(InputError, match="expected a JSON object, found a list"):
        with_board(make_profile(), BoardFiles(previous=tmp_path / "old.json"))


def test_the_previous_report_is_no_cause_of_a_change(tmp_path: Path) -> None:
    path = {"role": "previous", "name": "old.json", "sha256": "f" * 64}
    new = make_profile()
    new["inputs"] = [*new["inputs"], path]
    assert diff_profiles(make_profile(), new).causes == ()


def test_names_stay_text(tmp_path: Path) -> None:
    old, new = make_profile(), make_profile(tumorkit_version=EVIL)
    marker = make_biomarker(name=EVIL, estimate=make_estimate(1.0))
    new["biomarkers"] = [marker, *new["biomarkers"]]
    made = with_board(new, BoardFiles(previous=kept(tmp_path, old)))
    assert "<script>alert" not in render_report(made)
