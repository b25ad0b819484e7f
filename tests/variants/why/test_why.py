"""The trail of one variant: recomputed, in words, and where it was lost when it is not there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.variants.filter.test_filter import LINES, SPEC, header, line, spec_file, write_input
from tumorkit.cli import run
from tumorkit.errors import ParameterError
from tumorkit.genome.vcf import VcfRecord
from tumorkit.io.vcf import open_vcf, write_vcf
from tumorkit.variants.filter.run import run_filter
from tumorkit.variants.why import Locus, Search, WhyResult
from tumorkit.variants.why.run import run_why

DROPS = SPEC + "output: {drop: [germline]}\n"


def filtered(folder: Path, spec: str = SPEC) -> tuple[Path, Path, Path]:
    vcf, rules = write_input(folder / "in.vcf.gz", LINES), spec_file(folder, spec)
    run_filter(vcf, output=folder / "out.vcf.gz", spec=rules)
    return vcf, folder / "out.vcf.gz", rules


def said(result: WhyResult) -> str:
    return "\n".join(result.words)


def test_every_filter_says_quantity_value_and_limit(tmp_path: Path) -> None:
    _, out, rules = filtered(tmp_path)
    result = run_why("1:7", out, spec=rules)
    (trail,) = result.alleles
    assert result.stage == "present"
    assert (trail.verdict, trail.written, trail.tier) == ("fail", "low&germline", "default")
    assert trail.caller_filter == ("PASS",)
    assert trail.filter == ("low", "germline")
    by_filter = {reason.filter: reason for reason in trail.reasons}
    assert list(by_filter) == ["low", "germline", "in_normal", "flagged"]
    low = by_filter["low"]
    assert (low.quantity, low.value, low.limit, low.verdict) == ("tumor.alt_depth", 1, 5, "fail")
    assert by_filter["in_normal"].verdict == "pass"
    assert "low fail: Too few reads: tumor.alt_depth is 1 (fails if tumor.alt_depth < 5)" in said(
        result
    )
    assert "2 of 4 filters pass it" in said(result)
    assert result.notes == ()


def test_each_allele_of_a_site_has_its_trail(tmp_path: Path) -> None:
    _, out, rules = filtered(tmp_path)
    result = run_why("chr1:6", out, spec=rules)
    assert [(x.alt, x.match, x.caller_filter) for x in result.alleles] == [
        ("C", "asked", ("weak_evidence",)),
        ("G", "asked", ("weak_evidence",)),
    ]
    one = run_why("chr1:6:A>G", out, spec=rules)
    assert [(x.alt, x.match) for x in one.alleles] == [("G", "asked"), ("C", "same site")]


def test_a_rescue_is_named(tmp_path: Path) -> None:
    lines = [line(5, "90,10:100", info="Hotspot=1-hotspot", filters="weak_evidence")]
    vcf = write_input(tmp_path / "in.vcf", lines)
    (trail,) = (result := run_why("chr1:5", vcf, spec=spec_file(tmp_path))).alleles
    assert (trail.verdict, trail.rescued_by) == ("rescued", ("strong",))
    assert "verdict: rescued (tier hotspot, rescued by strong)" in said(result)


def test_an_absent_variant_is_answered_by_its_stage(tmp_path: Path) -> None:
    vcf, out, rules = filtered(tmp_path, DROPS)
    alone = run_why("chr1:7", out, spec=rules)
    assert alone.stage == "absent"
    assert "never called, or lost before; the specification drops what fails germline" in said(
        alone
    )
    assert [(x.side, x.pos, x.distance) for x in alone.nearest] == [("before", 6, 1)]
    dropped = run_why("chr1:7", out, earlier=vcf, spec=rules)
    assert dropped.stage == "dropped"
    assert "because it fails germline" in said(dropped)
    assert [x.source for x in dropped.alleles] == ["input"]
    never = run_why("chr1:7:A>T", out, earlier=vcf, spec=rules)
    assert never.stage == "never_called"
    cut = write_input(tmp_path / "cut.vcf", LINES[1:])
    lost = run_why("chr1:5", cut, earlier=vcf, spec=rules)
    assert lost.stage == "lost"
    assert "another step removed it" in said(lost)
    far = run_why("chr9:5", out, spec=rules)
    assert "no record at all on chr9" in said(far)


def test_the_header_names_the_specification(tmp_path: Path) -> None:
    vcf, out, rules = filtered(tmp_path)
    named = run_why("chr1:7", out)
    assert (named.specification, named.alleles[0].verdict) == ("demo", "fail")
    with open_vcf(out) as source:
        kept = [text for text in source.header.meta if "tumorkit_specification" not in text]
        lines = [record.line for record in source]
    write_vcf(tmp_path / "bare.vcf", header(meta=tuple(kept)), lines)
    with pytest.raises(ParameterError, match="filtered by 'demo', which is no preset") as raised:
        run_why("chr1:7", tmp_path / "bare.vcf")
    assert named.specification_sha256 is not None
    assert named.specification_sha256[:12] in raised.value.hint
    run_filter(vcf, output=tmp_path / "pass.vcf", preset="caller-pass")
    assert run_why("chr1:6", tmp_path / "pass.vcf").specification == "caller-pass"
    other = run_why("chr1:6", tmp_path / "pass.vcf", spec=rules)
    assert "filtered by caller-pass 1, which is not the demo" in other.notes[0]
    assert "TK_FILTER in the file is caller_flag" in said(other)
    bare = run_why("chr1:6", vcf)
    assert bare.alleles[0].verdict is None
    assert "the header names no specification" in bare.notes[0]


PARTLY = """
tumorkit_filters: 1
name: partly
filters:
  - {id: noise, says: Noise, fail_if: 'kind == "snv" and INFO["PositionNrSD"] < 4'}
