"""What changed between two profiles: nothing invented, each cause found, both ways the same."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.builders import (
    DIGEST,
    make_biomarker,
    make_copy_number,
    make_estimate,
    make_missing,
    make_profile,
    make_tmb,
    make_variant,
    make_variants,
)
from tumorkit.cli import run
from tumorkit.errors import ParameterError
from tumorkit.report import render_report
from tumorkit.report.diff import ReportDiffParams, ReportDiffResult, diff_profiles
from tumorkit.report.diff.run import run_report_diff

VALUES = (None, 0.0, 0.1, 1.0, 5.25, 9.999, 10.0, 10.001, 12.6, 40.0, 100.0)


def changed(path: list[Any], value: Any, document: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a profile in which one thing is another."""
    made = copy.deepcopy(document or make_profile())
    at: Any = made
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return made


def with_tmb(value: float, **changes: Any) -> dict[str, Any]:
    """Return a profile whose burden is another, by whatever else changed."""
    marker = make_biomarker(estimate=make_estimate(value))
    document = make_profile(**changes)
    document["biomarkers"] = [marker, *document["biomarkers"][1:]]
    return document


def tmb_of(result: ReportDiffResult) -> tuple[str, str, set[str]]:
    found = next(item for item in result.biomarkers if item.name == "TMB")
    return found.change, found.cause, {cause.name for cause in found.causes}


def test_nothing_differs_from_itself() -> None:
    result = diff_profiles(make_profile(), make_profile())
    assert result.empty
    assert not result.clinical
    assert result.amendment == ()
    assert result.shared == 9


def test_a_biomarker_of_another_value_overlaps_or_not() -> None:
    result = diff_profiles(make_profile(), with_tmb(13.0))
    assert [(b.change, b.overlap) for b in result.biomarkers] == [("value", True)]
    assert not result.clinical
    apart = make_estimate(50.0, low=40.0, high=60.0, call="TMB-Low")
    moved = changed(["biomarkers", 0], make_biomarker(estimate=apart))
    result = diff_profiles(make_profile(), moved)
    assert [(b.change, b.overlap) for b in result.biomarkers] == [("class", False)]
    assert result.clinical


def test_no_recorded_cause_is_said_to_be_unknown() -> None:
    assert tmb_of(diff_profiles(make_profile(), with_tmb(13.0))) == ("value", "unknown", set())


@pytest.mark.parametrize(
    ("changes", "kind", "name"),
    [
        ({"tumorkit_version": "0.2.0"}, "version", "tumorkit"),
        (
            {"inputs": [{"role": "somatic_vcf", "name": "T1.vcf.gz", "sha256": "0" * 64}]},
            "input",
            "somatic_vcf",
        ),
        (
            {"inputs": [*make_profile()["inputs"],
                        {"role": "background", "name": "b.tsv", "sha256": DIGEST}]},
            "knowledge",
            "background",
        ),
        (
            {"knowledge": [{"name": "CIViC", "date": "2026-01-01", "sha256": DIGEST}]},
            "knowledge",
            "CIViC",
        ),
        (
            {"results": {"variants": make_variants(), "copy_number": make_copy_number(),
                         "tmb": make_tmb(params={**make_tmb()["params"], "min_vaf": 0.1})}},
            "threshold",
            "tmb.min_vaf",
        ),
    ],
)  # fmt: skip
def test_the_only_cause_is_named(changes: dict[str, Any], kind: str, name: str) -> None:
    base = make_profile()
    base["inputs"] = [row for row in base["inputs"] if row["role"] != "copy_ratios"]
    if "inputs" in changes:
        changes = {"inputs": [row for row in changes["inputs"] if row["role"] != "copy_ratios"]}
    else:
        changes = {**changes, "inputs": base["inputs"]}
    change, cause, names = tmb_of(diff_profiles(base, with_tmb(13.0, **changes)))
    assert (change, cause, names) == ("value", kind, {name})


def test_two_kinds_of_causes_are_several() -> None:
    other = with_tmb(13.0, tumorkit_version="9")
    other["inputs"][0]["sha256"] = "0" * 64
    assert tmb_of(diff_profiles(make_profile(), other))[1] == "several"


