"""References and copy ratios beside CNVkit: pytest -s -m benchmark tests/benchmarks.

CNVkit's program is found as ``cnvkit.py`` on the path, or named by TUMORKIT_CNVKIT.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pysam
import pytest
from numpy.typing import NDArray

from tests.benchmarks.measure import Measured, measure, python, show
from tests.copynumber.synthetic import Assay, make_assay, sequenced
from tumorkit.core.robust import mad_scale
from tumorkit.genome.bins import Bins, autosomal
from tumorkit.io.content import with_content
from tumorkit.io.copy_ratios import read_copy_ratios

Values = NDArray[np.float64]
NORMALS = 24
TUMORS = 4
OURS = "import sys; from tumorkit.cli import run; sys.exit(run(sys.argv[1:]))"


def write_fasta(path: Path, bins: Bins, rng: np.random.Generator) -> None:
    """Write a sequence whose bins have about the GC and the masked share that they should."""
    names = list(dict.fromkeys(bins.contig.tolist()))
    with path.open("wb") as handle:
        for name in names:
            rows = np.flatnonzero(bins.contig == name)
            length = int(bins.end[rows].max()) + 100_000
            share = np.full(length, 0.42, dtype=np.float32)
            masked = np.full(length, 0.4, dtype=np.float32)
            # Targets last: they lie in the middle of nowhere, or of off-target bins.
            for row in [*rows[~bins.target[rows]], *rows[bins.target[rows]]]:
                share[bins.start[row] : bins.end[row]] = bins.gc[row]
                masked[bins.start[row] : bins.end[row]] = bins.repeat[row]
            strong = rng.random(length, dtype=np.float32) < share
            other = rng.random(length, dtype=np.float32) < 0.5
            codes = np.where(
                strong, np.where(other, ord("G"), ord("C")), np.where(other, ord("A"), ord("T"))
            )
            low = np.repeat(rng.random(length // 100 + 1), 100)[:length] < masked
            codes = np.where(low, codes + 32, codes).astype(np.uint8)
            handle.write(f">{name}\n".encode())
            lines = codes[: length // 100 * 100].reshape(-1, 100)
            ends = np.full((len(lines), 1), ord("\n"), dtype=np.uint8)
            handle.write(np.hstack([lines, ends]).tobytes())
    pysam.faidx(str(path))


def write_coverage(folder: Path, name: str, bins: Bins, depth: Values) -> list[Path]:
    """Write the two files that CNVkit makes of a sample."""
    written = []
    for kind, rows in (("targetcoverage", bins.target), ("antitargetcoverage", ~bins.target)):
        path = folder / f"{name}.{kind}.cnn"
        lines = ["chromosome\tstart\tend\tgene\tdepth\tlog2"]
        for at in np.flatnonzero(rows).tolist():
            log2 = np.log2(depth[at]) if depth[at] > 0 else -20.0
            place = f"{bins.contig[at]}\t{bins.start[at]}\t{bins.end[at]}\t{bins.gene[at]}"
            lines.append(f"{place}\t{depth[at]:.6g}\t{log2:.6g}")
        path.write_text("\n".join(lines) + "\n")
        written.append(path)
    return written


def made_copies(assay: Assay) -> Values:
    """Return a tumour's copies: broad events on five contigs, two focal ones."""
    contig = assay.bins.contig
    copies = np.full(len(contig), 2.0)
    for name, value in (("chr3", 1), ("chr7", 3), ("chr8", 4), ("chr10", 1), ("chr13", 1)):
        copies[contig == name] = value
    nine, seventeen = (np.flatnonzero(contig == name) for name in ("chr9", "chr17"))
    copies[nine[60:66]] = 0
    copies[seventeen[30:40]] = 12
    return copies


def errors(path: Path, assay: Assay, truth: Values) -> tuple[float, float, float, int]:
    """Return sd of differences of neighbours, error sd on and off target, and autosomal bins."""
    ratios = read_copy_ratios(path)
    places = zip(ratios.contig.tolist(), ratios.start.tolist(), strict=True)
    found = dict(zip(places, ratios.log2_ratio.tolist(), strict=True))
    bins = assay.bins
    own = zip(bins.contig.tolist(), bins.start.tolist(), strict=True)
    error = np.array([found.get(place, np.nan) for place in own]) - truth
    auto = autosomal(bins.contig) & np.isfinite(error)
    on, off = error[auto & bins.target], error[auto & ~bins.target]
    dlr = mad_scale(np.diff(on)) / 2**0.5
    return dlr, mad_scale(on), mad_scale(off), int(auto.sum())


@pytest.mark.benchmark
def test_references_beside_cnvkit(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    assay = make_assay(7, per_contig=300)
    fasta = tmp_path / "reference.fa"
    write_fasta(fasta, assay.bins, rng)
    unknown = np.full(len(assay.bins), np.nan)
    bare = replace(assay.bins, gc=unknown, repeat=unknown)
    assay = replace(assay, bins=with_content(bare, reference=fasta))
    normals: list[Path] = []
    for number in range(NORMALS):
        depth = sequenced(assay, rng, sex="male" if number % 2 else "female")
        normals += write_coverage(tmp_path, f"N{number}", assay.bins, depth)
    copies = made_copies(assay)
    truth = np.log2((0.7 * copies + 0.3 * 2) / 2)
    tumors = []
    for number in range(TUMORS):
        depth = sequenced(assay, rng, sex="male", copies=copies, purity=0.7)
        tumors.append(write_coverage(tmp_path, f"T{number}", assay.bins, depth))
    rows: list[Measured] = []
    table: dict[str, list[tuple[float, float, float, int]]] = {}
    ours = tmp_path / "ours.cnn"
    build = ["cnv", "reference", *map(str, normals), "--reference", str(fasta), "-o", str(ours)]
    rows.append(measure("tumorkit cnv reference", python(OURS, *build, "-q"), best_of=1))
    peer = os.environ.get("TUMORKIT_CNVKIT") or shutil.which("cnvkit.py")
    theirs = tmp_path / "theirs.cnn"
    if peer:
        command = [peer, "reference", *map(str, normals), "-f", str(fasta), "-o", str(theirs)]
        rows.append(measure("cnvkit.py reference", command, best_of=1))
    for number, pair in enumerate(tumors):
        out = tmp_path / f"{number}.cnr"
        runs = [
            ("tumorkit, panel", ["--pon", str(ours)]),
            ("tumorkit, no normals", ["--flat", "--reference", str(fasta)]),
        ]
        if peer:
            runs.append(("tumorkit, CNVkit's panel", ["--pon", str(theirs)]))
        for name, options in runs:
            command = ["cnv", "normalize", *map(str, pair), *options, "-o", str(out), "-q"]
            rows.append(measure(name, python(OURS, *command), best_of=1))
            table.setdefault(name, []).append(errors(out, assay, truth))
        for name, panel in (("CNVkit", theirs), ("CNVkit, our panel", ours)) if peer else ():
            command = [peer or "", "fix", *map(str, pair), str(panel), "-o", str(out)]
            rows.append(measure(name, command, best_of=1))
            table.setdefault(name, []).append(errors(out, assay, truth))
    print(f"\n{len(assay.bins)} bins, {NORMALS} normals, {TUMORS} tumours")
    print(f"{'':28} {'DLR sd':>8} {'error sd':>9} {'off-target':>10} {'bins':>6}")
    for name, found in table.items():
        dlr, on, off, bins = np.mean(np.array(found), axis=0).tolist()
        print(f"{name:28} {dlr:8.3f} {on:9.3f} {off:10.3f} {bins:6.0f}")
    show(rows, base="cnvkit.py reference")
