"""The documents are true: their commands run, their output is what comes out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
TUTORIALS = sorted((REPOSITORY / "docs" / "tutorials").glob("[cfr]*.md"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A command of a document and the output that it shows."""

    command: str
    output: str


def steps_of(text: str) -> list[Step]:
    """Return the commands of all console blocks; a line that begins with ``$`` is a command."""
    steps = []
    for block in BLOCK.findall(text):
        for chunk in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = chunk.split("\n")
            command = [lines.pop(0)]
            while command[-1].endswith("\\"):
                command.append(lines.pop(0))
            steps.append(Step("\n".join(command), "\n".join(lines).strip("\n")))
    return steps


def environment() -> dict[str, str]:
    """Return an environment in which `tumorkit` is the one under test."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    extra = [str(REPOSITORY), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join(filter(None, extra))}


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_tutorial_runs_as_printed(tutorial: Path, tmp_path: Path) -> None:
    if shutil.which("tumorkit", path=environment()["PATH"]) is None:
        pytest.skip("tumorkit is not installed")
    (tmp_path / "example_data").symlink_to(REPOSITORY / "example_data")
    steps = steps_of(tutorial.read_text())
    assert steps
    for step in steps:
        done = subprocess.run(
            ["bash", "-c", step.command],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{step.command}\n{done.stderr}"
        if step.output:
            assert matches(done.stdout, step.output), f"$ {step.command}\n{done.stdout}"


def matches(printed: str, shown: str) -> bool:
    """Whether the printed lines are those shown; a line ``...`` stands for any lines."""
    found, wanted = (text.strip("\n").split("\n") for text in (printed, shown))
    pattern = "\n".join(".*" if line == "..." else re.escape(line.rstrip()) for line in wanted)
    return re.fullmatch(pattern, "\n".join(line.rstrip() for line in found), re.DOTALL) is not None


def test_readme_python_example_runs(tmp_path: Path) -> None:
    (tmp_path / "example_data").symlink_to(REPOSITORY / "example_data")
    blocks = PYTHON_BLOCK.findall((REPOSITORY / "README.md").read_text())
    assert blocks
    for block in blocks:
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", block],
            cwd=tmp_path, env=environment(), check=True, capture_output=True,
        )  # fmt: skip


def test_readme_lists_every_command() -> None:
    from tumorkit.cli import COMMANDS

    text = (REPOSITORY / "README.md").read_text()
    assert not [row.name for row in COMMANDS if f"`tumorkit {row.name}`" not in text]


def test_reference_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(REPOSITORY / "docs" / "generate.py"), "--check"],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
