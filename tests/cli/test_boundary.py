"""The terminal's contract: exit codes, one line, a hint, no traceback for a user's mistake."""

from __future__ import annotations

import click
import pytest

import tumorkit.cli
from tumorkit import __version__
from tumorkit.cli import run
from tumorkit.errors import InputError, ParameterError


@click.command("demo")
@click.argument("what")
def demo(what: str) -> None:
    """Raise what was asked for."""
    if what == "input":
        raise InputError("calls.tsv", "expected 6 columns, found 4", line=12, hint="use tabs")
    if what == "parameter":
        raise ParameterError("min_vaf: 2 is above 1")
    if what == "bug":
        raise ZeroDivisionError("a bug")


@pytest.fixture(autouse=True)
def demo_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tumorkit.cli.root.commands, "demo", demo)
    found = tumorkit.cli.LazyGroup.get_command

    def get(
        self: tumorkit.cli.LazyGroup, ctx: click.Context, cmd_name: str
    ) -> click.Command | None:
        return demo if cmd_name == "demo" else found(self, ctx, cmd_name)

    monkeypatch.setattr(tumorkit.cli.LazyGroup, "get_command", get)


def test_bad_data_exits_1_with_line_and_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "input"]) == 1
    said = capsys.readouterr()
    assert said.err == "error: calls.tsv:12: expected 6 columns, found 4\nhint: use tabs\n"
    assert said.out == ""


def test_bad_usage_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "parameter"]) == 2
    assert run(["demo"]) == 2
    assert run(["cnv", "segmnet"]) == 2
    assert "did you mean 'segment'?" in capsys.readouterr().err


def test_a_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        run(["demo", "bug"])


def test_version_says_which_kernels_are_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"tumorkit {__version__} (kernels: partition ")
    assert "compiled" in said or "python" in said


def test_without_a_command_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    shown = capsys.readouterr().out
    assert shown.index("variants") < shown.index("cnv") < shown.index("tmb")


def test_what_is_not_given_is_not_offered_as_a_choice(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profile", "--sex", "x", "--outdir", "none"]) == 2
    assert "'x' is not one of 'female', 'male'" in capsys.readouterr().err
