"""What is known of bins beside their places: from a FASTA, tracks, or a table of bins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.genome.bins import Bins
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import CopyRatios
from tumorkit.io.bins import read_bins
from tumorkit.io.fasta import open_fasta
from tumorkit.io.sequence_content import sequence_content
from tumorkit.io.tracks import track_means


def bins_of_coverage(coverage: CopyRatios) -> Bins:
    """Return the bins of a coverage, nothing known of their sequence."""
    unknown = np.full(len(coverage), np.nan)
    return Bins(
        contig=coverage.contig,
        start=coverage.start,
        end=coverage.end,
        gene=coverage.gene.astype(np.object_),
        target=coverage.target,
        gc=unknown,
        repeat=unknown,
        mappability=unknown,
    )


def with_content(
    bins: Bins,
    *,
    reference: Path | None = None,
    listed: Path | None = None,
    mappability: Path | None = None,
    repeats: Path | None = None,
    progress: Progress = SILENT,
) -> Bins:
    """Return bins with GC and repeats of a FASTA, of a table of the same bins, or of tracks.

    What a table (``tumorkit cnv bins``) or a track says goes before the FASTA, what is known
    already stays where nothing else is.
    """
    if reference is not None:
        with open_fasta(reference) as fasta:
            gc, repeat = sequence_content(
                fasta, bins.contig, bins.start, bins.end, progress=progress
            )
        bins = replace(bins, gc=known_first(gc, bins.gc), repeat=known_first(repeat, bins.repeat))
    if listed is not None:
        bins = with_listed(bins, read_bins(listed))
    places = bins.contig, bins.start, bins.end
    if mappability is not None:
        bins = replace(bins, mappability=track_means(mappability, *places))
    if repeats is not None:
        # A contig on which no repeat is listed has none.
        bins = replace(bins, repeat=np.nan_to_num(track_means(repeats, *places)))
    return bins


def known_first(new: NDArray[np.float64], old: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return new values, old ones where the new are unknown."""
    return np.where(np.isfinite(new), new, old)


def with_listed(bins: Bins, listed: Bins) -> Bins:
    """Take content over from a table that holds the same bins."""
    at = {
        place: row
        for row, place in enumerate(
            zip(
                map(standard, listed.contig.tolist()),
                listed.start.tolist(),
                listed.end.tolist(),
                strict=True,
            )
        )
    }
    own = zip(
        map(standard, bins.contig.tolist()), bins.start.tolist(), bins.end.tolist(), strict=True
    )
    rows = np.array([at.get(place, -1) for place in own], dtype=np.int64)
    if not len(listed):
        return bins

    def taken(name: str) -> NDArray[np.float64]:
        there = np.where(rows >= 0, getattr(listed, name)[rows], np.nan)
        return known_first(there, getattr(bins, name))

    return replace(bins, gc=taken("gc"), repeat=taken("repeat"), mappability=taken("mappability"))
