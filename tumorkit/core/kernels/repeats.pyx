# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Microsatellites in a stretch, compiled; ``repeats_python`` has the definition in plain code."""

from libc.stdint cimport int64_t, uint8_t
from libc.stdlib cimport free, realloc
from libc.string cimport memcpy

import numpy as np


def find_repeats(
    sequence,
    int64_t first,
    *,
    bint final,
    int64_t min_homopolymer,
    int64_t min_repeats,
    int64_t max_unit,
):
    """Return hits (start, length of the unit, repeats) and where reading ended."""
    cdef const uint8_t[::1] text = codes_of(sequence)
    cdef int64_t size = text.shape[0]
    cdef int64_t need = max(min_homopolymer, min_repeats * max_unit)
    cdef int64_t *hits = NULL
    cdef int64_t *more
    cdef int64_t count = 0
    cdef int64_t room = 0
    cdef int64_t at = first
    cdef int64_t unit, end, repeats
    cdef bint found, open_end = False, no_memory = False
    with nogil:
        while at < size and not open_end:
            if not final and at + need > size:
                break
            if text[at] > 3:
                at += 1
                continue
            found = False
            for unit in range(1, max_unit + 1):
                end = at + unit
                while end < size and text[end] == text[end - unit]:
                    end += 1
                repeats = (end - at) // unit
                if repeats < (min_homopolymer if unit == 1 else min_repeats):
                    continue
                if not known(&text[at], unit):
                    continue
                found = True
                if end == size and not final:
                    open_end = True
                    break
                if count == room:
                    room = 2 * room + 256
                    more = <int64_t *>realloc(hits, 3 * room * sizeof(int64_t))
                    if more is NULL:
                        no_memory = open_end = True
                        break
                    hits = more
                hits[3 * count] = at
                hits[3 * count + 1] = unit
                hits[3 * count + 2] = repeats
                count += 1
                at += unit * repeats
                break
            if not found:
                at += 1
    if no_memory:
        free(hits)
        raise MemoryError
    rows = np.empty((count, 3), dtype=np.int64)
    cdef int64_t[:, ::1] row = rows
    if count:
        memcpy(&row[0, 0], hits, 3 * count * sizeof(int64_t))
    free(hits)
    return rows, at


cdef codes_of(sequence):
    """Return bases as 0 to 3; anything else as itself, so that runs of it are no units."""
    table = np.full(256, 4, dtype=np.uint8)
    for code, base in enumerate((65, 67, 71, 84)):
        table[base] = table[base + 32] = code
    letters = np.ascontiguousarray(sequence, dtype=np.uint8)
    return table[letters]


cdef bint known(const uint8_t *bases, int64_t size) noexcept nogil:
    cdef int64_t k
    for k in range(size):
        if bases[k] > 3:
            return False
    return True
