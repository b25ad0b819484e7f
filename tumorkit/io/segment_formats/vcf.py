"""Segments from a VCF of copy numbers: ours, CNVkit's, and those of hydra-genetics pipelines.

Sources: VCF specification 4.3 and 4.4 (symbolic alleles, CIPOS, CIEND), ``cnvkit.py export vcf``,
hydra-genetics cnv_sv. Symbolic alleles: POS is the base before the event. hydra writes the first
base itself; its SVLEN, one more than END - POS, tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tumorkit.errors import InputError
from tumorkit.genome.segment import Segment
from tumorkit.genome.vcf import FORMAT_COLUMN, INFO_COLUMN, SAMPLE_COLUMN
from tumorkit.io.segment_formats.rows import NOT_KNOWN, Collector, SegmentSet

Lines = Iterator[tuple[int, str]]
# A field of the noun by the INFO keys that fill it; the first with a value is taken.
INFO_FIELDS: dict[str, tuple[str, ...]] = {
    "log2_ratio": ("LOG_ODDS_RATIO", "FOLD_CHANGE_LOG"),
    "bins": ("PROBES",),
    "baf": ("BAF",),
    "snps": ("BAF_PROBES", "BAFN"),
    "copy_number": ("CORR_CN",),
}
FORMAT_FIELDS: dict[str, tuple[str, ...]] = {
    "depth": ("DP",),
    "baf": ("BAF",),
    "snps": ("BAFQ",),
    "major_cn": ("CN1",),
    "minor_cn": ("CN2",),
}
KINDS = frozenset(("DEL", "DUP", "CNV", "COPY_NORMAL", "LOH"))
STATES = {"DEL": "loss", "DUP": "gain", "CNV": "neutral", "COPY_NORMAL": "neutral", "LOH": ""}
HEADER_COLUMNS = 8
# What the header of a VCF of copy numbers declares.
OF_COPIES = ("ID=CN", "ID=SVTYPE", "ID=DEL", "ID=LOG_ODDS_RATIO", "ID=FOLD_CHANGE")


def read_vcf(
    path: Path, lines: Lines, *, sample: str = "", caller: str = "", lenient: bool = False
) -> SegmentSet:
    """Read segments from the lines of a VCF; values such as ``CN=NA`` are unknown."""
    into = Collector(path, lenient)
    column: int | None = None
    seen = copies = False
    for number, line in lines:
        if line.startswith("##contig="):
            contig_line(line, into)
        elif line.startswith("##"):
            copies = copies or any(word in line for word in OF_COPIES)
        elif line.startswith("#CHROM"):
            seen = True
            if not copies and len(line.split("\t")) > SAMPLE_COLUMN + 1:
                raise InputError(
                    path,
                    "holds variants of several samples and declares no copy number",
                    line=number,
                    hint="give segments (.cns, SEG, a VCF of copy numbers); `purity fit` takes a "
                    "tumour's variants by --somatic",
                )
            column = sample_column(path, number, line.split("\t"), sample, into)
        elif line.strip() and not line.startswith("#"):
            if not seen:
                raise InputError(path, "a record stands before the #CHROM line", line=number)
            take_record(into, number, line.split("\t"), column, caller)
    form = "hydra CNV VCF" if any("LOG_ODDS_RATIO" in w for _, _, w in into.segments) else "CNV VCF"
    for _, _, words in into.segments:
        words.pop("LOG_ODDS_RATIO", None)
    if into.segments and all(nothing_said(segment) for segment, _, _ in into.segments):
        raise InputError(
            path,
            "holds structural variants without a copy number, log2 ratio or allele fraction",
            hint="give segments or a VCF of copy numbers",
        )
    return into.finished(form, caller=caller)


def nothing_said(segment: Segment) -> bool:
    """Whether a record gave no level at all."""
    known = (segment.copy_number, segment.baf, segment.minor_cn)
    return segment.log2_ratio != segment.log2_ratio and known == (None, None, None)


def contig_line(line: str, into: Collector) -> None:
    """Keep a contig's length."""
    fields = dict(
        item.split("=", 1)
        for item in line[len("##contig=<") :].rstrip(">").split(",")
        if "=" in item
    )
    if fields.get("length", "").isdigit():
        into.lengths[fields.get("ID", "")] = int(fields["length"])


def sample_column(
    path: Path, number: int, names: list[str], sample: str, into: Collector
) -> int | None:
    """Return where the sample's values stand, None in a VCF without samples."""
    if len(names) < HEADER_COLUMNS:
        raise InputError(
            path,
            f"expected at least {HEADER_COLUMNS} columns, found {len(names)}",
            line=number,
            hint="separate columns with tabs",
        )
    present = names[SAMPLE_COLUMN:]
    chosen = into.choose("sample", sample, dict.fromkeys(present, 1))
    into.sample = chosen
    return SAMPLE_COLUMN + present.index(chosen) if present else None


