"""Commands whose whole output is kept: a folder a case, compared byte by byte.

``tests/golden/<command>/<case>/`` holds ``command`` (one line as typed in that folder), its inputs,
and ``expected/``: ``stdout`` and every file that the command writes into ``out/``.
``pytest --regenerate`` rewrites ``expected/``; the commit then says which numbers moved and why.
A file ``tolerance`` beside the command holds the relative distance that its numbers may have: a
fit sums in single precision, and its last digits differ between processors.
"""

from __future__ import annotations

import math
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tumorkit.cli import run

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.parent for path in GOLDEN.glob("*/*/command"))
# Compressed files and indices follow from their plain forms, and differ between library versions.
LEFT_OUT = (".gz", ".gzi", ".tbi", ".csi", ".svg", ".html")
# Digests of inputs; points of a posterior, of which the faintest come and go.
LEFT_OUT_NAMES = ("manifest.json", "purity.json")
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def outputs_of(folder: Path, stdout: str) -> dict[str, str]:
    files = {
        path.relative_to(folder / "out").as_posix(): path.read_text()
        for path in sorted((folder / "out").rglob("*"))
        if path.is_file() and path.suffix not in LEFT_OUT and path.name not in LEFT_OUT_NAMES
    }
    return {"stdout": stdout, **files}


@pytest.mark.parametrize("case", CASES, ids=[f"{c.parent.name}/{c.name}" for c in CASES])
def test_output_is_what_it_was(
    case: Path,
    tmp_path: Path,
    regenerate: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "case"
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("expected"))
    (folder / "out").mkdir()
    monkeypatch.chdir(folder)
    words = shlex.split((case / "command").read_text())
    assert words[0] == "tumorkit"
    assert run(words[1:]) == 0
    found = outputs_of(folder, capsys.readouterr().out)
    expected = case / "expected"
    if regenerate:
        shutil.rmtree(expected, ignore_errors=True)
        for name, text in found.items():
            (expected / name).parent.mkdir(parents=True, exist_ok=True)
            (expected / name).write_text(text)
    kept = {
        path.relative_to(expected).as_posix(): path.read_text()
        for path in sorted(expected.rglob("*"))
        if path.is_file()
    }
    tolerance = case / "tolerance"
    if not tolerance.exists():
        assert found == kept
        return
    assert found.keys() == kept.keys()
    for name, text in found.items():
        assert_alike(text, kept[name], float(tolerance.read_text()))


def assert_alike(found: str, kept: str, tolerance: float) -> None:
    """The same text, with numbers no further apart than the tolerance."""
    assert NUMBER.sub("#", found) == NUMBER.sub("#", kept)
    for one, other in zip(NUMBER.findall(found), NUMBER.findall(kept), strict=True):
        assert math.isclose(float(one), float(other), rel_tol=tolerance, abs_tol=tolerance)


def test_every_room_has_a_golden_case() -> None:
    assert {case.parent.name for case in CASES} >= {
        "cnv-segment",
        "cnv-call",
        "tmb-score",
        "msi-scan",
        "msi-baseline",
        "msi-score",
        "msi-calibrate",
        "signatures-matrix",
        "signatures-fit",
        "variants-filter",
        "variants-check",
        "variants-merge",
        "profile",
        "simulate",
    }
