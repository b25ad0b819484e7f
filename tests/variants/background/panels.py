"""Small panels of normals, made in code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.builders import Read, make_bam, make_bed, make_fasta

LENGTH = 3_000
CONTIGS = {"chr1": LENGTH, "chr2": 1_000}
FIRST = 1_000
READ = 100
Changes = Mapping[int, tuple[str, int]]


def genome() -> dict[str, str]:
    """A reference in which chr1:1041-1048 (1-based) is eight A between C and G."""
    rng = np.random.default_rng(7)
    made = {name: "".join(rng.choice(list("ACGT"), size)) for name, size in CONTIGS.items()}
    chr1 = made["chr1"]
    made["chr1"] = chr1[:1039] + "C" + "A" * 8 + "G" + chr1[1049:]
    return made


def make_normal(
    path: Path,
    changes: Changes,
    *,
    depth: int = 80,
    sample: str = "",
    contigs: Mapping[str, int] = CONTIGS,
    index: bool = True,
    reference: Path | None = None,
) -> Path:
    """Write a normal: ``depth`` reads of chr1:1001-1100, changed in the last ones.

    ``changes`` maps a 1-based position to a base and the number of reads with it; ``-`` deletes
    the base at the position, ``+ACG`` inserts behind it. Reads are changed from the last one on, so
    changes of one normal share reads.
    """
    bases = genome()["chr1"][FIRST : FIRST + READ]
    contig = next(iter(contigs))
    reads = []
    for number in range(depth):
        text, cigar = list(bases), f"{READ}M"
        for pos, (change, times) in changes.items():
            if depth - number > times:
                continue
            at = pos - 1 - FIRST
            if change == "-":
                text[at] = ""
                cigar = f"{at}M1D{READ - at - 1}M"
            elif change[0] == "+":
                text[at] += change[1:]
                cigar = f"{at + 1}M{len(change) - 1}I{READ - at - 1}M"
            else:
                text[at] = change
        flag = 16 * (number % 2)
        reads.append(
            Read(
                name=f"r{number}",
                pos=FIRST,
                contig=contig,
                cigar=cigar,
                sequence="".join(text),
                flag=flag,
            )
        )
    return make_bam(
        path,
        reads,
        contigs=contigs,
        samples=(sample or path.stem,),
        index=index,
        reference=reference,
    )


def other_base(pos: int) -> str:
    """A base that the reference of chr1 does not have at a 1-based position."""
    return "ACGT"["ACGT".index(genome()["chr1"][pos - 1]) - 1]


def make_panel(
    folder: Path, changes: list[Changes], *, depth: int = 80
) -> tuple[list[Path], Path, Path]:
    """Write normals, targets (chr1:1011-1090 and a base that nothing covers) and reference."""
    fasta = make_fasta(folder / "r.fa", genome())
    bed = make_bed(folder / "t.bed", [("chr1", 1_010, 1_090), ("chr1", 2_000, 2_001)])
    normals = [
        make_normal(folder / f"n{number}.bam", one, depth=depth + number)
        for number, one in enumerate(changes)
    ]
    return normals, bed, fasta
