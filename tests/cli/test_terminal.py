"""A terminal sees bars and a drawn table; a pipe sees plain text and nothing on its way."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tumorkit.cli.progress import Terminal, plain_text
from tumorkit.contract import Summary

CODE = """
from tumorkit.cli.progress import Terminal, print_summary
from tumorkit.contract import Summary
terminal = Terminal(bars=True, verbose=False)
for outer in terminal.track([1, 2], label="parts"):
    for inner in terminal.track(range(3), label="variants"):
        terminal.log(f"line {outer}{inner} [bold]")
print_summary(Summary(title="T", columns=("a",), rows=(("[x]",),), notes=("note",)))
"""


def test_bars_within_bars_share_one_display() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, "-c", CODE], stdout=theirs, stderr=theirs, env=environment,
        cwd=Path(__file__).parents[2], check=False,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    text = shown.decode()
    assert done.returncode == 0, text
    for words in ("parts", "variants", "line 22 [bold]", "[x]", "note"):
        assert words in text


def test_without_a_terminal_there_is_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(bars=False, verbose=False)
    assert list(terminal.track([1, 2], label="x")) == [1, 2]
    terminal.log("nothing to say")
    assert capsys.readouterr() == ("", "")


def test_a_pipe_gets_tabs() -> None:
    summary = Summary(title="T", columns=("a", "b"), rows=(("1", "2"),), notes=("n",))
    assert plain_text(summary) == "# T\na\tb\n1\t2\n# n\n"
