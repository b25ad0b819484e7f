# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Rows of copy ratios from bytes; the meaning stands in ``ratio_rows_python``."""

from libc.math cimport NAN
from libc.stdint cimport int64_t, uint64_t
from libc.stdlib cimport strtod
from libc.string cimport memchr, memcmp

import numpy as np

# The largest whole number below which all are doubles.
cdef uint64_t EXACT = 1 << 53
cdef double[23] TENS
cdef int power
cdef double grown = 1.0
for power in range(23):
    TENS[power] = grown
    grown *= 10.0


cdef inline int unknown(const char* text, Py_ssize_t size) noexcept nogil:
    if size == 0:
        return 1
    if size == 1:
        return text[0] == c"."
    if size == 2:
        return text[0] == c"N" and text[1] == c"A"
    if size == 3:
        return memcmp(text, b"NaN", 3) == 0 or memcmp(text, b"nan", 3) == 0
    return 0


cdef int whole(const char* text, Py_ssize_t size, int64_t* out) noexcept nogil:
    """Read a whole number of up to 18 digits; 0 if it is none."""
    cdef Py_ssize_t at = 0
    cdef int64_t value = 0
    cdef int minus = 0
    if size > 0 and text[0] == c"-":
        minus = 1
        at = 1
    if size - at < 1 or size - at > 18:
        return 0
    while at < size:
        if text[at] < c"0" or text[at] > c"9":
            return 0
        value = 10 * value + (text[at] - c"0")
        at += 1
    out[0] = -value if minus else value
    return 1


cdef int decimal(const char* text, Py_ssize_t size, double* out) noexcept nogil:
    """Read a decimal number to the nearest double, NaN for what is unknown; 0 if it is none.

    Digits that fit into 53 bits, times or over an exact power of ten, round once (Clinger 1990);
    the others are left to ``strtod``.
    """
    cdef Py_ssize_t at = 0
    cdef uint64_t digits = 0
    cdef int count = 0, seen = 0, minus = 0, shift = 0, exponent = 0, down = 0, marks = 0
    cdef double value
    if unknown(text, size):
        out[0] = NAN
        return 1
    if text[0] == c"-" or text[0] == c"+":
        minus = text[0] == c"-"
        at = 1
    while at < size and text[at] >= c"0" and text[at] <= c"9":
        if count < 19:
            digits = 10 * digits + (text[at] - c"0")
        if digits > 0:
            count += 1
        seen = 1
        at += 1
    if at < size and text[at] == c".":
        at += 1
        while at < size and text[at] >= c"0" and text[at] <= c"9":
            if count < 19:
                digits = 10 * digits + (text[at] - c"0")
                shift -= 1
            if digits > 0:
                count += 1
            seen = 1
            at += 1
    if not seen:
        return 0
    if at < size and (text[at] == c"e" or text[at] == c"E"):
        at += 1
        if at < size and (text[at] == c"-" or text[at] == c"+"):
            down = text[at] == c"-"
            at += 1
        while at < size and text[at] >= c"0" and text[at] <= c"9":
            if exponent < 10000:
                exponent = 10 * exponent + (text[at] - c"0")
            marks += 1
            at += 1
        if marks == 0:
            return 0
        shift = shift - exponent if down else shift + exponent
    if at != size:
        return 0
    if count <= 19 and digits <= EXACT and -22 <= shift <= 22:
        value = <double> digits
        if shift < 0:
            value /= TENS[-shift]
        else:
            value *= TENS[shift]
        out[0] = -value if minus else value
    else:
        out[0] = strtod(text, NULL)
    return 1


def rows(bytes content, Py_ssize_t width, places):
    """Return the columns of a block of rows, None if a row cannot be read in this way."""
    cdef const char* text = content
    cdef Py_ssize_t size = len(content)
    cdef Py_ssize_t count = content.count(b"\n")
    if size and text[size - 1] != c"\n":
        count += 1
    cdef int64_t[::1] at = np.asarray(places, dtype=np.int64)
    cdef int64_t[:, ::1] numbers = np.empty((2, count), dtype=np.int64)
    cdef double[:, ::1] values = np.empty((3, count))
    cdef int64_t[:, ::1] codes = np.zeros((2, count), dtype=np.int64)
    cdef const char* before[2]
    cdef Py_ssize_t lengths[2]
    cdef int64_t last[2]
    cdef const char* found
    cdef Py_ssize_t row, column, begin, end, cell, stop, kind
    names = ({}, {})
    last[0] = last[1] = -1
    lengths[0] = lengths[1] = 0
    before[0] = before[1] = text
    begin = 0
    for row in range(count):
        found = <const char*> memchr(text + begin, c"\n", size - begin)
        end = found - text if found != NULL else size
        cell = begin
        for column in range(width):
            if column == width - 1:
                stop = end
                if memchr(text + cell, c"\t", stop - cell) != NULL:
                    return None
            else:
                found = <const char*> memchr(text + cell, c"\t", end - cell)
                if found == NULL:
                    return None
                stop = found - text
            if column == at[1] or column == at[2]:
                if not whole(text + cell, stop - cell, &numbers[column == at[2], row]):
                    return None
            elif column == at[3] or column == at[4] or column == at[5]:
                kind = 0 if column == at[3] else 1 if column == at[4] else 2
                if not decimal(text + cell, stop - cell, &values[kind, row]):
                    return None
            elif column == at[0] or column == at[6]:
                kind = column == at[6]
                if (
                    last[kind] < 0
                    or stop - cell != lengths[kind]
                    or memcmp(text + cell, before[kind], stop - cell) != 0
                ):
                    before[kind] = text + cell
                    lengths[kind] = stop - cell
                    name = content[cell:stop]
                    last[kind] = names[kind].setdefault(name, len(names[kind]))
                codes[kind, row] = last[kind]
            cell = stop + 1
        if end > begin and text[end - 1] == c"\r":
            return None
        begin = end + 1
    return (
        np.asarray(numbers), np.asarray(values), np.asarray(codes),
        list(names[0]), list(names[1]),
    )
