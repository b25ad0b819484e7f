"""Tumour and normal exchanged: what passes is a false positive, and every allele has a class."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.variants.filter.test_filter import SPEC, header, line
from tumorkit.cli import run
from tumorkit.errors import ParameterError
from tumorkit.genome.vcf import VcfRecord
from tumorkit.variants.filter import load_specification
from tumorkit.variants.roles import Roles, assign_roles
from tumorkit.variants.swap import SwapParams, SwapResult, swap_roles


def swapped(
    lines: list[str], params: SwapParams | None = None, megabases: float | None = None
) -> SwapResult:
    head = header()
    result = swap_roles(
        [[VcfRecord(text, head) for text in lines]],
        head,
        assign_roles(head),
        load_specification(SPEC, "demo"),
        params,
        megabases=megabases,
    )
    classes = (
        result.swapped_failed + result.swapped_without_reads + result.swapped_lost_germline
    ) + (result.false_positives.value or 0)
    assert classes == result.alleles
    return result


def test_noise_of_the_normal_that_passes_is_a_false_positive() -> None:
    somatic, noise = line(5), line(6, "100,0:100", "92,8:100")
    lost, shared = line(7, "100,0:100", "50,50:100"), line(8, "80,20:100", "80,20:100")
    result = swapped([somatic, noise, lost, shared], megabases=2.0)
    assert result.false_positives.value == 1
    assert (result.false_positives.low, result.false_positives.high) == pytest.approx(
        (0.025318, 5.571643), abs=1e-6
    )
    assert result.per_megabase.value == 0.5
    assert (result.swapped_lost_germline, result.swapped_failed) == (1, 2)
    assert result.passed == 1
    assert result.share_of_passed.value == 1.0


def test_only_names_the_filter_without_which_there_would_be_more() -> None:
    result = swapped([line(6, "100,0:100", "96,4:100"), line(8, "80,20:100", "80,20:100")])
    only = {row.filter: (row.failed, row.only) for row in result.filters}
    assert only["low"] == (1, 1)
    assert only["in_normal"] == (1, 1)


@given(st.integers(60, 110))
def test_depths_more_than_twofold_apart_are_refused(depth: int) -> None:
    lines = [line(pos, "190,10:200", f"{depth},0:{depth}") for pos in range(1, 4)]
    if depth * 2 >= 200:
        assert swapped(lines).false_positives.status == "ok"
    else:
        with pytest.raises(ParameterError, match=r"differ .*-fold, more than 2-fold"):
            swapped(lines)


def test_other_material_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"tumour \(ffpe\) and normal \(blood\)"):
        swapped([line(5)], SwapParams(material="ffpe", normal_material="blood"))
    same = swapped(
        [line(5, normal="100,0:100")], SwapParams(material="ffpe", normal_material="ffpe")
    )
    assert not any("not stated" in note for note in same.notes)


def test_without_a_normal_there_is_nothing_to_exchange() -> None:
    head = header(("TUMOR",))
    with pytest.raises(ParameterError, match="no matched normal"):
        swap_roles([], head, Roles(tumor="TUMOR"), load_specification(SPEC, "demo"))


def test_an_unknown_territory_gives_no_rate() -> None:
    result = swapped([line(5, normal="100,0:100")])
    assert result.per_megabase.status == "not_evaluable"
    assert result.false_positives.value == 0
    assert result.false_positives.high == pytest.approx(3.688879, abs=1e-6)


def test_the_command_writes_its_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vcf = tmp_path / "pair.vcf"
    head = header()
    columns = [
        "#CHROM",
        "POS",
        "ID",
        "REF",
        "ALT",
        "QUAL",
        "FILTER",
        "INFO",
        "FORMAT",
        *head.samples,
    ]
    noise = line(6, "100,0:100", "92,8:100")
    vcf.write_text("\n".join([*head.meta, "\t".join(columns), noise]) + "\n")
    spec = tmp_path / "spec.yaml"
    spec.write_text(SPEC)
    assert run(["variants", "swap", str(vcf), "--spec", str(spec), "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["value"]) == ("tumorkit/variants.swap", 1.0)
    assert run(["variants", "swap", str(vcf), "--spec", str(spec)]) == 0
    assert "false positives, at least: 1 (0.0253 to 5.57)" in capsys.readouterr().out


@pytest.mark.shared
def test_exchanged_admixture_adds_up(shared: Path) -> None:
    from tumorkit.variants.swap.run import run_swap

    folder = shared / "calls" / "strelka_admix_hg19"
    result = run_swap(folder / "strelka_admix_snvs.vcf.gz", preset="balsamic-wgs-paired")
    assert result.alleles == 47_757
    assert result.false_positives.value is not None
    assert result.swapped_failed + result.swapped_without_reads + result.swapped_lost_germline == (
        result.alleles - int(result.false_positives.value)
    )


def test_limits_for_other_reads_are_refused() -> None:
    text = SPEC.replace("name: ", "made_for: {reads: consensus}\nname: ", 1)

    def exchange(params: SwapParams) -> SwapResult:
        rows = [[VcfRecord(line(6, "100,0:100", "92,8:100"), header())]]
        specification = load_specification(text, "demo")
        return swap_roles(rows, header(), assign_roles(header()), specification, params)

    with pytest.raises(ParameterError, match="consensus"):
        exchange(SwapParams(reads="raw"))
    assert any("consensus" in note for note in exchange(SwapParams()).notes)
