"""Variant filter beside its peers: pytest -s -m benchmark tests/benchmarks/benchmark_filter.py.

The same task for all: five filters on tumour and normal, all records kept with FILTER set, BGZF
at the usual level, one thread, no table of reasons. TUMORKIT_BENCHMARK_RECORDS sets the number of
records; 1000000 is the size of a genome's calls. TUMORKIT_PEERS is the bin folder of an
environment with vembrane and cyvcf2; without it they are looked for on PATH.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.benchmarks.measure import Measured, measure, python, show
from tumorkit.genome.vcf import VcfHeader
from tumorkit.io.vcf import VcfSink

META = (
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=PASS,Description="All filters passed">',
    '##FILTER=<ID=weak_evidence,Description="Weak">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##INFO=<ID=ECNT,Number=1,Type=Integer,Description="Events">',
    '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="Frequency">',
    '##INFO=<ID=TLOD,Number=A,Type=Float,Description="Log odds">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=SB,Number=4,Type=Integer,Description="Strands">',
    "##contig=<ID=chr1,length=248956422>",
    "##source=Mutect2",
    "##tumor_sample=TUMOR",
    "##normal_sample=NORMAL",
)
SPEC = """
tumorkit_filters: 1
name: five
filters:
  - {id: low_alt, says: Few reads, fail_if: tumor.alt_depth < min, min: 5}
  - {id: low_depth, says: Shallow, fail_if: tumor.depth < min, min: 30}
  - {id: low_vaf, says: Faint, fail_if: tumor.vaf < min, min: 0.05}
  - {id: in_normal, says: In the normal, fail_if: normal.alt_depth > max, max: 2}
  - {id: germline, says: Frequent, fail_if: population_af > max, max: 0.001}
"""
OURS = """
import sys
from pathlib import Path
from tumorkit.variants.filter.run import run_filter
run_filter(Path(sys.argv[1]), output=Path(sys.argv[2]), spec=Path(sys.argv[3]))
"""
STAGED = "bcftools filter, five stages"
PYTHON_FORMS = {"TUMORKIT_KERNELS": "python"}
STAGES = (
    ("low_alt", "FORMAT/AD[1:1]<5"),
    ("low_depth", "FORMAT/DP[1]<30"),
    ("low_vaf", "FORMAT/AF[1:0]<0.05"),
    ("in_normal", "FORMAT/AD[0:1]>2"),
    ("germline", "INFO/gnomAD_AF>0.001"),
)


def make_calls(path: Path, records: int) -> None:
    """Write tumour-normal calls like those of Mutect2."""
    draw = random.Random(7)
    header = VcfHeader(META, ("NORMAL", "TUMOR"))
    with VcfSink(path, header) as sink:
        lines = []
        pos = 10_000
        for _ in range(records):
            pos += draw.randint(1, 1000)
            alt, depth = draw.randint(0, 60), draw.randint(20, 200)
            normal, other = draw.choice((0, 0, 0, 1, 5)), draw.randint(20, 90)
            rare = f"gnomAD_AF={10 ** -draw.uniform(1, 5):.3g};" if draw.random() < 0.3 else ""
            ref = depth - min(alt, depth)
            alt = depth - ref
            info = f"DP={depth + other};ECNT=1;{rare}TLOD={draw.uniform(3, 90):.2f}"
            said = draw.choice(("PASS", "PASS", "weak_evidence"))
            columns = [
                f"0/0:{other - normal},{normal}:{normal / other:.3f}:{other}:9,9,{normal},0",
                f"0/1:{ref},{alt}:{alt / depth:.3f}:{depth}:9,{ref},{alt},0",
            ]
            fixed = ["chr1", str(pos), ".", draw.choice("AC"), draw.choice("GT"), "."]
            lines.append("\t".join([*fixed, said, info, "GT:AD:AF:DP:SB", *columns]))
        sink.write(lines)


CYVCF2 = """
import sys
from cyvcf2 import VCF, Writer
source = VCF(sys.argv[1])
names = ("low_alt", "low_depth", "low_vaf", "in_normal", "germline")
for name in names:
    source.add_filter_to_header({"ID": name, "Description": name})
