# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Optimal partitioning with a capped squared loss; the meaning stands in ``partition_python``."""

from libc.math cimport sqrt, INFINITY
from libc.stdint cimport int64_t
from libc.stdlib cimport calloc, free, realloc

import numpy as np


cdef struct Piece:
    double left
    double right
    double a
    double b
    double c
    int64_t tag


cdef struct Pieces:
    Piece* items
    Py_ssize_t size
    Py_ssize_t room


cdef int reserve(Pieces* pieces, Py_ssize_t room) noexcept nogil:
    """Make room; return 0 when there is no memory."""
    cdef Piece* items
    if room <= pieces.room:
        return 1
    items = <Piece*> realloc(pieces.items, 2 * room * sizeof(Piece))
    if items == NULL:
        return 0
    pieces.items = items
    pieces.room = 2 * room
    return 1


cdef inline void append(
    Pieces* out, double left, double right, double a, double b, double c, int64_t tag
) noexcept nogil:
    cdef Piece* item = &out.items[out.size]
    item.left = left
    item.right = right
    item.a = a
    item.b = b
    item.c = c
    item.tag = tag
    out.size += 1


cdef inline void new_segment(
    Pieces* out, double left, double right, double penalty, int64_t tag
) noexcept nogil:
    if out.size > 0 and out.items[out.size - 1].tag == tag:
        out.items[out.size - 1].right = right
    else:
        append(out, left, right, 0.0, 0.0, penalty, tag)


cdef inline void keep(
    Pieces* out, double left, double right, double a, double b, double c, int64_t tag
) noexcept nogil:
    cdef Piece* item
    if out.size > 0:
        item = &out.items[out.size - 1]
        if item.a == a and item.b == b and item.c == c and item.tag == tag:
            item.right = right
            return
    append(out, left, right, a, b, c, tag)


cdef inline void lower(Pieces* out, double* best, int64_t* tag) noexcept nogil:
    """Compare the minimum of the last piece with the best so far; the first piece wins ties."""
    cdef Piece* item = &out.items[out.size - 1]
    cdef double x, cost
    if item.a > 0.0:
        x = -item.b / (2.0 * item.a)
        if x < item.left:
            x = item.left
        elif x > item.right:
            x = item.right
        cost = (item.a * x + item.b) * x + item.c
    else:
        cost = item.c
    if cost < best[0]:
        best[0] = cost
        tag[0] = item.tag


cdef double added(
    Pieces* pieces, Pieces* out, double value, double weight, double cap, double reach,
    double other, int64_t* tag
) noexcept nogil:
    """Add the loss of one value, cutting pieces where it becomes an outlier; return the minimum.

    ``other`` is what a second channel adds at every level. The first piece that attains the
    minimum gives the tag.
    """
    cdef double below = value - reach
    cdef double above = value + reach
    cdef double outlier = weight * cap + other
    cdef double slope = 2.0 * weight * value
    cdef double constant = weight * value * value + other
    cdef double best = INFINITY
    cdef double at, end
    cdef Py_ssize_t i
    cdef Piece* item
    out.size = 0
    tag[0] = 0
    for i in range(pieces.size):
        item = &pieces.items[i]
        at = item.left
        if at < below:
            end = below if below < item.right else item.right
            append(out, at, end, item.a, item.b, item.c + outlier, item.tag)
            lower(out, &best, tag)
            at = end
        if at < item.right and at < above:
            end = above if above < item.right else item.right
            append(
                out, at, end, item.a + weight, item.b - slope, item.c + constant, item.tag
            )
            lower(out, &best, tag)
            at = end
        if at < item.right:
            append(out, at, item.right, item.a, item.b, item.c + outlier, item.tag)
            lower(out, &best, tag)
    return best


cdef void pruned(
    Pieces* pieces, Pieces* out, double best, double penalty, int64_t tag
) noexcept nogil:
    """Replace all that costs more than a new segment by that constant; the minimum becomes 0."""
    cdef double c, over, discriminant, root, start, end
    cdef Py_ssize_t i
    cdef Piece* item
    out.size = 0
    for i in range(pieces.size):
        item = &pieces.items[i]
        c = item.c - best
        over = c - penalty
        if item.a <= 0.0:
            if over >= 0.0:
                new_segment(out, item.left, item.right, penalty, tag)
            else:
                keep(out, item.left, item.right, item.a, item.b, c, item.tag)
            continue
        discriminant = item.b * item.b - 4.0 * item.a * over
        if discriminant <= 0.0:
            new_segment(out, item.left, item.right, penalty, tag)
            continue
        root = sqrt(discriminant)
        start = (-item.b - root) / (2.0 * item.a)
        end = (-item.b + root) / (2.0 * item.a)
        start = start if start > item.left else item.left
        end = end if end < item.right else item.right
        if start >= end:
            new_segment(out, item.left, item.right, penalty, tag)
            continue
        if start > item.left:
            new_segment(out, item.left, start, penalty, tag)
        keep(out, start, end, item.a, item.b, c, item.tag)
        if end < item.right:
            new_segment(out, end, item.right, penalty, tag)


