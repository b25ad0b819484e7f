"""Target depth beside mosdepth and samtools bedcov: pytest -s -m benchmark tests/benchmarks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.benchmarks.measure import Measured, measure, mosdepth_environment, python, show
from tests.benchmarks.synthetic import make_panel, reads_wanted
from tests.builders import Read, make_bam, make_bed
from tumorkit.genome.build import GRCH38
from tumorkit.genome.contigs import PRIMARY

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
    cpu = {row.name: row.cpu for row in rows}
    if "mosdepth" in cpu:
        ratio = cpu["tumorkit, threads 1"] / cpu["mosdepth"]
        print(f"one thread against mosdepth in its default mode: {ratio:.2f} of its CPU time")


@pytest.mark.benchmark
def test_off_target_bins_of_a_genome_beside_peers(tmp_path: Path) -> None:
    """Bins of 150 kb over a genome of 3.1 Gb: reads are few, bases many."""
    reads = [
        Read(name=f"r{number}", pos=1_000_000 + number * 8_371, contig=contig)
        for contig in PRIMARY
        for number in range(4_000)
    ]
    lengths = {name: GRCH38.lengths[name] for name in PRIMARY}
    bam = make_bam(tmp_path / "genome.bam", reads, contigs=lengths)
    bed = make_bed(
        tmp_path / "bins.bed",
        [
            (name, start, start + 149_000, "Antitarget")
            for name in PRIMARY
            for start in range(0, lengths[name] - 150_000, 150_000)
        ],
    )
    rows: list[Measured] = []
    environment = mosdepth_environment(tmp_path)
    if environment is not None:
        command = ["mosdepth", "-n", "-F", EXCLUDED, "-Q", "20", "-b", str(bed)]
        arguments = [*command, str(tmp_path / "out"), str(bam)]
        rows.append(measure("mosdepth", arguments, env=environment))
    rows.append(measure("tumorkit, threads 1", python(OURS, bam, bed, 1)))
    if shutil.which("samtools"):
        rows.append(
            measure("samtools bedcov -Q 20", ["samtools", "bedcov", "-Q", "20", str(bed), str(bam)])
        )
    show(rows, base="mosdepth")
