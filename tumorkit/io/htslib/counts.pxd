"""Declarations of the allele counter that the pileup shares."""

from libc.stdint cimport int8_t, int32_t, int64_t, uint8_t, uint32_t

from tumorkit.io.htslib.reader cimport Mates, Read, Reader, Waiting


cdef struct Part:
    int64_t start
    int64_t end
    int64_t query
    int32_t next_kind
    int64_t next_size


cdef class AlleleCounter:
    cdef Reader reader
    cdef Mates mates
    cdef Part *parts
    cdef int64_t *seen  # what the read at hand says: site and code, site and code, ...
    cdef int32_t room
    cdef int32_t seen_room
    cdef int32_t aligned_parts(self, const Read *read, int64_t *end) noexcept nogil
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
    ) noexcept nogil
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
    ) noexcept nogil
    cdef int note(
        self, int32_t *seen, Py_ssize_t site, int32_t code, const Read *read
    ) noexcept nogil
    cdef void add(
        self, const Read *read, const Waiting *mate, int32_t seen, int32_t[:, :, ::1] count
    ) noexcept nogil
