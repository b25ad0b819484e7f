"""Specifications: every mistake names its line, presets hold their own examples."""

from __future__ import annotations

import pytest

from tumorkit.errors import ParameterError
from tumorkit.variants.filter import preset, preset_names, preset_text
from tumorkit.variants.filter.combine import Combine
from tumorkit.variants.filter.evidence_columns import names_asked
from tumorkit.variants.filter.examples import check_examples
from tumorkit.variants.filter.specification import Specification, load_specification

HEAD = "tumorkit_filters: 1\nname: demo\n"
FILTER = "filters:\n  - id: low\n    says: Too few reads\n    fail_if: tumor.alt_depth < min\n"


def load(text: str) -> Specification:
    return load_specification(text, "spec.yaml", preset_text=preset_text)


@pytest.mark.parametrize("name", preset_names())
def test_presets_hold_their_examples_and_cite_their_limits(name: str) -> None:
    specification = preset(name)
    check_examples(specification)
    assert specification.name == name
    assert specification.examples
    text = preset_text(name)
    assert "# " in text
    failing = {example.expect for example in specification.examples} - {"pass"}
    assert failing, "a preset's examples show what fails"


def test_the_presets_of_the_first_form_are_there() -> None:
    assert {
        "twist-solid", "twist-ctdna-umi", "balsamic-tga-tumor-only", "balsamic-tga-paired",
        "balsamic-wgs-tumor-only", "balsamic-wgs-paired", "tumor-only-strict", "caller-pass",
    } <= set(preset_names())  # fmt: skip


def test_tumor_only_strict_leaves_what_nobody_can_tell() -> None:
    strict = preset("tumor-only-strict")
    assert "Where nobody can tell, the variant stays" in strict.says
    assert names_asked(strict) == ("background.p", "p_germline")


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("name: demo\n", "must begin with `tumorkit_filters: 1`", ""),
        ("tumorkit_filters: 2\n", "version 2 of the format", ""),
        ("tumorkit_filters: 1\n  name: [", "spec.yaml:2: not YAML", ""),
        (HEAD + "name: again\n", "spec.yaml:3: not YAML", ""),
        (HEAD, "spec.yaml:1: there are no filters", ""),
        (HEAD + "filtres: []\n", "spec.yaml:3: unknown key 'filtres'", "filters"),
        (HEAD + FILTER + "    min: x\n", "spec.yaml:7: min: expected a number or `none`", ""),
        (HEAD + FILTER, "spec.yaml:6: unknown name 'min'", ""),
        (
            HEAD + FILTER.replace("tumor.alt_depth < min", "tumor.ad < 3"),
            "spec.yaml:6: unknown name 'tumor.ad'",
            "tumor.",
        ),
        (HEAD + FILTER + "    min: {hotspot: 2}\n", "unknown tier 'hotspot'", ""),
        (HEAD + FILTER + "    min: 2\n    mni: 3\n", "'mni' is neither a key nor used", ""),
        (
            HEAD + FILTER + "    min: 2\n    misssing: fail\n",
            "misssing: expected a number",
            "missing",
        ),
        (HEAD + FILTER + "    min: 2\n    missing: maybe\n", "'maybe' is not one of", ""),
        (HEAD + FILTER + "    min: 2\n    needs: blood\n", "not one of normal, annotation", ""),
        (HEAD + FILTER.replace("low", "a;b") + "    min: 2\n", "cannot be a FILTER value", ""),
        (
            HEAD + FILTER.replace("    says: Too few reads\n", "") + "    min: 2\n",
            "spec.yaml:4: 'says' is missing",
            "",
        ),
        (
            HEAD + FILTER + "    min: 2\nrescue:\n  - {id: r, when: hotspot}\n",
            "spec.yaml:9: rescue 'r' must name the filters that it lifts",
            "",
        ),
        (
            HEAD + FILTER + "    min: 2\nrescue:\n  - {id: r, when: hotspot, lifts: [lwo]}\n",
            "no filter 'lwo'",
            "low",
        ),
        (
            HEAD + FILTER + "    min: 2\nrescue:\n  - {id: r, when: hotspot, lifts: all}\n",
            "lifts all filters",
            "i_know",
        ),
        (
            HEAD
            + FILTER
            + "    min: 2\nrescue:\n"
            + "  - {id: r, when: hotspot, lifts: low, never_lifts: low}\n",
            "lifts and never lifts: low",
            "",
        ),
        (HEAD + FILTER + "    min: 2\noutput: {drop: [lo]}\n", "no filter 'lo'", "low"),
        (HEAD + "extends: twist-sold\n", "unknown filter preset", "twist-solid"),
        (
            HEAD + FILTER + "    min: 2\ntest:\n  - {variant: {tumor.ad: 1}, expect: low}\n",
            "spec.yaml:9: unknown name 'tumor.ad'",
            "tumor.",
        ),
        (
            HEAD + FILTER + "    min: 2\ntest:\n  - {variant: {}, expect: lwo}\n",
            "spec.yaml:9: expect: 'lwo'",
            "low",
        ),
    ],
)
def test_mistakes_name_their_line(text: str, said: str, hint: str) -> None:
    with pytest.raises(ParameterError) as raised:
        load(text)
    assert said in raised.value.message
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("combine", "said", "hint"),
    [
        ("all", "combine: 'all' is neither `any` nor a score", "combine: any"),
        ("{score: posterior}", "neither fdr nor f_beta is given", "fdr: 0.05"),
        ("{score: posterior, fdr: 0.1, f_beta: 1}", "both fdr and f_beta are given", ""),
        ("{score: posterior, fdr: 5}", "fdr must lie between 0 and 1, found 5", ""),
        ("{score: posterior, fdr: five}", "combine.fdr: expected a number", ""),
        ("{score: posterior, f_beta: 0}", "f_beta must lie above 0, found 0", ""),
        ("{score: posteriro, fdr: 0.1}", "score 'posteriro' is not known", "posterior"),
        ("{score: gene, fdr: 0.1}", "score 'gene' is a text, not a number", ""),
        ("{fdr: 0.1}", "'score' is missing", ""),
        ("{score: posterior, fdrr: 0.1}", "unknown key 'fdrr'", "fdr"),
    ],
)
def test_a_score_needs_one_sensible_rate(combine: str, said: str, hint: str) -> None:
    with pytest.raises(ParameterError) as raised:
        load(HEAD + FILTER + f"    min: 2\ncombine: {combine}\n")
    assert raised.value.message.startswith("spec.yaml:8: ")
    assert said in raised.value.message
    assert hint in raised.value.hint


