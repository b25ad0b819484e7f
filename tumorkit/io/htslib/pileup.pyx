# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""All alleles of every base, compiled; see ``pileup_python`` for the definition in plain code."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t
from libc.stdlib cimport free, realloc

import numpy as np

from tumorkit.io.htslib.counts cimport AlleleCounter, Part
from tumorkit.io.htslib.reader cimport (
    EXCLUDED,
    OP_DELETION,
    OP_INSERTION,
    Read,
    Waiting,
    has_mate_here,
)

cdef enum:
    # Columns of the counts are A, C, G, T, deleted, discordant, spanning.
    DISCORDANT = 5
    SPANNING = 6
    # A code is the column of the base plus one (0 says nothing) in three bits, and above it what
    # follows: says nothing, nothing follows, is deleted itself, or the number of an event plus 3.
    DELETED_BASE = 5
    FOLLOWS = 3
    NOTHING_FOLLOWS = 1
    IS_DELETED = 2
    FIRST_EVENT = 3
    LONGEST = 31

# Column plus one of a 4-bit base: =ACMGRSVTWYHKDBN.
cdef uint8_t[16] COLUMN = [0, 1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]


cdef struct Event:
    # One read's indel; ``alive`` until a mate takes it back.
    int64_t row
    int64_t kind
    int64_t size
    int64_t bases
    int64_t alive


