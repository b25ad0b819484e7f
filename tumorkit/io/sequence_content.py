"""What the reference sequence says of bins: G and C, repeats, gaps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.genome.interval import Interval
from tumorkit.io.fasta import Fasta
from tumorkit.io.gaps import known_stretches
from tumorkit.io.regions import grouped

Values = NDArray[np.float64]

BLOCK = 8_000_000
# Bins nearer than this are fetched together.
NEAR = 20_000
# Gaps of the assembly shorter than this do not part accessible regions (CNVkit's access).
MIN_GAP = 5_000

GC = np.zeros(256, dtype=np.uint8)
GC[list(b"GCgcSs")] = 1
KNOWN = np.zeros(256, dtype=np.uint8)
KNOWN[list(b"ACGTacgtSsWw")] = 1
MASKED = np.zeros(256, dtype=np.uint8)
MASKED[list(b"acgtn")] = 1


def sequence_content(
    fasta: Fasta,
    contig: NDArray[np.str_],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    *,
    progress: Progress = SILENT,
) -> tuple[Values, Values]:
    """Return the share of G and C among known bases, and of soft-masked bases, of each bin.

    Bins are in genome order. Both are NaN where the sequence has no known base there or lacks the
    contig. Masking is unknown (NaN) throughout where nothing in any bin is masked.
    """
    gc, masked = np.full(len(start), np.nan), np.full(len(start), np.nan)
    groups = list(_groups(contig, start, end))
    for name, first, last in progress.track(groups, label="sequence", total=len(groups)):
        if fasta.name_of(name) is None:
            continue
        low, high = int(start[first]), int(end[first:last].max())
        codes = np.frombuffer(fasta.fetch_cased(name, low, high).encode("ascii"), dtype=np.uint8)
        left = np.minimum(start[first:last] - low, len(codes))
        right = np.minimum(end[first:last] - low, len(codes))
        known = _sums(KNOWN[codes], left, right)
        shares = (_sums(GC[codes], left, right), _sums(MASKED[codes], left, right))
        size = np.maximum(known, 1)
        there = known > 0
        gc[first:last] = np.where(there, shares[0] / size, np.nan)
        masked[first:last] = np.where(there, np.minimum(shares[1] / size, 1.0), np.nan)
    if not (masked > 0).any():
        masked[:] = np.nan
    return gc, masked


def _groups(
    contig: NDArray[np.str_], start: NDArray[np.int64], end: NDArray[np.int64]
) -> Iterator[tuple[str, int, int]]:
    """Yield contig, first and last row of bins that are fetched together."""
    edges = np.flatnonzero(contig[1:] != contig[:-1]) + 1
    bounds = [0, *edges.tolist(), len(contig)]
    for low, high in itertools.pairwise(bounds):
        spans = start[low:high].tolist(), end[low:high].tolist()
        for first, last in grouped(*spans, max_gap=NEAR, max_span=BLOCK):
            yield str(contig[low]), low + first, low + last


def _sums(
    marks: NDArray[np.uint8], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int64]:
    before = np.concatenate(([0], np.cumsum(marks, dtype=np.int64)))
    found: NDArray[np.int64] = before[right] - before[left]
    return found


def accessible_regions(
    fasta: Fasta, contigs: list[str], *, progress: Progress = SILENT
) -> list[Interval]:
    """Return the stretches of these contigs between gaps (runs of N) of 5,000 bases and more."""
    found: list[Interval] = []
    stretches = known_stretches(fasta.path, MIN_GAP)
    for contig in progress.track(contigs, label="gaps", total=len(contigs)):
        name = fasta.name_of(contig)
        if name is not None:
            found += [Interval(contig, first, last) for first, last in stretches[name]]
    return found
