"""The few names of htslib that the kernels use.

Own declarations, so that the kernels depend on htslib's C interface alone and run on any pysam
that brings a compatible library; pysam's own Cython classes are never imported.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t


cdef extern from "htslib/hts.h" nogil:
    ctypedef int64_t hts_pos_t

    ctypedef struct htsFormat:
        int format

    ctypedef struct htsFile:
        htsFormat format

    ctypedef struct hts_idx_t:
        pass

    ctypedef struct hts_pair64_max_t:
        uint64_t u
        uint64_t v

    ctypedef struct hts_itr_t:
        int n_off
        hts_pair64_max_t *off

    enum hts_fmt_option:
        CRAM_OPT_REQUIRED_FIELDS
        CRAM_OPT_DECODE_MD

    int bam
    int cram
    int HTS_IDX_SILENT_FAIL

    htsFile *hts_open(const char *path, const char *mode)
    int hts_close(htsFile *file)
    int hts_set_fai_filename(htsFile *file, const char *path)
    int hts_set_opt(htsFile *file, hts_fmt_option option, ...)
    void hts_idx_destroy(hts_idx_t *index)
    void hts_itr_destroy(hts_itr_t *iterator)


cdef extern from "htslib/sam.h" nogil:
    ctypedef struct bam1_core_t:
        hts_pos_t pos
        int32_t tid
        uint8_t qual
        uint16_t flag
        uint16_t l_qname
        uint32_t n_cigar
        int32_t l_qseq
        int32_t mtid
        hts_pos_t mpos

    ctypedef struct bam1_t:
        bam1_core_t core
        uint8_t *data

    ctypedef struct sam_hdr_t:
        pass

    sam_hdr_t *sam_hdr_read(htsFile *file)
    void sam_hdr_destroy(sam_hdr_t *header)
    int sam_hdr_name2tid(sam_hdr_t *header, const char *name)
    hts_idx_t *sam_index_load3(htsFile *file, const char *path, const char *index, int flags)
    hts_itr_t *sam_itr_queryi(const hts_idx_t *index, int tid, hts_pos_t start, hts_pos_t end)
    int sam_itr_next(htsFile *file, hts_itr_t *iterator, bam1_t *record)
    bam1_t *bam_init1()
    void bam_destroy1(bam1_t *record)
