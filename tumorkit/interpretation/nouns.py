"""Evidence, roles and classifications as tables say them; alterations that they speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tumorkit.genome.transcript_model import TranscriptModel

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
    """One statement of a knowledge base about an alteration of a gene, or about several.

    Of several alterations ``gene`` is empty and ``alteration`` the whole profile (A AND NOT B).
    ``interaction`` says how several therapies go together; ``origin`` whether it speaks of somatic
    or germline variants.
    """

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
    doid: str = ""
    interaction: str = ""
    origin: str = ""

    @property
    def profile(self) -> str:
        """The alterations as the knowledge base writes them, with their genes."""
        return f"{self.gene} {self.alteration}" if self.gene else self.alteration


@dataclass(frozen=True, kw_only=True)
class TierRule:
    """A row of the tier table; an empty tuple is any.

    ``sites`` are of ``same``, ``parent``, ``pan-cancer`` and ``other``.
    """

    tier: str
    level: str
    types: tuple[str, ...]
    levels: tuple[str, ...]
    significances: tuple[str, ...]
    directions: tuple[str, ...]
    sites: tuple[str, ...]


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
    """A criterion that a reviewer judged for a change: ``met`` or ``not met``.

    ``strength`` is empty for the criterion's own.
    """

    gene: str
    change: str
    code: str
    state: str
    source: str
    author: str
    date: str
    strength: str = ""


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
    parents: Mapping[str, frozenset[str]] = field(default_factory=dict)
    models: tuple[TranscriptModel, ...] | None = None
    knowledge: tuple[Knowledge, ...] = ()


Kind = Literal["variant", "copy number", "fusion", "structural", "biomarker"]


@dataclass(frozen=True, kw_only=True)
class Alteration:
    """What is interpreted: a small variant, a gene's copy number, an event, or a biomarker.

    ``protein`` is the change with one-letter residues and without ``p.``; ``state`` the
    copy-number state, the name of an event, or the class of a biomarker (``gene`` is then MSI,
    TMB or HRD). ``twin`` is the other archive's name of a MANE transcript. ``exon`` and
    ``intron`` are numbers of ``transcript``, ``exons`` how many it has. ``residues`` is the
    length of the protein. ``populations`` has one entry per population source that was asked,
    None where it has no entry for the variant; ``population_af`` is the highest, and
    ``population_asked`` is False where none was asked. ``promoter`` names a promoter variant
    that is known by its place. ``genes`` are the partners of an event, 5' first where
    ``ordered``; ``junction`` are the exons at both ends.
    """

    gene: str
    contig: str = ""
    pos: int | None = None
    ref: str = ""
    alt: str = ""
    protein: str = ""
    coding: str = ""
    terms: tuple[str, ...] = ()
    transcript: str = ""
    twin: str = ""
    mane: bool = False
    exon: int | None = None
    exons: int | None = None
    intron: int | None = None
    residues: int | None = None
    promoter: str = ""
    vaf: float | None = None
    state: str = ""
    population_asked: bool = False
    population_af: float | None = None
    populations: tuple[tuple[str, float | None], ...] = ()
    score: float | None = None
    genes: tuple[str, ...] = ()
    ordered: bool = False
    frame: str = ""
    junction: tuple[str, str] = ("", "")
    kind: Kind = "variant"

    @property
    def named_genes(self) -> tuple[str, ...]:
        """All genes that it is an alteration of."""
        return self.genes or (self.gene,)
