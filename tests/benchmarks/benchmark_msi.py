"""Microsatellites: counting, scoring and scanning: pytest -s -m benchmark tests/benchmarks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pysam
import pytest

from tests.benchmarks.measure import measure, python, show
from tumorkit.genome.repeat import Repeat
from tumorkit.io.loci import loci_text

MAIN = "import sys; from tumorkit.cli import run; sys.exit(run(sys.argv[1:]))"
READ = 150


def make_case(folder: Path, reads: int, sites: int) -> tuple[Path, Path]:
    """A BAM whose reads lie evenly over sites 2,000 bases apart, a third of them shifted."""
    rng = np.random.default_rng(3)
    length = 2000 * (sites + 2)
    text = rng.choice(list("ACGT"), length)
    loci = []
    for number in range(sites):
        start, repeats = 2000 * (number + 1), 8 + number % 8
        text[start - 5 : start + repeats + 5] = list("TTGAC" + "A" * repeats + "CGTTC")
        loci.append(Repeat(contig="chr1", start=start, unit="A", repeats=repeats,
                           left_flank="TTGAC", right_flank="CGTTC"))  # fmt: skip
    sequence = "".join(text)
    listed = folder / f"loci{sites}.tsv"
    listed.write_text(loci_text(loci))
    bam = folder / f"t{sites}.bam"
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr1", "LN": length}],
              "RG": [{"ID": "a", "SM": "T"}]}  # fmt: skip
    each = reads // sites
    quality = pysam.qualitystring_to_array("I" * READ)
    with pysam.AlignmentFile(str(bam), "wb", header=header) as handle:
        for number, locus in enumerate(loci):
            first = locus.start - 140
            for at in np.sort(rng.integers(first, first + 280, each)).tolist():
                row = pysam.AlignedSegment(handle.header)
                row.query_name, row.reference_id, row.reference_start = f"r{number}", 0, at
                row.mapping_quality = 60
                lost = 2 if number % 3 == 0 and rng.random() < 0.3 else 0
                before = locus.start - at
                if lost and 5 < before < READ - 20:
                    row.cigarstring = f"{before}M2D{READ - before}M"
                    row.query_sequence = sequence[at : at + READ + 2]
                    row.query_sequence = (
                        sequence[at : locus.start] + sequence[locus.start + 2 : at + READ + 2]
                    )
                else:
                    row.cigarstring = f"{READ}M"
                    row.query_sequence = sequence[at : at + READ]
                row.query_qualities = quality
                handle.write(row)
    pysam.index(str(bam))
    return bam, listed


@pytest.mark.benchmark
def test_scoring(tmp_path: Path) -> None:
    rows = []
    for reads, sites in ((1_000_000, 1086), (500_000, 400)):
        bam, loci = make_case(tmp_path, reads, sites)
        command = python(MAIN, "msi", "score", "--tumor", bam, "--loci", loci, "-q")
        rows.append(measure(f"msi score, {reads:,} reads, {sites:,} sites", command))
    show(rows, base=rows[0].name)


@pytest.mark.benchmark
def test_scanning(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    fasta = tmp_path / "r.fa"
    with fasta.open("w") as handle:
        handle.write(">chr1\n")
        for _ in range(100):
            text = "".join(rng.choice(list("ACGT"), 1_000_000))
            handle.writelines(text[k : k + 100] + "\n" for k in range(0, 1_000_000, 100))
    pysam.faidx(str(fasta))
    rows = [measure("msi scan, 100 Mb", python(MAIN, "msi", "scan", fasta, "-o", tmp_path / "l"))]
    show(rows, base=rows[0].name)
