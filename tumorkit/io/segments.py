"""Segments: read CNVkit's .cns, SEG and GATK's; write .cns with the columns of ours behind."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import isinf
from pathlib import Path
from typing import Any

from tumorkit.errors import InputError
from tumorkit.genome.contigs import order
from tumorkit.genome.segment import Segment
from tumorkit.genome.table import Column, TableSchema
from tumorkit.io.text import read_lines

HINT = "expected CNVkit .cns, SEG or GATK segments (tab-separated with a header)"
NOT_KNOWN = frozenset(("", "NA", "NaN", "nan", "."))

# Names of columns by the field they fill, in lower case.
COLUMNS: dict[str, tuple[str, ...]] = {
    "contig": ("chromosome", "contig", "chrom"),
    "start": ("start", "loc.start"),
    "end": ("end", "loc.end"),
    "log2_ratio": (
        "log2",
        "seg.mean",
        "segment_mean",
        "mean",
        "mean_log2_copy_ratio",
        "log2_copy_ratio_posterior_50",
    ),
    "bins": ("probes", "num.mark", "num_probes", "nbrofloci", "num_points_copy_ratio"),
    "gene": ("gene",),
    "depth": ("depth",),
    "weight": ("weight", "seg.weight"),
    "log2_low": ("log2_low", "ci_lo", "log2_copy_ratio_posterior_10"),
    "log2_high": ("log2_high", "ci_hi", "log2_copy_ratio_posterior_90"),
    "start_low": ("start_low",),
    "start_high": ("start_high",),
    "end_low": ("end_low",),
    "end_high": ("end_high",),
    "focal": ("focal",),
    "baf": ("baf",),
    "snps": ("nbaf", "snps"),
    "baf_low": ("baf_low",),
    "baf_high": ("baf_high",),
    "imbalance_p": ("imbalance_p",),
    "copy_number": ("copy_number", "cn"),
    "major_cn": ("cn1",),
    "minor_cn": ("cn2",),
}
WHOLE = frozenset(
    (
        "start", "end", "bins", "start_low", "start_high", "end_low", "end_high",
        "snps", "major_cn", "minor_cn",
    )
)  # fmt: skip
# Columns of the 1-based formats: SEG in its spellings, GATK, PSCBS.
ONE_BASED = frozenset(
    ("loc.start", "num.mark", "seg.mean", "Num_Probes", "Segment_Mean", "CONTIG", "nbrOfLoci")
)

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


def read_segments(path: Path) -> list[Segment]:
    """Read segments in genome order; columns may stand in any order, empty cells are unknown.

    Neighbours that overlap by a single base (older CNVkit) are parted with a warning; a larger
    overlap, missing columns or missing coordinates raise :class:`InputError`.
    """
    header: dict[str, int] = {}
    one_based = False
    segments: list[Segment] = []
    for number, line in read_lines(path):
        if not line.strip() or line.startswith(("#", "@")):
            continue
        fields = [field.strip().strip('"') for field in line.split("\t")]
        if not header:
            header = _header(fields)
            one_based = bool(ONE_BASED & set(fields))
            if not header and (len(fields) > 2 or number > 20):
                raise InputError(
                    path,
                    f"no columns chromosome, start, end, log2; found {', '.join(fields)[:200]}",
                    line=number,
                    hint=HINT,
                )
            continue
        segments.append(_segment(path, number, fields, header, one_based=one_based))
    if not segments:
        raise InputError(path, "holds no segment", hint=HINT)
    return _parted(path, sorted(segments, key=lambda s: (order(s.contig), s.start, s.end)))


def _header(fields: Sequence[str]) -> dict[str, int]:
    """Return where each field stands; empty if this is no header."""
    lower = [field.lower() for field in fields]
    at = {
        name: next(lower.index(known) for known in names if known in lower)
        for name, names in COLUMNS.items()
        if any(known in lower for known in names)
    }
    return at if {"contig", "start", "end", "log2_ratio"} <= set(at) else {}


def _segment(
    path: Path, number: int, fields: list[str], header: Mapping[str, int], *, one_based: bool
) -> Segment:
    values: dict[str, Any] = {}
    for name, at in header.items():
        text = fields[at] if at < len(fields) else ""
        if name == "contig":
            values[name] = text
        elif name == "gene":
            values[name] = "" if text in ("-", ".") else text
        elif name == "focal":
            values[name] = text.lower() in ("yes", "true", "1")
        elif text not in NOT_KNOWN:
            values[name] = _number(path, number, name, text)
    missing = [name for name in ("contig", "start", "end") if values.get(name) in (None, "")]
    if missing:
        raise InputError(path, f"missing coordinates: {', '.join(missing)}", line=number, hint=HINT)
    values["start"] -= one_based
    if values["start"] < 0 or values["end"] <= values["start"]:
        raise InputError(
            path, f"end {values['end']} is not after start {values['start']}", line=number
        )
    for name in ("baf", "baf_low", "baf_high", "imbalance_p"):
        if name in values and not 0 <= values[name] <= 1:
            raise InputError(
                path, f"{name} must lie in 0 to 1, found {values[name]:g}", line=number
            )
    values.setdefault("log2_ratio", float("nan"))
    values.setdefault("bins", 0)
    return Segment(**values)


def _number(path: Path, number: int, name: str, text: str) -> float | int:
    try:
        value = float(text)
        if isinf(value):
            raise ValueError(text)
        return round(value) if name in WHOLE else value
    except ValueError:
        raise InputError(
            path, f"{COLUMNS[name][0]} must be a number, found {text!r}", line=number
        ) from None


def _parted(path: Path, segments: list[Segment]) -> list[Segment]:
    """Part neighbours that share one base; refuse larger overlaps."""
    repaired = 0
    for at, (left, right) in enumerate(pairwise(segments)):
        shared = left.end - right.start if left.contig == right.contig else 0
        if shared > 1:
            raise InputError(
                path,
                f"segments {left.contig}:{left.start}-{left.end} and "
                f"{right.contig}:{right.start}-{right.end} overlap by {shared} bases",
                hint="one sample per file, each stretch of the genome in one segment",
            )
        if shared == 1:
            segments[at] = replace(left, end=right.start)
            repaired += 1
    if repaired:
        warnings.warn(
            f"{path}: {repaired} segments overlapped the next by one base; "
            "each now ends where the next begins",
            UserWarning,
            stacklevel=3,
        )
    return segments


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
