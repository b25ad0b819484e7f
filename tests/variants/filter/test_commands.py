"""The commands: exit codes, one line and a hint, outputs where they were asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.variants.filter.test_filter import LINES, SPEC, line, spec_file, write_input
from tumorkit.cli import run


def call(*arguments: object) -> int:
    return run([str(argument) for argument in ("variants", *arguments)])


def test_filter_prints_the_waterfall(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vcf, spec = write_input(tmp_path / "in.vcf.gz", LINES), spec_file(tmp_path)
    assert call("filter", vcf, "--spec", spec, "-o", tmp_path / "out.vcf.gz") == 0
    said = capsys.readouterr().out
    assert "low\t2\t0\t2\tToo few reads" in said
    assert "3 records, 4 alleles: 1 passed, 3 failed, 0 rescued" in said
    assert (tmp_path / "out.vcf.gz.tbi").exists()


def test_json_and_vcf_go_to_stdout_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vcf, spec = write_input(tmp_path / "in.vcf.gz", LINES), spec_file(tmp_path)
    assert call("filter", vcf, "--spec", spec, "--json", "-") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "tumorkit/variants.filter"
    assert document["params"] == {"max_listed": 2000, "max_near_misses": 50}
    assert document["variants"][0]["reasons"] == []


def test_check_lists_what_can_be_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vcf, spec = write_input(tmp_path / "in.vcf.gz", LINES), spec_file(tmp_path)
    assert call("check", spec, vcf) == 0
    assert "in_normal\tyes\t\tIn the normal" in capsys.readouterr().out
    assert call("check", "--preset", "twist-solid", vcf) == 0
    assert "Intronic\tno\tthe VCF has no CSQ" in capsys.readouterr().out
    assert call("check", vcf) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["in.vcf.gz"], 2, "give either a preset or a specification"),
        (["in.vcf.gz", "--preset", "twist-sold"], 2, "did you mean 'twist-solid'?"),
        (["in.vcf.gz", "--spec", "bad.yaml"], 2, "bad.yaml:5: unknown name 'tumor.altdepth'"),
        (["in.vcf.gz", "--spec", "none.yaml"], 1, "none.yaml: no such file"),
        (["no.vcf.gz", "--preset", "caller-pass"], 1, "did you mean 'in.vcf.gz'?"),
        (["in.vcf.gz", "--preset", "caller-pass", "--tumor-sample", "X"], 1, "NORMAL, TUMOR"),
        (["in.vcf.gz", "--preset", "caller-pass", "-o", "x.txt"], 2, "must end in .vcf"),
        (["cut.vcf.gz", "--preset", "caller-pass", "-o", "x.vcf.gz"], 1, "truncated"),
    ],
)
def test_mistakes_get_one_line_and_a_hint(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_input(tmp_path / "in.vcf.gz", [line(5)])
    content = (tmp_path / "in.vcf.gz").read_bytes()
    (tmp_path / "cut.vcf.gz").write_bytes(content[:-28])
    (tmp_path / "bad.yaml").write_text(SPEC.lstrip().replace("alt_depth", "altdepth"))
    before = sorted(tmp_path.iterdir())
    assert call("filter", *arguments) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("error: ")
    assert "\nhint: " in error
    assert sorted(tmp_path.iterdir()) == before
