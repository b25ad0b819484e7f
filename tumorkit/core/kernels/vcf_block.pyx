# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Columns of many VCF lines at once; the meaning stands in ``vcf_block_python``."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport int64_t
from libc.string cimport memchr, memcmp, memcpy

import numpy as np

cdef enum:
    ABSENT = 0
    NUMBER = 1
    OTHER = 2
    AS_IS = -1
    DROPPED = -2
    FIRST_OTHER = -3
    FILTER = 6
    INFO = 7

include "decimal.pxi"


def scan(bytes content, Py_ssize_t start, Py_ssize_t columns, Py_ssize_t most):
    cdef const char* text = PyBytes_AS_STRING(content)
    cdef Py_ssize_t size = PyBytes_GET_SIZE(content)
    cdef Py_ssize_t room = min(content.count(b"\n", start), most)
    offsets = np.empty((room, columns + 1), dtype=np.int64)
    numbers = np.empty(room, dtype=np.int64)
    cdef int64_t[:, ::1] rows = offsets
    cdef int64_t[::1] lines = numbers
    cdef Py_ssize_t at = start, i = start, row = 0, column = 0, passed = 0
    cdef bint whole_line
    if size > 0 and text[size - 1] != c"\n":
        raise ValueError("content must end with a whole line")
    with nogil:
        while at < size and row < most:
            if text[at] == c"\n":
                at += 1
                passed += 1
                continue
            i = at
            column = 1
            rows[row, 0] = at
            whole_line = True
            while text[i] != c"\n":
                if text[i] == c"\t":
                    if column == columns:
                        whole_line = False
                        break
                    rows[row, column] = i + 1
                    column += 1
                i += 1
            if not whole_line or column != columns:
                break
            rows[row, columns] = i + 1
            if whole(text + rows[row, 1], rows[row, 2] - rows[row, 1] - 1) < 0:
                break
            lines[row] = passed
            row += 1
            passed += 1
            at = i + 1
    return offsets[:row], numbers[:row], at, passed


def alternatives(bytes content, offsets):
    cdef const char* text = PyBytes_AS_STRING(content)
    cdef const int64_t[:, ::1] rows = offsets
    cdef Py_ssize_t size = rows.shape[0], r, i
    counts = np.empty(size, dtype=np.int64)
    cdef int64_t[::1] out = counts
    cdef int64_t start, end
    with nogil:
        for r in range(size):
            start = rows[r, 4]
            end = rows[r, 5] - 1
            if end == start or (end == start + 1 and text[start] == c"."):
                out[r] = 0
                continue
            out[r] = 1
            for i in range(start, end):
                if text[i] == c",":
                    out[r] += 1
    return counts


def grouped(bytes content, offsets, Py_ssize_t column):
    cdef const char* text = PyBytes_AS_STRING(content)
    cdef const int64_t[:, ::1] rows = offsets
    cdef Py_ssize_t size = rows.shape[0], r
    codes = np.empty(size, dtype=np.int64)
    cdef int64_t[::1] out = codes
    cdef dict known = {}
    cdef Py_ssize_t start, width, last = 0, last_width = -1
    cdef int64_t code = 0
    for r in range(size):
        start = rows[r, column]
        width = rows[r, column + 1] - 1 - start
        if width != last_width or memcmp(text + start, text + last, width) != 0:
            code = known.setdefault(text[start : start + width], len(known))
            last = start
            last_width = width
        out[r] = code
    return codes, list(known)


def numbers(bytes content, offsets, Py_ssize_t column):
    cdef const char* text = PyBytes_AS_STRING(content)
    cdef const int64_t[:, ::1] rows = offsets
    cdef Py_ssize_t size = rows.shape[0], r
    values, states = np.empty(size), np.empty(size, dtype=np.int8)
    cdef double[::1] out = values
    cdef signed char[::1] state = states
    with nogil:
        for r in range(size):
            if number(text + rows[r, column], rows[r, column + 1] - 1 - rows[r, column], &out[r]):
                state[r] = NUMBER
            else:
                state[r] = OTHER
    return values, states


def tagged(bytes content, offsets, bytes key):
    cdef const char* text = PyBytes_AS_STRING(content)
    cdef const int64_t[:, ::1] rows = offsets
    cdef Py_ssize_t size = rows.shape[0], r
    tag_text = key + b"="
    cdef const char* tag = PyBytes_AS_STRING(tag_text)
    cdef Py_ssize_t width = PyBytes_GET_SIZE(tag_text)
    values, states = np.empty(size), np.empty(size, dtype=np.int8)
    cdef double[::1] out = values
    cdef signed char[::1] state = states
    cdef const char* at
    cdef const char* end
    cdef const char* stop
    with nogil:
        for r in range(size):
            out[r] = NAN
            state[r] = ABSENT
            at = text + rows[r, INFO]
            end = text + rows[r, INFO + 1] - 1
            while at < end:
                stop = <const char*> memchr(at, c";", end - at)
                if stop == NULL:
                    stop = end
                if stop - at >= width and memcmp(at, tag, width) == 0:
                    if state[r] != ABSENT:
                        out[r] = NAN
                        state[r] = OTHER
                        break
                    if number(at + width, stop - at - width, &out[r]):
                        state[r] = NUMBER
                    else:
                        state[r] = OTHER
                at = stop + 1
    return values, states


