from __future__ import annotations

from pathlib import Path

import numpy as np
import pysam
import pytest

from tumorkit.genome.aligned_reads import AlignedReads
from tumorkit.io.bam_writer import bam_writer

LENGTHS = {"chr1": 100_000, "chr2": 50_000}
PAIR = AlignedReads(
    contig="chr2",
    length=8,
    name=("a", "a"),
    flag=np.array([99, 147]),
    start=np.array([100, 140]),
    mapping_quality=np.array([60, 60]),
    cigar=(None, ((0, 4), (2, 3), (0, 4))),
    mate_start=np.array([140, 100]),
    template_length=np.array([51, -51]),
    bases=b"ACGTACGTTTTTCCCC",
    qualities=bytes([37] * 8 + [37] * 4 + [11] * 4),
)


@pytest.mark.parametrize("index", ["bai", "csi"])
def test_reads_come_back_as_they_were_given(tmp_path: Path, index: str) -> None:
    path = tmp_path / "pair.bam"
    with bam_writer(path, lengths=LENGTHS, sample="S", index=index) as writer:
        writer.write(PAIR)
    assert (tmp_path / f"pair.bam.{index}").exists()
    with pysam.AlignmentFile(str(path)) as bam:
        assert bam.header["RG"] == [{"ID": "S", "SM": "S", "LB": "S", "PL": "ILLUMINA"}]
        first, second = bam.fetch("chr2", 90, 200)
    assert (first.query_sequence, first.cigarstring) == ("ACGTACGT", "8M")
    assert (second.query_sequence, second.cigarstring) == ("TTTTCCCC", "4M3D4M")
    assert list(second.query_qualities) == [37] * 4 + [11] * 4
    assert (first.template_length, second.next_reference_start) == (51, 100)


def stop_half_way(path: Path) -> None:
    with bam_writer(path, lengths=LENGTHS, sample="S") as writer:
        writer.write(PAIR)
        raise RuntimeError("stopped")


def test_a_bam_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="stopped"):
        stop_half_way(tmp_path / "half.bam")
    assert list(tmp_path.iterdir()) == []
