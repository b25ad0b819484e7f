"""The same calls, depths and hotspots for us and for hydra-genetics' own report of hotspots."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tumorkit.cli import run

HEAD = (
    "#Chr\tStart\tEnd\tGene\tCDS_mutation_syntax\tAA_mutation_syntax\tReport\tcomment\tExon\t"
    "Accession_number\n"
)
NAME = "NC_000001.10"
# Start, end and report of each hotspot; contig and gene are the same.
SPOTS = (
    (1_000, 1_004, "hotspot"), (1_100, 1_103, "region_all"), (1_200, 1_203, "region"),
    (1_300, 1_310, "indel"), (1_400, 1_400, "hotspot"),
)  # fmt: skip
# Position, reference and alternative allele.
CALLS = (
    (1_001, "C", "T"), (1_100, "C", "G"), (1_202, "C", "T"), (1_305, "CA", "C"), (1_306, "C", "T"),
    (1_500, "C", "T"),
)  # fmt: skip
# A substitution in front of a hotspot, and one of two bases within: the two reports differ there.
APART = ((999, "C", "T"), (1_002, "CA", "TG"))
PEER = """
import sys
from hydra_genetics.utils.io.hotspot_report import generate_hotspot_report
out, spots, calls, depths, names = sys.argv[1:]
levels = [(200, "ok", "yes"), (30, "low", "yes"), (0, "not analyzable", "no")]
generate_hotspot_report("T1", out, levels, spots, calls, depths, names)
"""
META = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=249250621>\n"
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Format: Allele|SYMBOL|Feature|BIOTYPE">\n'
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="x">\n'
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="x">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT1\n"
)
Row = tuple[str, str, str, str, float]
Call = tuple[int, str, str]


def depth_of(position: int) -> int:
    """A depth that tells positions apart: 10 to 359."""
    return 10 + position % 350


def write_inputs(folder: Path, listed: Sequence[Call]) -> None:
    rows = [f"{NAME}\t{a}\t{b}\tNRAS\t-\t-\t{report}\t-\texon2\t-\n" for a, b, report in SPOTS]
    (folder / "hotspots.tsv").write_text(HEAD + "".join(rows))
    calls = [
        f"chr1\t{pos}\t.\t{ref}\t{alt}\t.\tPASS\tCSQ={alt}|NRAS|NM_1|x\tAD:DP\t60,40:100\n"
        for pos, ref, alt in sorted(listed)
    ]
    (folder / "calls.vcf").write_text(META + "".join(calls))
    places = range(990, 1_600)
    depths = [f"chr1\t{at}\t.\tC\t<NON_REF>\t.\t.\t.\tDP\t{depth_of(at)}\n" for at in places]
    (folder / "depths.vcf").write_text(META + "".join(depths))
    (folder / "names.tsv").write_text(f"chr1\t{NAME}\t249250621\n")


def rows_of(path: Path) -> list[Row]:
    with path.open() as file:
        return [
            (row["start"], row["ref"], row["alt"], row["report"], float(row["gvcf_depth"]))
            for row in csv.DictReader(file, delimiter="\t")
        ]


def compared(
    python: str, folder: Path, calls: Sequence[Call] = CALLS
) -> tuple[list[Row], list[Row]]:
    """Return our rows and the peer's."""
    write_inputs(folder, calls)
    subprocess.run(["bgzip", "-kf", "depths.vcf"], cwd=folder, check=True)
    subprocess.run(["tabix", "-f", "-p", "vcf", "depths.vcf.gz"], cwd=folder, check=True)
    theirs = folder / "theirs.tsv"
    names = ("hotspots.tsv", "calls.vcf", "depths.vcf.gz", "names.tsv")
    words = [python, "-c", PEER, str(theirs), *(str(folder / name) for name in names)]
    subprocess.run(words, check=True, capture_output=True)
    ours = folder / "ours.tsv"
    asked = ["report", "export", str(folder / "calls.vcf"), "--to", "gms-table", "-o", str(ours)]
    asked += ["--hotspots", str(folder / "hotspots.tsv"), "--depth", str(folder / "depths.vcf")]
    assert run([*asked, "--tumor", "T1"]) == 0
    return rows_of(ours), rows_of(theirs)