def entries(bytes content, offsets, bytes key, fields, Py_ssize_t most):
    cdef const char* text = PyBytes_AS_STRING(content)
    cdef const int64_t[:, ::1] rows = offsets
    cdef Py_ssize_t size = rows.shape[0], r, width, row = 0, field, last = -1
    tag_text = key + b"="
    cdef const char* tag = PyBytes_AS_STRING(tag_text)
    width = PyBytes_GET_SIZE(tag_text)
    counts = np.zeros(size, dtype=np.int64)
    starts, ends = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    cdef int64_t[::1] count = counts, start = starts, stop_at = ends
    cdef const char* at
    cdef const char* end
    cdef const char* stop
    with nogil:
        for r in range(size):
            at = text + rows[r, INFO]
            end = text + rows[r, INFO + 1] - 1
            while at < end:
                stop = <const char*> memchr(at, c";", end - at)
                if stop == NULL:
                    stop = end
                if stop - at >= width and memcmp(at, tag, width) == 0:
                    at += width
                    start[r] = at - text
                    stop_at[r] = stop - text
                    if stop > at and not (stop == at + 1 and at[0] == c"."):
                        count[r] = 1
                        while count[r] != most:
                            at = <const char*> memchr(at, c",", stop - at)
                            if at == NULL:
                                break
                            count[r] += 1
                            at += 1
                    break
                at = stop + 1
    places = np.full(max(fields, default=-1) + 2, -1, dtype=np.int64)
    for r, field in enumerate(fields):
        places[field] = r
        last = max(last, field)
    cdef int64_t[::1] place = places
    codes = np.zeros((int(counts.sum()), len(fields)), dtype=np.int64)
    cdef int64_t[:, ::1] out = codes
    # The text that each field had in the entry before: transcripts of a gene repeat it.
    before_starts = np.zeros(len(fields) + 1, dtype=np.int64)
    before_widths = np.full(len(fields) + 1, -1, dtype=np.int64)
    before_codes = np.zeros(len(fields) + 1, dtype=np.int64)
    cdef int64_t[::1] before = before_starts, before_width = before_widths
    cdef int64_t[::1] before_code = before_codes
    cdef dict known = {b"": 0}
    cdef Py_ssize_t entry, slot
    cdef const char* limit
    for r in range(size):
        at = text + start[r]
        end = text + stop_at[r]
        for entry in range(count[r]):
            limit = <const char*> memchr(at, c",", end - at)
            if limit == NULL:
                limit = end
            field = 0
            while field <= last:
                stop = <const char*> memchr(at, c"|", limit - at)
                if stop == NULL:
                    stop = limit
                slot = place[field]
                if slot >= 0 and stop > at:
                    width = stop - at
                    if width != before_width[slot] or memcmp(
                        at, text + before[slot], width
                    ) != 0:
                        before_code[slot] = known.setdefault(at[:width], len(known))
                        before[slot] = at - text
                        before_width[slot] = width
                    out[row, slot] = before_code[slot]
                if stop == limit:
                    break
                at = stop + 1
                field += 1
            row += 1
            at = limit + 1
    return counts, codes, list(known)


cdef inline Py_ssize_t key_size(const char* at, const char* stop) noexcept nogil:
    cdef const char* i = at
    while i < stop and i[0] != c"=" and i[0] != c";":
        i += 1
    return i - at


def repeated(bytes content, offsets):
    cdef const char* text = PyBytes_AS_STRING(content)
    cdef const int64_t[:, ::1] rows = offsets
    cdef Py_ssize_t size = rows.shape[0], r, width, other
    found = np.zeros(size, dtype=np.bool_)
    cdef unsigned char[::1] out = found.view(np.uint8)
    cdef const char* start
    cdef const char* end
    cdef const char* at
    cdef const char* stop
    cdef const char* before
    cdef unsigned long long seen, bit
    with nogil:
        for r in range(size):
            start = text + rows[r, INFO]
            end = text + rows[r, INFO + 1] - 1
            at = start
            seen = 0
            while at < end and not out[r]:
                stop = <const char*> memchr(at, c";", end - at)
                if stop == NULL:
                    stop = end
                width = key_size(at, stop)
                if stop > at:
                    # Only a key whose mark was seen before can be a repeated one.
                    bit = 1 if width == 0 else (<unsigned char> at[0]) * 31 + (
                        <unsigned char> at[width - 1]) * 7 + width
                    bit = (<unsigned long long> 1) << (bit & 63)
                    if seen & bit:
                        before = start
                        while before < at:
                            other = key_size(before, at)
                            if other == width and memcmp(before, at, width) == 0 and (
                                before[0] != c";"
                            ):
                                out[r] = 1
                                break
                            before = <const char*> memchr(before, c";", at - before)
                            if before == NULL:
                                break
                            before += 1
                    seen |= bit
                at = stop + 1
    return found


