"""Columns of many VCF lines at once, from the bytes of the file; the twin of the compiled form.

``content`` holds whole lines. ``offsets`` has a row for each record: column ``k`` of record ``r``
is ``content[offsets[r, k] : offsets[r, k + 1] - 1]``.
Source: the VCF specification, version 4.4; for the numbers Clinger, How to read floating point
numbers accurately, 1990: digits below 2^53 and a power of ten up to 22 round once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# What a number may be to be read at once; anything else is the reader's business.
ABSENT, NUMBER, OTHER = 0, 1, 2
AS_IS, DROPPED, FIRST_OTHER = -1, -2, -3
FILTER, INFO, LONGEST = 6, 7, 15
_NUMBER = re.compile(rb"-?([0-9]*)(?:\.([0-9]*))?(?:[eE]([-+]?[0-9]{1,3}))?")


def scan(
    content: bytes, start: int, columns: int, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int, int]:
    """Find the columns of at most ``most`` lines from ``start`` on; empty lines are skipped.

    Returns the offsets, the number of each record's line (0 is the line at ``start``), where the
    scan ended and how many lines it passed. It ends before a line with another number of columns
    or without a POS of 1 to 15 digits.
    """
    rows: list[list[int]] = []
    starts: list[int] = []
    numbers: list[int] = []
    at, passed = start, 0
    while at < len(content) and len(rows) < most:
        end = content.index(b"\n", at)
        if end > at:
            parts = content[at:end].split(b"\t")
            if len(parts) != columns or not (parts[1].isdigit() and len(parts[1]) <= LONGEST):
                break
            rows.append([len(part) + 1 for part in parts])
            starts.append(at)
            numbers.append(passed)
        at = end + 1
        passed += 1
    offsets = np.empty((len(rows), columns + 1), dtype=np.int64)
    offsets[:, 0] = starts
    widths = np.array(rows, dtype=np.int64).reshape(-1, columns)
    offsets[:, 1:] = offsets[:, :1] + np.cumsum(widths, axis=1)
    return offsets, np.array(numbers, dtype=np.int64), at, passed


def alternatives(content: bytes, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many alternative alleles each record has; ``.`` and nothing are none."""
    texts = _texts(content, offsets, 4)
    return np.array(
        [0 if text in (b"", b".") else text.count(b",") + 1 for text in texts], dtype=np.int64
    )


def grouped(
    content: bytes, offsets: NDArray[np.int64], column: int
) -> tuple[NDArray[np.int64], list[bytes]]:
    """Return the different texts of a column, by first appearance, and which each record has."""
    known: dict[bytes, int] = {}
    codes = [known.setdefault(text, len(known)) for text in _texts(content, offsets, column)]
    return np.array(codes, dtype=np.int64), list(known)


