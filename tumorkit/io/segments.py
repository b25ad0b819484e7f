"""Segments: read those of any program; write .cns with the columns of ours behind."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tumorkit.genome.segment import Segment
from tumorkit.genome.table import Column, TableSchema
from tumorkit.io.segment_formats.rows import SegmentSet
from tumorkit.io.segment_formats.tables import read_table
from tumorkit.io.segment_formats.vcf import read_vcf
from tumorkit.io.text import read_lines

SCHEMA = TableSchema(
    "segments",
    "Segments of constant copy number; the first columns are those of CNVkit's .cns.",
    (
        Column("chromosome", str, "Contig.", optional=False),
        Column("start", int, "First base, 0-based.", optional=False),
        Column("end", int, "Base after the last.", optional=False),
        Column("gene", str, "Genes of the bins, in order; - is none.", optional=False),
        Column("log2", float, "Robust mean log2 copy ratio.", optional=False),
        Column("baf", float, "Mean major-allele fraction."),
        Column("cn", int, "Copy number, rounded; only with a known purity."),
        Column("cn1", int, "Copies of the major allele."),
        Column("cn2", int, "Copies of the minor allele."),
        Column("depth", float, "Mean read depth."),
        Column("probes", int, "Number of bins.", optional=False),
        Column("weight", float, "Sum of the bins' weights."),
        Column("nbaf", int, "Number of heterozygous SNPs."),
        Column("log2_low", float, "Lower end of the level's interval."),
        Column("log2_high", float, "Upper end of the level's interval."),
        Column("start_low", int, "Lowest position that the start could have."),
        Column("start_high", int, "Highest position that the start could have."),
        Column("end_low", int, "Lowest position that the end could have."),
        Column("end_high", int, "Highest position that the end could have."),
        Column("baf_low", float, "Lower end of the allele fraction's interval."),
        Column("baf_high", float, "Upper end of the allele fraction's interval."),
        Column("imbalance_p", float, "p-value of alleles in balance."),
        Column("focal", bool, "Whether the focal pass found it."),
        Column("copy_number", float, "Copy number as measured; only with a known purity."),
    ),
)
# Columns that are left out when no segment has them.
OPTIONAL = (
    "baf", "cn", "cn1", "cn2", "depth", "nbaf", "copy_number", "baf_low", "baf_high",
    "imbalance_p",
)  # fmt: skip


def read_segment_set(
    path: Path, *, sample: str = "", caller: str = "", lenient: bool = False
) -> SegmentSet:
    """Read segments of any program, with what the file says beside them.

    Tables are told apart by their columns, which may stand in any order: CNVkit .cns, SEG, GATK,
    FACETS, ASCAT, PURPLE, Sequenza, PureCN, scarHRD input, our BED; a VCF by its first line.
    Positions become 0-based half-open, ``baf`` the major allele's fraction, empty cells unknown.
    ``sample`` and ``caller`` choose where a file holds several. ``lenient`` takes fractions outside
    0 to 1 as unknown, leaves out rows that end before they start, and counts both. Raises
    :class:`InputError` for coordinates that are missing, numbers that are none, fractions that
    cannot be, overlaps of more than one base.
    """
    lines = read_lines(path)
    head = list(itertools.islice(lines, 1))
    rest = itertools.chain(head, lines)
    if head and head[0][1].startswith("##fileformat=VCF"):
        return read_vcf(path, rest, sample=sample, caller=caller, lenient=lenient)
    return read_table(path, rest, sample=sample, lenient=lenient)


def read_segments(path: Path, *, sample: str = "", lenient: bool = False) -> list[Segment]:
    """Read segments in genome order; what :func:`read_segment_set` noticed becomes a warning.

    Neighbours that overlap by a single base (older CNVkit) are parted with a warning; a larger
    overlap, missing columns or missing coordinates raise :class:`InputError`.
    """
    found = read_segment_set(path, sample=sample, lenient=lenient)
    if found.notes:
        warnings.warn(f"{path}: {'; '.join(found.notes)}", UserWarning, stacklevel=2)
    return list(found.segments)


def segments_text(
    segments: Iterable[Segment], extra: Mapping[str, Sequence[object]] | None = None
) -> str:
    """Return segments as a .cns that CNVkit reads; ``extra`` columns come last, one value a row.

    ``cn`` (whole copies) and ``copy_number`` (as measured) are there only where a copy number is
    known.
    """
    rows = [_row(segment) for segment in segments]
    for name, values in (extra or {}).items():
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    used = [
        column
        for column in SCHEMA.columns
        if column.name not in OPTIONAL or any(row[column.name] is not None for row in rows)
    ]
    columns = (*used, *(Column(name, str, "") for name in extra or {}))
    return TableSchema(SCHEMA.name, SCHEMA.text, columns).text_of(rows)


def _row(segment: Segment) -> dict[str, object]:
    """Return a segment under the names of CNVkit's columns."""
    copies = segment.copy_number
    return {
        "chromosome": segment.contig,
        "start": segment.start,
        "end": segment.end,
        "gene": segment.gene or "-",
        "log2": segment.log2_ratio,
        "baf": segment.baf,
        "cn": None if copies is None else max(0, round(copies)),
        "cn1": segment.major_cn,
        "cn2": segment.minor_cn,
        "depth": segment.depth,
        "probes": segment.bins,
        "weight": segment.weight,
        "nbaf": segment.snps,
        "log2_low": segment.log2_low,
        "log2_high": segment.log2_high,
        "start_low": segment.start_low,
        "start_high": segment.start_high,
        "end_low": segment.end_low,
        "end_high": segment.end_high,
        "baf_low": segment.baf_low,
        "baf_high": segment.baf_high,
        "imbalance_p": segment.imbalance_p,
        "focal": segment.focal,
        "copy_number": copies,
    }
