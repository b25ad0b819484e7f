"""Each alteration with its points, tier, evidence, and the rows that they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.interpretation.classify.params import ClassifyParams
from tumorkit.interpretation.diseases import Site
from tumorkit.interpretation.nouns import Knowledge

State = Literal["met", "not met", "not assessable"]


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One of the 17 criteria: the points that it has, whether it is met, and by what.

    ``points`` are those of its ``strength``, ``most`` what they could be where a step could not be
    decided. ``counted`` is False where a met criterion gives way to a stronger one that rests on
    the same evidence. ``steps`` led to the strength.
    """

    code: str
    points: int
    strength: str
    most: int
    state: State
    counted: bool
    why: str
    steps: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A statement that fits: how it fits, whether it is of this tumour type, what it defines.

    ``broad`` is a statement about many changes of the gene (any mutation), of which this is one.
    ``why_additional`` says why it could not define a tier, whatever the tier table says.
    """

    source: str
    id: str
    alteration: str
    match: str
    broad: bool
    disease: str
    site: Site
    therapies: tuple[str, ...]
    interaction: str
    type: str
    direction: str
    significance: str
    level: str
    rating: int | None
    status: str
    origin: str
    citation: str
    use: Literal["tier-defining", "additional"]
    why_additional: str


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Statements that contradict each other: of which therapy (or type), in which disease."""

    about: str
    disease: str
    statements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Escat:
    """An ESCAT tier of the curated table, never derived."""

    tier: str
    alteration: str
    tumor_type: str
    source: str
    author: str
    date: str


@dataclass(frozen=True, kw_only=True)
class Own:
    """The laboratory's own classification, and whether it holds today."""

    oncogenicity: str
    tier: str
    author: str
    date: str
    expiry: str
    comment: str
    state: Literal["applied", "expired", "expiry not judged"]


@dataclass(frozen=True, kw_only=True)
class Classified:
    """One alteration: its class with points, its tier, and everything that they rest on.

    ``oncogenicity`` is None where no criterion is met. ``points_low`` and ``points_high`` are what
    the points would be if all that is not assessable spoke against it, or for it. ``tier`` is None
    without evidence that a row of the tier table takes; ``tier_source`` is that table, or the
    laboratory's entry. ``conflicts`` name statements that contradict each other.
    """

    kind: str
    gene: str
    alteration: str
    contig: str | None
    pos: int | None
    ref: str | None
    alt: str | None
    vaf: float | None
    oncogenicity: str | None
    oncogenicity_source: str | None
    points: int
    points_low: int
    points_high: int
    criteria: tuple[Criterion, ...]
    tier: str | None
    level: str | None
    tier_source: str | None
    evidence: tuple[Evidence, ...]
    conflicts: tuple[Conflict, ...]
    escat: tuple[Escat, ...]
    laboratory: tuple[Own, ...]


@dataclass(frozen=True, kw_only=True)
class OpenStatement:
    """A statement about a gene that is altered here, of which nobody can tell whether it fits."""

    id: str
    alteration: str
    disease: str
    site: Site
    type: str
    significance: str
    level: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ClassifyResult(Result):
    """Alterations of one case as the given tables class them.

    ``not_listed`` are variants outside of coding parts and splice sites that no table speaks of.
    ``statements`` counts every statement of the knowledge base once: ``matched``, or why not;
    ``open_statements`` are those that a person has to judge. ``knowledge`` lists the tables with
    date, digest and rows; ``notes`` say what could not be read or judged.
    """

    schema_name: ClassVar[str] = "interpretation.classify"

    tumor_type: str
    variants: tuple[Classified, ...]
    not_listed: int
    statements: Mapping[str, int]
    open_statements: tuple[OpenStatement, ...]
    knowledge: tuple[Knowledge, ...]
    notes: tuple[str, ...]
    params: ClassifyParams


CLASSES = TableSchema(
    "interpretation classify",
    "Alterations with tier, oncogenicity and what they rest on.",
    (
        Column("gene", str, "Gene."),
        Column("alteration", str, "Change of protein or bases, copy-number state, or event."),
        Column("contig", str, "Contig."),
        Column("pos", int, "Position (1-based)."),
        Column("ref", str, "Reference allele."),
        Column("alt", str, "Alternative allele."),
        Column("vaf", float, "Variant allele fraction."),
        Column("tier", str, "Tier; empty without evidence."),
        Column("level", str, "Level of evidence within the tier."),
        Column("tier_source", str, "Table or person that gives the tier."),
        Column("escat", str, "ESCAT tiers of the curated table."),
        Column("oncogenicity", str, "Class of the oncogenicity points; empty if none is met."),
        Column("points", int, "Sum of the points of criteria that are met."),
        Column("points_range", str, "Least and most points, had all criteria been assessable."),
        Column("met", str, "Criteria that are met."),
        Column("not_assessable", str, "Criteria that could not be assessed."),
        Column("evidence", str, "Statements that define the tier."),
        Column("additional", int, "Number of other statements that fit."),
    ),
)
