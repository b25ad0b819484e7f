"""Declarations of the reader that the kernels share."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from tumorkit.io.htslib._htslib cimport bam1_t, hts_idx_t, hts_itr_t, htsFile, sam_hdr_t
from tumorkit.io.htslib.blocks cimport Blocks

# Flags and operations: SAM specification 1.4.2, 1.4.6.
cdef enum:
    PAIRED = 0x1
    MATE_UNMAPPED = 0x8
    REVERSE = 0x10
    # Unmapped, secondary, QC fail, duplicate, supplementary.
    EXCLUDED = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
    OP_MATCH = 0
    OP_INSERTION = 1
    OP_DELETION = 2
    OP_SKIP = 3
    OP_SOFT_CLIP = 4
    OP_HARD_CLIP = 5
    OP_PADDING = 6
    OP_EQUAL = 7
    OP_DIFFERENT = 8


cdef struct Read:
    # One alignment; pointers are valid until the next read. `cigar` may be unaligned.
    int64_t pos
    int64_t mate_pos
    int32_t contig
    int32_t mate_contig
    uint32_t flag
    uint32_t mapping_quality
    uint32_t operations
    int32_t length
    int32_t name_length
    const uint8_t *name
    const uint8_t *cigar
    const uint8_t *sequence
    const uint8_t *quality


cdef struct Waiting:
    # A read whose mate is expected to overlap it, with pairs of numbers to remember.
    uint64_t hash
    Waiting *next
    int32_t name_length
    int32_t pairs
    int64_t *pair
    uint8_t *name


cdef class Reader:
    cdef htsFile *file
    cdef Blocks blocks
    cdef bint direct
    cdef int stretch
    cdef sam_hdr_t *header
    cdef hts_idx_t *index
    cdef hts_itr_t *iterator
    cdef bam1_t *record
    cdef bytes path
    cdef int contig
    cdef int64_t end
    cdef int query(self, int contig, int64_t start, int64_t end) noexcept nogil
    cdef int next(self, Read *read) noexcept nogil
    cdef int next_direct(self, Read *read) noexcept nogil
    cdef int contig_number(self, str contig) except -1


cdef class Mates:
    cdef Waiting **buckets
    cdef uint64_t mask
    cdef uint64_t count
    cdef void clear(self) noexcept nogil
    cdef Waiting *take(self, const Read *read) noexcept nogil
    cdef int put(self, const Read *read, const int64_t *pair, int32_t pairs) noexcept nogil
    cdef int grow(self) noexcept nogil


cdef inline uint32_t operation(const Read *read, uint32_t at) noexcept nogil:
    cdef uint32_t value
    memcpy(&value, read.cigar + 4 * at, 4)
    return value


cdef inline bint has_mate_here(const Read *read) noexcept nogil:
    return (
        read.flag & PAIRED != 0
        and read.flag & MATE_UNMAPPED == 0
        and read.mate_contig == read.contig
    )
