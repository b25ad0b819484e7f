"""Structural events of one sample, and what was left out of each file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.genome.structural import StructuralEvent
from tumorkit.genome.table import Column, TableSchema
from tumorkit.variants.structural.params import StructuralParams


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """A file: who made it of what, alleles or rows read, events kept, and the rest by reason.

    ``looks_for`` are the classes of events that its caller answers: where it lists none, none was
    found. ``given_as`` is the class that the case gave it for.
    """

    name: str
    format: str
    caller: str
    read: int
    kept: int
    left_out: Mapping[str, int]
    material: str = ""
    looks_for: tuple[str, ...] = ()
    given_as: str = ""


@dataclass(frozen=True, kw_only=True)
class FailedFile:
    """A file that could not be read, for which class of events it was given, and why."""

    name: str
    given_as: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StructuralResult(Result):
    """Events that other programs found, in the order of files and rows.

    ``read`` alleles or rows of a file are its kept events and what is left out. Kept events of all
    files are the observations of all events: each stands in one of them, alone or beside those of
    other callers. ``notes`` say which names of events could not be judged.
    """

    schema_name: ClassVar[str] = "variants.structural"

    files: tuple[ReadFile, ...]
    events: tuple[StructuralEvent, ...]
    notes: tuple[str, ...]
    params: StructuralParams
    failed: tuple[FailedFile, ...] = ()

    @property
    def merged(self) -> int:
        """How many observations were joined to another one's event."""
        return sum(len(event.also) for event in self.events)


EVENTS = TableSchema(
    "structural events",
    "Structural variants, fusions and tandem duplications of other programs.",
    (
        Column("name", str, "Name of a known event, or the partners of a fusion."),
        Column("kind", str, "Kind of event."),
        Column("gene1", str, "Gene at the first breakpoint (5' partner of a fusion)."),
        Column("contig1", str, "Contig of the first breakpoint."),
        Column("pos1", int, "First breakpoint (1-based)."),
        Column("keeps1", str, "Which side of the first breakpoint is kept: before or after."),
        Column("gene2", str, "Gene at the second breakpoint."),
        Column("contig2", str, "Contig of the second breakpoint."),
        Column("pos2", int, "Second breakpoint (1-based)."),
        Column("keeps2", str, "Which side of the second breakpoint is kept."),
        Column("length", int, "Length; empty between contigs.", unit="bases"),
        Column("frame", str, "Reading frame, where somebody says it."),
        Column("split_reads", int, "Split reads."),
        Column("spanning_pairs", int, "Spanning pairs."),
        Column("vaf", float, "Share of the reads that the caller counted."),
        Column("normal_vaf", float, "The same in the other sample of the file."),
        Column("confidence", str, "The caller's confidence."),
        Column("filters", str, "The caller's filters."),
        Column("caller", str, "Caller; of several the one with the most evidence first."),
        Column("material", str, "What was sequenced: DNA or RNA; empty where nobody says."),
        Column("observations", int, "Records of callers that are this event."),
    ),
)
