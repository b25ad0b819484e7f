"""How many variants each filter removed, alone and first."""

from __future__ import annotations

from dataclasses import dataclass

from tumorkit.report.document import Node
from tumorkit.report.text import number


@dataclass(frozen=True, kw_only=True)
class WaterfallRow:
    """How many variants one filter failed, and how many only it failed."""

    filter: str
    says: str
    failed: int
    only: str
    only_value: float | None
    first: str
    first_value: float | None
    unknown: str
    unknown_value: float | None
    share: float


def waterfall_rows(result: Node) -> tuple[WaterfallRow, ...]:
    """Read how many variants each filter removed, in the order of the specification."""
    rows = result.nodes("waterfall")
    total = result.maybe_number("alleles") or max(
        (row.maybe_number("failed") or 0 for row in rows), default=0
    )
    return tuple(
        WaterfallRow(
            filter=row.text("filter"),
            says=row.maybe_text("says") or "",
            failed=row.count("failed"),
            only=number(row.maybe_number("only")),
            only_value=row.maybe_number("only"),
            first=number(row.maybe_number("first")),
            first_value=row.maybe_number("first"),
            unknown=number(row.maybe_number("unknown")),
            unknown_value=row.maybe_number("unknown"),
            share=round(100 * row.count("failed") / total, 1) if total else 0.0,
        )
        for row in rows
    )
