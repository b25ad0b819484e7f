# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Lengths of microsatellites, compiled; see ``lengths_python`` for the definition in plain code."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t
from libc.stdlib cimport free

import numpy as np

from tumorkit.io.htslib.counts cimport AlleleCounter, Part
from tumorkit.io.htslib.reader cimport OP_SKIP, Read, Waiting, has_mate_here

cdef enum:
    SECONDARY = 0
    SUPPLEMENTARY = 1
    QC_FAIL = 2
    DUPLICATE = 3
    LOW_MAPPING_QUALITY = 4
    NOT_SPANNING = 5
    FLANK_DIFFERS = 6
    LOW_QUALITY = 7
    INTERRUPTED = 8
    TOO_LONG = 9
    MATES_DISAGREE = 10
    SECOND_MATE = 11
    REASON_COUNT = 12
    NO_QUALITIES = 255

cdef str BASES = "=ACMGRSVTWYHKDBN"


cdef class LengthCounter(AlleleCounter):
    """Counts fragments by length of microsatellites in one alignment file."""

    def site_lengths(
        self,
        str contig,
        starts,
        repeats,
        units,
        left_flanks,
        right_flanks,
        rooms,
        int min_mapping_quality,
        int min_base_quality,
        int max_mismatches,
    ):
        """Return votes by length, and alignments that did not vote by site and reason."""
        sizes = np.array([len(unit) for unit in units], dtype=np.int64)
        edges = np.zeros(len(starts) + 1, dtype=np.int64)
        np.cumsum(rooms, out=edges[1:])
        counts = np.zeros(edges[len(starts)], dtype=np.int32)
        lost = np.zeros((len(starts), REASON_COUNT), dtype=np.int32)
        if len(starts) == 0:
            return counts, lost
        cdef const int64_t[::1] start = np.ascontiguousarray(starts, dtype=np.int64)
        ends = np.asarray(starts, dtype=np.int64) + np.asarray(repeats, dtype=np.int64) * sizes
        cdef const int64_t[::1] end = np.ascontiguousarray(ends)
        table = np.full(256, 15, dtype=np.uint8)
        for code, base in enumerate(BASES):
            table[ord(base)] = table[ord(base.lower())] = code
        words = [word for three in zip(left_flanks, units, right_flanks) for word in three]
        raw = np.frombuffer("".join(words).encode("ascii", "replace") + b"N", dtype=np.uint8)
        cdef const uint8_t[::1] letters = table[raw]
        places = np.zeros(len(words) + 1, dtype=np.int64)
        np.cumsum([len(word) for word in words], out=places[1:])
        cdef const int64_t[::1] place = places
        cdef const int64_t[::1] edge = edges
        cdef int32_t[::1] count = counts
        cdef int32_t[:, ::1] gone = lost
        cdef int number = self.reader.contig_number(contig)
        cdef int64_t stop = ends.max()
        cdef int status
        with nogil:
            status = self.walk_sites(
                number, stop, start, end, letters, place, edge, count, gone,
                min_mapping_quality, min_base_quality, max_mismatches,
            )
        if status < -1:
            raise OSError(f"damaged data at {contig}:{starts[0] + 1}-{stop}")
        return counts, lost

    cdef int walk_sites(
        self,
        int contig,
        int64_t stop,
        const int64_t[::1] start,
        const int64_t[::1] end,
        const uint8_t[::1] letters,
        const int64_t[::1] place,
        const int64_t[::1] edge,
        int32_t[::1] count,
        int32_t[:, ::1] gone,
        uint32_t min_mapping_quality,
        int32_t min_base_quality,
        int32_t max_mismatches,
    ) noexcept nogil:
        cdef Py_ssize_t sites = start.shape[0]
        cdef Py_ssize_t first = 0
        cdef Py_ssize_t site
        cdef Read read
        cdef int32_t parts, seen, reason, told
        cdef int64_t last
        cdef Waiting *mate
        cdef int status = self.reader.query(contig, start[0], stop)
        if status < 0:
            return status
        self.mates.clear()
        while True:
            status = self.reader.next(&read)
            if status < 0:
                break
            if read.flag & 0x4:
                continue
            while first < sites and end[first] <= read.pos:
                first += 1
            if first == sites:
                break
            parts = self.aligned_parts(&read, &last)
            if parts < 0:
                return parts
            reason = refused(&read, min_mapping_quality)
            seen = 0
            site = first
            while site < sites and start[site] < last:
                if end[site] > read.pos:
                    told = reason
                    if told < 0:
                        told = self.seen_length(
                            &read, parts, start[site], end[site], &letters[0],
                            &place[3 * site], edge[site + 1] - edge[site],
                            min_base_quality, max_mismatches, seen, site,
                        )
                    if told == -2:
                        return -2
                    if told >= 0:
                        gone[site, told] += 1
                    else:
                        seen += 1
                site += 1
            if seen == 0:
                continue
            mate = NULL
            if has_mate_here(&read) and read.mate_pos <= read.pos:
                mate = self.mates.take(&read)
            self.vote(mate, seen, edge, count, gone)
            if mate is not NULL:
                free(mate)
            elif has_mate_here(&read) and read.pos <= read.mate_pos < last:
                if self.mates.put(&read, self.seen, seen) < 0:
                    return -2
        return 0 if status >= -1 else status

    cdef int32_t seen_length(
        self,
        const Read *read,
        int32_t parts,
        int64_t start,
        int64_t end,
        const uint8_t *letters,
        const int64_t *place,
        int64_t room,
        int32_t min_base_quality,
        int32_t max_mismatches,
        int32_t seen,
        Py_ssize_t site,
    ) noexcept nogil:
        """Note a read's length and return -1, or return the reason why it says nothing."""
        cdef int64_t left = place[1] - place[0]
        cdef int64_t unit = place[2] - place[1]
        cdef int64_t right = place[3] - place[2]
        cdef int64_t from_at = -1
        cdef int64_t to_at = -1
        cdef int64_t wanted = start - left
        cdef int64_t final = end + right - 1
        cdef int64_t k, low, high, total
        cdef int32_t number
        cdef bint skipped = False
        if read.length <= 0:
            return NOT_SPANNING
        for number in range(parts):
            if from_at < 0 and self.parts[number].start <= wanted < self.parts[number].end:
                from_at = self.parts[number].query + wanted - self.parts[number].start
            if self.parts[number].start <= final < self.parts[number].end:
                to_at = self.parts[number].query + final - self.parts[number].start
                break
            if from_at >= 0 and self.parts[number].next_kind == OP_SKIP:
                skipped = True
        if from_at < 0 or to_at < 0:
            return NOT_SPANNING
        low = from_at + left
        high = to_at + 1 - right
        if skipped or high < low:
            return INTERRUPTED
        if (
            mismatches(read, from_at, letters + place[0], left) > max_mismatches
            or mismatches(read, high, letters + place[2], right) > max_mismatches
        ):
            return FLANK_DIFFERS
        if read.quality[0] != NO_QUALITIES:
            total = 0
            if high > low:
                for k in range(low, high):
                    total += read.quality[k]
                total -= min_base_quality * (high - low)
            else:
                for k in range(from_at, to_at + 1):
                    total += read.quality[k]
                total -= min_base_quality * (to_at + 1 - from_at)
            if total < 0:
                return LOW_QUALITY
        if (high - low) % unit:
            return INTERRUPTED
        for k in range(high - low):
            if base_at(read, low + k) != letters[place[1] + k % unit]:
                return INTERRUPTED
        k = (high - low) // unit
        if k >= room:
            return TOO_LONG
        return self.remember(seen, site, k)

    cdef int32_t remember(self, int32_t seen, Py_ssize_t site, int64_t length) noexcept nogil:
        # The base class's note() grows the array; its strand bit is of no use here.
        cdef Read nobody
        cdef int32_t number = seen
        nobody.flag = 0
        if self.note(&number, site, <int32_t>length, &nobody) < 0:
            return -2
        return -1

    cdef void vote(
        self,
        const Waiting *mate,
        int32_t seen,
        const int64_t[::1] edge,
        int32_t[::1] count,
        int32_t[:, ::1] gone,
    ) noexcept nogil:
        """Count what the read says, or settle it with what its mate said."""
        cdef int32_t at
        cdef int32_t there = 0
        cdef int64_t site, length
        for at in range(seen):
            site = self.seen[2 * at]
            length = self.seen[2 * at + 1]
            if mate is not NULL:
                while there < mate.pairs and mate.pair[2 * there] < site:
                    there += 1
                if there < mate.pairs and mate.pair[2 * there] == site:
                    if mate.pair[2 * there + 1] == length:
                        gone[site, SECOND_MATE] += 1
                    else:
                        count[edge[site] + (mate.pair[2 * there + 1] >> 1)] -= 1
                        gone[site, MATES_DISAGREE] += 2
                    continue
            count[edge[site] + (length >> 1)] += 1


cdef int32_t refused(const Read *read, uint32_t min_mapping_quality) noexcept nogil:
    if read.flag & 0x100:
        return SECONDARY
    if read.flag & 0x800:
        return SUPPLEMENTARY
    if read.flag & 0x200:
        return QC_FAIL
    if read.flag & 0x400:
        return DUPLICATE
    return LOW_MAPPING_QUALITY if read.mapping_quality < min_mapping_quality else -1


cdef inline uint8_t base_at(const Read *read, int64_t at) noexcept nogil:
    return (read.sequence[at >> 1] >> ((~at & 1) << 2)) & 15


cdef int32_t mismatches(
    const Read *read, int64_t at, const uint8_t *letters, int64_t size
) noexcept nogil:
    cdef int64_t k
    cdef int32_t found = 0
    for k in range(size):
        found += base_at(read, at + k) != letters[k]
    return found