cdef class PileupCounter(AlleleCounter):
    """Counts fragments by allele over bases of one alignment file."""

    cdef Event *events
    cdef int64_t event_count
    cdef int64_t event_room

    def __dealloc__(self):
        free(self.events)

    def block_alleles(
        self, str contig, starts, ends, int min_mapping_quality, int min_base_quality
    ):
        """Return counts of every base of sorted, disjoint blocks, and the indels found."""
        cdef const int64_t[::1] start = np.ascontiguousarray(starts, dtype=np.int64)
        cdef const int64_t[::1] end = np.ascontiguousarray(ends, dtype=np.int64)
        offsets = np.zeros(len(starts) + 1, dtype=np.int64)
        np.cumsum(np.asarray(ends) - np.asarray(starts), out=offsets[1:])
        cdef const int64_t[::1] offset = offsets
        counts = np.zeros((sum(np.asarray(ends) - np.asarray(starts)), 7), dtype=np.int32)
        if len(counts) == 0:
            return counts, np.empty((0, 5), dtype=np.int64)
        cdef int32_t[:, ::1] count = counts
        cdef int number = self.reader.contig_number(contig)
        cdef int status
        self.event_count = 0
        with nogil:
            status = self.walk_blocks(
                number, start, end, offset, count, min_mapping_quality, min_base_quality
            )
        if status < -1:
            raise OSError(f"damaged data at {contig}:{start[0] + 1}-{end[end.shape[0] - 1]}")
        return counts, self.listed()

    cdef listed(self):
        """Return the living events, equal ones as one row with their number, sorted."""
        cdef int64_t[:, ::1] view
        cdef int64_t at
        if self.event_count == 0:
            return np.empty((0, 5), dtype=np.int64)
        found = np.empty((self.event_count, 5), dtype=np.int64)
        view = found
        for at in range(self.event_count):
            view[at, 0] = self.events[at].row
            view[at, 1] = self.events[at].kind
            view[at, 2] = self.events[at].size
            view[at, 3] = self.events[at].bases
            view[at, 4] = self.events[at].alive and self.events[at].bases >= 0
        found = found[found[:, 4] > 0, :4]
        found = found[np.lexsort(found.T[::-1])]
        if len(found) == 0:
            return np.empty((0, 5), dtype=np.int64)
        new = np.flatnonzero(np.concatenate([[True], (found[1:] != found[:-1]).any(axis=1)]))
        return np.column_stack([found[new], np.diff(np.append(new, len(found)))])

    cdef int walk_blocks(
        self,
        int contig,
        const int64_t[::1] start,
        const int64_t[::1] end,
        const int64_t[::1] offset,
        int32_t[:, ::1] count,
        uint32_t min_mapping_quality,
        int32_t min_base_quality,
    ) noexcept nogil:
        cdef Py_ssize_t blocks = start.shape[0]
        cdef Py_ssize_t block = 0
        cdef Read read
        cdef int32_t parts, seen
        cdef int64_t last
        cdef Waiting *mate
        cdef int status = self.reader.query(contig, start[0], end[blocks - 1])
        if status < 0:
            return status
        self.mates.clear()
        while True:
            status = self.reader.next(&read)
            if status < 0:
                break
            if read.flag & EXCLUDED or read.mapping_quality < min_mapping_quality:
                continue
            while block < blocks and end[block] <= read.pos:
                block += 1
            if block == blocks:
                break
            parts = self.aligned_parts(&read, &last)
            if parts < 0:
                return parts
            seen = 0
            if start[block] < last and read.length > 0:
                seen = self.look(&read, parts, block, start, end, offset, min_base_quality)
                if seen < 0:
                    return seen
            mate = NULL
            if has_mate_here(&read) and read.mate_pos <= read.pos:
                mate = self.mates.take(&read)
            self.settle(mate, seen, count)
            if mate is not NULL:
                free(mate)
            elif seen and has_mate_here(&read) and read.pos <= read.mate_pos < last:
                if self.mates.put(&read, self.seen, seen) < 0:
                    return -2
        return 0 if status >= -1 else status

    cdef int32_t look(
        self,
        const Read *read,
        int32_t parts,
        Py_ssize_t block,
        const int64_t[::1] start,
        const int64_t[::1] end,
        const int64_t[::1] offset,
        int32_t min_base_quality,
    ) noexcept nogil:
        """Fill ``seen`` with rows and codes of the bases of a read that lie in blocks."""
        cdef Py_ssize_t blocks = start.shape[0]
        cdef int32_t number
        cdef int32_t seen = 0
        cdef int64_t pos, stop, at, row, code
        cdef const Part *part
        for number in range(parts):
            part = &self.parts[number]
            pos = part.start
            stop = part.end
            if part.next_kind == OP_DELETION:
                stop += part.next_size
            while pos < stop:
                while block < blocks and end[block] <= pos:
                    block += 1
                if block == blocks:
                    return seen
                if pos < start[block]:
                    pos = start[block]
                    continue
                if self.make_room(seen, min(stop, end[block]) - pos) < 0:
                    return -2
                row = offset[block] + pos - start[block]
                while pos < stop and pos < end[block]:
                    if pos >= part.end:
                        code = DELETED_BASE | IS_DELETED << FOLLOWS
                    else:
                        at = part.query + pos - part.start
                        if read.quality[at] < min_base_quality:
                            pos += 1
                            row += 1
                            continue
                        code = COLUMN[base_at(read, at)]
                        if pos + 1 < part.end:
                            code |= NOTHING_FOLLOWS << FOLLOWS
                        elif part.next_kind == OP_DELETION or part.next_kind == OP_INSERTION:
                            if self.add_event(read, part, row, at) < 0:
                                return -2
                            code |= (self.event_count - 1 + FIRST_EVENT) << FOLLOWS
                    if code:
                        self.seen[2 * seen] = row
                        self.seen[2 * seen + 1] = code
                        seen += 1
                    pos += 1
                    row += 1
        return seen

    cdef int make_room(self, int32_t seen, int64_t more) noexcept nogil:
        if seen + more > self.seen_room:
            self.seen_room = <int32_t>(2 * (seen + more))
            self.seen = <int64_t *>realloc(self.seen, 2 * self.seen_room * sizeof(int64_t))
            if self.seen is NULL:
                self.seen_room = 0
                return -2
        return 0

    cdef int add_event(
        self, const Read *read, const Part *part, int64_t row, int64_t at
    ) noexcept nogil:
        """Remember the indel behind a base; bases of -1 say that it has no name."""
        cdef int64_t bases = 0
        cdef int64_t k
        cdef uint8_t column
        if self.event_count >= self.event_room:
            self.event_room = 2 * self.event_room + 64
            self.events = <Event *>realloc(self.events, self.event_room * sizeof(Event))
            if self.events is NULL:
                self.event_room = self.event_count = 0
                return -2
        if part.next_kind == OP_INSERTION:
            if part.next_size > LONGEST:
                bases = -1
            else:
                for k in range(part.next_size):
                    column = COLUMN[base_at(read, at + 1 + k)]
                    if column == 0:
                        bases = -1
                        break
                    bases = bases << 2 | (column - 1)
        self.events[self.event_count] = Event(row, part.next_kind, part.next_size, bases, 1)
        self.event_count += 1
        return 0

    cdef void settle(self, const Waiting *mate, int32_t seen, int32_t[:, ::1] count) noexcept nogil:
        """Count what the read says, or settle it with what its mate said."""
        cdef int32_t at
        cdef int32_t there = 0
        cdef int64_t row, code, other, follows, before
        for at in range(seen):
            row = self.seen[2 * at]
            code = self.seen[2 * at + 1]
            other = 0
            if mate is not NULL:
                while there < mate.pairs and mate.pair[2 * there] < row:
                    there += 1
                if there < mate.pairs and mate.pair[2 * there] == row:
                    other = mate.pair[2 * there + 1]
            if code & 7:
                if other & 7 == 0:
                    count[row, (code & 7) - 1] += 1
                elif other & 7 != code & 7:
                    count[row, (other & 7) - 1] -= 1
                    count[row, DISCORDANT] += 1
            follows = code >> FOLLOWS
            before = other >> FOLLOWS
            if follows == 0:
                continue
            if before == 0:
                count[row, SPANNING] += 1
                continue
            if follows >= FIRST_EVENT:
                self.events[follows - FIRST_EVENT].alive = 0
            if not self.same(before, follows):
                count[row, SPANNING] -= 1
                if before >= FIRST_EVENT:
                    self.events[before - FIRST_EVENT].alive = 0

    cdef bint same(self, int64_t one, int64_t two) noexcept nogil:
        cdef const Event *left
        cdef const Event *right
        if one < FIRST_EVENT or two < FIRST_EVENT:
            return one == two
        left = &self.events[one - FIRST_EVENT]
        right = &self.events[two - FIRST_EVENT]
        return left.kind == right.kind and left.size == right.size and left.bases == right.bases


cdef inline uint8_t base_at(const Read *read, int64_t at) noexcept nogil:
    return (read.sequence[at >> 1] >> ((~at & 1) << 2)) & 15
