# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Depth of each base, compiled; see ``depth_python`` for the definition in plain code."""

from libc.stdint cimport int32_t, int64_t, uint32_t
from libc.stdlib cimport free, realloc

import numpy as np

from tumorkit.io.htslib.reader cimport (
    EXCLUDED,
    OP_DELETION,
    OP_DIFFERENT,
    OP_EQUAL,
    OP_MATCH,
    OP_SKIP,
    Mates,
    Read,
    Reader,
    Waiting,
    has_mate_here,
    operation,
)

from tumorkit.io.htslib.reader import PLACE_FIELDS


cdef class DepthCounter:
    """Counts fragments over bases of one alignment file."""

    cdef Reader reader
    cdef Mates mates
    cdef int64_t *parts  # aligned stretches of the read at hand: start, end, start, end, ...
    cdef int32_t room

    def __cinit__(self, str path, str reference=""):
        self.reader = Reader(path, reference, PLACE_FIELDS)
        self.mates = Mates()

    def __dealloc__(self):
        free(self.parts)

    def block_depths(self, str contig, starts, ends, int min_mapping_quality):
        """Return the depth of every base of sorted, disjoint blocks, one after the other."""
        cdef const int64_t[::1] first = np.ascontiguousarray(starts, dtype=np.int64)
        cdef const int64_t[::1] last = np.ascontiguousarray(ends, dtype=np.int64)
        cdef Py_ssize_t blocks = first.shape[0]
        offsets = np.zeros(blocks + 1, dtype=np.int64)
        # One slot more than bases per block: steps[k] is the change of depth at base k.
        np.cumsum(np.asarray(ends) - np.asarray(starts) + 1, out=offsets[1:])
        steps = np.zeros(offsets[blocks], dtype=np.int32)
        depths = np.empty(offsets[blocks] - blocks, dtype=np.int32)
        cdef const int64_t[::1] offset = offsets
        cdef int32_t[::1] step = steps
        cdef int32_t[::1] depth = depths
        cdef int number = self.reader.contig_number(contig)
        cdef int status
        cdef int64_t[::1] none = np.empty(0, dtype=np.int64)
        if blocks == 0:
            return depths
        with nogil:
            status = self.walk(number, first, last, offset, step, none, min_mapping_quality)
            if status == 0:
                sum_up(first, last, step, depth)
        if status < -1:
            raise OSError(f"damaged data at {contig}:{first[0] + 1}-{last[blocks - 1]}")
        return depths

    def block_sums(self, str contig, starts, ends, int min_mapping_quality):
        """Return the sum of depths over each of sorted, disjoint blocks.

        The same as summing ``block_depths``, without an array of bases, so that blocks of any
        length cost the same.
        """
        cdef const int64_t[::1] first = np.ascontiguousarray(starts, dtype=np.int64)
        cdef const int64_t[::1] last = np.ascontiguousarray(ends, dtype=np.int64)
        cdef Py_ssize_t blocks = first.shape[0]
        totals = np.zeros(blocks, dtype=np.int64)
        cdef int64_t[::1] total = totals
        cdef int32_t[::1] step = np.empty(0, dtype=np.int32)
        cdef int number = self.reader.contig_number(contig)
        cdef int status
        if blocks == 0:
            return totals
        with nogil:
            # Sums have no places of bases, so any array stands for their offsets.
            status = self.walk(number, first, last, first, step, total, min_mapping_quality)
        if status < -1:
            raise OSError(f"damaged data at {contig}:{first[0] + 1}-{last[blocks - 1]}")
        return totals

    cdef int walk(
        self,
        int contig,
        const int64_t[::1] first,
        const int64_t[::1] last,
        const int64_t[::1] offset,
        int32_t[::1] step,
        int64_t[::1] total,
        uint32_t min_mapping_quality,
    ) noexcept nogil:
        cdef Py_ssize_t blocks = first.shape[0]
        cdef Py_ssize_t block = 0
        cdef Read read
        cdef int32_t parts
        cdef int64_t end
        cdef Waiting *mate
        cdef bint touched
        cdef int status = self.reader.query(contig, first[0], last[blocks - 1])
        if status < 0:
            return status
        self.mates.clear()
        while True:
            status = self.reader.next(&read)
            if status < 0:
                break
            if read.flag & EXCLUDED or read.mapping_quality < min_mapping_quality:
                continue
            while block < blocks and last[block] <= read.pos:
                block += 1
            if block == blocks:
                break
            parts = self.aligned_parts(&read, &end)
            if parts < 0:
                return parts
            if end <= first[block]:
                continue
            touched = add_parts(self.parts, parts, 1, block, first, last, offset, step, total)
            if not has_mate_here(&read):
                continue
            if read.mate_pos <= read.pos:
                mate = self.mates.take(&read)
                if mate is not NULL:
                    self.count_once(mate, parts, block, first, last, offset, step, total)
                    free(mate)
                    continue
            if touched and read.pos <= read.mate_pos < end:
                if self.mates.put(&read, self.parts, parts) < 0:
                    return -2
        return 0 if status >= -1 else status

    cdef int32_t aligned_parts(self, const Read *read, int64_t *end) noexcept nogil:
        """Fill ``parts`` with the stretches where bases are aligned; return how many."""
        cdef uint32_t at, kind
        cdef int64_t size
        cdef int64_t pos = read.pos
        cdef int32_t parts = 0
        if <int32_t>read.operations > self.room:
            self.parts = <int64_t *>realloc(self.parts, 2 * read.operations * sizeof(int64_t))
            if self.parts is NULL:
                self.room = 0
                return -2
            self.room = <int32_t>read.operations
        for at in range(read.operations):
            kind = operation(read, at)
            size = kind >> 4
            kind &= 15
            if kind == OP_MATCH or kind == OP_EQUAL or kind == OP_DIFFERENT:
                self.parts[2 * parts] = pos
                pos += size
                self.parts[2 * parts + 1] = pos
                parts += 1
            elif kind == OP_DELETION or kind == OP_SKIP:
                pos += size
        end[0] = pos
        return parts

    cdef void count_once(
        self,
        const Waiting *mate,
        int32_t parts,
        Py_ssize_t block,
        const int64_t[::1] first,
        const int64_t[::1] last,
        const int64_t[::1] offset,
        int32_t[::1] step,
        int64_t[::1] total,
    ) noexcept nogil:
        """Take back one of the two counts where both mates have an aligned base."""
        cdef int32_t i = 0
        cdef int32_t j = 0
        cdef int64_t common[2]
        while i < mate.pairs and j < parts:
            common[0] = max(mate.pair[2 * i], self.parts[2 * j])
            common[1] = min(mate.pair[2 * i + 1], self.parts[2 * j + 1])
            if common[0] < common[1]:
                add_parts(common, 1, -1, block, first, last, offset, step, total)
            if mate.pair[2 * i + 1] < self.parts[2 * j + 1]:
                i += 1
            else:
                j += 1


