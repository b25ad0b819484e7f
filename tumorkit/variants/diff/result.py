"""Which alleles two specifications judge differently, and by which filters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.contract.summary import Summary
from tumorkit.genome.table import Column, TableSchema
from tumorkit.variants.diff.params import DiffParams
from tumorkit.variants.filter.result import NotEvaluable, Reason


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A specification that judged: ``side`` is ``a`` or ``b``; what the file cannot answer."""

    side: str
    name: str
    version: str
    sha256: str
    not_evaluable: tuple[NotEvaluable, ...]
    not_applicable: tuple[NotEvaluable, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VerdictPair:
    """How many alleles have these verdicts by A and by B."""

    a: str
    b: str
    alleles: int


@dataclass(frozen=True, kw_only=True)
class FlipFilter:
    """A filter that fails a flip, and what the other side says by the filter of that name.

    ``other`` is a verdict, or ``not there`` where the other side has no such filter or cannot
    answer it; ``other_limit`` is the other side's limit.
    """

    reason: Reason
    other: str
    other_limit: float | str | None


@dataclass(frozen=True, kw_only=True)
class Flip:
    """An allele that one side keeps and the other fails (``failed_by``), with the filters."""

    contig: str
    pos: int
    ref: str
    alt: str
    depth: int | None
    alt_depth: int | None
    vaf: float | None
    failed_by: str
    verdict_a: str
    verdict_b: str
    tier_a: str
    tier_b: str
    filters: tuple[FlipFilter, ...]


@dataclass(frozen=True, kw_only=True)
class FilterFlips:
    """How many flips a filter of one side fails, and how many it fails ``only`` by itself."""

    side: str
    filter: str
    says: str
    flips: int
    only: int
    other: str


@dataclass(frozen=True, kw_only=True)
class DiffResult(Result):
    """Two specifications on the same alleles.

    ``alleles = kept_by_both + failed_by_both + failed_by_a + failed_by_b``; kept is what no filter
    fails, or what is rescued. ``verdicts`` add up to ``alleles``, too.
    """

    schema_name: ClassVar[str] = "variants.diff"

    specifications: tuple[Judged, ...]
    records: int
    alleles: int
    kept_by_both: int
    failed_by_both: int
    failed_by_a: int
    failed_by_b: int
    verdicts: tuple[VerdictPair, ...]
    filters: tuple[FilterFlips, ...]
    flips: tuple[Flip, ...]
    notes: tuple[str, ...] = ()
    params: DiffParams = field(default_factory=DiffParams)

    def summary(self) -> Summary:
        """Return the filters that make the difference as a short table."""
        a, b = self.specifications
        names = {"a": f"A {a.name}", "b": f"B {b.name}"}
        notes = [
            f"{self.alleles} alleles: {self.kept_by_both} kept by both, {self.failed_by_both} "
            f"failed by both, {self.failed_by_a} failed by A alone, {self.failed_by_b} by B alone"
        ]
        notes += [f"A {x.a}, B {x.b}: {x.alleles}" for x in self.verdicts if x.a != x.b]
        notes += [
            f"{side.side.upper()} not evaluable: {item.filter}: {item.reason}"
            for side in self.specifications
            for item in side.not_evaluable
        ]
        return Summary(
            title=f"A {a.name} {a.version} against B {b.name} {b.version}",
            columns=("failed by", "filter", "flips", "only", "other side", "meaning"),
            rows=tuple(
                (names[x.side], x.filter, str(x.flips), str(x.only), x.other, x.says)
                for x in self.filters
            ),
            notes=(*notes, *self.notes),
        )


FLIPS = TableSchema(
    "variants-diff",
    "Alleles that one specification keeps and the other fails: a row for every filter that does.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("pos", int, "Position, 1-based.", optional=False),
        Column("ref", str, "Reference allele.", optional=False),
        Column("alt", str, "Alternative allele.", optional=False),
        Column("failed_by", str, "a or b: the side that fails it.", optional=False),
        Column("verdict_a", str, "Verdict of A.", optional=False),
        Column("verdict_b", str, "Verdict of B.", optional=False),
        Column("filter", str, "Filter that fails it.", optional=False),
        Column("quantity", str, "What was measured."),
        Column("value", str, "Its value; empty is unknown."),
        Column("limit", str, "Limit of the side that fails it."),
        Column("other", str, "What the filter of that name says on the other side."),
        Column("other_limit", str, "Limit of the other side."),
        Column("reason", str, "The reason in words."),
    ),
)