def take_record(
    into: Collector, number: int, fields: list[str], column: int | None, caller: str
) -> None:
    """Take one record: coordinates, values of INFO and FORMAT, the event that it says."""
    if len(fields) < HEADER_COLUMNS:
        raise InputError(
            into.path,
            f"expected at least {HEADER_COLUMNS} columns, found {len(fields)}",
            line=number,
            hint="separate columns with tabs",
        )
    info = info_of(fields[INFO_COLUMN])
    kind = kind_of(fields[4], info)
    if kind is None:
        into.noticed[f"record without a copy number left out ({fields[4][:20]})"] += 1
        return
    name = info.get("CALLER", "").strip("'\"")
    if name:
        into.callers[name] = into.callers.get(name, 0) + 1
        if caller and name != caller:
            return
    keys = fields[FORMAT_COLUMN].split(":") if len(fields) > FORMAT_COLUMN else []
    cells = fields[column].split(":") if column is not None and column < len(fields) else []
    own = dict(zip(keys, cells, strict=False))
    values: dict[str, Any] = {"contig": fields[0], **coordinates(into, number, fields, info)}
    for meaning, wanted in INFO_FIELDS.items():
        values[meaning] = first_number(into, number, info, wanted)
    for meaning, wanted in FORMAT_FIELDS.items():
        if values.get(meaning) is None:
            values[meaning] = first_number(into, number, own, wanted)
    hydra = "LOG_ODDS_RATIO" in info
    if not hydra:
        # hydra's CN is twice the ratio, whatever the purity: CORR_CN alone is a number of copies.
        values["copy_number"] = first_number(into, number, own, ("CN",))
        if values["copy_number"] is None:
            values["copy_number"] = first_number(into, number, info, ("CN",))
    genes = info.get("Genes", info.get("GENES", ""))
    values["gene"] = "" if genes in NOT_KNOWN else unquote(genes)
    intervals(into, number, info, values)
    state = state_of(kind, info, own, known=values.get("copy_number") is not None)
    words = {"state": state, "loh": "yes" if "LOH" in info else ""}
    if "STATE" in info and "LOH" not in info and values.get("minor_cn") is not None:
        words["loh"] = "no"
    if "STATE" not in info:
        words["event"] = kind
    if hydra:
        words["LOG_ODDS_RATIO"] = "yes"
    into.add(number, values, words)


def info_of(text: str) -> dict[str, str]:
    """Return INFO as keys and values; a flag has an empty value."""
    found = {}
    for item in text.split(";"):
        key, _, value = item.partition("=")
        if key and key != ".":
            found[key] = value
    return found


def kind_of(alt: str, info: Mapping[str, str]) -> str | None:
    """Return what kind of event a record is, None where it says nothing of copy number."""
    kind = info.get("SVTYPE", "")
    symbol = alt.strip("<>").partition(":")[0] if alt.startswith("<") else ""
    for word in (symbol, kind):
        if word in KINDS:
            return word
    return "COPY_NORMAL" if alt == "." and "STATE" in info else None


def state_of(kind: str, info: Mapping[str, str], own: Mapping[str, str], *, known: bool) -> str:
    """Return the state of a record: its own word, else what allele and genotype say.

    A genotype without any copy is a homozygous deletion only where copies are ``known``.
    """
    if "STATE" in info:
        return info["STATE"].replace("_", " ")
    if kind == "DEL" and own.get("GT", "").replace("|", "/") == "1/1":
        return "homozygous deletion" if known else "deep loss (log2)"
    return STATES[kind]


def coordinates(
    into: Collector, number: int, fields: list[str], info: Mapping[str, str]
) -> dict[str, float | None]:
    """Return start and end, 0-based half-open, whichever base POS names."""
    pos = into.number(number, "POS", fields[1])
    length = into.number(number, "SVLEN", info.get("SVLEN", "."))
    end = into.number(number, "END", info.get("END", "."))
    if end is None and pos is not None and length is not None:
        end = pos + abs(length)
    if pos is None or end is None:
        return {"start": pos, "end": end}
    first_base = length is not None and abs(length) == end - pos + 1
    return {"start": pos - 1 if first_base else pos, "end": end}


def first_number(
    into: Collector, number: int, source: Mapping[str, str], keys: tuple[str, ...]
) -> float | None:
    """Return the first value that is known of several keys."""
    for key in keys:
        if key in source:
            value = into.number(number, key, source[key])
            if value is not None:
                return value
    return None


def intervals(
    into: Collector, number: int, info: Mapping[str, str], values: dict[str, Any]
) -> None:
    """Lay CIPOS and CIEND round the ends."""
    for key, edge in (("CIPOS", "start"), ("CIEND", "end")):
        cells = info.get(key, "").split(",")
        if len(cells) == 2 and values.get(edge) is not None:
            low, high = (into.number(number, key, cell) for cell in cells)
            values[f"{edge}_low"] = None if low is None else max(0, values[edge] + low)
            values[f"{edge}_high"] = None if high is None else values[edge] + high
