"""Declarations of the block reader."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

# libdeflate, by address: what the package `deflate` brings along.
ctypedef void *(*make_inflater)() noexcept nogil
ctypedef void (*free_inflater)(void *inflater) noexcept nogil
ctypedef int (*inflate)(
    void *inflater, const void *source, size_t size, void *target, size_t room, size_t *made
) noexcept nogil
ctypedef uint32_t (*checksum)(uint32_t start, const void *data, size_t size) noexcept nogil


cdef class Blocks:
    # A BGZF file from which records are taken in stretches given by an index.
    cdef int descriptor
    cdef void *inflater
    cdef inflate inflate_block
    cdef free_inflater free_block
    cdef checksum crc
    cdef uint8_t *raw  # compressed bytes: raw[0] stands at raw_offset in the file
    cdef int64_t raw_at, raw_size, raw_offset
    cdef uint8_t *plain  # inflated bytes; the last block starts at block_start
    cdef int64_t plain_at, plain_size, plain_room, block_start
    cdef int64_t block_address, next_address
    cdef uint64_t stop
    cdef int seek(self, uint64_t start, uint64_t stop) noexcept nogil
    cdef int record(self, const uint8_t **data, int64_t *size) noexcept nogil
    cdef int more(self, int64_t wanted) noexcept nogil
    cdef int load(self) noexcept nogil
    cdef int64_t fill(self, int64_t wanted) noexcept nogil
