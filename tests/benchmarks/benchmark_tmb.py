"""Time and memory of TMB on an exome VCF: ``python tests/benchmarks/benchmark_tmb.py [RECORDS]``.

Makes a BGZF VCF with VEP-like annotation of several transcripts, and scores it in a process of
its own under one scheme, under four at once, with a trace, and with germline variants weighed.
The least CPU time of three runs stands beside that of a pass of pysam that reads every CSQ.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tumorkit.genome.vcf import VcfHeader
from tumorkit.io.vcf import write_vcf

FIELDS = (
    "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|"
    "cDNA_position|CDS_position|Protein_position|Amino_acids|Codons|Existing_variation|DISTANCE|"
    "STRAND|FLAGS|PICK|VARIANT_CLASS|SYMBOL_SOURCE|HGNC_ID|CANONICAL|MANE_SELECT|ENSP|SIFT|"
    "PolyPhen|AF|gnomADe_AF|gnomADe_AFR_AF|gnomADe_NFE_AF|MAX_AF|MAX_AF_POPS|CLIN_SIG|SOMATIC"
)
TERMS = (
    "missense_variant", "synonymous_variant", "intron_variant", "3_prime_UTR_variant",
    "splice_region_variant&intron_variant", "stop_gained", "frameshift_variant",
    "downstream_gene_variant",
)  # fmt: skip
WEIGHTS = (30, 15, 30, 8, 4, 2, 2, 9)
RUNS = {
    "one scheme": ["--preset", "pytmb-wes"],
    "four schemes": [
        "--preset", "pytmb-wes", "--preset", "pcgr-coding", "--preset", "tso500",
        "--preset", "fda-f1cdx",
    ],
    "one scheme, weighed": ["--preset", "pytmb-wes", "--germline", "posterior"],
    "one scheme, trace": ["--preset", "pytmb-wes", "--trace", "{folder}/trace.tsv"],
}  # fmt: skip
PLAIN = """
import pysam, sys
print(sum(len(r.info.get("CSQ", ())) for r in pysam.VariantFile(sys.argv[1])))
"""


def lines(records: int, seed: int = 1) -> list[str]:
    """Return sorted records with 1 to 8 annotation blocks."""
    source = random.Random(seed)
    made = []
    for number in range(records):
        gene = f"GENE{number // 10}"
        blocks = []
        # VEP repeats an allele's frequency in every block.
        frequency = f"{source.random() ** 8:.4g}" if source.random() < 0.4 else ""
        usual = source.choices(TERMS, WEIGHTS)[0]
        for transcript in range(source.randint(1, 8)):
            other = transcript > 0 and source.random() < 0.15
            term = source.choices(TERMS, WEIGHTS)[0] if other else usual
            fields = [
                "T", term, "MODERATE", gene, f"ENSG{number:011d}", "Transcript",
                f"ENST{number // 10:09d}{transcript}", "protein_coding", "3/9", "",
                f"ENST{number // 10:09d}{transcript}.1:c.{number}A>T",
                f"ENSP{number:011d}.1:p.Arg{number}Ser", "895", "696", "232", "R/S", "agG/agT",
                f"rs{number}", "", "1", "", "1" if transcript == 0 else "", "SNV", "HGNC", "1234",
                "YES" if transcript == 0 else "", "", f"ENSP{number:011d}", "tolerated(0.7)",
                "benign(0.01)", frequency, frequency, frequency, frequency, frequency, "gnomADe",
                "", "",
            ]  # fmt: skip
            blocks.append("|".join(fields))
        alt = source.randint(2, 200)
        info = f"DP=500;ECNT=1;GERMQ=93;MBQ=30,30;MPOS=30;POPAF=7.30;TLOD=90;CSQ={','.join(blocks)}"
        made.append(
            f"chr1\t{1000 + number * 2000}\t.\tA\tT\t.\t"
            f"{'PASS' if source.random() < 0.8 else 'weak_evidence'}\t{info}\t"
            f"GT:AD:AF:DP\t0/1:{500 - alt},{alt}:{alt / 500:.3f}:500"
        )
    return made


def header() -> VcfHeader:
    """Return the header of a tumour-only Mutect2 VCF with VEP's annotation."""
    info = "".join(
        f'##INFO=<ID={name},Number=.,Type=String,Description="{name} (-log10)">\n'
        for name in ("DP", "ECNT", "GERMQ", "MBQ", "MPOS", "POPAF", "TLOD")
    )
    csq = f'##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: {FIELDS}">'
    meta = ["##fileformat=VCFv4.2", "##contig=<ID=chr1,length=248956422>", *info.splitlines(), csq]
    return VcfHeader(tuple(meta), ("TUMOR",))


def main(records: int) -> None:
    """Make the VCF and print one row per run."""
    with tempfile.TemporaryDirectory() as folder:
        vcf = Path(folder) / "exome.vcf.gz"
        # In a process of its own: a child inherits its parent's peak memory.
        make = [sys.executable, __file__, str(records), str(vcf)]
        subprocess.run(make, check=True)
        print(f"{records} records, {vcf.stat().st_size / 1e6:.1f} MB")
        plain = [sys.executable, "-c", PLAIN, str(vcf)]
        base = least(plain)[0]
        print(f"{'pysam, a plain pass':24} {base:6.2f} s CPU")
        for name, options in RUNS.items():
            given = [option.format(folder=folder) for option in options]
            command = [sys.executable, "-m", "tumorkit", "tmb", "score", str(vcf), *given, "-q"]
            seconds, megabytes = least([*command, "--megabases", "33.28"])
            print(
                f"{name:24} {seconds:6.2f} s CPU, {megabytes:4.0f} MB, "
                f"{seconds / base:.1f} times the plain pass"
            )


def least(command: list[str]) -> tuple[float, float]:
    """Return the least CPU time of three runs, and the peak memory in megabytes."""
    found = []
    for _ in range(3):
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = status
        assert status == 0, command
        found.append((used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3))
    return min(found)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        write_vcf(Path(sys.argv[2]), header(), lines(int(sys.argv[1])))
        sys.exit()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
