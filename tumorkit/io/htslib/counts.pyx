# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Allele counts at sites, compiled; see ``counts_python`` for the definition in plain code."""

from libc.stdint cimport int8_t, int32_t, int64_t, uint8_t, uint32_t
from libc.stdlib cimport free, realloc

import numpy as np

from tumorkit.io.htslib.reader cimport (
    EXCLUDED,
    OP_DELETION,
    OP_DIFFERENT,
    OP_EQUAL,
    OP_INSERTION,
    OP_MATCH,
    OP_PADDING,
    OP_SKIP,
    OP_SOFT_CLIP,
    REVERSE,
    Mates,
    Read,
    Reader,
    Waiting,
    has_mate_here,
    operation,
)

from tumorkit.io.htslib.reader import BASE_FIELDS

cdef enum:
    REF = 0
    ALT = 1
    OTHER = 2
    DELETED = 3
    DISCORDANT = 4
    SNV = 0
    MNV = 1
    INSERTION = 2
    DELETION = 3
    NO_BASE = 15
    NOTHING = -1

cdef str BASES = "=ACMGRSVTWYHKDBN"


cdef class AlleleCounter:
    """Counts fragments by allele at sites of one alignment file."""

    def __cinit__(self, str path, str reference=""):
        self.reader = Reader(path, reference, BASE_FIELDS)
        self.mates = Mates()

    def __dealloc__(self):
        free(self.parts)
        free(self.seen)

    def site_counts(
        self,
        str contig,
        positions,
        kinds,
        refs,
        alts,
        int min_mapping_quality,
        int min_base_quality,
    ):
        """Return counts by site, class (ref, alt, other, deleted, discordant) and strand."""
        counts = np.zeros((len(positions), 5, 2), dtype=np.int32)
        if len(positions) == 0:
            return counts
        cdef int32_t[:, :, ::1] count = counts
        cdef const int64_t[::1] position = np.ascontiguousarray(positions, dtype=np.int64)
        cdef const int8_t[::1] kind = np.ascontiguousarray(kinds, dtype=np.int8)
        # Alleles as 4-bit codes in one row of bytes; allele k is letters[edges[k]:edges[k + 1]].
        joined = "".join(refs) + "".join(alts)
        table = np.full(256, NO_BASE, dtype=np.uint8)
        for code, base in enumerate(BASES):
            table[ord(base)] = table[ord(base.lower())] = code
        raw = np.frombuffer(joined.encode("ascii", "replace") + b"N", dtype=np.uint8)
        cdef const uint8_t[::1] letters = table[raw]
        edges = np.zeros(2 * len(positions) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in (*refs, *alts)], out=edges[1:])
        cdef const int64_t[::1] edge = edges
        cdef int number = self.reader.contig_number(contig)
        cdef int status
        with nogil:
            status = self.walk(
                number, position, kind, letters, edge, count, min_mapping_quality, min_base_quality
            )
        if status < -1:
            raise OSError(f"damaged data at {contig}:{positions[0] + 1}-{positions[-1] + 1}")
        return counts

    cdef int walk(
        self,
        int contig,
        const int64_t[::1] position,
        const int8_t[::1] kind,
        const uint8_t[::1] letters,
        const int64_t[::1] edge,
        int32_t[:, :, ::1] count,
        uint32_t min_mapping_quality,
        int32_t min_base_quality,
    ) noexcept nogil:
        cdef Py_ssize_t sites = position.shape[0]
        cdef Py_ssize_t site = 0
        cdef Read read
        cdef int32_t parts, seen
        cdef int64_t end
        cdef Waiting *mate
        cdef int status = self.reader.query(contig, position[0], position[sites - 1] + 1)
        if status < 0:
            return status
        self.mates.clear()
        while True:
            status = self.reader.next(&read)
            if status < 0:
                break
            if read.flag & EXCLUDED or read.mapping_quality < min_mapping_quality:
                continue
            while site < sites and position[site] < read.pos:
                site += 1
            if site == sites:
                break
            parts = self.aligned_parts(&read, &end)
            if parts < 0:
                return parts
            seen = 0
            if position[site] < end and read.length > 0:
                seen = self.observe(
                    &read, parts, site, position, kind, letters, edge, min_base_quality
                )
                if seen < 0:
                    return seen
            mate = NULL
            if has_mate_here(&read) and read.mate_pos <= read.pos:
                mate = self.mates.take(&read)
            self.add(&read, mate, seen, count)
            if mate is not NULL:
                free(mate)
            elif seen and has_mate_here(&read) and read.pos <= read.mate_pos < end:
                if self.mates.put(&read, self.seen, seen) < 0:
                    return -2
        return 0 if status >= -1 else status

    cdef int32_t aligned_parts(self, const Read *read, int64_t *end) noexcept nogil:
        """Fill ``parts`` with aligned stretches and what follows them; return how many."""
        cdef uint32_t at, kind
        cdef int64_t size
        cdef int64_t pos = read.pos
        cdef int64_t query = 0
        cdef int32_t parts = 0
        cdef bint inside = False
        if <int32_t>read.operations > self.room:
            self.parts = <Part *>realloc(self.parts, read.operations * sizeof(Part))
            if self.parts is NULL:
                self.room = 0
                return -2
            self.room = <int32_t>read.operations
        for at in range(read.operations):
            kind = operation(read, at)
            size = kind >> 4
            kind &= 15
            if kind == OP_PADDING:
                continue
            if kind == OP_MATCH or kind == OP_EQUAL or kind == OP_DIFFERENT:
                if not inside:
                    self.parts[parts] = Part(pos, pos, query, -1, 0)
                    parts += 1
                    inside = True
                pos += size
                query += size
                self.parts[parts - 1].end = pos
                continue
            if inside:
                self.parts[parts - 1].next_kind = <int32_t>kind
                self.parts[parts - 1].next_size = size
                inside = False
            elif kind == OP_DELETION:
                self.parts[parts] = Part(pos, pos, query, <int32_t>kind, size)
                parts += 1
            if kind == OP_INSERTION or kind == OP_SOFT_CLIP:
                query += size
            elif kind == OP_DELETION or kind == OP_SKIP:
                pos += size
        end[0] = pos
        # A CIGAR that does not fit its bases would be read beyond them.
        return -2 if read.length > 0 and query != read.length else parts

    cdef int32_t observe(
        self,
        const Read *read,
        int32_t parts,
        Py_ssize_t site,
        const int64_t[::1] position,
        const int8_t[::1] kind,
        const uint8_t[::1] letters,
        const int64_t[::1] edge,
        int32_t min_base_quality,
    ) noexcept nogil:
        """Fill ``seen`` with what the read says of the sites from ``site`` on."""
        cdef Py_ssize_t sites = position.shape[0]
        cdef int32_t number, code
        cdef int32_t seen = 0
        cdef const Part *part
        for number in range(parts):
            part = &self.parts[number]
            while site < sites and position[site] < part.start:
                site += 1
            while site < sites and position[site] < part.end:
                code = observed(
                    read, part, position[site], kind[site], &letters[0],
                    edge[site], edge[site + 1], edge[sites + site], edge[sites + site + 1],
                    min_base_quality,
                )
                if code != NOTHING and self.note(&seen, site, code, read) < 0:
                    return -2
                site += 1
            if part.next_kind == OP_DELETION:
                while site < sites and position[site] < part.end + part.next_size:
                    if self.note(&seen, site, DELETED, read) < 0:
                        return -2
                    site += 1
        return seen

    cdef int note(
        self, int32_t *seen, Py_ssize_t site, int32_t code, const Read *read
    ) noexcept nogil:
        if seen[0] >= self.seen_room:
            self.seen_room = 2 * self.seen_room + 16
            self.seen = <int64_t *>realloc(self.seen, 2 * self.seen_room * sizeof(int64_t))
            if self.seen is NULL:
                self.seen_room = 0
                return -2
        self.seen[2 * seen[0]] = site
        # The strand is the lowest bit.
        self.seen[2 * seen[0] + 1] = <int64_t>code << 1 | (read.flag & REVERSE != 0)
        seen[0] += 1
        return 0

    cdef void add(
        self, const Read *read, const Waiting *mate, int32_t seen, int32_t[:, :, ::1] count
    ) noexcept nogil:
        """Count what the read says, or settle it with what its mate said."""
        cdef int32_t at
        cdef int32_t there = 0
        cdef int64_t site, code, other
        for at in range(seen):
            site = self.seen[2 * at]
            code = self.seen[2 * at + 1]
            if mate is not NULL:
                while there < mate.pairs and mate.pair[2 * there] < site:
                    there += 1
                if there < mate.pairs and mate.pair[2 * there] == site:
                    other = mate.pair[2 * there + 1]
                    if other >> 1 != code >> 1:
                        count[site, (other >> 1) & 7, other & 1] -= 1
                        count[site, DISCORDANT, other & 1] += 1
                    elif odd_name(read):
                        count[site, (other >> 1) & 7, other & 1] -= 1
                        count[site, (other >> 1) & 7, code & 1] += 1
                    continue
            count[site, (code >> 1) & 7, code & 1] += 1


