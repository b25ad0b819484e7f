"""Evidence, roles and classifications as tables say them; alterations that they speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["oncogene", "tumor suppressor", "both"]
ROLES: tuple[Role, ...] = ("oncogene", "tumor suppressor", "both")


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """A table that was asked: what it is, its date, the digest of its bytes, its rows."""

    kind: str
    name: str
    date: str | None
    sha256: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class EvidenceItem:
    """One statement of a knowledge base about an alteration of a gene."""

    id: str
    gene: str
    alteration: str
    disease: str
    therapies: tuple[str, ...]
    type: str
    direction: str
    significance: str
    level: str
    rating: int | None
    status: str
    citation: str


@dataclass(frozen=True, kw_only=True)
class TierRule:
    """A row of the tier table; an empty tuple is any. ``site``: ``same``, ``other`` or ``any``."""

    tier: str
    level: str
    types: tuple[str, ...]
    levels: tuple[str, ...]
    significances: tuple[str, ...]
    directions: tuple[str, ...]
    site: str


@dataclass(frozen=True, kw_only=True)
class LaboratoryRow:
    """A laboratory's own classification of a change; ``tumor_type`` empty is any."""

    gene: str
    change: str
    tumor_type: str
    oncogenicity: str
    tier: str
    author: str
    date: str
    expiry: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class EscatRow:
    """An ESCAT tier that a curator gave to an alteration in a tumour type."""

    gene: str
    alteration: str
    tumor_type: str
    tier: str
    source: str
    author: str
    date: str


@dataclass(frozen=True, kw_only=True)
class HotspotRow:
    """How many samples have a change at a residue, and this very change."""

    gene: str
    residue: str
    residue_count: int
    change: str
    change_count: int


@dataclass(frozen=True, kw_only=True)
class DomainRow:
    """Residues of a critical domain, both ends included."""

    gene: str
    first: int
    last: int
    name: str


@dataclass(frozen=True, kw_only=True)
class AssertedRow:
    """A criterion that a reviewer judged for a change: ``met`` or ``not met``."""

    gene: str
    change: str
    code: str
    state: str
    source: str
    author: str
    date: str


@dataclass(frozen=True, kw_only=True)
class Tables:
    """All tables of a classification; None is not given, which is not the same as empty."""

    evidence: tuple[EvidenceItem, ...] | None = None
    evidence_name: str = ""
    tiers: tuple[TierRule, ...] | None = None
    laboratory: tuple[LaboratoryRow, ...] | None = None
    escat: tuple[EscatRow, ...] | None = None
    roles: Mapping[str, Role] | None = None
    hotspots: tuple[HotspotRow, ...] | None = None
    domains: tuple[DomainRow, ...] | None = None
    asserted: tuple[AssertedRow, ...] | None = None
    synonyms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    knowledge: tuple[Knowledge, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Alteration:
    """What is interpreted: a small variant, or a gene's copy number.

    ``protein`` is the change with one-letter residues and without ``p.``; ``state`` the
    copy-number state; ``exon`` the exon's number. ``population_af`` is None where the variant is
    absent from the sources asked, and ``population_asked`` is False where none was asked.
    """

    gene: str
    contig: str = ""
    pos: int | None = None
    ref: str = ""
    alt: str = ""
    protein: str = ""
    coding: str = ""
    terms: tuple[str, ...] = ()
    exon: int | None = None
    vaf: float | None = None
    state: str = ""
    population_asked: bool = False
    population_af: float | None = None
    score: float | None = None
    kind: str = "variant"
