"""What a comparison with the truth found: counts that close, recall and precision."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.contract.summary import Summary
from tumorkit.genome.table import Column, TableSchema
from tumorkit.variants.compare.params import CompareParams


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """Counts of one type of variant, or of one bin of variant allele fraction.

    ``found`` and ``fn`` are records of the truth, ``tp``, ``fp`` and ``unk`` those of the query:
    by fraction, each side is binned by its own, so ``found`` and ``tp`` may differ there.
    """

    name: str
    found: int
    fn: int
    tp: int
    fp: int
    unk: int
    recall: Estimate
    precision: Estimate


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Records that take no part: of the truth or the query, why, and how many."""

    source: str
    reason: str
    count: int


@dataclass(frozen=True, kw_only=True)
class CompareResult(Result):
    """A query compared with the truth; ``unit`` says whether records or alleles are counted.

    ``truth = tp + fn`` and ``query = tp + fp + unk``; with ``left_out`` they add up to all that
    was read: ``truth_read`` and ``query_read``.
    """

    schema_name: ClassVar[str] = "variants.compare"

    unit: str
    truth_read: int
    query_read: int
    truth: int
    query: int
    tp: int
    fp: int
    fn: int
    unk: int
    recall: Estimate
    precision: Estimate
    f1: Estimate
    types: tuple[Stratum, ...]
    vaf_bins: tuple[Stratum, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...] = ()
    params: CompareParams = field(default_factory=CompareParams)

    def summary(self) -> Summary:
        """Return the counts as a short table."""
        rows = [
            (
                "all",
                *map(str, (self.truth, self.tp, self.fp, self.fn, self.unk)),
                shown(self.recall),
                shown(self.precision),
            )
        ]
        for stratum in (*self.types, *self.vaf_bins):
            counts = (stratum.found + stratum.fn, stratum.tp, stratum.fp, stratum.fn, stratum.unk)
            if any(counts):
                row = (stratum.name, *map(str, counts))
                rows.append((*row, shown(stratum.recall), shown(stratum.precision)))
        notes = [f"F1 {shown(self.f1)}; exact intervals (Clopper-Pearson), {self.unit}s compared"]
        notes += [f"left out: {x.count} of the {x.source}: {x.reason}" for x in self.left_out]
        return Summary(
            title="Comparison with the truth",
            columns=("what", "truth", "TP", "FP", "FN", "UNK", "recall", "precision"),
            rows=tuple(rows),
            notes=(*notes, *self.notes),
        )


def shown(estimate: Estimate) -> str:
    """Return a proportion with its interval.

    >>> shown(Estimate(value=0.5, low=0.25, high=0.75))
    '0.5000 (0.2500-0.7500)'
    """
    if estimate.value is None:
        return "not evaluable"
    return f"{estimate.value:.4f} ({estimate.low:.4f}-{estimate.high:.4f})"


COMPARED = TableSchema(
    "compared",
    "Every record (or allele) of query and truth with its class: the query's in file order, then "
    "those of the truth that were not found.",
    (
        Column("contig", str, "Contig, as in the file.", optional=False),
        Column("pos", int, "Position, 1-based, as it was compared.", optional=False),
        Column("ref", str, "Reference allele.", optional=False),
        Column("alt", str, "Alternative alleles."),
        Column("type", str, "snv, mnv, insertion, deletion, complex or symbolic."),
        Column("class", str, "TP, FP, FN, UNK, or out (takes no part).", optional=False),
        Column("source", str, "query or truth.", optional=False),
        Column("vaf", float, "Variant allele fraction in the source; the highest of a record."),
        Column("filter", str, "FILTER in the source."),
        Column("reason", str, "Why it is UNK or takes no part."),
    ),
)