cdef bint odd_name(const Read *read) noexcept nogil:
    cdef int32_t at
    cdef uint32_t total = 0
    for at in range(read.name_length):
        total += read.name[at]
    return total & 1


cdef inline uint8_t base_at(const Read *read, int64_t at) noexcept nogil:
    return (read.sequence[at >> 1] >> ((~at & 1) << 2)) & 15


cdef bint same_bases(
    const Read *read, int64_t at, const uint8_t *letters, int64_t first, int64_t last
) noexcept nogil:
    cdef int64_t k
    for k in range(last - first):
        if base_at(read, at + k) != letters[first + k]:
            return False
    return True


cdef int32_t observed(
    const Read *read,
    const Part *part,
    int64_t pos,
    int8_t kind,
    const uint8_t *letters,
    int64_t ref,
    int64_t ref_end,
    int64_t alt,
    int64_t alt_end,
    int32_t min_base_quality,
) noexcept nogil:
    """Return class and finer code of one read at one site, or NOTHING."""
    cdef int64_t at = part.query + pos - part.start
    cdef int64_t k
    cdef int64_t span = ref_end - ref if kind == MNV else 1
    cdef int32_t fine
    cdef uint8_t base
    if part.end - pos < span:
        for k in range(part.end - pos):
            if read.quality[at + k] < min_base_quality:
                return NOTHING
        if part.next_kind == OP_INSERTION:
            return OTHER
        return DELETED if part.next_kind == OP_DELETION else NOTHING
    for k in range(span):
        if read.quality[at + k] < min_base_quality:
            return NOTHING
    if kind == SNV:
        base = base_at(read, at)
        if base == NO_BASE:
            return NOTHING
        if base == letters[ref]:
            return REF | base << 3
        return (ALT if base == letters[alt] else OTHER) | base << 3
    if kind == MNV:
        if same_bases(read, at, letters, ref, ref_end):
            return REF
        return ALT if same_bases(read, at, letters, alt, alt_end) else OTHER
    if pos + 1 < part.end:
        return REF
    fine = part.next_kind << 3 | <int32_t>part.next_size << 7
    if part.next_kind == OP_INSERTION:
        if (
            kind == INSERTION
            and part.next_size == alt_end - alt - 1
            and same_bases(read, at + 1, letters, alt + 1, alt_end)
        ):
            return ALT | fine
        return OTHER | fine
    if part.next_kind == OP_DELETION:
        return (ALT if kind == DELETION and part.next_size == ref_end - ref - 1 else OTHER) | fine
    return NOTHING