cdef bint add_parts(
    const int64_t *part,
    int32_t parts,
    int32_t amount,
    Py_ssize_t block,
    const int64_t[::1] first,
    const int64_t[::1] last,
    const int64_t[::1] offset,
    int32_t[::1] step,
    int64_t[::1] total,
) noexcept nogil:
    """Add to the bases of stretches, from ``block`` on; tell whether any was inside a block.

    Where there are totals the bases of each block are summed up, else each base has its place.
    """
    cdef bint summing = total.shape[0] > 0
    cdef Py_ssize_t blocks = first.shape[0]
    cdef int32_t at
    cdef int64_t start, end
    cdef Py_ssize_t here
    cdef bint touched = False
    for at in range(parts):
        start = part[2 * at]
        end = part[2 * at + 1]
        while block < blocks and last[block] <= start:
            block += 1
        here = block
        while here < blocks and first[here] < end:
            if summing:
                total[here] += amount * (min(end, last[here]) - max(start, first[here]))
            else:
                step[offset[here] + max(start, first[here]) - first[here]] += amount
                step[offset[here] + min(end, last[here]) - first[here]] -= amount
            touched = True
            here += 1
    return touched


cdef void sum_up(
    const int64_t[::1] first,
    const int64_t[::1] last,
    const int32_t[::1] step,
    int32_t[::1] depth,
) noexcept nogil:
    cdef Py_ssize_t block
    cdef Py_ssize_t source = 0
    cdef Py_ssize_t target = 0
    cdef int64_t base
    cdef int32_t height
    for block in range(first.shape[0]):
        height = 0
        for base in range(last[block] - first[block]):
            height += step[source]
            depth[target] = height
            source += 1
            target += 1
        source += 1
