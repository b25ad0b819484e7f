"""A background of normals beside bcftools mpileup: pytest -s -m benchmark tests/benchmarks.

The peer counts allelic depths of all bases of the same BAMs and writes them; it learns nothing.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pysam
import pytest

from tests.benchmarks.measure import Measured, measure, python, show
from tests.benchmarks.synthetic import make_panel, reads_wanted
from tumorkit.io.bed import read_intervals

NORMALS = 4
COUNT = """
import sys
from pathlib import Path
from tumorkit.io.alignment import open_alignment
from tumorkit.io.bed import read_intervals
from tumorkit.io.pileup import count_bases, stretches_of
opened = [open_alignment(Path(one)) for one in sys.argv[2:]]
stretches = stretches_of(read_intervals(Path(sys.argv[1])))
names = [{"chr1": "chr1"}] * len(opened)
for _ in count_bases(opened, names, stretches, min_mapping_quality=20, min_base_quality=20):
    pass
"""
JUDGE = """
import sys
from pathlib import Path
import numpy as np
from tumorkit.io.bed import read_intervals
from tumorkit.variants.background.run import open_background
background = open_background(Path(sys.argv[1]))
targets = read_intervals(Path(sys.argv[2]))
places = [p + 1 for t in targets for p in range(t.start, t.end)][:: int(sys.argv[3])]
size = len(places)
p = background.p_value(["chr1"] * size, places, ["A"] * size, ["C"] * size, np.full(size, 3),
                       np.full(size, 250))
print(size, np.isnan(p).sum(), file=sys.stderr)
"""


@pytest.mark.benchmark
def test_background_beside_peers(tmp_path: Path) -> None:
    bams = []
    reads = reads_wanted() // NORMALS
    for number in range(NORMALS):
        folder = tmp_path / f"n{number}"
        folder.mkdir()
        # One seed gives one set of targets; the reads differ by what is changed below.
        bam, bed = make_panel(folder, reads, seed=1)
        if number:
            text = subprocess.run(
                ["samtools", "view", "-h", "-s", f"{number}.97", bam],
                capture_output=True,
                check=True,
            ).stdout
            bam = folder / "thinned.bam"
            subprocess.run(["samtools", "view", "-b", "-o", bam, "-"], input=text, check=True)
            subprocess.run(["samtools", "index", bam], check=True)
        bams.append(bam)
    targets = read_intervals(bed)
    fasta = tmp_path / "ref.fa"
    with pysam.AlignmentFile(str(bams[0])) as handle:
        # The reads have no errors, so any read is the reference where it lies.
        bases_of = np.full(handle.lengths[0], ord("A"), dtype=np.uint8)
        for read in handle:
            letters = np.frombuffer(str(read.query_sequence).encode(), dtype=np.uint8)
            bases_of[read.reference_start : read.reference_start + len(letters)] = letters
    fasta.write_text(">chr1\n" + bases_of.tobytes().decode() + "\n")
    subprocess.run(["samtools", "faidx", fasta], check=True)
    rows: list[Measured] = []
    peer = "bcftools mpileup -a AD -R"
    if shutil.which("bcftools"):
        # No BAQ; indels on, as we count them; all bases of the targets; allelic depths by sample.
        command = ["bcftools", "mpileup", "-f", fasta, "-R", bed, "-B", "-q", "20", "-Q", "20"]
        command += ["-d", "100000", "-a", "AD", "--ff", "3844", "-Oz1", "-o", tmp_path / "p.vcf.gz"]
        rows.append(measure(peer, [*map(str, command), *map(str, bams)]))
    rows.append(measure("import of the same modules", python(COUNT.partition("opened")[0])))
    rows.append(measure("tumorkit: counts only", python(COUNT, bed, *bams)))
    output = tmp_path / "b.tsv.gz"
    words = ["-m", "tumorkit", "variants", "background", *map(str, bams), "--targets", str(bed)]
    words += ["--reference", str(fasta), "-o", str(output), "-q"]
    for threads in (1, 2):
        ours = [*python("")[:1], *words, "--threads", str(threads)]
        rows.append(measure(f"tumorkit, whole background, threads {threads}", ours))
    bases = sum(len(one) for one in targets)
    for every in (10, 1):
        name = f"p-values of {bases // every:,} sorted alleles"
        rows.append(measure(name, python(JUDGE, output, bed, every), best_of=1))
    size = output.stat().st_size / 1e6
    print(f"\n{NORMALS} normals of {reads:,} reads, {bases:,} bases, file {size:.1f} MB")
    show(rows, base=peer)
