"""Two specifications on one file: flips, the filters that make the difference, sums that close."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.variants.filter.test_filter import LINES, SPEC, header, line, write_input
from tumorkit.cli import run
from tumorkit.genome.vcf import VcfRecord
from tumorkit.variants.diff import DiffParams, DiffResult, diff_specifications
from tumorkit.variants.diff.run import run_diff
from tumorkit.variants.filter import filter_variants, load_specification
from tumorkit.variants.filter.run import run_filter
from tumorkit.variants.roles import assign_roles

STRICT = SPEC.replace("default: 5, hotspot: 2", "default: 15, hotspot: 2").replace(
    "name: demo", "name: strict"
)


def compared(lines: list[str], a: str, b: str, limit: int = 2000) -> DiffResult:
    head = header()
    return diff_specifications(
        [[VcfRecord(text, head) for text in lines]],
        head,
        assign_roles(head),
        (load_specification(a, "a"), load_specification(b, "b")),
        DiffParams(max_listed=limit),
    )


def closes(result: DiffResult) -> None:
    flips = result.failed_by_a + result.failed_by_b
    assert result.alleles == result.kept_by_both + result.failed_by_both + flips
    assert result.alleles == sum(pair.alleles for pair in result.verdicts)
    assert sum(row.only for row in result.filters) <= flips <= sum(r.flips for r in result.filters)


def test_the_filter_whose_limit_differs_makes_the_difference() -> None:
    result = compared([line(5), line(6, "80,20:100"), line(7, "90,1:91")], SPEC, STRICT)
    closes(result)
    assert (result.kept_by_both, result.failed_by_both, result.failed_by_b) == (1, 1, 1)
    (flip,) = result.flips
    assert (flip.pos, flip.verdict_a, flip.verdict_b, flip.failed_by) == (5, "pass", "fail", "b")
    (item,) = flip.filters
    assert (item.reason.filter, item.reason.value, item.reason.limit) == ("low", 10, 15)
    assert (item.other, item.other_limit) == ("pass", 5)
    (row,) = result.filters
    assert (row.side, row.filter, row.flips, row.only, row.other) == ("b", "low", 1, 1, "there")


def test_a_filter_that_the_other_side_lacks_is_not_there() -> None:
    bare = SPEC.replace(
        "  - {id: germline, says: Frequent in gnomAD, ", "  - {id: other, says: X, "
    )
    bare = bare.replace("max: 0.01", "max: 0.9")
    result = compared([line(5, info="gnomAD_AF=0.2")], SPEC, bare)
    assert result.flips[0].filters[0].other == "not there"
    assert result.filters[0].other == "not there"


def test_a_rescue_that_one_side_lacks_flips() -> None:
    without = SPEC.split("rescue:")[0]
    hotspot = line(5, "90,10:100", info="Hotspot=1-hotspot", filters="weak_evidence")
    result = compared([hotspot], SPEC, without)
    (flip,) = result.flips
    assert (flip.verdict_a, flip.verdict_b, flip.tier_a) == ("rescued", "fail", "hotspot")
    assert flip.filters[0].other == "lifted"


def test_equal_specifications_have_no_flip() -> None:
    result = compared([line(5), line(6, "90,1:91")], SPEC, SPEC)
    assert result.flips == ()
    assert result.notes == ("A and B mean the same",)
    closes(result)


READS = st.tuples(st.integers(0, 60), st.integers(0, 30))


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            READS, st.sampled_from((".", "gnomAD_AF=0.2", "Hotspot=1-hotspot")), st.booleans()
        ),
        max_size=12,
    )
)
def test_each_side_is_its_own_filter_run(
    drawn: list[tuple[tuple[int, int], str, bool]],
) -> None:
    lines = [
        line(at + 1, f"{r},{a}:{r + a}", info=info, filters="weak" if flagged else "PASS")
        for at, ((r, a), info, flagged) in enumerate(drawn)
    ]
    result = compared(lines, SPEC, STRICT)
    closes(result)
    head = header()
    records = [VcfRecord(text, head) for text in lines]
    for side, text in (("a", SPEC), ("b", STRICT)):
        alone = filter_variants([records], head, assign_roles(head), load_specification(text, side))
        counted = Counter[str]()
        for pair in result.verdicts:
            counted[getattr(pair, side)] += pair.alleles
        assert counted["fail"] == alone.failed
        assert counted["rescued"] == alone.rescued
        assert counted["unknown"] == alone.unknown
    assert compared(lines, STRICT, SPEC).failed_by_a == result.failed_by_b


def test_the_table_holds_all_flips_and_the_list_the_first(tmp_path: Path) -> None:
    vcf = write_input(tmp_path / "in.vcf", [line(at) for at in range(1, 9)])
    (tmp_path / "a.yaml").write_text(SPEC)
    (tmp_path / "b.yaml").write_text(STRICT)
    seen = []
    for size in (3, 100):
        table = tmp_path / f"{size}.tsv"
        result = run_diff(
            str(tmp_path / "a.yaml"),
            str(tmp_path / "b.yaml"),
            vcf,
            output=table,
            params=DiffParams(max_listed=2, block_size=size),
        )
        assert [flip.pos for flip in result.flips] == [1, 2]
        assert len(table.read_text().splitlines()) == 9
        seen.append((result.verdicts, result.filters, table.read_text()))
    assert seen[0] == seen[1]
    assert [item.role for item in result.inputs] == [
        "somatic",
        "specification_a",
        "specification_b",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["twist-sold", "caller-pass", "in.vcf"], 2, "did you mean 'twist-solid'?"),
        (["none.yaml", "caller-pass", "in.vcf"], 1, "none.yaml: no such file"),
        (["bad.yaml", "caller-pass", "in.vcf"], 2, "unknown name 'tumor.altdepth'"),
        (["twist-solid", "caller-pass", "bad.yaml"], 1, "not a VCF"),
        (["twist-solid", "caller-pass"], 2, "missing argument"),
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
    write_input(tmp_path / "in.vcf", LINES)
    (tmp_path / "bad.yaml").write_text(SPEC.replace("tumor.alt_depth <", "tumor.altdepth <"))
    monkeypatch.chdir(tmp_path)
    assert run(["variants", "diff", *arguments]) == code
    assert words in capsys.readouterr().err


def test_the_command_prints_table_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vcf = write_input(tmp_path / "in.vcf", LINES)
    spec = tmp_path / "a.yaml"
    spec.write_text(SPEC)
    assert run(["variants", "diff", str(spec), "caller-pass", str(vcf)]) == 0
    assert "A demo\tlow\t" in capsys.readouterr().out
    assert run(["variants", "diff", str(spec), "caller-pass", str(vcf), "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["specifications"][1]["name"] == "caller-pass"


@pytest.mark.shared
def test_two_presets_on_a_real_panel_add_up(shared: Path) -> None:
    vcf = shared / "gms560" / "HD832.ensembled.vcf.gz"
    result = run_diff("twist-solid", "tumor-only-strict", vcf)
    closes(result)
    for side, name in (("a", "twist-solid"), ("b", "tumor-only-strict")):
        alone = run_filter(vcf, preset=name)
        failed = result.failed_by_both + getattr(result, f"failed_by_{side}")
        assert failed == alone.failed
        assert result.alleles == alone.alleles
