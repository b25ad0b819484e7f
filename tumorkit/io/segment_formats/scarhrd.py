"""Input tables of scarHRD, row by row as they stand, and the files that scarHRD writes.

Source: sztup/scarHRD README and ``scar_score`` (text mode): columns SampleID, Chromosome,
Start_position, End_position, total_cn, A_cn, B_cn, ploidy; rows are used in the order given.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.segment import Segment
from tumorkit.io.segment_formats.dialects import COLUMNS, places
from tumorkit.io.segment_formats.rows import Collector
from tumorkit.io.segment_formats.tables import header_of
from tumorkit.io.text import read_lines

NAME = "scarHRD"
HEADER = (
    "SampleID", "Chromosome", "Start_position", "End_position", "total_cn", "A_cn", "B_cn",
    "ploidy",
)  # fmt: skip
NEEDED = ("contig", "start", "end", "copy_number", "major_cn", "minor_cn")


@dataclass(frozen=True, kw_only=True)
class GivenRows:
    """Rows of a scarHRD table in the order given, 0-based half-open, nothing repaired.

    ``first_cn`` are the copies of allele A as written. ``faults`` say what a careful reader would
    have repaired or refused, ``notes`` what else is odd.
    """

    segments: tuple[Segment, ...]
    first_cn: tuple[int, ...]
    sample: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def is_scarhrd(path: Path) -> bool:
    """Whether a file is a table as scarHRD reads it, by its header."""
    head = list(itertools.islice(read_lines(path), 1))
    names = [name.strip().strip('"').lower() for name in head[0][1].split("\t")] if head else []
    return {"start_position", "end_position", "total_cn", "a_cn", "b_cn"} <= set(names)


def read_given_rows(path: Path, *, sample: str = "") -> GivenRows:
    """Read a scarHRD table as scarHRD does: any order, overlaps and reversed rows included.

    Raises :class:`InputError` for missing columns, copies that are no whole numbers, and files of
    several samples unless ``sample`` names one.
    """
    into = Collector(path)
    lines = read_lines(path)
    names, _, separator = header_of(path, lines, into)
    at = places([name.lower() for name in names], {})
    lacking = [COLUMNS[name][-1] for name in NEEDED if name not in at]
    if lacking:
        raise InputError(path, f"no column {', '.join(lacking)}", hint=f"expected {HEADER}")
    rows: list[tuple[Segment, int]] = []
    for number, line in lines:
        fields = [field.strip().strip('"') for field in line.split(separator)]
        if not line.strip():
            continue
        name = fields[at["sample"]] if "sample" in at else ""
        into.samples[name] = into.samples.get(name, 0) + 1
        if not sample or name == sample:
            rows.append(row_of(into, number, fields, at))
    chosen = into.choose("sample", sample, into.samples)
    if not rows:
        raise InputError(path, "holds no segment", hint=f"expected {HEADER}")
    segments = tuple(item for item, _ in rows)
    return GivenRows(
        segments=segments,
        first_cn=tuple(first for _, first in rows),
        sample=chosen,
        faults=tuple(faults(segments)),
        notes=tuple(oddities(segments)),
    )


def row_of(
    into: Collector, number: int, fields: list[str], at: Mapping[str, int]
) -> tuple[Segment, int]:
    """Return one row and its copies of allele A."""
    whole = {}
    for name in NEEDED[1:]:
        text = fields[at[name]] if at[name] < len(fields) else ""
        whole[name] = int(text) if text.isdecimal() else whole_number(into, number, name, text)
    first, second = whole["major_cn"], whole["minor_cn"]
    item = Segment(
        contig=fields[at["contig"]],
        start=whole["start"] - 1,
        end=whole["end"],
        log2_ratio=float("nan"),
        bins=0,
        copy_number=float(whole["copy_number"]),
        major_cn=max(first, second),
        minor_cn=min(first, second),
    )
    return item, first


def whole_number(into: Collector, number: int, name: str, text: str) -> int:
    """Return a number that may be written with a point or a sign; raise for anything else."""
    value = into.number(number, COLUMNS[name][-1], text)
    if value is None or value != int(value):
        raise InputError(
            into.path,
            f"{names_of(name)} must be a whole number, found {text!r}",
            line=number,
            hint="scarHRD cannot do without: leave --compat out to have it as unknown",
        )
    return int(value)


def names_of(name: str) -> str:
    """Return the column of a field as scarHRD calls it."""
    return dict(zip(NEEDED[1:], HEADER[2:7], strict=True))[name]


def faults(segments: Iterable[Segment]) -> list[str]:
    """Say what a careful reader would have repaired or refused, chromosome by chromosome."""
    backward: list[Segment] = []
    last: dict[str, Segment] = {}
    unsorted = shared = negative = 0
    for item in segments:
        negative += (item.minor_cn or 0) < 0
        if item.end <= item.start:
            backward.append(item)
            continue
        left = last.get(item.contig)
        if left is not None:
            unsorted += item.start < left.start
            shared += left.start <= item.start < left.end
        last[item.contig] = item
    found = []
    if backward:
        first = backward[0]
        found.append(
            f"{plural(len(backward), 'row')} ending before the start, the first "
            f"{first.contig}:{first.start + 1}-{first.end}, taken as given"
        )
    for count, words in (
        (unsorted, "starting before the one above"),
        (shared, "overlapping the one above"),
        (negative, "of negative copies"),
    ):
        if count:
            found.append(f"{plural(count, 'row')} {words}, taken as given")
    return found


def oddities(segments: Iterable[Segment]) -> list[str]:
    """Say where the total is not the sum of the alleles; both are then used as given."""
    count = sum(
        item.copy_number != (item.major_cn or 0) + (item.minor_cn or 0) for item in segments
    )
    return [f"{plural(count, 'row')} whose total is not A + B, taken as given"] if count else []


def plural(count: int, word: str) -> str:
    """Return a count with its word.

    >>> plural(1, "row"), plural(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count} {word}{'s' if count != 1 else ''}"


def input_text(segments: Iterable[Segment], sample: str, ploidy: float | None) -> str:
    """Return segments as scarHRD reads them; those of unknown alleles are left out."""
    lines = ["\t".join(HEADER)]
    said = "NA" if ploidy is None else f"{ploidy:.6g}"
    for item in segments:
        if item.major_cn is None or item.minor_cn is None:
            continue
        total = item.major_cn + item.minor_cn
        cells = (
            sample, item.contig, item.start + 1, item.end, total, item.major_cn, item.minor_cn,
            said,
        )  # fmt: skip
        lines.append("\t".join(str(cell) for cell in cells))
    return "\n".join(lines) + "\n"


def result_text(sample: str, loh: int, tai: int, lst: int) -> str:
    """Return the file ``*_HRDresults.txt`` as scarHRD writes it."""
    names = ("", "HRD", "Telomeric AI", "LST", "HRD-sum")
    head = "\t".join(f'"{name}"' for name in names)
    cells = (f'"{sample}"', loh, tai, lst, loh + tai + lst)
    return head + "\n" + "\t".join(str(cell) for cell in cells) + "\n"
