"""How long help takes, and the main job on the example case with kernels and with their twins."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.measure import measure, show

EXAMPLE = Path(__file__).parents[2] / "example_data" / "case.toml"


@pytest.mark.benchmark
def test_start_and_main_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tumorkit = [sys.executable, "-m", "tumorkit"]
    job = [*tumorkit, "profile", str(EXAMPLE), "--threads", "2", "-q", "--outdir"]
    pair = [f"--{role}={EXAMPLE.parent / name}" for role, name in (
        ("tumor", "tumor.bam"), ("normal", "normal.bam"), ("targets", "targets.bed"),
    )]  # fmt: skip
    reads = [*tumorkit, "profile", "--sample", "E", *pair, "-q", "--outdir"]
    twins = {"TUMORKIT_KERNELS": "python"}
    rows = [
        measure("python -c pass", [sys.executable, "-c", "pass"]),
        measure("tumorkit --help", [*tumorkit, "--help"]),
        measure("profile, kernels", [*job, str(tmp_path / "a")], best_of=1),
        measure("profile, twins", [*job, str(tmp_path / "b")], env=twins, best_of=1),
        measure("profile from reads, kernels", [*reads, str(tmp_path / "c")], best_of=1),
        measure("profile from reads, twins", [*reads, str(tmp_path / "d")], env=twins, best_of=1),
    ]
    with capsys.disabled():
        show(rows, base="tumorkit --help")
