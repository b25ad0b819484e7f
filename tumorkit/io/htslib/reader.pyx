# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Walk the alignments of a region, and remember reads whose mates overlap them."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcmp, memcpy

from tumorkit.io.htslib._htslib cimport (
    CRAM_OPT_DECODE_MD,
    CRAM_OPT_REQUIRED_FIELDS,
    HTS_IDX_SILENT_FAIL,
    bam,
    bam_destroy1,
    bam_init1,
    cram,
    hts_close,
    hts_idx_destroy,
    hts_itr_destroy,
    hts_open,
    hts_set_fai_filename,
    hts_set_opt,
    sam_hdr_destroy,
    sam_hdr_name2tid,
    sam_hdr_read,
    sam_index_load3,
    sam_itr_next,
    sam_itr_queryi,
)
from tumorkit.io.htslib.blocks cimport Blocks

from tumorkit.io.htslib.blocks import libdeflate

# SAM fields that a CRAM decoder must fill (htslib, enum sam_fields).
PLACE_FIELDS = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x80
BASE_FIELDS = PLACE_FIELDS | 0x200 | 0x400

# Inflating takes most of the time, and pysam's htslib is built on zlib; libdeflate is 2.5 times
# as fast. Off, BAMs are read through htslib.
USE_LIBDEFLATE = True


cdef void long_cigar(Read *read, const uint8_t *end) noexcept nogil:
    """Point to the CG field where the CIGAR is longer than a record can say (SAM 4.2.2)."""
    cdef const uint8_t *field = read.quality + read.length
    cdef uint32_t count
    cdef int64_t size
    cdef uint8_t kind
    while field + 4 <= end:
        kind = field[2]
        if kind == 66:  # B: kind of the items, their number, the items
            memcpy(&count, field + 4, 4)
            if field[0] == 67 and field[1] == 71 and field + 8 + 4 * <int64_t>count <= end:
                read.cigar = field + 8
                read.operations = count
                return
            size = 5 + count * item_size(field[3])
        elif kind == 90 or kind == 72:  # Z, H: text that ends with a zero
            size = 1
            while field + 2 + size < end and field[2 + size] != 0:
                size += 1
        else:
            size = item_size(kind)
        field += 3 + size


cdef int64_t item_size(uint8_t kind) noexcept nogil:
    if kind == 115 or kind == 83:  # s, S
        return 2
    return 4 if kind == 105 or kind == 73 or kind == 102 else 1  # i, I, f; c, C, A