def test_a_file_under_another_name_is_the_same_file() -> None:
    other = changed(["inputs", 0, "name"], "renamed.vcf.gz")
    assert diff_profiles(make_profile(), other).empty


def test_variants_that_came_and_went() -> None:
    old = make_profile(results={"variants": make_variants(passed=4, failed=0)})
    new = make_profile(results={"variants": make_variants(passed=6, failed=0)})
    result = diff_profiles(old, new)
    assert (result.shared, result.added, result.lost) == (4, 2, 0)
    back = diff_profiles(new, old)
    assert (back.shared, back.added, back.lost) == (4, 0, 2)
    assert result.clinical
    assert back.clinical


def test_a_lost_variant_says_which_filter_took_it() -> None:
    rows = [make_variant(0), make_variant(1)]
    kept = make_profile(results={"variants": make_variants(variants=rows)})
    failing = {
        "filter": "depth",
        "says": "Fewer than 100 reads at the site",
        "verdict": "fail",
    }
    gone = [rows[0], {**rows[1], "verdict": "fail", "reasons": [failing]}]
    lost = make_profile(results={"variants": make_variants(variants=gone)})
    (found,) = diff_profiles(kept, lost).variants
    assert (found.change, found.why) == ("lost", "Fewer than 100 reads at the site")


def test_tiers_are_class_reads_are_evidence() -> None:
    rows = [make_variant(0, tier="II"), make_variant(1)]
    before = make_profile(results={"variants": make_variants(variants=rows)})
    tier = make_profile(
        results={"variants": make_variants(variants=[{**rows[0], "tier": "I"}, rows[1]])}
    )
    (found,) = diff_profiles(before, tier).variants
    assert (found.change, [(f.name, f.old, f.new) for f in found.fields]) == (
        "class",
        [("tier", "II", "I")],
    )
    reads = [rows[0], {**rows[1], "vaf": rows[1]["vaf"] + 0.01}]
    after = make_profile(results={"variants": make_variants(variants=reads)})
    assert [v.change for v in diff_profiles(before, after).variants] == ["evidence"]
    assert diff_profiles(before, after, ReportDiffParams(min_vaf_change=0.05)).variants == ()


def test_genes_of_another_state() -> None:
    genes = make_copy_number()
    other = copy.deepcopy(genes)
    other["genes"][0]["state"] = "amplification"
    (found,) = diff_profiles(
        make_profile(results={"copy_number": genes}), make_profile(results={"copy_number": other})
    ).genes
    assert (found.old, found.new) == ("gain", "amplification")


def test_a_part_that_was_not_measured_lists_no_genes() -> None:
    without = make_profile(results={"variants": make_variants()})
    assert diff_profiles(make_profile(), without).genes == ()


def test_profiles_that_cannot_be_compared() -> None:
    with pytest.raises(ParameterError, match="two samples"):
        diff_profiles(make_profile(), make_profile(sample="T2"))
    with pytest.raises(ParameterError, match="two builds"):
        diff_profiles(make_profile(), make_profile(build="GRCh37"))
    both = diff_profiles(
        make_profile(), make_profile(sample="T2"), ReportDiffParams(any_sample=True)
    )
    assert both.biomarkers == ()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**18 - 1), st.integers(0, 11 * 11 - 1))
