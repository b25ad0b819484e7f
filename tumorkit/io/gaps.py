"""Gaps of a reference: runs of N, found in one pass over the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.io.bgzf import read_chunks
from tumorkit.io.text import is_bgzf, read_lines

Bytes = NDArray[np.int64]

CHUNK = 1 << 20


@dataclass(frozen=True)
class Layout:
    """Where a contig lies in a FASTA: bases, first byte, bases and bytes of a line (.fai)."""

    length: int
    offset: int
    bases: int
    width: int

    @property
    def end(self) -> int:
        """The byte behind the last base."""
        if self.length == 0:
            return self.offset
        last = self.length - 1
        return self.offset + last // self.bases * self.width + last % self.bases + 1

    def base_of(self, byte: Bytes) -> Bytes:
        """Return the base that each byte belongs to; of a line's end the base behind it.

        >>> Layout(length=10, offset=5, bases=4, width=5).base_of(np.array([8, 9, 10])).tolist()
        [3, 4, 4]
        """
        line, within = np.divmod(byte - self.offset, self.width)
        bases = line * self.bases + np.minimum(within, self.bases)
        return np.asarray(np.minimum(bases, self.length))


def read_layouts(path: Path) -> dict[str, Layout]:
    """Return the layout of each contig by the FASTA's index (.fai, five columns)."""
    found = {}
    for _, line in read_lines(Path(f"{path}.fai")):
        name, *numbers = line.split("\t")
        found[name] = Layout(*map(int, numbers[:4]))
    return found


def known_stretches(path: Path, least_gap: int) -> dict[str, list[tuple[int, int]]]:
    """Return the stretches of each contig between runs of at least ``least_gap`` N.

    Stretches begin and end with a known base. The file is read once from front to back: a genome
    in a few seconds.
    """
    starts, ends = runs_of_n(path)
    found: dict[str, list[tuple[int, int]]] = {}
    for name, layout in read_layouts(path).items():
        first = int(np.searchsorted(ends, layout.offset, side="right"))
        last = int(np.searchsorted(starts, layout.end, side="left"))
        gaps = joined(
            layout.base_of(np.maximum(starts[first:last], layout.offset)),
            layout.base_of(np.minimum(ends[first:last], layout.end)),
        )
        edge, stretches = 0, []
        for start, end in gaps:
            if end - start < least_gap and start > 0 and end < layout.length:
                continue
            if start > edge:
                stretches.append((edge, start))
            edge = end
        if edge < layout.length:
            stretches.append((edge, layout.length))
        found[name] = stretches
    return found


def joined(starts: Bytes, ends: Bytes) -> list[tuple[int, int]]:
    """Return runs of bases, those that only a line's end parts as one."""
    apart = starts[1:] > ends[:-1]
    first = starts[np.append(True, apart)] if len(starts) else starts
    last = ends[np.append(apart, True)] if len(ends) else ends
    return list(zip(first.tolist(), last.tolist(), strict=True))


def runs_of_n(path: Path) -> tuple[Bytes, Bytes]:
    """Return first and last byte (exclusive) of runs of N; a line's end ends a run."""
    starts: list[Bytes] = []
    ends: list[Bytes] = []
    at, inside = 0, False
    nothing = b"N" * (2 * CHUNK)
    for chunk in chunks_of(path):
        if inside and chunk == nothing[: len(chunk)]:
            at += len(chunk)
            continue
        codes = np.frombuffer(chunk, dtype=np.uint8)
        unknown = (codes | 32) == ord("n")
        turns = np.flatnonzero(np.diff(unknown, prepend=inside)) + at
        # Turns alternate: into a run and out of it.
        starts.append(turns[int(inside) :: 2])
        ends.append(turns[1 - int(inside) :: 2])
        at, inside = at + len(chunk), bool(unknown[-1])
    if inside:
        ends.append(np.array([at]))
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *starts]), np.concatenate([none, *ends])


def chunks_of(path: Path) -> Iterator[bytes]:
    """Yield a FASTA's bytes, inflated, in pieces of about a megabyte."""
    if is_bgzf(path):
        yield from read_chunks(path)
        return
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            yield chunk
