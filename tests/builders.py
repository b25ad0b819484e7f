"""Make small inputs in code, so that a test shows all that its promise is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pysam

PAIRED, PROPER, UNMAPPED, MATE_UNMAPPED, REVERSE, MATE_REVERSE = 1, 2, 4, 8, 16, 32
FIRST, SECOND, SECONDARY, QC_FAIL, DUPLICATE, SUPPLEMENTARY = 64, 128, 256, 512, 1024, 2048

DEMO_CONTIGS = {"chr1": 10_000, "chr2": 5_000}


@dataclass(frozen=True, kw_only=True)
class Read:
    """One alignment; ``pos`` is 0-based. ``sequence`` is all A and qualities are 30 by default."""

    name: str
    pos: int
    cigar: str = "100M"
    contig: str = "chr1"
    flag: int = 0
    mapping_quality: int = 60
    sequence: str = ""
    qualities: tuple[int, ...] | None = ()
    mate_pos: int | None = None
    mate_contig: str = ""

    @property
    def query_length(self) -> int:
        return sum(int(n) for n, op in re.findall(r"(\d+)(.)", self.cigar) if op in "MIS=X")


def make_pair(left: Read, right: Read) -> tuple[Read, Read]:
    """Make two reads the mates of one fragment: left forward, right reverse."""
    return (
        replace(
            left,
            flag=left.flag | PAIRED | PROPER | MATE_REVERSE | FIRST,
            mate_pos=right.pos,
            mate_contig=right.contig,
        ),
        replace(
            right,
            name=left.name,
            flag=right.flag | PAIRED | PROPER | REVERSE | SECOND,
            mate_pos=left.pos,
            mate_contig=left.contig,
        ),
    )


def make_bam(
    path: Path,
    reads: Iterable[Read] = (),
    *,
    contigs: Mapping[str, int] = DEMO_CONTIGS,
    samples: Iterable[str] = ("T",),
    index: bool = True,
    reference: Path | None = None,
) -> Path:
    """Write a sorted, indexed BAM (or CRAM, by suffix)."""
    header = pysam.AlignmentHeader.from_dict(
        {
            "HD": {"VN": "1.6", "SO": "coordinate"},
            "SQ": [{"SN": name, "LN": length} for name, length in contigs.items()],
            "RG": [{"ID": f"rg{n}", "SM": sample} for n, sample in enumerate(samples)],
        }
    )
    order = {name: rank for rank, name in enumerate(contigs)}
    rows = sorted(reads, key=lambda read: (order[read.contig], read.pos))
    mode = "wc" if path.suffix == ".cram" else "wb"
    with pysam.AlignmentFile(
        str(path), mode, header=header, reference_filename=str(reference) if reference else None
    ) as handle:
        for read in rows:
            handle.write(segment(read, header))
    if index:
        pysam.index(str(path))
    return path


def segment(read: Read, header: pysam.AlignmentHeader) -> pysam.AlignedSegment:
    """Turn a read into pysam's form."""
    made = pysam.AlignedSegment(header)
    made.query_name = read.name
    made.flag = read.flag
    made.reference_name = read.contig
    made.reference_start = read.pos
    made.mapping_quality = read.mapping_quality
    made.cigarstring = read.cigar
    length = read.query_length
    made.query_sequence = read.sequence or "A" * length
    if read.qualities is not None:
        qualities = read.qualities or (30,) * length
        made.query_qualities = pysam.qualitystring_to_array("".join(chr(q + 33) for q in qualities))
    if read.mate_pos is not None:
        made.next_reference_name = read.mate_contig or read.contig
        made.next_reference_start = read.mate_pos
    return made


def make_fasta(path: Path, contigs: Mapping[str, str], *, index: bool = True) -> Path:
    """Write a FASTA with one line per contig, and its index."""
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in contigs.items()))
    if index:
        pysam.faidx(str(path))
    return path


def make_bed(path: Path, rows: Iterable[tuple[object, ...]]) -> Path:
    """Write a BED."""
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    return path
