"""Coverage of targets as CNVkit's ``.cnn``: chromosome, start, end, gene, log2, depth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import numpy as np

from tumorkit.errors import InputError
from tumorkit.genome.contigs import order
from tumorkit.genome.coverage import TargetDepth
from tumorkit.genome.segment import CopyRatios
from tumorkit.genome.table import Column, TableSchema
from tumorkit.io.bin_table import read_bin_table
from tumorkit.io.bins import bins_of
from tumorkit.io.copy_ratios import read_copy_ratios

# CNVkit writes -20 where there is no read; no depth is as low as this.
NO_READS = -15.0

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


def read_depths(*paths: Path) -> CopyRatios:
    """Read the coverage of one sample, also from a file of targets and one of off-target bins.

    ``.cnn`` in any column order; without a column ``depth`` it is 2 to the log2 (0 where log2 is
    CNVkit's -20). PureCN's coverage is its total per target over the target's length. Rows are in
    genome order; ``log2_ratio`` is the log2 of depth as it is, ``target`` False for off-target.
    """
    parts = [_depths_of(path) for path in paths]
    # Depths are of one sample: what normals say is not in them.
    names = [item.name for item in fields(CopyRatios) if item.name != "spread"]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    contig = joined["contig"].tolist()
    ranks = {name: rank for rank, name in enumerate(sorted(set(contig), key=order))}
    rank = np.array([ranks[name] for name in contig])
    rows = np.lexsort((joined["end"], joined["start"], rank))
    return CopyRatios(**{name: column[rows] for name, column in joined.items()})


def _depths_of(path: Path) -> CopyRatios:
    table = read_bin_table(path)
    if table.has("spread") and table.has("log2"):
        raise InputError(
            path,
            "is a reference of normals (it has a column spread), not a coverage",
            hint="give it as --panel-of-normals",
        )
    size = (table.end - table.start).astype(float)
    if table.has("total_coverage"):
        depth = table.numbers("total_coverage") / size
    elif table.has("depth"):
        depth = table.numbers("depth")
    elif table.has("log2"):
        log2 = table.numbers("log2")
        depth = np.where(log2 <= NO_READS, 0.0, np.exp2(log2))
    else:
        raise InputError(
            path,
            f"has no column depth; columns present: {', '.join(table.names)[:200]}",
            hint="make it with `tumorkit cnv coverage`, or CNVkit",
        )
    if (depth < 0).any() or np.isinf(depth).any():
        raise InputError(path, "a depth is negative or infinite")
    bins = bins_of(table)
    return CopyRatios(
        contig=bins.contig,
        start=bins.start,
        end=bins.end,
        log2_ratio=np.log2(depth, out=np.full(len(depth), -20.0), where=depth > 0),
        weight=np.ones(len(bins)),
        gene=bins.gene,
        depth=depth,
        target=bins.target,
    )


def sample_of(path: Path) -> str:
    """Return the sample's name by the name of its coverage file.

    >>> sample_of(Path("a/N1.antitargetcoverage.cnn")), sample_of(Path("N.2.cnn"))
    ('N1', 'N.2')
    """
    name = path.name.removesuffix(".gz")
    for suffix in (".txt", ".cnn", ".targetcoverage", ".antitargetcoverage"):
        name = name.removesuffix(suffix)
    return name
