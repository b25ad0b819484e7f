"""Exports before their validators: pytest -s -m benchmark tests/benchmarks/benchmark_exports.py.

TUMORKIT_EXPORT_PEERS names the Python of an environment with fhir.resources, multiqc and openpyxl.
The example case is profiled, exported in every format, and each file is given to its peer.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from tumorkit.cli import run

pytestmark = pytest.mark.benchmark
EXAMPLE = Path(__file__).parents[2] / "example_data" / "case.toml"
FHIR = """
import json, sys
from fhir.resources.R4B.bundle import Bundle
print(len(Bundle.model_validate(json.load(open(sys.argv[1]))).entry), "resources")
"""
XLSX = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
print({sheet.title: sheet.max_row for sheet in book})
"""


@pytest.fixture(scope="module")
def peers() -> str:
    found = os.environ.get("TUMORKIT_EXPORT_PEERS")
    if not found:
        pytest.skip("TUMORKIT_EXPORT_PEERS is not set")
    return found


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    assert run(["profile", str(EXAMPLE), "--outdir", str(folder), "-q"]) == 0
    start = time.perf_counter()
    words = ["report", "export", str(folder / "profile.json"), "--to", "all"]
    assert run([*words, "--outdir", str(folder / "out")]) == 0
    print(f"all formats: {time.perf_counter() - start:.2f} s")
    for guide in ("2.0.0", "3.0.0"):
        out = str(folder / f"fhir-{guide}")
        words = ["report", "export", str(folder / "profile.json"), "--to", "fhir"]
        assert run([*words, "--fhir-guide", guide, "--outdir", out]) == 0
    return folder


def asked(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_fhir_resources_accepts_both_guides(peers: str, exported: Path) -> None:
    for path in sorted(exported.glob("fhir-*/*.fhir.json")):
        print(path.parent.name, asked(peers, "-c", FHIR, str(path)).strip())


def test_multiqc_is_content_with_strict(peers: str, exported: Path) -> None:
    program = str(Path(peers).with_name("multiqc"))
    out = str(exported / "multiqc")
    asked(program, "--strict", "--quiet", "-o", out, str(exported / "out"))
    table = exported / "multiqc" / "multiqc_data" / "multiqc_general_stats.txt"
    assert "tumorkit_tmb" in table.read_text()


def test_openpyxl_reads_the_workbook_without_a_warning(peers: str, exported: Path) -> None:
    (path,) = (exported / "out").glob("*.xlsx")
    print(asked(peers, "-W", "error", "-c", XLSX, str(path)).strip())