cdef class Reader:
    """An indexed BAM or CRAM; regions are walked without the interpreter's lock."""

    def __cinit__(self, str path, str reference="", int fields=PLACE_FIELDS):
        self.path = path.encode()
        self.file = hts_open(self.path, b"r")
        if self.file is NULL:
            raise OSError(f"{path}: cannot open")
        if self.file.format.format == cram:
            if reference and hts_set_fai_filename(self.file, reference.encode()) != 0:
                raise OSError(f"{reference}: cannot open the reference")
            hts_set_opt(self.file, CRAM_OPT_REQUIRED_FIELDS, fields)
            hts_set_opt(self.file, CRAM_OPT_DECODE_MD, 0)
        self.header = sam_hdr_read(self.file)
        if self.header is NULL:
            raise OSError(f"{path}: cannot read the header")
        self.index = sam_index_load3(self.file, self.path, NULL, HTS_IDX_SILENT_FAIL)
        if self.index is NULL:
            raise OSError(f"{path}: cannot read the index")
        functions = libdeflate() if USE_LIBDEFLATE else None
        if functions is not None and self.file.format.format == bam:
            self.blocks = Blocks(self.path, functions)
            self.direct = True
        self.record = bam_init1()
        if self.record is NULL:
            raise MemoryError

    def __dealloc__(self):
        if self.iterator is not NULL:
            hts_itr_destroy(self.iterator)
        if self.record is not NULL:
            bam_destroy1(self.record)
        if self.index is not NULL:
            hts_idx_destroy(self.index)
        if self.header is not NULL:
            sam_hdr_destroy(self.header)
        if self.file is not NULL:
            hts_close(self.file)

    cdef int contig_number(self, str contig) except -1:
        cdef int number = sam_hdr_name2tid(self.header, contig.encode())
        if number < 0:
            raise KeyError(contig)
        return number

    cdef int query(self, int contig, int64_t start, int64_t end) noexcept nogil:
        """Go to a region; 0 or an error below 0."""
        if self.iterator is not NULL:
            hts_itr_destroy(self.iterator)
        self.contig = contig
        self.end = end
        self.iterator = sam_itr_queryi(self.index, contig, start, end)
        self.stretch = -1
        return -2 if self.iterator is NULL else 0

    cdef int next_direct(self, Read *read) noexcept nogil:
        """Do as ``next``, taking from htslib only where in the file the region lies."""
        cdef const uint8_t *data = NULL
        cdef int64_t size = 0
        cdef int status = -1
        cdef uint16_t operations
        cdef uint16_t flag
        cdef int32_t number
        while True:
            if self.stretch >= 0:
                status = self.blocks.record(&data, &size)
            if status == -1:
                self.stretch += 1
                if self.stretch >= self.iterator.n_off:
                    return -1
                status = self.blocks.seek(
                    self.iterator.off[self.stretch].u, self.iterator.off[self.stretch].v
                )
                if status < 0:
                    return -2
                continue
            if status < 0:
                return status
            memcpy(&read.contig, data, 4)
            memcpy(&number, data + 4, 4)
            read.pos = number
            if read.contig == self.contig and read.pos < self.end:
                break
            if read.contig != self.contig and 0 <= read.contig < self.contig:
                continue
            return -1
        read.mapping_quality = data[9]
        memcpy(&operations, data + 12, 2)
        memcpy(&flag, data + 14, 2)
        read.operations = operations
        read.flag = flag
        memcpy(&read.length, data + 16, 4)
        memcpy(&read.mate_contig, data + 20, 4)
        memcpy(&number, data + 24, 4)
        read.mate_pos = number
        read.name = data + 32
        read.name_length = <int32_t>data[8] - 1
        read.cigar = data + 32 + data[8]
        read.sequence = read.cigar + 4 * read.operations
        read.quality = read.sequence + ((read.length + 1) >> 1)
        if read.length < 0 or read.quality + read.length > data + size:
            return -2
        # Soft clip of the whole read and a skip: the mark of a CIGAR kept elsewhere.
        if operations == 2 and operation(read, 0) == (<uint32_t>read.length << 4 | 4):
            long_cigar(read, data + size)
        return 0

    cdef int next(self, Read *read) noexcept nogil:
        """Give the next alignment of the region: 0, -1 at the end, below on damage."""
        if self.direct:
            return self.next_direct(read)
        cdef int status = sam_itr_next(self.file, self.iterator, self.record)
        if status < 0:
            return status
        read.pos = self.record.core.pos
        read.mate_pos = self.record.core.mpos
        read.contig = self.record.core.tid
        read.mate_contig = self.record.core.mtid
        read.flag = self.record.core.flag
        read.mapping_quality = self.record.core.qual
        read.operations = self.record.core.n_cigar
        read.length = self.record.core.l_qseq
        read.name = self.record.data
        read.name_length = self.record.core.l_qname
        # htslib pads the name with zeros to a multiple of four.
        while read.name_length > 0 and read.name[read.name_length - 1] == 0:
            read.name_length -= 1
        read.cigar = self.record.data + self.record.core.l_qname
        read.sequence = read.cigar + 4 * read.operations
        read.quality = read.sequence + ((read.length + 1) >> 1)
        return 0


