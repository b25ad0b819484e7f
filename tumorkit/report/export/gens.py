"""Copy ratios and allele fractions for Gens: two BED files with five zoom levels each.

Source: Clinical-Genomics-Lund/gens, preparation of data: levels ``o a b c d`` are windows of 100,
25, 5 and 1 kb and 100 bases, and every 160th, 40th, 10th, 4th and every SNP; contigs without
``chr`` behind the level's letter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.contigs import PRIMARY, standard
from tumorkit.genome.segment import LOG2_FLOOR, CopyRatios
from tumorkit.genome.snps import SnpCounts
from tumorkit.report.export.case import ExportCase, File, file_stem
from tumorkit.report.export.params import ReportExportParams

WINDOWS = {"o": 100_000, "a": 25_000, "b": 5_000, "c": 1_000, "d": 100}
STEPS = {"o": 160, "a": 40, "b": 10, "c": 4, "d": 1}
NO_LEVEL = "bins without a log2 ratio"
NO_READS = "SNPs without reads"
RANK = {name: at for at, name in enumerate(PRIMARY)}


def gens(case: ExportCase, params: ReportExportParams) -> list[File]:
    """Return copy ratios, and allele fractions where SNPs were counted."""
    del params
    assert case.calls is not None
    assert case.calls.ratios is not None
    stem = f"gens/{file_stem(case.sample)}"
    files = [coverage(case.calls.ratios, f"{stem}.cov.bed.gz")]
    if case.snps is not None:
        files.append(fractions(case.snps, f"{stem}.baf.bed.gz"))
    return files


def coverage(ratios: CopyRatios, name: str) -> File:
    """Return mean log2 ratios of windows; a window stands at the middle of its bins."""
    known = np.isfinite(ratios.log2_ratio) & (ratios.log2_ratio > LOG2_FLOOR)
    file = File(name=name, content="")
    if not known.all():
        file.left_out[NO_LEVEL] = int((~known).sum())
    contigs = ratios.contig[known]
    start, end, level = (a[known] for a in (ratios.start, ratios.end, ratios.log2_ratio))
    lines = []
    for letter, size in WINDOWS.items():
        for contig in contigs_of(contigs):
            here = contigs == contig
            window = start[here] // size
            first = np.flatnonzero(np.r_[True, np.diff(window) != 0])
            counts = np.diff(np.r_[first, len(window)])
            mean = np.add.reduceat(level[here], first) / counts
            low = start[here][first]
            high = np.maximum.reduceat(end[here], first)
            middle = (low + high) // 2
            order = np.argsort(middle, kind="stable")
            middle, mean = middle[order], mean[order]
            place = f"{letter}_{bare(contig)}"
            lines += rows(place, middle, mean)
    file.content, file.records = "\n".join(lines) + "\n", len(lines)
    return file


def fractions(snps: SnpCounts, name: str) -> File:
    """Return allele fractions of SNPs, thinned out by level."""
    depth = snps.alt + snps.ref
    file = File(name=name, content="")
    if not depth.all():
        file.left_out[NO_READS] = int((depth == 0).sum())
    contigs, position = snps.contig[depth > 0], snps.position[depth > 0]
    share = snps.alt[depth > 0] / depth[depth > 0]
    lines = []
    for letter, step in STEPS.items():
        for contig in contigs_of(contigs):
            here = np.flatnonzero(contigs == contig)[::step]
            place = f"{letter}_{bare(contig)}"
            lines += rows(place, position[here], share[here])
    file.content, file.records = "\n".join(lines) + "\n", len(lines)
    return file


def rows(place: str, at: NDArray[np.int64], values: NDArray[np.float64]) -> list[str]:
    """Return lines of one base each."""
    listed = zip(at.tolist(), values.tolist(), strict=True)
    return [f"{place}\t{pos}\t{pos + 1}\t{value:.4f}" for pos, value in listed]


def contigs_of(contigs: NDArray[np.str_]) -> list[str]:
    """Return the primary contigs that occur, in genome order."""
    found = {standard(str(name)): str(name) for name in np.unique(contigs)}
    return [found[name] for name in sorted(found, key=lambda n: RANK.get(n, 99)) if name in RANK]


def bare(contig: str) -> str:
    """Return a contig without ``chr``."""
    return standard(contig).removeprefix("chr")
