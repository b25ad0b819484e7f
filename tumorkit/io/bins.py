"""Bins with what is known of their sequence, and references made of normals."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.errors import InputError
from tumorkit.genome.bins import Bins, ReferenceBins, empty_columns
from tumorkit.genome.segment import OFF_TARGET_NAMES
from tumorkit.genome.table import Column, TableSchema
from tumorkit.io.bin_table import BinTable, read_bin_table

BINS = TableSchema(
    "bins",
    "Bins with their sequence; a BED whose header begins with #, 0-based half-open.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("start", int, "First base, 0-based.", optional=False),
        Column("end", int, "Base after the last.", optional=False),
        Column("gene", str, "Name; Antitarget for off-target bins.", optional=False),
        Column("gc", float, "Share of G and C among known bases."),
        Column("repeat", float, "Share of soft-masked bases."),
        Column("mappability", float, "Mean of the mappability track."),
    ),
)
NORMAL = "normal:"
SHAPE = "component_"


def bins_text(bins: Bins) -> str:
    """Return bins as a table that any reader of BED accepts."""
    columns = (bins.contig, bins.start, bins.end, bins.gene, bins.gc, bins.repeat, bins.mappability)
    lines = [f"#{BINS.header()}"]
    for row in zip(*(column.tolist() for column in columns), strict=True):
        contig, start, end, gene, *numbers = row
        lines.append(f"{contig}\t{start}\t{end}\t{gene}\t{shown(numbers)}")
    return "\n".join(lines) + "\n"


def shown(numbers: Iterable[float]) -> str:
    """Return numbers as cells of 6 significant digits, unknown as an empty one."""
    return "\t".join("" if value != value else f"{value:.6g}" for value in numbers)  # noqa: PLR0124


def read_bins(path: Path) -> Bins:
    """Read bins with gc, repeat (or rmask, or PureCN's on_target, gc_bias) and mappability."""
    return bins_of(read_bin_table(path))


def bins_of(table: BinTable) -> Bins:
    """Return the bins of a table."""
    gene = table.words("gene")
    if table.has("on_target"):
        target = np.array([word.upper() == "TRUE" for word in table.words("on_target").tolist()])
    else:
        target = np.array([name not in OFF_TARGET_NAMES for name in gene.tolist()], dtype=np.bool_)
    return Bins(
        contig=table.contig,
        start=table.start,
        end=table.end,
        gene=gene,
        target=target,
        gc=first_of(table, "gc", "gc_bias"),
        repeat=first_of(table, "repeat", "rmask"),
        mappability=first_of(table, "mappability"),
    )


def first_of(table: BinTable, *names: str) -> NDArray[np.float64]:
    """Return the first of these columns that the table has, NaN if none."""
    return table.numbers(next((name for name in names if table.has(name)), names[0]))


def read_reference(path: Path) -> tuple[ReferenceBins, tuple[str, ...]]:
    """Read a reference (``.cnn``) of ours or CNVkit's, in any column order; also normals' names.

    Without a column ``spread`` (or ``log2``) the file is no reference and refused; CNVkit's
    columns of clusters are not used.
    """
    table = read_bin_table(path)
    if not (table.has("log2") and table.has("spread")):
        raise InputError(
            path,
            "is no reference: it needs the columns log2 and spread; columns present: "
            f"{', '.join(table.names)[:200]}",
            hint="make one of normals: tumorkit cnv reference",
        )
    bins = bins_of(table)
    spread = table.numbers("spread")
    shapes = [name for name in table.names if name.startswith(SHAPE)]
    normals = [name for name in table.header if name.lower().startswith(NORMAL)]
    reference = ReferenceBins(
        **{name: getattr(bins, name) for name in Bins.__dataclass_fields__},
        log2_ratio=table.numbers("log2"),
        spread=spread,
        rest=table.numbers("rest") if table.has("rest") else np.nan_to_num(spread),
        depth=table.numbers("depth"),
        components=columns_of(table, shapes),
        deviations=columns_of(table, [name.lower() for name in normals]),
    )
    return reference, tuple(name[len(NORMAL) :] for name in normals)


def columns_of(table: BinTable, names: list[str]) -> NDArray[np.float64]:
    """Return columns side by side."""
    if not names:
        return empty_columns(len(table.rows))
    return np.column_stack([table.numbers(name) for name in names])


def reference_text(reference: ReferenceBins, normals: tuple[str, ...] = ()) -> str:
    """Return a reference as ``.cnn``: CNVkit's columns first, then ours.

    Names of normals head a column each of ``deviations``; without names these are left out.
    """
    head = ["chromosome", "start", "end", "gene", "log2", "depth", "gc", "rmask", "spread", "rest"]
    columns = [
        # CNVkit reads no empty log2: a bin without any known normal is not captured.
        np.where(np.isfinite(reference.log2_ratio), reference.log2_ratio, -20.0),
        reference.depth,
        reference.gc,
        reference.repeat,
        reference.spread,
        reference.rest,
    ]
    if np.isfinite(reference.mappability).any():
        head.append("mappability")
        columns.append(reference.mappability)
    head += [f"{SHAPE}{number + 1}" for number in range(reference.components.shape[1])]
    columns += list(reference.components.T)
    if normals:
        head += [f"{NORMAL}{name}" for name in normals]
        columns += [np.round(column, 4) for column in reference.deviations.T]
    places = (reference.contig, reference.start, reference.end, reference.gene)
    lines = ["\t".join(head)]
    table = np.column_stack(columns).tolist()
    for place, numbers in zip(
        zip(*(column.tolist() for column in places), strict=True), table, strict=True
    ):
        lines.append("\t".join(map(str, place)) + "\t" + shown(numbers))
    return "\n".join(lines) + "\n"
