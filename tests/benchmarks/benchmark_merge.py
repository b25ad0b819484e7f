"""Merge beside bcftools norm and isec: pytest -s -m benchmark tests/benchmarks/benchmark_merge.py.

TUMORKIT_BENCHMARK_RECORDS sets the number of records of each caller. bcftools does less: isec
compares strings and keeps no caller's FILTER or counts.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.benchmarks.measure import measure, python, show
from tests.builders import make_fasta
from tumorkit.genome.vcf import VcfHeader
from tumorkit.io.vcf import VcfSink

LENGTH = 20_000_000
MUTECT = (
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=PASS,Description="All filters passed">',
    '##FILTER=<ID=weak_evidence,Description="Weak">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##INFO=<ID=ECNT,Number=1,Type=Integer,Description="Events">',
    '##INFO=<ID=TLOD,Number=A,Type=Float,Description="Log odds">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=SB,Number=4,Type=Integer,Description="Strands">',
    f"##contig=<ID=chr1,length={LENGTH}>",
)
OURS = """
import sys
from pathlib import Path
from tumorkit.variants.merge.run import run_merge
run_merge([Path(p) for p in sys.argv[3:]], reference=Path(sys.argv[1]), output=Path(sys.argv[2]))
"""
PEER = """
for f in a b; do
  bcftools norm -f {fasta} -m -any {folder}/$f.vcf.gz -Oz -o {folder}/$f.norm.vcf.gz
  bcftools index -t {folder}/$f.norm.vcf.gz
done
bcftools isec -n +1 -Oz -p {folder}/isec {folder}/a.norm.vcf.gz {folder}/b.norm.vcf.gz
"""


def make_pair(folder: Path, records: int) -> Path:
    """Write a reference and two callers' files: four fifths shared, a tenth indels."""
    draw = random.Random(7)
    sequence = "".join(draw.choices("ACGT", weights=(3, 2, 2, 3), k=LENGTH))
    fasta = make_fasta(folder / "r.fa", {"chr1": sequence})
    places = sorted(draw.sample(range(100, LENGTH - 100), records * 5 // 4))
    lines: dict[str, list[str]] = {"a": [], "b": []}
    for place in places:
        ref = sequence[place]
        if draw.random() < 0.1:
            size = draw.randint(1, 6)
            ref, alt = (sequence[place : place + size + 1], ref)
        else:
            alt = draw.choice([base for base in "ACGT" if base != ref])
        holders = "ab" if draw.random() < 0.6 else draw.choice("ab")
        for name in holders:
            deep, seen = draw.randint(30, 200), draw.randint(3, 30)
            lines[name].append(
                f"chr1\t{place + 1}\t.\t{ref}\t{alt}\t.\tPASS\tDP={2 * deep};ECNT=1;TLOD=21.50\t"
                f"GT:AD:AF:DP:SB\t0/0:{deep},0:0.010:{deep}:9,9,0,0\t"
                f"0/1:{deep - seen},{seen}:{seen / deep:.3f}:{deep}:20,20,5,5"
            )
    for name, source in (("a", "Mutect2"), ("b", "TNscope")):
        header = VcfHeader((*MUTECT, f"##source={source}"), ("NORMAL", "TUMOR"))
        with VcfSink(folder / f"{name}.vcf.gz", header) as sink:
            sink.write(lines[name])
    return fasta


@pytest.mark.benchmark
def test_merge_beside_bcftools(tmp_path: Path) -> None:
    records = int(os.environ.get("TUMORKIT_BENCHMARK_RECORDS", "200000"))
    fasta = make_pair(tmp_path, records)
    calls = [tmp_path / f"{name}.vcf.gz" for name in "ab"]
    rows = [measure("tumorkit", python(OURS, fasta, tmp_path / "m.vcf.gz", *calls), best_of=1)]
    if shutil.which("bcftools"):
        script = PEER.format(fasta=fasta, folder=tmp_path)
        rows.append(measure("bcftools", ["bash", "-c", f"({script}) 2>/dev/null"], best_of=1))
    show(rows, base="bcftools")
    print(f"{2 * records / rows[0].cpu:.0f} records/s")