def test_the_way_back_mirrors_the_way_there(listed: int, values: int) -> None:
    before, after = ({at for at in range(9) if listed >> (shift + at) & 1} for shift in (0, 9))
    first, second = (VALUES[values // 11], VALUES[values % 11])
    sides = []
    for value, rows in ((first, before), (second, after)):
        status = "ok" if value is not None else "not_evaluable"
        reason = None if value is not None else "too little"
        estimate = make_estimate(value, low=None, high=None, status=status, reason=reason)
        variants = [make_variant(index) for index in sorted(rows)]
        document = make_profile(results={"variants": make_variants(variants=variants)})
        document["biomarkers"] = [make_biomarker(estimate=estimate)]
        sides.append(document)
    there, back = diff_profiles(sides[0], sides[1]), diff_profiles(sides[1], sides[0])
    assert there.shared + there.lost == len(before)
    assert there.shared + there.added == len(after)
    assert (there.added, there.lost) == (back.lost, back.added)
    assert [(b.old, b.new) for b in there.biomarkers] == [(b.new, b.old) for b in back.biomarkers]
    assert there.clinical == back.clinical


def test_the_command_reads_why_beside_the_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [make_variant(0), make_variant(1)]
    for name, listed in (("old", rows), ("new", rows[:1])):
        folder = tmp_path / name
        folder.mkdir()
        document = make_profile(results={"variants": make_variants(variants=listed)})
        (folder / "profile.json").write_text(json.dumps(document))
    gone = rows[1]
    place = f"{gone['contig']}\t{gone['pos']}\t{gone['ref']}\t{gone['alt']}"
    audit = f"contig\tpos\tref\talt\treason\n{place}\tdepth is 20 (fails if depth < 100)\n"
    (tmp_path / "new" / "variants.audit.tsv").write_text(audit)
    paths = [str(tmp_path / name / "profile.json") for name in ("old", "new")]
    (found,) = run_report_diff(*map(Path, paths)).variants
    assert found.why == "depth is 20 (fails if depth < 100)"
    table = tmp_path / "changes.tsv"
    assert run(["report", "diff", *paths, "-o", str(table)]) == 0
    assert "fails if depth < 100" in table.read_text()
    assert run(["report", "diff", *paths, "--exit-code"]) == 1
    assert run(["report", "diff", paths[0], paths[0], "--exit-code"]) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_names_from_a_profile_cannot_draw_on_the_terminal() -> None:
    row = make_variant(0, gene="TP53\u202e\x1b[31m\tx\ny")
    result = diff_profiles(
        make_profile(results={"variants": make_variants(variants=[])}),
        make_profile(results={"variants": make_variants(variants=[row])}),
    )
    assert "\x1b" not in "".join(result.amendment)
    assert "\u202e" not in "".join(result.amendment)


def with_part(name: str, **changes: Any) -> dict[str, Any]:
    """Return a profile in which one analysis is another."""
    made = make_profile()
    (part,) = [part for part in made["parts"] if part["name"] == name]
    part.update(changes)
    return made


def test_an_analysis_that_failed_is_a_change_although_nothing_else_is() -> None:
    old, new = make_profile(), with_part("copy_number", status="failed", reason="x", result=None)
    there, back = diff_profiles(old, new), diff_profiles(new, old)
    assert [
        (b.change, b.old.status, b.new.status) for b in there.biomarkers if b.old and b.new
    ] == [("status", "ok", "failed")]
    assert there.clinical
    assert [(b.old.status, b.new.status) for b in back.biomarkers if b.old and b.new] == [
        ("failed", "ok")
    ]


def test_a_collected_result_of_another_version_is_named_for_its_part_alone() -> None:
    old, new = with_tmb(12.0), with_tmb(13.0)
    for document, version in ((old, "0.1.0"), (new, "0.2.0")):
        (part,) = [part for part in document["parts"] if part["name"] == "tmb"]
        part["result"]["tumorkit_version"] = version
    assert tmb_of(diff_profiles(old, new)) == ("value", "version", {"tumorkit (tmb)"})
    assert "made by tumorkit 0.2.0: " in render_report(new)
    assert "made by" not in render_report(make_profile())


def test_the_order_of_files_of_one_kind_is_no_change() -> None:
    rows = [{"role": "fusions", "name": name, "sha256": name * 64} for name in ("a", "b")]
    assert diff_profiles(make_profile(inputs=rows), make_profile(inputs=rows[::-1])).empty


def test_a_burden_that_another_scheme_cannot_give_names_the_scheme() -> None:
    old = make_profile(presets={"tmb": ["pytmb-wes"], "filter": None})
    new = make_profile(presets={"tmb": ["twist-gms560"], "filter": None})
    (part,) = [part for part in new["parts"] if part["name"] == "tmb"]
    part.update(status="not_evaluable", reason="too little territory", result=None)
    new["biomarkers"][0] = make_biomarker(estimate=make_missing("too little territory"))
    assert tmb_of(diff_profiles(old, new)) == ("status", "threshold", {"tmb.presets"})
