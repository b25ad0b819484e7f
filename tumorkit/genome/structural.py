"""A structural event: two breakpoints that were joined, with the evidence of who found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

Kind = Literal[
    "fusion", "translocation", "deletion", "duplication", "inversion", "insertion", "breakend"
]
# Which side of a breakpoint is kept: the sequence before it, or the one after.
Keeps = Literal["before", "after", "unknown"]
# What was sequenced; empty where nobody says.
Material = Literal["DNA", "RNA", ""]


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
class Observation:
    """What one caller says of one event; None is unknown.

    Of a fusion of transcripts ``first`` is the 5' partner, else the breakpoint that comes first in
    the genome. ``length`` is in bases, None between contigs. ``frame`` is ``in-frame``,
    ``out-of-frame`` or None, and ``frame_source`` says who says so. ``split_reads`` and
    ``spanning_pairs`` support the junction. ``filters`` are the caller's; ``evidence`` its own
    fields, as it wrote them. ``normal_vaf`` is the share in the other sample of the file, which may
    be the patient's normal. ``file`` is the name of the file that held it.
    """

    kind: Kind
    first: Breakpoint
    second: Breakpoint
    caller: str
    material: Material = ""
    file: str = ""
    id: str = ""
    length: int | None = None
    inserted: str = ""
    frame: str | None = None
    frame_source: str | None = None
    split_reads: int | None = None
    spanning_pairs: int | None = None
    depth: int | None = None
    vaf: float | None = None
    normal_vaf: float | None = None
    confidence: str = ""
    imprecise: bool = False
    somatic: bool | None = None
    filters: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether the caller's own filters let it pass; none written is not failed."""
        return all(name in ("PASS", ".", "") for name in self.filters)

    @property
    def reads(self) -> int | None:
        """Split reads and spanning pairs together, None where neither was counted."""
        known = [n for n in (self.split_reads, self.spanning_pairs) if n is not None]
        return sum(known) if known else None


@dataclass(frozen=True, kw_only=True)
class StructuralEvent(Observation):
    """One event, whoever found it: the best supported observation, and those of others.

    ``name`` is that of a known event, or the partners of a fusion. ``also`` are the observations of
    the same event by other callers, or by the same one at other breakpoints of one fusion.
    """

    name: str = ""
    also: tuple[Observation, ...] = ()

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Every observation, the best supported first."""
        own = {item.name: getattr(self, item.name) for item in fields(Observation)}
        return (Observation(**own), *self.also)

    @property
    def callers(self) -> tuple[str, ...]:
        """Names of the callers, each once."""
        return tuple(dict.fromkeys(item.caller for item in (self, *self.also)))


def event_of(observation: Observation) -> StructuralEvent:
    """Return an observation as an event of its own, without a name."""
    own = {item.name: getattr(observation, item.name) for item in fields(Observation)}
    return StructuralEvent(**own)
