"""Counts of a normal from its VCF or gVCF: what the records say of each base.

A record with AD says for its base how many reads show each allele; those of ``<*>`` and
``<NON_REF>`` belong to no base and count as deleted ones do, in the depth only. A base without a
record, a record without AD, and a stretch of a gVCF that is summed up in one record say nothing.
Quality limits are those of the program that wrote the VCF.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pysam
from numpy.typing import NDArray

from tumorkit.errors import InputError, MissingIndexError
from tumorkit.genome.variant import trimmed
from tumorkit.io.alignment import Alignment
from tumorkit.io.text import is_bgzf
from tumorkit.io.vcf import open_vcf

BASES = "ACGT"
DELETED, SPANNING, CLASSES = 4, 6, 7
INSERTION, DELETION = 1, 2
LONGEST = 31
SUFFIXES = (".vcf", ".vcf.gz", ".gvcf.gz", ".vcf.bgz")
SAMPLE = 9


def is_vcf(path: Path) -> bool:
    """Whether a path is named as a VCF is."""
    return path.name.lower().endswith(SUFFIXES)


def open_normal_vcf(path: Path) -> Alignment:
    """Check a VCF of one normal: its contigs, its one sample, its index.

    Raises :class:`InputError` where it has no lengths of contigs or not one sample, and
    :class:`MissingIndexError` where it is not bgzipped and indexed.
    """
    with open_vcf(path) as source:
        lengths, samples = dict(source.header.contig_lengths), source.header.samples
    if not is_bgzf(path) or not any(Path(f"{path}{end}").exists() for end in (".tbi", ".csi")):
        raise MissingIndexError(
            path,
            "a VCF of a normal is read by region, and this one has no index",
            hint=f"bcftools view -Oz --write-index=tbi -o {path.name.partition('.')[0]}.vcf.gz "
            f"{path}",
        )
    if not lengths:
        raise InputError(
            path,
            "the header names no contig with its length",
            hint=f"bcftools reheader --fai reference.fa.fai {path}",
        )
    if len(samples) != 1:
        raise InputError(
            path,
            f"expected one sample, found {len(samples)}",
            hint="give one VCF for each normal: bcftools view -s SAMPLE",
        )
    return Alignment(path=path, form="VCF", lengths=lengths, samples=tuple(samples))


class VcfCounter:
    """Gives counts of blocks as :class:`tumorkit.io.htslib.pileup_python.PileupCounter` does."""

    def __init__(self, path: str) -> None:
        self.file = pysam.TabixFile(path)

    def block_alleles(
        self,
        contig: str,
        starts: NDArray[np.int64] | Sequence[int],
        ends: NDArray[np.int64] | Sequence[int],
        _min_mapping_quality: int,
        _min_base_quality: int,
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return counts of every base of sorted, disjoint blocks, and the indels found."""
        row_of: dict[int, int] = {}
        for start, end in zip(starts, ends, strict=True):
            for pos in range(int(start), int(end)):
                row_of[pos] = len(row_of)
        counts = np.zeros((len(row_of), CLASSES), dtype=np.int32)
        events: dict[tuple[int, int, int, int], int] = {}
        if row_of and contig in self.file.contigs:
            for line in self.file.fetch(contig, int(starts[0]), int(ends[-1])):
                add_record(str(line).split("\t"), row_of, counts, events)
        listed = sorted((*key, number) for key, number in events.items() if number)
        return counts, np.array(listed, dtype=np.int64).reshape(-1, 5)


def add_record(
    fields: list[str],
    row_of: Mapping[int, int],
    counts: NDArray[np.int32],
    events: dict[tuple[int, int, int, int], int],
) -> None:
    """Add what one record says."""
    depths = depths_of(fields)
    pos, ref = int(fields[1]) - 1, fields[3].upper()
    row = row_of.get(pos)
    if depths is None or row is None or not ref or ref[0] not in BASES:
        return
    total = sum(depths)
    base = np.zeros(DELETED + 1, dtype=np.int32)
    base[BASES.index(ref[0])] = depths[0]
    slipped = False
    alts = fields[4].upper().split(",") if len(depths) > 1 else []
    for alt, number in zip(alts, depths[1:], strict=True):
        front, short, change = trimmed(ref, alt) if set(alt) <= set(BASES) else (0, "", "")
        if front == 0 and len(short) == len(change) == 1:
            base[BASES.index(change)] += number
        elif front == 0 and min(len(short), len(change)) == 1 and short[0] == change[0]:
            slipped = True
            # Behind its anchor: the base itself is that of the reference.
            base[BASES.index(ref[0])] += number
            key = event_of(short, change)
            if key is not None:
                events[row, *key] = events.get((row, *key), 0) + number
        else:
            base[DELETED] += number
    # Callers write substitutions and indels at one base as two records: the first of each counts.
    if not slipped or not counts[row, : DELETED + 1].any():
        counts[row, : DELETED + 1] = base
    if slipped or not counts[row, SPANNING]:
        counts[row, SPANNING] = total


def event_of(ref: str, alt: str) -> tuple[int, int, int] | None:
    """Return kind, size and packed bases of a shortened indel; None for one without a name.

    >>> event_of("CAA", "C"), event_of("C", "CGT")
    ((2, 2, 0), (1, 2, 11))
    """
    if len(ref) > len(alt):
        return DELETION, len(ref) - 1, 0
    if len(alt) - 1 > LONGEST:
        return None
    packed = 0
    for base in alt[1:]:
        packed = packed << 2 | BASES.index(base)
    return INSERTION, len(alt) - 1, packed


def depths_of(fields: list[str]) -> list[int] | None:
    """Return AD of the sample, reference first; None where the record does not say."""
    keys = fields[SAMPLE - 1].split(":")
    if "AD" not in keys:
        return None
    values = fields[SAMPLE].split(":")
    at = keys.index("AD")
    numbers = values[at].split(",") if at < len(values) else []
    alts = [] if fields[4] == "." else fields[4].split(",")
    if len(numbers) != len(alts) + 1 or not all(number.isdigit() for number in numbers):
        return None
    return [int(number) for number in numbers]
