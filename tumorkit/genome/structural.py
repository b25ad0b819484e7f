"""A structural event: two breakpoints that were joined, with the evidence of who found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "fusion", "translocation", "deletion", "duplication", "inversion", "insertion", "breakend"
]
# Which side of a breakpoint is kept: the sequence before it, or the one after.
Keeps = Literal["before", "after", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Breakpoint:
    """One end of a junction; ``pos`` is 1-based, ``gene`` empty where none is known.

    ``contig`` is empty and ``pos`` None where the other end was not found (a single breakend).
    """

    contig: str
    pos: int | None
    keeps: Keeps = "unknown"
    gene: str = ""
    exon: str = ""


@dataclass(frozen=True, kw_only=True)
class StructuralEvent:
    """One event, whoever found it; None is unknown.

    Of a fusion of transcripts ``first`` is the 5' partner, else the breakpoint that comes first in
    the genome. ``length`` is in bases, None between contigs. ``frame`` is ``in-frame``,
    ``out-of-frame`` or None, and ``frame_source`` says who says so. ``split_reads`` and
    ``spanning_pairs`` support the junction. ``filters`` are the caller's; ``evidence`` its own
    fields, as it wrote them.
    """

    kind: Kind
    first: Breakpoint
    second: Breakpoint
    caller: str
    id: str = ""
    name: str = ""
    length: int | None = None
    inserted: str = ""
    frame: str | None = None
    frame_source: str | None = None
    split_reads: int | None = None
    spanning_pairs: int | None = None
    depth: int | None = None
    vaf: float | None = None
    confidence: str = ""
    imprecise: bool = False
    somatic: bool | None = None
    filters: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether the caller's own filters let it pass; none written is not failed."""
        return all(name in ("PASS", ".", "") for name in self.filters)
