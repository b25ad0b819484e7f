"""BAMs of simulated panels, with the reads that a real one has and a count should not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pysam

from tests.builders import DUPLICATE
from tests.msi.simulated import Drawn
from tumorkit.genome.repeat import Repeat
from tumorkit.io.loci import loci_text

READ = 150
APART = 400
ARTEFACT_SHIFT = 3


@dataclass(frozen=True, kw_only=True)
class Made:
    """A BAM, the list of its sites, and how many alignments it holds."""

    bam: Path
    loci: Path
    reads: int
    artefacts: int


def placed(drawn: Drawn) -> list[Repeat]:
    """The drawn sites so far apart that no read sees two."""
    return [
        Repeat(contig="chr1", start=APART * (k + 1), unit=one.unit, repeats=one.repeats,
               left_flank=one.left_flank, right_flank=one.right_flank)
        for k, one in enumerate(drawn.tumor.loci)
    ]  # fmt: skip


def write_case(
    folder: Path, drawn: Drawn, *, artefacts: float = 0.2, marked: bool = True, seed: int = 1
) -> Made:
    """Write the tumour's reads of every site, and artefacts of a share of the depth.

    Artefacts lack three units: half of them are flagged duplicates, half are misplaced reads of
    mapping quality 0. Without ``marked`` nothing tells them from other reads, which is how a count
    without filters sees them. Flanks carry sequencing errors at one base in two hundred.
    """
    rng = np.random.default_rng(seed)
    sites = placed(drawn)
    length = APART * (len(sites) + 2)
    genome = rng.choice(list("ACGT"), length)
    for site in sites:
        text = site.left_flank + site.unit * site.repeats + site.right_flank
        genome[site.start - 5 : site.end + 5] = list(text)
    whole = "".join(genome)
    rows: list[tuple[int, str]] = []
    wrong = 0
    for number, site in enumerate(sites):
        votes = drawn.tumor.at(number)
        units = np.repeat(np.arange(votes.size), votes)
        extra = int(artefacts * units.size)
        wrong += extra
        bad = np.full(extra, max(site.repeats - ARTEFACT_SHIFT, 0))
        flags = [(DUPLICATE, 60) if k % 2 else (0, 0) for k in range(extra)]
        kinds = [(0, 60)] * units.size + (flags if marked else [(0, 60)] * extra)
        for at, (count, (flag, quality)) in enumerate(
            zip(np.concatenate([units, bad]).tolist(), kinds, strict=True)
        ):
            name = f"s{number}r{at}"
            rows.append(read_of(rng, whole, site, count, name, flag, quality))
    rows.sort()
    sam = folder / "reads.sam"
    with sam.open("w") as handle:
        handle.write("@HD\tVN:1.6\tSO:coordinate\n")
        handle.write(f"@SQ\tSN:chr1\tLN:{length}\n@RG\tID:a\tSM:SIM\n")
        handle.writelines(line for _, line in rows)
    bam = folder / "reads.bam"
    pysam.view("-b", "-o", str(bam), str(sam), catch_stdout=False)
    sam.unlink()
    pysam.index(str(bam))
    listed = folder / "loci.tsv"
    listed.write_text(loci_text(sites))
    return Made(bam=bam, loci=listed, reads=len(rows), artefacts=wrong)


def read_of(
    rng: np.random.Generator, whole: str, site: Repeat, count: int, name: str, flag: int,
    quality: int,
) -> tuple[int, str]:  # fmt: skip
    """A read that spans a site with ``count`` units, as place and line of SAM.

    As from an aligner, the gap lies at the tract's left end.
    """
    unit = len(site.unit)
    tract = count * unit
    before = int(rng.integers(12, READ - tract - 12))
    after = READ - tract - before
    change = tract - (site.end - site.start)
    start = site.start - before
    bases = list(whole[start : site.start] + site.unit * count + whole[site.end : site.end + after])
    if rng.random() < READ / 200:
        at = int(rng.integers(READ))
        bases[at] = "ACGT"["CGTA".index(bases[at])]
    if change < 0:
        cigar = f"{before}M{-change}D{READ - before}M"
    elif change > 0:
        cigar = f"{before}M{change}I{READ - before - change}M"
    else:
        cigar = f"{READ}M"
    fields = (name, flag, "chr1", start + 1, quality, cigar, "*", 0, 0, "".join(bases), "I" * READ)
    return start, "\t".join(map(str, (*fields, "RG:Z:a"))) + "\n"