def reads(bytes content, offsets, Py_ssize_t column, places):
    cdef const char* text = PyBytes_AS_STRING(content)
    cdef const int64_t[:, ::1] rows = offsets
    cdef const int64_t[:, ::1] place = places
    cdef Py_ssize_t size = rows.shape[0], r
    values, known = np.full((4, size), np.nan), np.zeros(size, dtype=np.bool_)
    cdef double[:, ::1] out = values
    cdef unsigned char[::1] read = known.view(np.uint8)
    cdef const char* at
    cdef const char* end
    cdef const char* stop
    cdef const char* comma
    cdef int64_t depth, ref, alt, field
    cdef double said
    with nogil:
        for r in range(size):
            if place[r, 0] < 0:
                continue
            depth = ref = alt = -1
            said = NAN
            at = text + rows[r, column]
            end = text + rows[r, column + 1] - 1
            field = 0
            while at <= end:
                stop = <const char*> memchr(at, c":", end - at)
                if stop == NULL:
                    stop = end
                if field == place[r, 0]:
                    depth = whole(at, stop - at)
                if field == place[r, 1]:
                    comma = <const char*> memchr(at, c",", stop - at)
                    if comma == NULL:
                        break
                    ref = whole(at, comma - at)
                    alt = whole(comma + 1, stop - comma - 1)
                if field == place[r, 2] and not number(at, stop - at, &said):
                    break
                field += 1
                at = stop + 1
            if (
                depth >= 0 and ref >= 0 and alt >= 0
                and (place[r, 2] < 0 or said == said)
            ):
                out[0, r] = depth
                out[1, r] = ref
                out[2, r] = alt
                out[3, r] = said
                read[r] = 1
    return values, known


def substituted(bytes content, offsets, choice, filters, tags, others):
    cdef const char* text = PyBytes_AS_STRING(content)
    cdef const int64_t[:, ::1] rows = offsets
    cdef const int64_t[::1] pick = choice
    cdef Py_ssize_t size = rows.shape[0], last = rows.shape[1] - 1, r, room = 0
    cdef int64_t start, info, behind, end, at
    cdef bint empty
    cdef bytes one, two
    for r in range(size):
        at = pick[r]
        if at == DROPPED:
            continue
        if at <= FIRST_OTHER:
            one = others[FIRST_OTHER - at]
            room += PyBytes_GET_SIZE(one) + 1
            continue
        room += rows[r, last] - rows[r, 0]
        if at >= 0:
            one, two = filters[at], tags[at]
            room += PyBytes_GET_SIZE(one) + PyBytes_GET_SIZE(two) + 1
    cdef bytes result = PyBytes_FromStringAndSize(NULL, room)
    cdef char* out = PyBytes_AS_STRING(result)
    cdef char* first = out
    for r in range(size):
        at = pick[r]
        if at == DROPPED:
            continue
        start, end = rows[r, 0], rows[r, last]
        if at == AS_IS:
            out = put(out, text + start, end - start)
        elif at <= FIRST_OTHER:
            one = others[FIRST_OTHER - at]
            out = put(out, PyBytes_AS_STRING(one), PyBytes_GET_SIZE(one))
            out = put(out, b"\n", 1)
        else:
            one, two = filters[at], tags[at]
            info, behind = rows[r, INFO], rows[r, INFO + 1]
            empty = behind - 1 == info or (behind - 2 == info and text[info] == c".")
            out = put(out, text + start, rows[r, FILTER] - start)
            out = put(out, PyBytes_AS_STRING(one), PyBytes_GET_SIZE(one))
            out = put(out, b"\t", 1)
            if not empty:
                out = put(out, text + info, behind - 1 - info)
                out = put(out, b";", 1)
            out = put(out, PyBytes_AS_STRING(two), PyBytes_GET_SIZE(two))
            out = put(out, text + behind - 1, end - behind + 1)
    return result[: out - first]


cdef inline char* put(char* out, const char* what, Py_ssize_t size) noexcept nogil:
    memcpy(out, what, size)
    return out + size
