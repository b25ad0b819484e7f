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

    ``first_cn`` are the copies of allele A as written. ``notes`` say what a careful reader would
    have repaired or refused.
    """

    segments: tuple[Segment, ...]
    first_cn: tuple[int, ...]
    sample: str
    notes: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether there is nothing to repair."""
        return not self.notes


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
        notes=tuple(faults(segments)),
    )


def row_of(
    into: Collector, number: int, fields: list[str], at: Mapping[str, int]
) -> tuple[Segment, int]:
    """Return one row and its copies of allele A."""
    whole: dict[str, int] = {}
    for name in NEEDED[1:]:
        text = fields[at[name]] if at[name] < len(fields) else ""
        value = into.number(number, COLUMNS[name][-1], text)
        if value is None or value != int(value):
            raise InputError(
                into.path,
                f"{names_of(name)} must be a whole number, found {text!r}",
                line=number,
                hint="scarHRD cannot do without: leave --compat out to have it as unknown",
            )
        whole[name] = int(value)
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


def names_of(name: str) -> str:
    """Return the column of a field as scarHRD calls it."""
    return dict(zip(NEEDED[1:], HEADER[2:7], strict=True))[name]


def faults(segments: Iterable[Segment]) -> list[str]:
    """Say what a careful reader would have repaired or refused."""
    listed = list(segments)
    backward = [item for item in listed if item.end <= item.start]
    pairs = [
        (left, right)
        for left, right in itertools.pairwise(item for item in listed if item.end > item.start)
        if left.contig == right.contig
    ]
    unsorted = sum(right.start < left.start for left, right in pairs)
    shared = sum(left.start <= right.start < left.end for left, right in pairs)
    found = []
    if backward:
        first = backward[0]
        found.append(
            f"{len(backward)} rows end before they start and were taken as they are, the first "
            f"{first.contig}:{first.start + 1}-{first.end}"
        )
    if unsorted:
        found.append(f"{unsorted} rows start before the one above and were taken as they are")
    if shared:
        found.append(f"{shared} rows overlap the one above and were taken as they are")
    return found


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
