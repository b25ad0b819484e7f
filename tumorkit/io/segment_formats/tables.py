"""Segments from a table with a header, whatever program wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tumorkit.core.intervals import widened
from tumorkit.errors import InputError
from tumorkit.io.segment_formats.dialects import (
    COLUMNS,
    Dialect,
    dialect_of,
    is_bins,
    places,
)
from tumorkit.io.segment_formats.rows import HINT, Collector, SegmentSet

# Text that our own tables have beside the segments.
WORDS = (
    "state",
    "state_from_two",
    "copy_number_low",
    "copy_number_high",
    "copy_number_raw",
    "minor_copies",
    "minor_copies_low",
    "minor_copies_high",
    "loh",
)
# So many lines of a program's chatter may stand above a header.
MAX_JUNK = 20
# PureCN marks copies of the minor allele that too few SNPs speak for.
FLAGGED = "m.flagged"
# SEG files write CALL as GATK does.
CALLS = {"+": "gain", "-": "loss", "0": "neutral"}

Lines = Iterator[tuple[int, str]]


def read_table(path: Path, lines: Lines, *, sample: str = "", lenient: bool = False) -> SegmentSet:
    """Read segments from the lines of a table; columns are found by their names."""
    into = Collector(path, lenient)
    names, dialect, separator = header_of(path, lines, into)
    at = places([name.lower() for name in names], dialect.extra)
    lower = [name.lower() for name in names]
    if dialect.name in ("FACETS", "PureCN dnacopy"):
        at.pop("baf", None)
    words = {name: lower.index(name) for name in WORDS if name in lower}
    if dialect.name == "GATK called.seg" and "call" in lower:
        words["state"] = lower.index("call")
    if dialect.name == "BED" and "name" in lower:
        words["state"] = lower.index("name")
    if dialect.name == "PureCN loh" and FLAGGED in lower:
        at[FLAGGED] = lower.index(FLAGGED)
    shift: int | None = None
    for number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip().strip('"') for field in line.split(separator)]
        if shift is None:
            # R's write.table numbers its rows and gives that column no name.
            shift = int(len(fields) == len(names) + 1 and fields[-1] != "")
        take_row(into, number, fields[shift:], at, words, dialect, sample)
    if dialect.note:
        into.said.append(dialect.note)
    return into.finished(dialect.name, sample=sample)


def header_of(path: Path, lines: Lines, into: Collector) -> tuple[list[str], Dialect, str]:
    """Read up to the header; return its names, the dialect and what separates the columns."""
    junk: list[str] = []
    for number, line in lines:
        if line.startswith("@"):
            sam_line(line, into)
            continue
        bed = line.lower().startswith("#contig\t")
        if not line.strip() or (line.startswith("#") and not bed):
            continue
        separator = "\t" if "\t" in line else ","
        names = [field.strip().strip('"') for field in line.split(separator)]
        lower = [name.lower() for name in names]
        dialect = dialect_of(lower)
        if is_bins(lower):
            raise InputError(
                path,
                "holds copy ratios of bins, not segments",
                line=number,
                hint=f"run: tumorkit cnv segment {path.name}",
            )
        if dialect is not None:
            if junk:
                into.said.append(
                    f"{len(junk)} line{'s' if len(junk) > 1 else ''} above the header skipped: "
                    f"{junk[0][:80]}"
                )
            return names, dialect, separator
        junk.append(line.strip())
        if len(names) > 2 or number > MAX_JUNK:
            raise InputError(
                path,
                f"no columns chromosome, start, end, log2 (or a copy number); found "
                f"{', '.join(names)[:200]}",
                line=number,
                hint=HINT,
            )
    raise InputError(path, "holds no segment", hint=HINT)


def sam_line(line: str, into: Collector) -> None:
    """Take contig lengths and the sample from a line of a SAM header (GATK tables)."""
    fields = dict(item.split(":", 1) for item in line.split("\t")[1:] if ":" in item)
    if line.startswith("@SQ") and fields.get("LN", "").isdigit():
        into.lengths[fields.get("SN", "")] = int(fields["LN"])
    if line.startswith("@RG"):
        into.sample = fields.get("SM", into.sample)


def take_row(
    into: Collector,
    number: int,
    fields: Sequence[str],
    at: dict[str, int],
    words: dict[str, int],
    dialect: Dialect,
    sample: str,
) -> None:
    """Take one row, unless it belongs to another sample."""

    def cell(place: int) -> str:
        return fields[place] if place < len(fields) else ""

    if "sample" in at:
        name = cell(at["sample"])
        into.samples[name] = into.samples.get(name, 0) + 1
        if sample and name != sample:
            return
    values: dict[str, Any] = {}
    for meaning, place in at.items():
        text = cell(place)
        if meaning == "contig":
            values[meaning] = text
        elif meaning == "gene":
            values[meaning] = "" if text in ("-", ".", "NA") else text
        elif meaning in ("focal", FLAGGED):
            values[meaning] = text.lower() in ("yes", "true", "1")
        elif meaning != "sample":
            values[meaning] = into.number(number, COLUMNS[meaning][0], text)
    if values.get("start") is not None:
        values["start"] -= dialect.one_based
    if dialect.tenths:
        from_tenths(values)
    if values.pop(FLAGGED, False) and values.get("minor_cn") is not None:
        into.noticed["copies of the minor allele that PureCN flags are taken as unknown"] += 1
        values["minor_cn"] = None
    if dialect.whole:
        complete_copies(values)
    said = {name: cell(place) for name, place in words.items()}
    if dialect.name == "GATK called.seg" and "state" in said:
        said["state"] = CALLS.get(said["state"], "")
    into.add(number, values, said)


def complete_copies(values: dict[str, Any]) -> None:
    """Fill the copies that follow from the others of a program that knows all of them."""
    total, major, minor = (values.get(n) for n in ("copy_number", "major_cn", "minor_cn"))
    if total is None and major is not None and minor is not None:
        values["copy_number"] = major + minor
    if major is None and total is not None and minor is not None:
        values["major_cn"] = total - minor


def from_tenths(values: dict[str, Any]) -> None:
    """Turn GATK's 10 and 90 % points into ends of 95 % intervals, minor fractions into major.

    No point of allele fraction means that nothing is known of it.
    """
    ends: dict[str, float | None] = {}
    for name, prefix in (("log2_ratio", "log2"), ("baf", "baf")):
        middle = values.get(name)
        for end in (f"{prefix}_low", f"{prefix}_high"):
            edge = values.get(end)
            ends[end] = None
            if middle is not None and edge is not None:
                ends[end] = widened(middle, edge)
    values["log2_low"], values["log2_high"] = ends["log2_low"], ends["log2_high"]
    if not values.get("snps"):
        values["snps"] = values["baf"] = None
    fraction = values.get("baf")
    if fraction is None or not 0 <= fraction <= 0.5:
        return
    values["baf"] = 1 - fraction
    low, high = ends["baf_high"], ends["baf_low"]
    values["baf_low"] = None if low is None else min(1.0, max(0.0, 1 - low))
    values["baf_high"] = None if high is None else min(1.0, max(0.0, 1 - high))
