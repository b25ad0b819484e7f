"""BED and other lists of intervals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.interval import Interval
from tumorkit.io.text import read_lines

BED_COLUMNS = 3


def read_intervals(path: Path) -> list[Interval]:
    """Read a BED, Picard interval list or ``contig:start-end`` list, plain or gzipped.

    Order and names are kept; ``track``, ``browser`` and comment lines are passed over, and a
    header line whose second and third columns are not numbers is accepted as the first line only.
    """
    intervals = list(_parse(path))
    if not intervals:
        raise InputError(path, "holds no interval", hint="expected rows of contig, start, end")
    return intervals


def _parse(path: Path) -> Iterator[Interval]:
    picard = False
    first = True
    for number, line in read_lines(path):
        if line.startswith("@"):
            picard = True
            continue
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        fields = line.split("\t") if "\t" in line else line.split()
        header = first and len(fields) >= BED_COLUMNS and not _numbers(fields)
        first = False
        if header:
            continue
        yield _interval(path, number, fields, picard=picard)


def _numbers(fields: list[str]) -> bool:
    return fields[1].lstrip("-").isdigit() and fields[2].lstrip("-").isdigit()


def _interval(path: Path, number: int, fields: list[str], *, picard: bool) -> Interval:
    if len(fields) < BED_COLUMNS:
        if ":" in fields[0] and "-" in fields[0]:
            return _from_region(path, number, fields)
        raise InputError(
            path,
            f"expected at least 3 columns, found {len(fields)}",
            line=number,
            hint="separate contig, start and end with tabs",
        )
    if not _numbers(fields):
        raise InputError(
            path,
            f"start and end must be whole numbers, found {fields[1]!r} and {fields[2]!r}",
            line=number,
        )
    start, end = int(fields[1]), int(fields[2])
    if picard:
        start -= 1
    name = fields[4] if picard and len(fields) > 4 else "".join(fields[3:4])
    return _checked(path, number, fields[0], start, end, "" if name in (".", "-") else name)


def _from_region(path: Path, number: int, fields: list[str]) -> Interval:
    region, *_rest = fields[0].split()
    contig, _, rest = region.partition(":")
    span, _, name = rest.partition(":")
    start, _, end = span.partition("-")
    if not (start.isdigit() and end.isdigit()):
        raise InputError(path, f"expected contig:start-end, found {region!r}", line=number)
    return _checked(path, number, contig, int(start) - 1, int(end), name or "".join(fields[1:2]))


def _checked(path: Path, number: int, contig: str, start: int, end: int, name: str) -> Interval:
    if start < 0:
        raise InputError(path, f"start {start} is below 0", line=number)
    if end < start:
        raise InputError(
            path,
            f"end {end} is before start {start}",
            line=number,
            hint="BED is 0-based and half-open: start < end",
        )
    return Interval(contig, start, end, name)
