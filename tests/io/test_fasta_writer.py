from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pysam

from tumorkit.io.bgzf import BLOCK_SIZE as BLOCK
from tumorkit.io.fasta_writer import write_fasta

LENGTHS = {"chr1": 3 * BLOCK + 17, "chr2": 900, "chrM": 2 * BLOCK}
STRETCHES = {"chr1": [(5, b"ACGT" * 40), (BLOCK - 30, b"GATTACA" * 9)], "chr2": [(0, b"C" * 900)]}


def expected(contig: str) -> str:
    text = bytearray(b"N" * LENGTHS[contig])
    for start, letters in STRETCHES.get(contig, ()):
        text[start : start + len(letters)] = letters
    return text.decode()


def test_contigs_hold_their_stretches_and_n(tmp_path: Path) -> None:
    path = tmp_path / "small.fa.gz"
    write_fasta(path, LENGTHS, STRETCHES)
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    assert lines[0::2] == [f">{name}" for name in LENGTHS]
    assert lines[1::2] == [expected(name) for name in LENGTHS]


def test_indexes_are_those_of_samtools(tmp_path: Path) -> None:
    path, copy = tmp_path / "small.fa.gz", tmp_path / "copy.fa.gz"
    write_fasta(path, LENGTHS, STRETCHES)
    shutil.copy(path, copy)
    pysam.faidx(str(copy))
    for suffix in (".fai", ".gzi"):
        ours = path.with_name(path.name + suffix).read_bytes()
        assert ours == copy.with_name(copy.name + suffix).read_bytes()
    with pysam.FastaFile(str(path)) as fasta:
        assert fasta.fetch("chr1", BLOCK - 40, BLOCK + 40) == expected("chr1")[BLOCK - 40 :][:80]
