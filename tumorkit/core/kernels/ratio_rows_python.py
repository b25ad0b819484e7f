"""Rows of copy ratios from bytes: the Python twin of ``ratio_rows.pyx``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NOT_KNOWN = frozenset((b"", b"NA", b"NaN", b"nan", b"."))
DECIMAL = b"0123456789+-.eE"
Columns = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], list[bytes], list[bytes]]


def rows(content: bytes, width: int, places: Sequence[int]) -> Columns | None:
    """Return the columns of a block of tab-separated rows, None if a row cannot be read so.

    ``content`` holds whole lines of ``width`` columns that end with a newline (the last need
    not); ``places`` are the columns of contig, start, end, log2, weight, depth and gene, -1 for
    one that is not there. Returns start and end, shape (2, rows); log2, weight and depth, shape
    (3, rows), NaN for what is unknown (rows of absent columns hold nothing of meaning); contig
    and gene as numbers, shape (2, rows); and the names that these numbers stand for, in the order
    in which they come. None for rows of another width, other line ends, empty lines, and numbers
    that are none: the caller then reads row by row.
    """
    if b"\r" in content:
        return None
    lines = content.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    cells = [line.split(b"\t") for line in lines]
    if any(len(row) != width for row in cells):
        return None
    count = len(cells)
    numbers, values = np.empty((2, count), dtype=np.int64), np.empty((3, count))
    codes = np.zeros((2, count), dtype=np.int64)
    names: tuple[dict[bytes, int], dict[bytes, int]] = ({}, {})
    contig, start, end, *measured, gene = places
    for row, fields in enumerate(cells):
        for number, place in enumerate((start, end)):
            if not fields[place].removeprefix(b"-").isdigit() or len(fields[place]) > 18:
                return None
            numbers[number, row] = int(fields[place])
        for number, place in enumerate(measured):
            if place < 0:
                continue
            value = decimal(fields[place])
            if value is None:
                return None
            values[number, row] = value
        for number, place in enumerate((contig, gene)):
            if place >= 0:
                known = names[number]
                codes[number, row] = known.setdefault(fields[place], len(known))
    return numbers, values, codes, list(names[0]), list(names[1])


def decimal(cell: bytes) -> float | None:
    """Return a decimal number, NaN for what is unknown, None for what is no number."""
    if cell in NOT_KNOWN:
        return float("nan")
    if cell.strip(DECIMAL):
        return None
    try:
        return float(cell)
    except ValueError:
        return None
