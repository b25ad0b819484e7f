"""Coverage of targets as CNVkit's ``.cnn``: chromosome, start, end, gene, log2, depth."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tumorkit.errors import InputError
from tumorkit.genome.coverage import TargetDepth
from tumorkit.genome.segment import CopyRatios
from tumorkit.genome.table import Column, TableSchema
from tumorkit.io.copy_ratios import read_copy_ratios

COVERAGE = TableSchema(
    "coverage",
    "Mean depth of targets, CNVkit's .cnn; 0-based half-open.",
    (
        Column("chromosome", str, "Contig.", optional=False),
        Column("start", int, "First base, 0-based.", optional=False),
        Column("end", int, "Base after the last.", optional=False),
        Column("gene", str, "Name of the target, - without one.", optional=False),
        Column("log2", float, "log2 of depth, -20 where depth is 0.", optional=False),
        Column("depth", float, "Mean depth, each fragment once.", "x", optional=False),
    ),
)


def coverage_text(rows: Iterable[TargetDepth]) -> str:
    """Return a coverage table as text."""
    return COVERAGE.text_of(
        {
            "chromosome": row.contig,
            "start": row.start,
            "end": row.end,
            "gene": row.gene,
            "log2": row.log2_ratio,
            "depth": row.depth,
        }
        for row in rows
    )


def read_coverage(path: Path) -> CopyRatios:
    """Read a ``.cnn`` in any column order; raise where no depth is in it.

    ``log2_ratio`` is the log2 of depth (not centred); bins without reads stand at the floor of
    :class:`CopyRatios`, and their depth is 0.
    """
    bins = read_copy_ratios(path)
    if not np.isfinite(bins.depth).any():
        raise InputError(
            path,
            "has no column depth",
            hint="make it with `tumorkit cnv coverage`, or CNVkit 0.9 or later",
        )
    return bins
