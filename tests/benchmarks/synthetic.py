"""A tumour-like BAM over a panel, large enough to time."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pysam

READ = 150
TARGET = 200
# As short as the targets allow: mosdepth fills an array over the whole contig.
SPACING = 10_000


def reads_wanted() -> int:
    """Number of reads, from TUMORKIT_BENCHMARK_READS."""
    return int(os.environ.get("TUMORKIT_BENCHMARK_READS", "1000000"))


def make_panel(folder: Path, reads: int, seed: int = 1) -> tuple[Path, Path]:
    """Write a BAM of paired reads over targets of 200 bp at about 280x, and the targets' BED.

    Inserts are short, as of FFPE material, so that most mates overlap; qualities have four
    values, as of today's instruments; a tenth of the reads are duplicates.
    """
    rng = np.random.default_rng(seed)
    targets = max(1, reads // 1000)
    fragments = reads // targets // 2
    contig = 2 * SPACING * (targets + 1)
    starts = np.sort(rng.choice(2 * targets, targets, replace=False)) * SPACING + SPACING // 2
    bed = folder / "panel.bed"
    bed.write_text("".join(f"chr1\t{s}\t{s + TARGET}\tt{n}\n" for n, s in enumerate(starts)))
    sam = folder / "panel.sam"
    with sam.open("w") as handle:
        handle.write(f"@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:{contig}\n@RG\tID:a\tSM:T\n")
        for number, start in enumerate(starts.tolist()):
            handle.write(target_lines(rng, number, start, fragments))
    bam = folder / "panel.bam"
    pysam.view("-b", "-o", str(bam), str(sam), catch_stdout=False)
    sam.unlink()
    pysam.index(str(bam))
    return bam, bed


def target_lines(rng: np.random.Generator, number: int, start: int, fragments: int) -> str:
    """Return the sorted SAM lines of the fragments over one target."""
    insert = np.clip(rng.normal(210, 60, fragments), READ, 450).astype(int)
    left = start - 250 + rng.integers(0, 350, fragments)
    right = left + insert - READ
    duplicate = (rng.random(fragments) < 0.1) * 1024
    quality = np.where(rng.random(fragments) < 0.05, rng.integers(0, 20, fragments), 60)
    first_forward = rng.random(fragments) < 0.5
    bases = "".join(rng.choice(list("ACGT"), 1500))
    # Qualities fall along the read; most bases have the best of four values.
    low = rng.random((2 * fragments, READ)) < np.linspace(0.02, 0.2, READ)
    values = np.where(low, rng.choice([ord("#"), ord("-"), ord("8")], low.shape), ord("F"))
    texts = values.astype(np.uint8).tobytes().decode()
    origin = start - 400
    rows = []
    for k in range(fragments):
        name = f"A01:{number}:{k % 7}:{1000 + k}:{int(insert[k]) * 37}"
        flags = (99, 147) if first_forward[k] else (163, 83)
        places = ((int(left[k]), int(right[k])), (int(right[k]), int(left[k])))
        for mate, (pos, other) in enumerate(places):
            at = (2 * k + mate) * READ
            sequence = bases[pos - origin : pos - origin + READ]
            size = int(insert[k]) * (-1 if mate else 1)
            rows.append(
                (
                    pos,
                    f"{name}\t{flags[mate] + duplicate[k]}\tchr1\t{pos + 1}\t{quality[k]}\t{READ}M"
                    f"\t=\t{other + 1}\t{size}\t{sequence}\t{texts[at : at + READ]}"
                    f"\tNM:i:0\tMD:Z:{READ}\tAS:i:{READ}\tXS:i:0\tRG:Z:a\n",
                )
            )
    rows.sort(key=lambda row: row[0])
    return "".join(line for _, line in rows)
