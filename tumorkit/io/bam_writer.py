"""Write BAM files from columns of reads."""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tumorkit.genome.aligned_reads import AlignedReads
from tumorkit.io.atomic import atomic_path


class BamWriter:
    """Writes reads in the order in which they are given, which must be the sorted one."""

    def __init__(self, handle: Any, sample: str) -> None:
        self._handle = handle
        self._sample = sample
        self._contigs = {name: number for number, name in enumerate(handle.references)}

    def write(self, reads: AlignedReads) -> None:
        """Write the reads of one contig."""
        import pysam

        size = reads.length
        whole = ((0, size),)
        contig = self._contigs[reads.contig]
        header = self._handle.header
        bases = reads.bases.decode("ascii")
        columns = zip(
            reads.name,
            reads.flag.tolist(),
            reads.start.tolist(),
            reads.mapping_quality.tolist(),
            reads.cigar,
            reads.mate_start.tolist(),
            reads.template_length.tolist(),
            range(0, size * len(reads), size),
            strict=True,
        )
        for name, flag, start, quality, cigar, mate, template, at in columns:
            read = pysam.AlignedSegment(header)
            read.query_name = name
            read.flag = flag
            read.reference_id = contig
            read.reference_start = start
            read.mapping_quality = quality
            read.cigartuples = cigar or whole
            read.next_reference_id = contig
            read.next_reference_start = mate
            read.template_length = template
            read.query_sequence = bases[at : at + size]
            read.query_qualities = array("B", reads.qualities[at : at + size])
            read.set_tag("RG", self._sample, "Z")
            self._handle.write(read)


@contextlib.contextmanager
def bam_writer(
    path: Path, *, lengths: Mapping[str, int], sample: str, index: str = "bai"
) -> Iterator[BamWriter]:
    """Open a sorted BAM for writing; BAM and its index appear whole or not at all.

    ``index`` is ``bai`` or ``csi``. The header holds contigs and one read group with the sample's
    name, and neither dates, paths nor program lines, so that equal reads give equal bytes.
    """
    import pysam

    header = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": name, "LN": length} for name, length in lengths.items()],
        "RG": [{"ID": sample, "SM": sample, "LB": sample, "PL": "ILLUMINA"}],
    }
    beside = path.with_name(f"{path.name}.{index}")
    with atomic_path(path) as temporary, atomic_path(beside) as temporary_index:
        with pysam.AlignmentFile(
            str(temporary), "wb", header=header, add_sq_text=False, format_options=["level=9"]
        ) as handle:
            yield BamWriter(handle, sample)
        pysam.index("-c" if index == "csi" else "-b", "-o", str(temporary_index), str(temporary))
