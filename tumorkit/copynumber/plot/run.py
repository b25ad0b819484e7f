"""Join reading, drawing and writing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from matplotlib.figure import Figure

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.copynumber.call.analysis import call
from tumorkit.copynumber.plot.figure import Format, figure_bytes, genome_figure
from tumorkit.copynumber.plot.labels import GeneLabel, labels_of
from tumorkit.copynumber.segment.bins import only_build
from tumorkit.errors import ContigMismatchError, ParameterError
from tumorkit.genome.build import Build, detect_build
from tumorkit.genome.contigs import standard
from tumorkit.io.atomic import write_bytes
from tumorkit.io.copy_ratios import read_contig_lengths, read_copy_ratios
from tumorkit.io.genes import read_genes
from tumorkit.io.segments import read_segments


def run_plot(
    ratios: Path,
    segments: Path,
    *,
    genes: Path | None = None,
    build: Build | None = None,
    contig: str = "",
    title: str = "",
    progress: Progress = SILENT,
) -> Figure:
    """Read bins, segments and perhaps genes, and draw them.

    Genes with small events are named. ``contig`` draws one contig alone.
    """
    bins, listed = read_copy_ratios(ratios), read_segments(segments)
    build = build or detect_build(read_contig_lengths(ratios)) or only_build(bins)
    there = {standard(name) for name in bins.contigs}
    if not there & {standard(item.contig) for item in listed}:
        raise ContigMismatchError(
            segments,
            f"no segment lies on a contig of {ratios.name} ({', '.join(sorted(there))[:80]})",
            hint="take segments and copy ratios of one sample and build",
        )
    labels: list[GeneLabel] = []
    if genes is not None:
        progress.log("calling genes for their labels")
        labels = labels_of(call(bins, listed, read_genes(genes), build=build).genes)
    if contig:
        rows = np.array([standard(name) == standard(contig) for name in bins.contig.tolist()])
        if not rows.any():
            raise ParameterError(
                f"contig {contig!r} has no bin", f"contigs present: {', '.join(bins.contigs)[:120]}"
            )
        bins = bins.taken(rows)
        listed = [item for item in listed if standard(item.contig) == standard(contig)]
    return genome_figure(
        bins,
        listed,
        genes_to_label=labels,
        build=build,
        title=title or ratios.name.partition(".")[0],
    )


def format_of(path: Path) -> Format:
    """Return the format that a file's suffix asks for."""
    for kind in get_args(Format):
        if path.suffix.lower() == f".{kind}":
            return kind  # type: ignore[no-any-return]
    raise ParameterError(f"cannot draw {path.name!r}", "name the picture .svg, .png or .pdf")


def write_plot(figure: Figure, path: Path) -> None:
    """Write a figure in the format of the path's suffix, whole or not at all."""
    write_bytes(path, figure_bytes(figure, format_of(path)))


def draw(
    ratios: Path,
    segments: Path,
    picture: Path,
    *,
    labels: Sequence[GeneLabel],
    build: Build | None,
    title: str,
) -> None:
    """Draw bins and segments of one run, whose genes are called already, and write the picture."""
    figure = genome_figure(
        read_copy_ratios(ratios),
        read_segments(segments),
        genes_to_label=labels,
        build=build,
        title=title,
    )
    write_plot(figure, picture)
