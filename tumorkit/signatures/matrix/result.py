"""Counts of mutations by class, and what became of every variant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.genome.channels import Kind
from tumorkit.genome.profiles import Profiles
from tumorkit.genome.table import Column, TableSchema
from tumorkit.signatures.matrix.params import MatrixParams


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A variant that no class takes, and why."""

    sample: str
    contig: str
    pos: int
    ref: str
    alt: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class SampleCounts:
    """What became of the variants of one sample.

    ``variants`` is the sum of ``counted`` (variants by kind of class) and ``rejected`` (variants by
    reason). ``mutations`` is the sum of each matrix: a doublet of two variants is one mutation, and
    weights make fractions.
    """

    sample: str
    variants: int
    counted: dict[str, int]
    mutations: dict[str, float]
    rejected: dict[str, int]
    joined_doublets: int
    mismatches: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixResult(Result):
    """Matrices of mutation classes for one sample or many."""

    schema_name: ClassVar[str] = "signatures.matrix"

    samples: tuple[SampleCounts, ...]
    notes: tuple[str, ...]
    params: MatrixParams
    matrices: dict[Kind, Profiles] = field(metadata={"document": False}, repr=False)
    left_out: tuple[Rejected, ...] = field(default=(), metadata={"document": False}, repr=False)


REJECTED = TableSchema(
    "signatures-rejected",
    "Variants that no class of mutations takes, and why.",
    (
        Column("sample", str, "Name of the sample.", optional=False),
        Column("contig", str, "Contig.", optional=False),
        Column("pos", int, "Position, 1-based as in VCF.", optional=False),
        Column("ref", str, "Reference allele."),
        Column("alt", str, "Alternative allele."),
        Column("reason", str, "Why it is in no matrix.", optional=False),
        Column("detail", str, "What was found."),
    ),
)
