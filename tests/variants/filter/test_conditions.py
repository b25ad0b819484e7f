"""Material, library and reads: what does not apply is neither passed nor unknown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.variants.filter.test_filter import LINES, header, line, spec_file, write_input
from tumorkit.cli import run
from tumorkit.errors import ParameterError
from tumorkit.genome.vcf import VcfRecord
from tumorkit.variants.filter import FilterResult, filter_variants, load_specification, preset
from tumorkit.variants.filter.params import Preparation
from tumorkit.variants.roles import assign_roles

SPEC = """
tumorkit_filters: 1
name: demo
made_for: {material: [ffpe, fresh-frozen], library: capture}
tiers: [{tier: fixed, when: 'material == "ffpe"'}]
filters:
  - {id: low, says: Few reads, fail_if: tumor.alt_depth < min, min: {default: 5, fixed: 11}}
  - id: strand
    says: One strand
    fail_if: INFO["Q"] < 3
    unless: {library: [amplicon]}
  - {id: umi, says: Consensus only, fail_if: tumor.vaf < 0.2, only: {reads: consensus}}
"""


def judged(preparation: Preparation | None, spec: str = SPEC) -> FilterResult:
    head = header()
    records = [VcfRecord(line(5, info="Q=1"), head, 1), VcfRecord(line(6), head, 2)]
    return filter_variants(
        [records],
        head,
        assign_roles(head),
        load_specification(spec, "spec.yaml"),
        preparation=preparation,
    )


def test_an_amplicon_switches_the_strand_filter_off() -> None:
    capture, amplicon = (judged(Preparation(library=name)) for name in ("capture", "amplicon"))
    rows = [{row.filter: row for row in result.waterfall} for result in (capture, amplicon)]
    assert (rows[0]["strand"].failed, rows[0]["strand"].unknown) == (1, 1)
    off = rows[1]["strand"]
    assert (off.failed, off.unknown, off.not_applicable) == (0, 0, 2)
    assert [item.reason for item in amplicon.not_applicable] == [
        "not applicable: library is amplicon"
    ]
    assert "strand" not in {item.filter for item in amplicon.not_evaluable}
    assert amplicon.unknown == 0
    assert "strand: not applicable: library is amplicon" in amplicon.summary().notes


def test_a_filter_for_some_reads_is_asked_when_the_reads_are_said() -> None:
    unsaid = judged(None)
    assert {i.filter: i.reason for i in unsaid.not_evaluable}["umi"] == (
        "it is for reads consensus only: say --reads"
    )
    consensus, raw = (judged(Preparation(reads=name)) for name in ("consensus", "raw"))
    failed = {row.filter: row.failed for row in consensus.waterfall}
    assert failed["umi"] == 2
    assert [i.reason for i in raw.not_applicable] == ["not applicable: reads is raw, not consensus"]


def test_limits_may_differ_by_material() -> None:
    failed = [
        {row.filter: row.failed for row in judged(preparation).waterfall}["low"]
        for preparation in (
            None,
            Preparation(material="fresh-frozen"),
            Preparation(material="ffpe"),
        )
    ]
    assert failed == [0, 0, 2]


def test_what_a_specification_is_made_for_is_taken_or_noted() -> None:
    assert judged(None).preparation == Preparation(library="capture")
    other = judged(Preparation(material="blood"))
    assert other.notes == (
        "demo is made for material ffpe or fresh-frozen, and the material is blood",
    )


def test_consensus_limits_refuse_raw_reads() -> None:
    head = header()
    specification = preset("twist-ctdna-umi")
    for reads in ("raw", "unknown"):
        preparation = Preparation(reads=reads)
        if reads == "raw":
            with pytest.raises(ParameterError, match="made for consensus reads, and --reads says"):
                filter_variants(
                    [], head, assign_roles(head), specification, preparation=preparation
                )
        else:
            found = filter_variants([], head, assign_roles(head), specification)
            assert found.notes == (
                "reads taken to be consensus, for which twist-ctdna-umi is made",
            )


@pytest.mark.parametrize(
    ("condition", "said", "hint"),
    [
        ("unless: {libary: amplicon}", "unless: unknown 'libary'", "library"),
        ("unless: {library: amplicons}", "unless: library 'amplicons' is not known", "amplicon"),
        ("only: {reads: duplex}", "only: reads 'duplex' is not known", "raw"),
        ("unless: amplicon", "unless: expected `key: value` pairs", ""),
    ],
)
def test_mistakes_are_named(condition: str, said: str, hint: str) -> None:
    text = SPEC.replace("unless: {library: [amplicon]}", condition)
    with pytest.raises(ParameterError) as raised:
        load_specification(text, "spec.yaml")
    assert said in raised.value.message
    assert raised.value.message.startswith("spec.yaml:11: ")
    assert hint in raised.value.hint


def test_conditions_are_part_of_the_meaning() -> None:
    plain = SPEC.replace("    unless: {library: [amplicon]}\n", "")
    anywhere = SPEC.replace("made_for: {material: [ffpe, fresh-frozen], library: capture}\n", "")
    digests = {load_specification(text, "s").sha256 for text in (SPEC, plain, anywhere)}
    assert len(digests) == 3


def test_the_commands_say_what_does_not_apply(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vcf, spec = str(write_input(tmp_path / "in.vcf.gz", LINES)), str(spec_file(tmp_path, SPEC))
    options = ["--library", "amplicon", "--reads", "raw"]
    audit = tmp_path / "audit.tsv"
    asked = ["variants", "filter", vcf, "--spec", spec, "--audit", str(audit), "--json", "-"]
    assert run([*asked, *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["preparation"] == {
        "material": "unknown", "library": "amplicon", "reads": "raw",
    }  # fmt: skip
    assert [item["filter"] for item in document["not_applicable"]] == ["strand", "umi"]
    rows = [text.split("\t") for text in audit.read_text().splitlines()]
    assert sum("strand" in row and "not_applicable" in row for row in rows) == 4
    assert run(["variants", "check", spec, vcf, *options]) == 0
    assert "strand\tnot applicable\tlibrary is amplicon\tOne strand" in capsys.readouterr().out
    assert run(["variants", "why", "chr1:5", vcf, "--spec", spec, *options]) == 0
    assert "strand: not applicable: library is amplicon" in capsys.readouterr().out
    assert run(["variants", "diff", spec, spec, vcf, *options]) == 0
