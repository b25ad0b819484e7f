"""Allele counts at sites beside bcftools mpileup: pytest -s -m benchmark tests/benchmarks."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.measure import Measured, measure, python, show
from tests.benchmarks.synthetic import READ, make_panel, reads_wanted
from tumorkit.io.bed import read_intervals

OURS = """
import sys
from pathlib import Path
from tumorkit.genome.site import shortest
from tumorkit.io.alignment import open_alignment
from tumorkit.io.alleles import count_alleles
from tumorkit.io.sites import read_sites
opened = open_alignment(Path(sys.argv[1]))
sites = [shortest(v.contig, v.pos, v.ref, v.alt) for v in read_sites(Path(sys.argv[2]))]
count_alleles(opened, sites, min_mapping_quality=20, min_base_quality=20,
              threads=int(sys.argv[3]))
"""


@pytest.mark.benchmark
def test_counts_beside_peers(tmp_path: Path) -> None:
    bam, bed = make_panel(tmp_path, reads_wanted())
    targets = read_intervals(bed)
    rng = np.random.default_rng(2)
    places = [
        (target.contig, pos)
        for target in targets
        for pos in np.sort(rng.choice(np.arange(target.start, target.end), 20, False)).tolist()
    ]
    sites = tmp_path / "sites.tsv"
    sites.write_text(
        "contig\tpos\tref\talt\n" + "".join(f"{c}\t{p + 1}\tA\tC\n" for c, p in places)
    )
    regions = tmp_path / "regions.tsv"
    regions.write_text("".join(f"{c}\t{p + 1}\n" for c, p in places))
    rows: list[Measured] = []
    if shutil.which("bcftools"):
        fasta = tmp_path / "ref.fa"
        length = targets[-1].end + 20_000
        fasta.write_text(">chr1\n" + "A" * length + "\n")
        subprocess.run(["samtools", "faidx", fasta], check=True)
        # Its best form: targets (-T) and not regions, no BAQ, only the allelic depths.
        command = ["bcftools", "mpileup", "-f", fasta, "-T", regions, "-B", "-I", "-q", "20"]
        command += ["-Q", "20", "-d", "100000", "-a", "AD", "--ff", "3844", "-Ou", "-o"]
        rows.append(measure("bcftools mpileup -T", [*map(str, command), "/dev/null", str(bam)]))
    rows.append(measure("import of the same modules", python(OURS.partition("opened")[0])))
    for threads in (1, 2):
        rows.append(measure(f"tumorkit, threads {threads}", python(OURS, bam, sites, threads)))
    print(f"\n{reads_wanted():,} reads of {READ} bp, {len(places):,} sites")
    show(rows, base="bcftools mpileup -T")
