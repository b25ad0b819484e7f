"""Time and memory of a cohort: ``python -m tests.benchmarks.benchmark_tmb_cohort [SAMPLES]``.

Makes a MAF of 50 rows for each sample, with the columns of the Genomic Data Commons that are
asked, and scores it in a process of its own. The least CPU time of three runs is printed.
"""

from __future__ import annotations

import gzip
import random
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.benchmark_tmb import least

COLUMNS = (
    "Hugo_Symbol", "Chromosome", "Start_Position", "End_Position", "Variant_Classification",
    "Variant_Type", "Reference_Allele", "Tumor_Seq_Allele1", "Tumor_Seq_Allele2",
    "Tumor_Sample_Barcode", "t_depth", "t_ref_count", "t_alt_count", "FILTER", "gnomAD_AF",
)  # fmt: skip
CLASSES = ("Missense_Mutation", "Silent", "Nonsense_Mutation", "Intron", "Frame_Shift_Del")
ROWS = 50


def write_maf(path: Path, samples: int, seed: int = 1) -> None:
    """Write a MAF of ``samples`` samples."""
    source = random.Random(seed)
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as handle:
        handle.write("\t".join(COLUMNS) + "\n")
        for sample in range(samples):
            for _ in range(ROWS):
                start, kind = source.randint(1, 10**8), source.choices(CLASSES, (50, 20, 5, 20, 5))
                alt = source.randint(5, 90)
                row = (
                    "GENE", f"chr{source.randint(1, 22)}", start, start, kind[0], "SNP", "C", "C",
                    "T", f"TCGA-{sample:05d}", 100, 100 - alt, alt, "PASS", "",
                )  # fmt: skip
                handle.write("\t".join(map(str, row)) + "\n")


def main(samples: int) -> None:
    """Make the MAF and print the time of scoring it."""
    with tempfile.TemporaryDirectory() as folder:
        maf = Path(folder) / "cohort.maf.gz"
        write_maf(maf, samples)
        command = [sys.executable, "-m", "tumorkit", "tmb", "score", str(maf), "-q"]
        command += ["--preset", "msk-impact", "--megabases", "33", "-o", f"{folder}/tmb.tsv"]
        seconds, megabytes = least(command)
        print(f"{samples} samples, {samples * ROWS} rows: {seconds:.2f} s CPU, {megabytes:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