def test_a_score_is_part_of_the_meaning_and_is_inherited() -> None:
    plain = load(HEAD + FILTER + "    min: 2\n")
    anyhow = load(HEAD + FILTER + "    min: 2\ncombine: any\n")
    scored = load(HEAD + FILTER + "    min: 2\ncombine: {score: posterior, fdr: 0.05}\n")
    assert plain.combine is None
    assert plain.sha256 == anyhow.sha256 != scored.sha256
    assert scored.combine == Combine("posterior", fdr=0.05, line=8)
    weighted = load(HEAD + FILTER + "    min: 2\ncombine: {score: tumor.vaf, f_beta: 1}\n")
    assert weighted.combine == Combine("tumor.vaf", f_beta=1.0, line=8)


def test_a_specification_that_fails_its_own_example_is_refused() -> None:
    text = HEAD + FILTER + "    min: 2\ntest:\n  - {variant: {tumor.alt_depth: 3}, expect: low}\n"
    with pytest.raises(ParameterError, match=r"spec\.yaml:9: example expects low, found pass"):
        check_examples(load(text))


def test_the_digest_is_of_the_meaning() -> None:
    plain = load(HEAD + FILTER + "    min: 2\n")
    commented = load("# a note\n" + HEAD + FILTER + "    min: 2.0  # another\n")
    changed = load(HEAD + FILTER + "    min: 3\n")
    assert plain.sha256 == commented.sha256 != changed.sha256


def test_extending_a_preset_replaces_removes_and_adds() -> None:
    text = (
        "tumorkit_filters: 1\nname: mine\nextends: twist-solid\nremove: [Intronic]\nfilters:\n"
        "  - {id: AF_lt_0.01, says: Below 2 %, fail_if: tumor.vaf < min, min: 0.02}\n"
        "  - {id: shallow, says: Shallow, fail_if: tumor.depth < min, min: {tert: 5, default: 9}}\n"
    )
    mine, base = load(text), preset("twist-solid")
    assert [item.id for item in mine.filters] == [
        *(item.id for item in base.filters if item.id != "Intronic"),
        "shallow",
    ]
    assert mine.filters[0].limits[0].default == 0.02
    assert mine.tiers == base.tiers
    assert mine.sha256 != base.sha256
