"""Segmentation beside DNAcopy and CNVkit: the same profile, files read and written.

Run: ``pytest tests/benchmarks/benchmark_segmentation.py -s -m benchmark`` (R with DNAcopy for the
peers; ``CNVKIT`` names CNVkit's program where it is not on the path).
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.measure import measure
from tests.copynumber.models import Profile, breakpoints, easy, f1, joint
from tumorkit.copynumber.segment import segment
from tumorkit.core.kernels import kernel_forms
from tumorkit.core.partition import partition
from tumorkit.genome.segment import CopyRatios
from tumorkit.io.copy_ratios import read_copy_ratios
from tumorkit.io.segments import read_segments

BINS = 200_000
DNACOPY = """
suppressMessages(library(DNAcopy))
a <- commandArgs(TRUE)
d <- read.table(a[1], header=TRUE, sep="\\t", colClasses=c("character","integer","integer",
  "character","numeric","numeric"))
started <- proc.time()
cna <- CNA(d$log2, as.integer(sub("chr", "", d$chromosome)), d$start, data.type="logratio")
s <- segment(cna, verbose=0)
used <- proc.time() - started
cat(sprintf("alone %.3f\\n", used[1] + used[2]))
o <- s$output
write.table(data.frame(chromosome=paste0("chr", o$chrom), start=o$loc.start, end=o$loc.end + 1000,
  gene="-", log2=o$seg.mean, probes=o$num.mark), a[2], sep="\\t", quote=FALSE, row.names=FALSE)
"""


def run(*command: str) -> tuple[float, float, str]:
    """Run a command; return CPU seconds, peak memory in MB, standard output."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writer, 1)
        os.execvp(command[0], command)
    os.close(writer)
    with os.fdopen(reader) as handle:
        said = handle.read()
    _, status, usage = os.wait4(child, 0)
    assert status == 0, command
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said


def write_cnr(path: Path, ratios: CopyRatios) -> None:
    columns = zip(
        ratios.contig.tolist(),
        ratios.start.tolist(),
        ratios.end.tolist(),
        ratios.log2_ratio.tolist(),
        strict=True,
    )
    rows = "".join(f"{c}\t{s}\t{e}\t-\t{v:.6g}\t1\n" for c, s, e, v in columns)
    path.write_text("chromosome\tstart\tend\tgene\tlog2\tweight\n" + rows)


def accuracy(path: Path, profile: Profile) -> float:
    found = breakpoints(tuple(read_segments(path)), profile.ratios)
    return f1(found, profile.points, 5)


@pytest.mark.benchmark
def test_segmentation_beside_dnacopy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = easy(11, BINS)
    cnr, ours, theirs = tmp_path / "t.cnr", tmp_path / "ours.cns", tmp_path / "theirs.cns"
    write_cnr(cnr, profile.ratios)
    ratios = read_copy_ratios(cnr)
    started = time.process_time()
    segment(ratios)
    whole = time.process_time() - started
    values = ratios.log2_ratio
    edges = [0, *(np.flatnonzero(ratios.contig[1:] != ratios.contig[:-1]) + 1), len(values)]
    penalty, cap = 2 * 0.2**2 * np.log(len(values)), (3 * 0.2) ** 2
    started = time.process_time()
    for start, end in itertools.pairwise(edges):
        partition(values[start:end], penalty=float(penalty), cap=float(cap))
    kernel = time.process_time() - started
    cpu, memory, _ = run(
        sys.executable, "-m", "tumorkit", "cnv", "segment", str(cnr), "-o", str(ours), "-q"
    )
    rows = [
        f"{BINS} bins, kernel {kernel_forms()['partition']}",
        f"tumorkit kernel alone        {kernel:7.3f} CPU s",
        f"tumorkit segment() alone     {whole:7.3f} CPU s",
        f"tumorkit cnv segment         {cpu:7.3f} CPU s {memory:6.0f} MB "
        f"F5 {accuracy(ours, profile):.3f}",
    ]
    if shutil.which("Rscript"):
        script = tmp_path / "cbs.R"
        script.write_text(DNACOPY)
        peer, peer_memory, said = run("Rscript", str(script), str(cnr), str(theirs))
        alone = float(said.split()[-1])
        rows += [
            f"DNAcopy segment() alone      {alone:7.3f} CPU s",
            f"DNAcopy, whole Rscript       {peer:7.3f} CPU s {peer_memory:6.0f} MB "
            f"F5 {accuracy(theirs, profile):.3f}",
            f"ratio: whole command {cpu / peer:.3f}, segmentation {whole / alone:.3f}, "
            f"kernel {kernel / alone:.3f}",
        ]
    with capsys.disabled():
        print("\n" + "\n".join(rows))


@pytest.mark.benchmark
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("bins", [200_000, 1_000_000])
def test_files_to_files_beside_cnvkit(
    bins: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = os.environ.get("CNVKIT") or shutil.which("cnvkit.py")
    profile = easy(11, bins)
    cnr, ours, theirs = tmp_path / "t.cnr", tmp_path / "ours.cns", tmp_path / "theirs.cns"
    write_cnr(cnr, profile.ratios)
    rows = []
    command = [sys.executable, "-m", "tumorkit", "cnv", "segment", str(cnr), "-o", str(ours)]
    mine = measure("tumorkit cnv segment", [*command, "-q"])
    rows.append((mine, accuracy(ours, profile)))
    if program and shutil.which("Rscript"):
        peer = measure(
            "cnvkit.py segment -m cbs",
            [program, "segment", "-m", "cbs", str(cnr), "-o", str(theirs)],
            best_of=1,
        )
        rows.append((peer, accuracy(theirs, profile)))
    with capsys.disabled():
        print(f"\n{bins} bins")
        for row, five in rows:
            print(
                f"{row.name:28} {row.wall:7.2f} s {row.cpu:7.2f} CPU s {row.memory:6.0f} MB "
                f"F5 {five:.3f}  CPU of ours / its {mine.cpu / row.cpu:.3f}"
            )


@pytest.mark.benchmark
def test_joint_segmentation_alone(capsys: pytest.CaptureFixture[str]) -> None:
    profile = joint(11)
    used = []
    for _ in range(3):
        started = time.process_time()
        segment(profile.ratios, snps=profile.snps)
        used.append(time.process_time() - started)
    with capsys.disabled():
        print(f"\n30,000 bins, {len(profile.snps)} SNPs: {min(used):.3f} CPU s")