cdef int fit(
    const double[::1] values, const double[::1] weights, double penalty, double cap,
    int64_t[::1] last
) noexcept nogil:
    """Fill ``last[t]`` with the last change-point of the best fit of the first t values."""
    cdef Pieces now, then
    cdef Py_ssize_t size = values.shape[0]
    cdef Py_ssize_t t
    cdef double low = values[0]
    cdef double high = values[0]
    cdef double reach = sqrt(cap)
    cdef double best
    cdef int64_t tag
    cdef int done = 0
    now.items = then.items = NULL
    now.size = then.size = now.room = then.room = 0
    for t in range(size):
        if values[t] < low:
            low = values[t]
        if values[t] > high:
            high = values[t]
    if reserve(&now, 64) and reserve(&then, 64):
        append(&now, low - 1e-6, high + 1e-6, 0.0, 0.0, 0.0, 0)
        last[0] = 0
        done = 1
        for t in range(size):
            if not reserve(&then, 3 * now.size):
                done = 0
                break
            best = added(&now, &then, values[t], weights[t], cap, reach, 0.0, &tag)
            last[t + 1] = tag
            if not reserve(&now, 3 * then.size):
                done = 0
                break
            pruned(&then, &now, best, penalty, t + 1)
    free(now.items)
    free(then.items)
    return done


def partition(values, weights, double penalty, double cap):
    """Return the index of the first value of each segment but the first."""
    cdef const double[::1] data = np.ascontiguousarray(values, dtype=np.float64)
    cdef const double[::1] precision = np.ascontiguousarray(weights, dtype=np.float64)
    cdef int64_t[::1] last
    cdef int done
    if data.shape[0] == 0:
        return np.empty(0, dtype=np.int64)
    if precision.shape[0] != data.shape[0]:
        raise ValueError("values and weights differ in length")
    last = np.zeros(data.shape[0] + 1, dtype=np.int64)
    with nogil:
        done = fit(data, precision, penalty, cap, last)
    if not done:
        raise MemoryError
    return traced(last)


cdef traced(int64_t[::1] last):
    """Follow the last change-points back to the start."""
    cdef Py_ssize_t t = last.shape[0] - 1
    points = []
    while last[t] > 0:
        points.append(last[t])
        t = last[t]
    return np.array(points[::-1], dtype=np.int64)


cdef int fit_joint(
    const double[::1] values, const double[::1] weights, const int64_t[::1] rows,
    const double[:, ::1] losses, double penalty, double cap, int64_t[::1] last,
    Pieces* now, Pieces* then
) noexcept nogil:
    """Fill ``last`` as ``fit`` does, with a list of pieces for each level of the second channel."""
    cdef Py_ssize_t size = values.shape[0]
    cdef Py_ssize_t count = losses.shape[1]
    cdef Py_ssize_t t, level
    cdef double low = values[0]
    cdef double high = values[0]
    cdef double reach = sqrt(cap)
    cdef double best, cost, other
    cdef int64_t tag
    for t in range(size):
        if values[t] < low:
            low = values[t]
        if values[t] > high:
            high = values[t]
    for level in range(count):
        if not (reserve(&now[level], 64) and reserve(&then[level], 64)):
            return 0
        append(&now[level], low - 1e-6, high + 1e-6, 0.0, 0.0, 0.0, 0)
    last[0] = 0
    for t in range(size):
        best = INFINITY
        for level in range(count):
            if not reserve(&then[level], 3 * now[level].size):
                return 0
            other = losses[rows[t], level] if rows[t] >= 0 else 0.0
            cost = added(
                &now[level], &then[level], values[t], weights[t], cap, reach, other, &tag
            )
            if cost < best:
                best = cost
                last[t + 1] = tag
        for level in range(count):
            if not reserve(&now[level], 3 * then[level].size):
                return 0
            pruned(&then[level], &now[level], best, penalty, t + 1)
    return 1


def joint_partition(values, weights, rows, losses, double penalty, double cap):
    """Return the index of the first value of each segment but the first, for two channels."""
    cdef const double[::1] data = np.ascontiguousarray(values, dtype=np.float64)
    cdef const double[::1] precision = np.ascontiguousarray(weights, dtype=np.float64)
    cdef const int64_t[::1] places = np.ascontiguousarray(rows, dtype=np.int64)
    cdef const double[:, ::1] table = np.ascontiguousarray(losses, dtype=np.float64)
    cdef int64_t[::1] last
    cdef Py_ssize_t count = table.shape[1]
    cdef Py_ssize_t at
    cdef Pieces* lists
    cdef int done
    if data.shape[0] == 0:
        return np.empty(0, dtype=np.int64)
    if precision.shape[0] != data.shape[0] or places.shape[0] != data.shape[0]:
        raise ValueError("values, weights and rows differ in length")
    for at in range(places.shape[0]):
        if places[at] >= table.shape[0]:
            raise ValueError("a row lies beyond the losses")
    last = np.zeros(data.shape[0] + 1, dtype=np.int64)
    lists = <Pieces*> calloc(2 * count, sizeof(Pieces))
    if lists == NULL:
        raise MemoryError
    with nogil:
        done = fit_joint(
            data, precision, places, table, penalty, cap, last, lists, lists + count
        )
        for at in range(2 * count):
            free(lists[at].items)
        free(lists)
    if not done:
        raise MemoryError
    return traced(last)
