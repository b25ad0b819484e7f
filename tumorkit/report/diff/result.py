"""What changed between two profiles, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.report.diff.params import ReportDiffParams

Kind = Literal["input", "threshold", "knowledge", "version", "purity"]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Something that differs between the profiles: old and new digest, value or version."""

    kind: Kind
    name: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Side:
    """A biomarker in one of the profiles; ``value`` is None where it has none."""

    status: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    call: str | None
    scheme: str | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class BiomarkerChange:
    """A biomarker that differs.

    ``change`` is the gravest of ``status``, ``class``, ``scheme``, ``value`` and ``interval``, or
    ``added`` and ``lost``. ``overlap`` says whether the intervals overlap, None where one side has
    none. ``cause`` is the kind of all causes, ``several`` where kinds differ, or
    ``unknown``.
    """

    name: str
    change: str
    old: Side | None
    new: Side | None
    overlap: bool | None
    cause: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field of a variant that differs, as text; empty is unknown."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class VariantChange:
    """A variant that one profile has, or that differs.

    ``change`` is ``added``, ``lost``, ``class`` (tier, oncogenicity, verdict), ``evidence`` (reads)
    or ``annotation``. ``why`` says what the other profile has against it, where that is known.
    """

    contig: str
    pos: int
    ref: str
    alt: str
    gene: str | None
    hgvsp: str | None
    change: str
    fields: tuple[FieldChange, ...]
    why: str | None
    cause: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, kw_only=True)
class GeneChange:
    """A gene whose copy-number state differs; None where one profile does not have it."""

    gene: str
    contig: str
    old: str | None
    new: str | None
    cause: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, kw_only=True)
class TierChange:
    """An alteration of another tier or oncogenicity, in words; None where it has none."""

    gene: str
    alteration: str
    old: str | None
    new: str | None
    cause: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, kw_only=True)
class EventChange:
    """A structural event that one profile has (``added``, ``lost``) or of other ``evidence``.

    ``old`` and ``new`` are its name, frame, reads, callers and filters; None where it is not there.
    """

    name: str
    change: str
    old: str | None
    new: str | None
    cause: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, kw_only=True)
class ReportDiffResult(Result):
    """What changed between an old and a new profile of one tumour.

    ``clinical`` is whether a class, a tier, a status, a listed variant or a copy-number state
    changed.
    ``shared`` variants are listed in both profiles, changed or not. ``amendment`` are lines for
    the amended report.
    """

    schema_name: ClassVar[str] = "report.diff"

    clinical: bool
    old_version: str
    new_version: str
    causes: tuple[Cause, ...]
    biomarkers: tuple[BiomarkerChange, ...]
    variants: tuple[VariantChange, ...]
    genes: tuple[GeneChange, ...]
    tiers: tuple[TierChange, ...]
    events: tuple[EventChange, ...]
    shared: int
    added: int
    lost: int
    amendment: tuple[str, ...]
    notes: tuple[str, ...]
    params: ReportDiffParams

    @property
    def empty(self) -> bool:
        """Whether nothing changed at all."""
        changes = self.biomarkers or self.variants or self.genes or self.tiers or self.events
        return not (changes or self.causes)


CHANGES = TableSchema(
    "report diff",
    "What changed between two profiles, one row a change.",
    (
        Column("what", str, "biomarker, variant, gene, tier or event."),
        Column("name", str, "Name of the biomarker or gene, or place and alleles of the variant."),
        Column("change", str, "What kind of change."),
        Column("old", str, "As it was."),
        Column("new", str, "As it is."),
        Column("cause", str, "Kind of all causes; several where kinds differ; or unknown."),
        Column("causes", str, "All that changed and may have caused it."),
    ),
)
