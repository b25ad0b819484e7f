"""Target depth beside mosdepth and samtools bedcov: pytest -s -m benchmark tests/benchmarks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.benchmarks.measure import Measured, measure, mosdepth_environment, python, show
from tests.benchmarks.synthetic import make_panel, reads_wanted

OURS = """
import sys
from pathlib import Path
from tumorkit.io.alignment import open_alignment
from tumorkit.io.bed import read_intervals
from tumorkit.io.depth import mean_depths
opened = open_alignment(Path(sys.argv[1]))
mean_depths(opened, read_intervals(Path(sys.argv[2])), min_mapping_quality=20,
            threads=int(sys.argv[3]))
"""
EXCLUDED = "3844"


@pytest.mark.benchmark
def test_depth_beside_peers(tmp_path: Path) -> None:
    bam, bed = make_panel(tmp_path, reads_wanted())
    rows: list[Measured] = []
    environment = mosdepth_environment(tmp_path)
    if environment is not None:
        for name, fast in (("mosdepth -x", ["-x"]), ("mosdepth", [])):
            command = ["mosdepth", "-n", *fast, "-F", EXCLUDED, "-Q", "20", "-b", str(bed)]
            rows.append(measure(name, [*command, str(tmp_path / "out"), str(bam)], env=environment))
    rows.append(measure("import of the same modules", python(OURS.partition("opened")[0])))
    for threads in (1, 2):
        rows.append(measure(f"tumorkit, threads {threads}", python(OURS, bam, bed, threads)))
    if shutil.which("samtools"):
        rows.append(
            measure("samtools bedcov -Q 20", ["samtools", "bedcov", "-Q", "20", str(bed), str(bam)])
        )
    print(f"\n{reads_wanted():,} reads, {bam.stat().st_size / 1e6:.0f} MB")
    show(rows, base="mosdepth -x")
