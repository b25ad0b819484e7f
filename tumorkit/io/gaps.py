"""Gaps of a reference: runs of N, found in one pass over the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.io.bgzf import read_chunks
from tumorkit.io.text import is_bgzf, read_lines

CHUNK = 1 << 20
# A line ends in one or two bytes; runs of N this near are one.
NEWLINE = 2


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

    def base_of(self, byte: int) -> int:
        """Return the base that a byte belongs to; of a line's end the base behind it.

        >>> Layout(length=10, offset=5, bases=4, width=5).base_of(10)
        4
        """
        line, within = divmod(byte - self.offset, self.width)
        return min(line * self.bases + min(within, self.bases), self.length)


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
        gaps = [
            (layout.base_of(max(a, layout.offset)), layout.base_of(min(b, layout.end)))
            for a, b in zip(starts[first:last].tolist(), ends[first:last].tolist(), strict=True)
        ]
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


def runs_of_n(path: Path) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last byte (exclusive) of runs of N, also over line ends."""
    starts: list[NDArray[np.int64]] = []
    ends: list[NDArray[np.int64]] = []
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
    first = np.concatenate([np.zeros(0, dtype=np.int64), *starts])
    last = np.concatenate([np.zeros(0, dtype=np.int64), *ends])
    if len(first) == 0:
        return first, last
    apart = first[1:] - last[:-1] > NEWLINE
    return first[np.append(True, apart)], last[np.append(apart, True)]


def chunks_of(path: Path) -> Iterator[bytes]:
    """Yield a FASTA's bytes, inflated, in pieces of about a megabyte."""
    if is_bgzf(path):
        yield from read_chunks(path)
        return
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            yield chunk
