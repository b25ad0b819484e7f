"""Write a block-gzipped FASTA with its two indexes."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from tumorkit.io.atomic import atomic_path, write_bytes, write_text
from tumorkit.io.bgzf import BLOCK_SIZE, compress_block
from tumorkit.io.text import BGZF_END

SMALLEST = 12  # libdeflate's densest level: a reference is written once and copied often
Stretches = Sequence[tuple[int, bytes]]


class BlockWriter:
    """Compresses a stream; blocks full of N are compressed once and repeated."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._pending = bytearray()
        self._unknown = compress_block(b"N" * BLOCK_SIZE, SMALLEST)
        self._compressed = self._plain = 0
        self.index: list[tuple[int, int]] = []

    def write(self, content: bytes) -> None:
        """Take in bytes; whole blocks are written at once."""
        self._pending += content
        while len(self._pending) >= BLOCK_SIZE:
            self._put(compress_block(bytes(self._pending[:BLOCK_SIZE]), SMALLEST), BLOCK_SIZE)
            del self._pending[:BLOCK_SIZE]

    def write_unknown(self, count: int) -> None:
        """Take in so many N."""
        first = min(count, -len(self._pending) % BLOCK_SIZE)
        self.write(b"N" * first)
        for _ in range((count - first) // BLOCK_SIZE):
            self._put(self._unknown, BLOCK_SIZE)
        self.write(b"N" * ((count - first) % BLOCK_SIZE))

    def _put(self, block: bytes, plain: int) -> None:
        self._handle.write(block)
        self._compressed += len(block)
        self._plain += plain
        self.index.append((self._compressed, self._plain))

    def close(self) -> None:
        """Write what is left, and the empty block that ends a BGZF file."""
        if self._pending:
            self._put(compress_block(bytes(self._pending), SMALLEST), len(self._pending))
        self._handle.write(BGZF_END)


def write_fasta(path: Path, lengths: Mapping[str, int], stretches: Mapping[str, Stretches]) -> None:
    """Write contigs on one line each, N wherever no stretch (start, letters) is given.

    Beside the file come its ``.fai`` and ``.gzi``, as ``samtools faidx`` would make them.
    """
    rows: list[str] = []
    with atomic_path(path) as temporary, temporary.open("wb") as handle:
        writer = BlockWriter(handle)
        offset = 0
        for contig, length in lengths.items():
            head = f">{contig}\n".encode("ascii")
            writer.write(head)
            offset += len(head)
            rows.append(f"{contig}\t{length}\t{offset}\t{length}\t{length + 1}\n")
            at = 0
            for start, letters in stretches.get(contig, ()):
                writer.write_unknown(start - at)
                writer.write(letters)
                at = start + len(letters)
            writer.write_unknown(length - at)
            writer.write(b"\n")
            offset += length + 1
        writer.close()
    write_text(path.with_name(path.name + ".fai"), "".join(rows))
    # The first block begins at 0 and the last entry would point behind the data; neither counts.
    entries = writer.index[:-1]
    table = b"".join(struct.pack("<QQ", *entry) for entry in entries)
    write_bytes(path.with_name(path.name + ".gzi"), struct.pack("<Q", len(entries)) + table)
