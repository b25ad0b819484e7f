# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Records of a BGZF file, inflated with libdeflate and without the interpreter's lock."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t, uintptr_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcpy, memmove
from posix.fcntl cimport O_RDONLY, open
from posix.unistd cimport close, pread

cdef int64_t RAW_ROOM = 1 << 18
cdef int64_t LARGEST_BLOCK = 1 << 16


def libdeflate():
    """Return the addresses of libdeflate's functions in the package ``deflate``, or None."""
    try:
        import ctypes

        from deflate import _deflate

        library = ctypes.CDLL(_deflate.__file__)
        return tuple(
            ctypes.cast(getattr(library, f"libdeflate_{name}"), ctypes.c_void_p).value
            for name in (
                "alloc_decompressor", "free_decompressor", "deflate_decompress", "crc32"
            )
        )
    except (ImportError, OSError, AttributeError):
        return None


cdef class Blocks:
    """Records of a BGZF file, inflated block by block (SAM specification, section 4.1)."""

    def __cinit__(self, bytes path, tuple functions):
        cdef make_inflater make = <make_inflater><uintptr_t>functions[0]
        self.descriptor = -1
        self.block_address = -1
        self.free_block = <free_inflater><uintptr_t>functions[1]
        self.inflate_block = <inflate><uintptr_t>functions[2]
        self.crc = <checksum><uintptr_t>functions[3]
        self.inflater = make()
        self.raw = <uint8_t *>malloc(RAW_ROOM)
        self.plain_room = 4 * LARGEST_BLOCK
        self.plain = <uint8_t *>malloc(self.plain_room)
        if self.inflater is NULL or self.raw is NULL or self.plain is NULL:
            raise MemoryError
        self.descriptor = open(path, O_RDONLY)
        if self.descriptor < 0:
            raise OSError(f"{path.decode()}: cannot open")

    def __dealloc__(self):
        if self.descriptor >= 0:
            close(self.descriptor)
        if self.inflater is not NULL:
            self.free_block(self.inflater)
        free(self.raw)
        free(self.plain)

    cdef int seek(self, uint64_t start, uint64_t stop) noexcept nogil:
        """Go to the stretch between two virtual offsets: 0, or below on damage."""
        cdef int64_t address = <int64_t>(start >> 16)
        cdef int status
        self.stop = stop
        if address != self.block_address:
            if self.raw_offset <= address <= self.raw_offset + self.raw_size:
                self.raw_at = address - self.raw_offset
            else:
                self.raw_offset = address
                self.raw_at = self.raw_size = 0
            self.next_address = address
            self.plain_at = self.plain_size = 0
            status = self.load()
            if status < -1:
                return status
        self.plain_at = self.block_start + <int64_t>(start & 0xFFFF)
        return 0 if self.plain_at <= self.plain_size else -2

    cdef int record(self, const uint8_t **data, int64_t *size) noexcept nogil:
        """Give the next record of the stretch: 0, -1 at its end, below on damage."""
        cdef int32_t length
        cdef int status
        while self.plain_at >= self.plain_size:
            if (<uint64_t>self.next_address) << 16 >= self.stop:
                return -1
            status = self.load()
            if status < 0:
                return status
        if (
            (<uint64_t>self.block_address << 16)
            + <uint64_t>(self.plain_at - self.block_start) >= self.stop
        ):
            return -1
        status = self.more(4)
        if status < 0:
            return status
        memcpy(&length, self.plain + self.plain_at, 4)
        if length < 32:
            return -2
        status = self.more(4 + <int64_t>length)
        if status < 0:
            return status
        data[0] = self.plain + self.plain_at + 4
        size[0] = length
        self.plain_at += 4 + <int64_t>length
        return 0

    cdef int more(self, int64_t wanted) noexcept nogil:
        """Inflate until so many bytes stand ready."""
        while self.plain_size - self.plain_at < wanted:
            if self.load() < 0:
                return -2
        return 0

    cdef int load(self) noexcept nogil:
        """Inflate the next block behind what is left: 0, -1 at the file's end, -2 on damage."""
        cdef int64_t left = self.plain_size - self.plain_at
        cdef int64_t total, head
        cdef uint16_t word
        cdef uint32_t tail[2]
        cdef size_t made
        cdef uint8_t *block
        if self.plain_at > 0:
            memmove(self.plain, self.plain + self.plain_at, left)
            self.plain_at = 0
            self.plain_size = left
        if left + LARGEST_BLOCK > self.plain_room:
            block = <uint8_t *>realloc(self.plain, 2 * self.plain_room + LARGEST_BLOCK)
            if block is NULL:
                return -2
            self.plain = block
            self.plain_room = 2 * self.plain_room + LARGEST_BLOCK
        if self.fill(18) < 18:
            return -1 if self.raw_at == self.raw_size else -2
        block = self.raw + self.raw_at
        memcpy(&word, block + 10, 2)
        head = 12 + word
        # Every writer of BAM puts the BC field first; anything else is read as damage.
        if block[0] != 31 or block[1] != 139 or block[3] != 4 or block[12] != 66 or block[13] != 67:
            return -2
        memcpy(&word, block + 16, 2)
        total = <int64_t>word + 1
        if total < head + 8 or self.fill(total) < total:
            return -2
        block = self.raw + self.raw_at
        memcpy(tail, block + total - 8, 8)
        if tail[1] > LARGEST_BLOCK or self.inflate_block(
            self.inflater, block + head, total - head - 8, self.plain + left, tail[1], &made
        ) != 0:
            return -2
        if made != tail[1] or self.crc(0, self.plain + left, made) != tail[0]:
            return -2
        self.block_start = left
        self.plain_size = left + <int64_t>made
        self.block_address = self.next_address
        self.next_address += total
        self.raw_at += total
        return 0

    cdef int64_t fill(self, int64_t wanted) noexcept nogil:
        """Read until so many compressed bytes stand ready, or the file ends; say how many do."""
        cdef int64_t got
        if self.raw_size - self.raw_at >= wanted:
            return self.raw_size - self.raw_at
        memmove(self.raw, self.raw + self.raw_at, self.raw_size - self.raw_at)
        self.raw_offset += self.raw_at
        self.raw_size -= self.raw_at
        self.raw_at = 0
        while self.raw_size < wanted:
            got = pread(
                self.descriptor,
                self.raw + self.raw_size,
                RAW_ROOM - self.raw_size,
                self.raw_offset + self.raw_size,
            )
            if got <= 0:
                break
            self.raw_size += got
        return self.raw_size