cdef uint64_t hash_name(const uint8_t *name, int32_t length) noexcept nogil:
    # Eight bytes at a time, multiplied and folded (constants of splitmix64, Steele 2014).
    cdef uint64_t value = <uint64_t>0x9E3779B97F4A7C15 ^ <uint64_t>length
    cdef uint64_t word
    cdef int32_t at = 0
    while at < length:
        word = 0
        memcpy(&word, name + at, 8 if length - at >= 8 else length - at)
        value = (value ^ word) * <uint64_t>0xBF58476D1CE4E5B9
        value ^= value >> 31
        at += 8
    return value


cdef class Mates:
    """Reads that wait for an overlapping mate, by name."""

    def __cinit__(self):
        self.mask = 1023
        self.buckets = <Waiting **>calloc(self.mask + 1, sizeof(Waiting *))
        if self.buckets is NULL:
            raise MemoryError

    def __dealloc__(self):
        if self.buckets is not NULL:
            self.clear()
            free(self.buckets)

    cdef void clear(self) noexcept nogil:
        """Forget all."""
        cdef uint64_t at
        cdef Waiting *item
        if self.count == 0:
            return
        for at in range(self.mask + 1):
            while self.buckets[at] is not NULL:
                item = self.buckets[at]
                self.buckets[at] = item.next
                free(item)
        self.count = 0

    cdef Waiting *take(self, const Read *read) noexcept nogil:
        """Remove and return what waits under a read's name, or NULL; the caller frees it."""
        cdef uint64_t hashed
        cdef Waiting **link
        cdef Waiting *item
        if self.count == 0:
            return NULL
        hashed = hash_name(read.name, read.name_length)
        link = &self.buckets[hashed & self.mask]
        while link[0] is not NULL:
            item = link[0]
            if (
                item.hash == hashed
                and item.name_length == read.name_length
                and memcmp(item.name, read.name, read.name_length) == 0
            ):
                link[0] = item.next
                self.count -= 1
                return item
            link = &item.next
        return NULL

    cdef int put(self, const Read *read, const int64_t *pair, int32_t pairs) noexcept nogil:
        """Let a read wait, unless its name waits already; -2 when memory is out."""
        cdef uint64_t hashed = hash_name(read.name, read.name_length)
        cdef Waiting *item = self.buckets[hashed & self.mask]
        cdef size_t size
        while item is not NULL:
            if (
                item.hash == hashed
                and item.name_length == read.name_length
                and memcmp(item.name, read.name, read.name_length) == 0
            ):
                return 0
            item = item.next
        size = sizeof(Waiting) + 2 * pairs * sizeof(int64_t) + read.name_length
        item = <Waiting *>malloc(size)
        if item is NULL:
            return -2
        item.hash = hashed
        item.name_length = read.name_length
        item.pairs = pairs
        item.pair = <int64_t *>(item + 1)
        item.name = <uint8_t *>(item.pair + 2 * pairs)
        memcpy(item.pair, pair, 2 * pairs * sizeof(int64_t))
        memcpy(item.name, read.name, read.name_length)
        item.next = self.buckets[hashed & self.mask]
        self.buckets[hashed & self.mask] = item
        self.count += 1
        return self.grow() if self.count > 2 * self.mask else 0

    cdef int grow(self) noexcept nogil:
        """Spread the names over four times as many buckets."""
        cdef uint64_t mask = 4 * (self.mask + 1) - 1
        cdef uint64_t at
        cdef Waiting *item
        cdef Waiting **buckets = <Waiting **>calloc(mask + 1, sizeof(Waiting *))
        if buckets is NULL:
            return -2
        for at in range(self.mask + 1):
            while self.buckets[at] is not NULL:
                item = self.buckets[at]
                self.buckets[at] = item.next
                item.next = buckets[item.hash & mask]
                buckets[item.hash & mask] = item
        free(self.buckets)
        self.buckets = buckets
        self.mask = mask
        return 0