"""


def test_a_filter_is_not_both_passed_and_not_evaluable(tmp_path: Path) -> None:
    rules = spec_file(tmp_path, PARTLY)
    lines = [line(5), line(6, alt="AT")]
    vcf = write_input(tmp_path / "in.vcf.gz", lines)
    snv = said(run_why("chr1:5", vcf, spec=rules))
    assert "noise not evaluable: INFO/PositionNrSD is not declared in the header" in snv
    assert "noise unknown" not in snv
    longer = said(run_why("chr1:6", vcf, spec=rules))
    assert "not evaluable" not in longer
    assert (
        'noise passed: decided by kind == "snv", as kind is insertion; INFO/PositionNrSD is not '
        "declared in the header, so the other terms were not asked"
    ) in longer


def test_an_indexed_file_is_read_no_further_than_the_place(tmp_path: Path) -> None:
    lines = [line(pos) for pos in range(1, 25_001)]
    vcf = write_input(tmp_path / "in.vcf.gz", lines)
    seen: list[int] = []

    class Counting(Search):
        def look(self, records: Iterable[VcfRecord]) -> None:
            block = list(records)
            seen.append(len(block))
            super().look(block)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tumorkit.variants.why.run.Search", Counting)
        early = run_why("chr1:10000", vcf)
        assert sum(seen) == 20_000
        assert [x.pos for x in early.nearest] == [9_999, 10_001]
        seen.clear()
        vcf.with_name("in.vcf.gz.tbi").unlink()
        assert run_why("chr1:10000", vcf).words == early.words
    assert sum(seen) == 25_000


@given(st.lists(st.integers(1, 40), max_size=15), st.integers(1, 40))
def test_the_nearest_records_are_the_nearest_in_any_order(places: list[int], wanted: int) -> None:
    search = Search(Locus("chr1", wanted))
    search.look(VcfRecord(line(pos), header()) for pos in places)
    found = {x.side: x.pos for x in search.nearest()}
    assert search.answered() == (wanted in places)
    assert found.get("before") == max((p for p in places if p < wanted), default=None)
    assert found.get("after") == min((p for p in places if p > wanted), default=None)


def test_spellings_and_covering_deletions_answer() -> None:
    deletion = VcfRecord("chr1\t10\t.\tGAAA\tGA\t.\tPASS\t.\tAD:DP\t1,1:2\t1,1:2", header())
    assert Locus.parse("1:10:GAA>G").match(deletion, "GA") == "asked"
    assert Locus.parse("1:12").match(deletion, "GA") == "covers"
    assert Locus.parse("1:14").match(deletion, "GA") == ""


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["chr1", "in.vcf.gz"], 2, "'chr1' is no locus"),
        (["chr1:0", "in.vcf.gz"], 2, "'chr1:0' is no locus"),
        (["chr1:5:A>", "in.vcf.gz"], 2, "is no locus"),
        (["chr1:5", "in.vcf.gz", "--preset", "caller-pas"], 2, "did you mean 'caller-pass'?"),
        (["chr1:5", "demo.yaml"], 1, "not a VCF"),
        (["chr1:5", "in.vcf.gz", "--input", "none.vcf"], 1, "no such file"),
    ],
)
def test_bad_input_is_answered(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filtered(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run(["variants", "why", *arguments]) == code
    assert words in capsys.readouterr().err


def test_the_command_prints_table_words_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, rules = filtered(tmp_path)
    assert run(["variants", "why", "chr1:7", str(out), "--spec", str(rules)]) == 0
    printed = capsys.readouterr().out
    assert "A>C\tlow\tfail\ttumor.alt_depth\t1\t5\tToo few reads" in printed
    assert run(["variants", "why", "chr1:7", str(out), "--spec", str(rules), "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "tumorkit/variants.why"