out = Writer(sys.argv[2], source, "wz")
for record in source:
    alt, depth = record.format("AD"), record.format("DP")
    frequency = record.INFO.get("gnomAD_AF")
    failed = [
        name
        for name, fails in zip(names, (
            alt[1][1] < 5, depth[1][0] < 30, record.format("AF")[1][0] < 0.05, alt[0][1] > 2,
            frequency is not None and frequency > 0.001,
        ))
        if fails
    ]
    if failed:
        record.FILTER = [*(record.FILTER or "").split(";"), *failed] if record.FILTER else failed
    out.write_record(record)
out.close()
"""
TAGS = (
    ("low_alt", 'FORMAT["AD"]["TUMOR"][1] < 5'),
    ("low_depth", 'FORMAT["DP"]["TUMOR"] < 30'),
    ("low_vaf", 'FORMAT["AF"]["TUMOR"] < 0.05'),
    ("in_normal", 'FORMAT["AD"]["NORMAL"][1] > 2'),
    ("germline", 'INFO["gnomAD_AF"] is not NA and INFO["gnomAD_AF"] > 0.001'),
)
MOST_MEMORY = 200
FULL_SIZE = 1_000_000


def peer(name: str) -> str | None:
    """Return the path of a peer's program, None if it is not installed."""
    folder = os.environ.get("TUMORKIT_PEERS")
    return shutil.which(name, path=folder) if folder else shutil.which(name)


def of_bcftools(vcf: Path, out: Path) -> list[Measured]:
    """Measure bcftools: one stage for each filter, and all in one expression."""
    stages = [f"bcftools filter -m+ -s {name} -e '{test}' -Ou" for name, test in STAGES]
    stages[0] += f" {vcf}"
    pipe = " | ".join([*stages[:-1], stages[-1].replace("-Ou", f"-Oz -o {out}")])
    whole = " || ".join(test for _, test in STAGES)
    one = ["bcftools", "filter", "-m+", "-s", "low", "-e", whole, "-Oz", "-o", str(out), str(vcf)]
    view = ["bcftools", "view", "-Oz", "-o", str(out), str(vcf)]
    return [
        measure(STAGED, ["bash", "-c", pipe]),
        measure("bcftools filter, one expression", one),
        measure("bcftools view", view),
    ]


def of_other_peers(vcf: Path, out: Path) -> list[Measured]:
    """Measure vembrane and cyvcf2 where they are installed."""
    rows = []
    vembrane, cyvcf2 = peer("vembrane"), peer("cyvcf2")
    if vembrane and shutil.which("bgzip"):
        tags = " ".join(f"--tag '{name}={test}'" for name, test in TAGS)
        line = f"set -o pipefail; {vembrane} tag {tags} -O vcf {vcf} | bgzip -c > {out}"
        rows.append(measure("vembrane tag, five tags", ["bash", "-c", line], best_of=1))
    if cyvcf2:
        interpreter = str(Path(cyvcf2).with_name("python"))
        command = [interpreter, "-c", CYVCF2, str(vcf), str(out)]
        rows.append(measure("cyvcf2, five conditions", command, best_of=1))
    return rows


@pytest.mark.benchmark
def test_filter_beside_its_peers(tmp_path: Path) -> None:
    if shutil.which("bcftools") is None:
        pytest.skip("bcftools, the peer to compare with, is not installed")
    records = int(os.environ.get("TUMORKIT_BENCHMARK_RECORDS", "200000"))
    vcf, spec, out = tmp_path / "in.vcf.gz", tmp_path / "five.yaml", tmp_path / "out.vcf.gz"
    make_calls(vcf, records)
    spec.write_text(SPEC)
    ours = measure("tumorkit, five filters", python(OURS, vcf, out, spec))
    rows = [
        measure("import of the same modules", python(OURS.partition("run_filter(")[0])),
        ours,
        *of_bcftools(vcf, tmp_path / "peer.vcf.gz"),
        *of_other_peers(vcf, tmp_path / "peer.vcf.gz"),
        measure("tumorkit, pure Python", python(OURS, vcf, out, spec), env=PYTHON_FORMS),
    ]
    print(f"\n{records:,} records; tumorkit writes an index, too")
    print(f"tumorkit: {records / ours.cpu:,.0f} records per CPU second")
    show(rows, base=STAGED)
    staged = next(row for row in rows if row.name == STAGED)
    assert ours.memory < MOST_MEMORY
    if records >= FULL_SIZE:  # below, Python's start is most of the time
        assert ours.cpu <= staged.cpu
