"""What a background was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.variants.background.params import BackgroundParams


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorRate:
    """Errors of one kind: median rate by read and the range of most alleles (2.5 to 97.5 %).

    ``rho`` is the median intra-class correlation: how much the rate differs between normals.
    ``alleles`` is what this was learned from.
    """

    kind: str
    rate: float
    low: float
    high: float
    rho: float
    alleles: float


@dataclass(frozen=True, kw_only=True)
class BackgroundResult(Result):
    """A background of normals: what was counted, and the errors by kind.

    ``bases`` targeted = ``covered`` (by at least one normal) + those of which nothing is known.
    ``germline`` counts pairs of allele and normal that were left out because the normal carries
    the allele.
    """

    schema_name: ClassVar[str] = "variants.background"

    normals: tuple[str, ...]
    bases: int
    covered: int
    alleles: int
    insertions_deletions: int
    germline: int
    rates: tuple[ErrorRate, ...]
    notes: tuple[str, ...] = ()
    params: BackgroundParams


BACKGROUND = TableSchema(
    "background",
    "Errors of normals by allele: a row for each covered base (alt .), one for each allele seen.",
    (
        Column("contig", str, "Contig, as in the first normal.", optional=False),
        Column("pos", int, "Position, 1-based.", optional=False),
        Column("ref", str, "Reference allele.", optional=False),
        Column("alt", str, "Alternative allele, . in the row of the base.", optional=False),
        Column("context", str, "Three bases of the reference, or the kind of error."),
        Column("normals", int, "Normals that cover the base and do not carry the allele."),
        Column("germline", int, "Normals left out because they carry the allele."),
        Column("depth", int, "Fragments of these normals."),
        Column("alt_depth", int, "Of them, with the allele (row of the base: with any)."),
        Column("rate", float, "Error rate by fragment, shrunk to that of its kind."),
        Column("depths", str, "Depth in each normal; empty where the base's row says it."),
        Column("alt_depths", str, "normal:fragments, normals from 0; others have none."),
    ),
)