def numbers(
    content: bytes, offsets: NDArray[np.int64], column: int
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Read a column as numbers: values and states, NUMBER or OTHER (then the value is NaN)."""
    return _as_numbers(_texts(content, offsets, column))


def tagged(
    content: bytes, offsets: NDArray[np.int64], key: bytes
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Read ``key=value`` of INFO: values and states, ABSENT, NUMBER or OTHER.

    A key that stands more than once is OTHER, too.
    """
    tag = key + b"="
    found: list[bytes | None] = []
    for text in _texts(content, offsets, INFO):
        values = [item for item in text.split(b";") if item.startswith(tag)] if tag in text else []
        found.append(None if not values else values[0][len(tag) :] if len(values) == 1 else b"")
    return _as_numbers(found)


def entries(
    content: bytes,
    offsets: NDArray[np.int64],
    key: bytes,
    fields: Sequence[int],
    most: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[bytes]]:
    """Read some fields of the entries of an annotation: ``key=a|b|c,a|b|c`` in INFO.

    Returns how many entries each record has (no value and ``.`` are none; of a key that stands
    twice the first counts), a row of codes for each entry with a column for each of ``fields``,
    which ascend, and the texts that the codes stand for, the first being empty: so is a field
    that an entry does not reach. ``most`` entries of a record are read, 0 stands for all.
    """
    tag = key + b"="
    known: dict[bytes, int] = {b"": 0}
    counts = np.zeros(len(offsets), dtype=np.int64)
    rows: list[list[int]] = []
    for at, text in enumerate(_texts(content, offsets, INFO)):
        items = text.split(b";") if tag in text else []
        value = next((item[len(tag) :] for item in items if item.startswith(tag)), b"")
        if value in (b"", b"."):
            continue
        found = value.split(b",")[: most or None]
        counts[at] = len(found)
        for entry in found:
            parts = entry.split(b"|")
            texts = [parts[field] if field < len(parts) else b"" for field in fields]
            rows.append([known.setdefault(one, len(known)) for one in texts])
    return counts, np.array(rows, dtype=np.int64).reshape(len(rows), len(fields)), list(known)


def repeated(content: bytes, offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which records have an INFO key more than once."""
    found = np.zeros(len(offsets), dtype=np.bool_)
    for at, text in enumerate(_texts(content, offsets, INFO)):
        keys = [item.partition(b"=")[0] for item in text.split(b";") if item]
        found[at] = len(set(keys)) < len(keys)
    return found


def reads(
    content: bytes, offsets: NDArray[np.int64], column: int, places: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read depth, reference and alternative depth and fraction of a sample's column.

    ``places`` gives for each record the sub-fields of depth, of ``ref,alt`` and of the fraction
    (-1: there is none, NaN is returned); a negative depth place leaves the record out. Returns
    four rows, and which records were read: those whose sub-fields are plain numbers.
    """
    values = np.full((4, len(offsets)), np.nan)
    known = np.zeros(len(offsets), dtype=np.bool_)
    for at, (text, (depth, both, fraction)) in enumerate(
        zip(_texts(content, offsets, column), places.tolist(), strict=True)
    ):
        parts = text.split(b":")
        if depth < 0 or max(depth, both, fraction) >= len(parts):
            continue
        counts = [parts[depth], *parts[both].split(b",")]
        said = _number(parts[fraction]) if fraction >= 0 else math.nan
        if len(counts) == 3 and said is not None and all(map(_is_short_whole, counts)):
            values[:, at] = [*map(int, counts), said]
            known[at] = True
    return values, known


def substituted(
    content: bytes,
    offsets: NDArray[np.int64],
    choice: NDArray[np.int64],
    filters: Sequence[bytes],
    tags: Sequence[bytes],
    others: Sequence[bytes],
) -> bytes:
    """Return the lines with FILTER replaced and tags added to INFO.

    ``choice`` is for each record an index into ``filters`` and ``tags``, AS_IS, DROPPED, or
    ``FIRST_OTHER - k`` for the line ``others[k]``.
    """
    lines: list[bytes] = []
    bounds = offsets[:, [0, FILTER, INFO, INFO + 1, -1]].tolist()
    for picked, (start, before, info, behind, end) in zip(choice.tolist(), bounds, strict=True):
        if picked == DROPPED:
            continue
        if picked == AS_IS:
            lines += (content[start : end - 1], b"\n")
        elif picked <= FIRST_OTHER:
            lines += (others[FIRST_OTHER - picked], b"\n")
        else:
            old = content[info : behind - 1]
            kept = () if old in (b"", b".") else (old, b";")
            head, rest = content[start:before], content[behind - 1 : end - 1]
            lines += (head, filters[picked], b"\t", *kept, tags[picked], rest, b"\n")
    return b"".join(lines)


def _texts(content: bytes, offsets: NDArray[np.int64], column: int) -> list[bytes]:
    starts, ends = offsets[:, column].tolist(), offsets[:, column + 1].tolist()
    return [content[start : end - 1] for start, end in zip(starts, ends, strict=True)]


@lru_cache(maxsize=4096)
def _is_short_whole(text: bytes) -> bool:
    return len(text) <= LONGEST and text.isdigit()


@lru_cache(maxsize=4096)
def _number(text: bytes) -> float | None:
    """Return a number that rounds once, None for any other text."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    whole, behind, exponent = found[1], found[2] or b"", int(found[3] or 0)
    digits = len(whole) + len(behind)
    if not 0 < digits <= LONGEST or abs(exponent - len(behind)) > 22:
        return None
    return float(text)


def _as_numbers(
    texts: Sequence[bytes | None],
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    found = [None if text is None else _number(text) for text in texts]
    values = np.array([math.nan if value is None else value for value in found], dtype=np.float64)
    states = [
        ABSENT if text is None else OTHER if value is None else NUMBER
        for text, value in zip(texts, found, strict=True)
    ]
    return values, np.array(states, dtype=np.int8)
