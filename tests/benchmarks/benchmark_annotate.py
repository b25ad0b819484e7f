"""Annotation beside bcftools: pytest -s -m benchmark tests/benchmarks/benchmark_annotate.py.

The same calls and the same source for both; the frequencies that both write must be the same.
TUMORKIT_BENCHMARK_RECORDS sets the number of calls.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.benchmarks.benchmark_filter import make_calls
from tests.benchmarks.measure import Measured, measure, python, show
from tumorkit.genome.vcf import VcfHeader
from tumorkit.io.vcf import VcfSink, open_vcf

OURS = """
import sys
from pathlib import Path
from tumorkit.variants.annotate.run import run_annotate
run_annotate(Path(sys.argv[1]), output=Path(sys.argv[2]), populations=["pop=" + sys.argv[3]])
"""
BED = OURS.replace('populations=["pop=" + sys.argv[3]]', 'regions=["panel=" + sys.argv[3]]')
SOURCE = (
    "##fileformat=VCFv4.2",
    '##INFO=<ID=AF,Number=A,Type=Float,Description="x">',
    '##INFO=<ID=AN,Number=1,Type=Integer,Description="x">',
    '##INFO=<ID=VEP,Number=1,Type=String,Description="x">',
    "##contig=<ID=chr1,length=248956422>",
)


def make_source(path: Path, calls: Path, every: int, between: int) -> int:
    """Write a source with every so many of the calls' alleles, and other sites between them."""
    draw = random.Random(3)
    filler = "x" * 120
    count, lines, last = 0, [], 10_000
    with VcfSink(path, VcfHeader(SOURCE, ())) as sink, open_vcf(calls) as source:
        for at, record in enumerate(source):
            step = max(1, (record.pos - last) // (between + 1))
            places = range(last + 1, record.pos, step) if between else ()
            for pos in places:
                lines.append((pos, "A", "T"))
            if at % every == 0:
                lines.append((record.pos, record.ref, record.alts[0]))
            last = record.pos
            if len(lines) > 50_000:
                count += put(sink, lines, draw, filler)
                lines = []
        count += put(sink, lines, draw, filler)
    return count


def put(sink: VcfSink, rows: list[tuple[int, str, str]], draw: random.Random, filler: str) -> int:
    sink.write(
        f"chr1\t{pos}\t.\t{ref}\t{alt}\t.\tPASS\tAF={draw.random():.6f};AN=152000;VEP={filler}"
        for pos, ref, alt in rows
    )
    return len(rows)


def frequencies(path: Path, key: str) -> list[str]:
    done = subprocess.run(
        ["bcftools", "query", "-f", f"%CHROM:%POS:%REF:%ALT %INFO/{key}\n", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.benchmark
@pytest.mark.parametrize(("every", "between"), [(4, 0), (4, 10)], ids=["small", "large"])
def test_annotation_beside_bcftools(tmp_path: Path, every: int, between: int) -> None:
    records = int(os.environ.get("TUMORKIT_BENCHMARK_RECORDS", "200000"))
    vcf, source = tmp_path / "in.vcf.gz", tmp_path / "pop.vcf.gz"
    mine, theirs = tmp_path / "mine.vcf.gz", tmp_path / "theirs.vcf.gz"
    make_calls(vcf, records)
    size = make_source(source, vcf, every, between)
    bed = tmp_path / "panel.bed"
    bed.write_text("".join(f"chr1\t{at}\t{at + 300}\n" for at in range(0, 240_000_000, 12_000)))
    rows: list[Measured] = [
        measure("import of the same modules", python(OURS.partition("run_annotate(")[0])),
        measure("tumorkit, frequencies", python(OURS, vcf, mine, source)),
    ]
    if shutil.which("bcftools"):
        command = ["bcftools", "annotate", "-a", str(source), "-c", "INFO/POP:=INFO/AF"]
        command += ["-Oz", "-o", str(theirs), str(vcf)]
        subprocess.run(["bcftools", "index", "-f", "-t", str(vcf)], check=True)
        rows.append(measure("bcftools annotate, frequencies", command))
        assert frequencies(mine, "TK_AF_pop") == frequencies(theirs, "POP")
    rows.append(measure("tumorkit, regions", python(BED, vcf, mine, bed)))
    print(f"\n{records:,} calls, a source of {size:,} records; tumorkit writes an index, too")
    print(f"tumorkit: {records / rows[1].cpu:,.0f} calls per CPU second")
    show(rows, base="bcftools annotate, frequencies")
