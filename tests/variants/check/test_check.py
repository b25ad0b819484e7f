"""Specifications in words, and written down flattened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.variants.filter.test_filter import LINES, write_input
from tumorkit.cli import run
from tumorkit.variants.check import aloud, sentences
from tumorkit.variants.filter import load_specification, preset, preset_names, preset_text
from tumorkit.variants.filter.expression import parse
from tumorkit.variants.filter.written import written


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_can_be_read_aloud_with_its_source(name: str) -> None:
    specification = preset(name)
    said = sentences(specification)
    assert specification.source in said[0]
    for item in specification.filters:
        own = [text for text in said if text.startswith(f"{item.id} (")]
        assert len(own) == 1
        assert "fails where" in own[0]
        for limit in item.limits:
            for value in (limit.default, *limit.by_tier.values()):
                assert value is None or f"{value:g}" in own[0]
        for sign in ("&&", "==", "<", ">", '["', "tumor."):
            assert sign not in own[0]


@pytest.mark.parametrize("name", preset_names())
def test_a_flattened_specification_means_the_same(name: str) -> None:
    again = load_specification(written(preset(name)), "again.yaml")
    assert again.sha256 == preset(name).sha256
    assert again.source == preset(name).source


def test_what_is_extended_is_written_down_with_it() -> None:
    text = "tumorkit_filters: 1\nname: mine\nextends: twist-solid\nremove: [Intronic]\n"
    mine = load_specification(text, "mine.yaml", preset_text=preset_text)
    flat = load_specification(written(mine), "flat.yaml")
    assert flat.sha256 == mine.sha256
    assert flat.made_for == preset("twist-solid").made_for


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("not (tumor.vaf < 0.1 or hotspot)",
         "the tumour's variant allele fraction is at least 0.1 and it is no listed hotspot"),
        ("(hotspot or tumor_only) and gene == 'MET'",
         'either it is a listed hotspot or there is no matched normal and the gene is "MET"'),
        ("gene not in [MET, TERT]", "the gene is not MET or TERT"),
        ("'x' in callers", 'the callers include "x"'),
        ("not 'x' in consequence", 'the consequence does not include "x"'),
        ("not contains(ids, 'COSV')", 'the identifiers do not contain "COSV"'),
        ("found(INFO['Hotspot'], '1-')", 'Hotspot matches "1-"'),
        ("normal.vaf / tumor.vaf > 0.3", "the normal's variant allele fraction divided by the "
         "tumour's variant allele fraction is above 0.3"),
        ("not present(CSQ['X'])", "the annotation's X is not there"),
        ("abs(INFO['Q'][0]) >= 2", "the size of value 1 of Q is at least 2"),
    ],
)  # fmt: skip
def test_conditions_in_words(expression: str, said: str) -> None:
    assert aloud(parse(expression)) == said


def test_the_command_prints_and_writes_a_preset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flat = tmp_path / "flat.yaml"
    assert run(["variants", "check", "twist-solid", "--print", "--write-spec", str(flat)]) == 0
    said = capsys.readouterr().out
    assert "Germline (Frequent in gnomAD, hence germline): fails where" in said
    assert load_specification(flat.read_text(), "x").sha256 == preset("twist-solid").sha256
    vcf = str(write_input(tmp_path / "in.vcf.gz", LINES))
    assert run(["variants", "check", "--preset", "twist-solid", vcf, "--print"]) == 0
    said = capsys.readouterr().out
    assert "hence germline): fails where" in said
    assert "Intronic\tno\tthe VCF has no CSQ" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give a specification or a preset"),
        (["in.vcf"], "give a specification or a preset"),
        (["twist-solid", "a.vcf", "b.vcf"], "expected one VCF, found 2"),
        (["twist-solid", "caller-pass"], "only filter files of hydra-genetics"),
    ],
)
def test_what_does_not_fit_is_said(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["variants", "check", *arguments]) == 2
    assert said in capsys.readouterr().err
