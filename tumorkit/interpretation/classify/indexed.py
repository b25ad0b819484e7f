"""The tables by gene, so that thousands of variants are looked up and not searched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol, TypeVar

from tumorkit.genome.contigs import standard
from tumorkit.genome.transcript_model import TranscriptModel
from tumorkit.interpretation.nouns import (
    Alteration,
    AssertedRow,
    DomainRow,
    EscatRow,
    HotspotRow,
    LaboratoryRow,
    Role,
    Tables,
)


class _OfGene(Protocol):
    @property
    def gene(self) -> str: ...


Row = TypeVar("Row", bound=_OfGene)


def by_gene(rows: Iterable[Row] | None) -> dict[str, list[Row]]:
    """Return rows by their gene, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows or ():
        found.setdefault(row.gene, []).append(row)
    return found


def bare(name: str) -> str:
    """Return a transcript without its version."""
    return name.partition(".")[0]


class Indexed:
    """Tables of a classification, by gene."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._asserted = by_gene(tables.asserted)
        self._laboratory = by_gene(tables.laboratory)
        self._escat = by_gene(tables.escat)
        self._domains = by_gene(tables.domains)
        self._hotspots: dict[tuple[str, str], list[HotspotRow]] = {}
        for row in tables.hotspots or ():
            self._hotspots.setdefault((row.gene, row.residue.upper()), []).append(row)

    @property
    def roles(self) -> Mapping[str, Role] | None:
        """Roles of genes; None where no table was given."""
        return self.tables.roles

    def asserted(self, gene: str) -> Sequence[AssertedRow]:
        """Return the reviewed criteria of a gene."""
        return self._asserted.get(gene, ())

    def laboratory(self, gene: str) -> Sequence[LaboratoryRow]:
        """Return the laboratory's entries of a gene."""
        return self._laboratory.get(gene, ())

    def escat(self, gene: str) -> Sequence[EscatRow]:
        """Return the ESCAT rows of a gene."""
        return self._escat.get(gene, ())

    def domains(self, gene: str) -> Sequence[DomainRow] | None:
        """Return a gene's critical domains; None where no table was given."""
        return None if self.tables.domains is None else self._domains.get(gene, ())

    @property
    def all_domains(self) -> Mapping[str, tuple[DomainRow, ...]]:
        """All critical domains by gene."""
        return {gene: tuple(rows) for gene, rows in self._domains.items()}

    def hotspots(self, gene: str, residue: str) -> Sequence[HotspotRow]:
        """Return the hotspot counts at a residue."""
        return self._hotspots.get((gene, residue), ())

    @cached_property
    def _models(self) -> tuple[dict[str, list[TranscriptModel]], dict[str, list[TranscriptModel]]]:
        named: dict[str, list[TranscriptModel]] = {}
        of_gene: dict[str, list[TranscriptModel]] = {}
        for model in self.tables.models or ():
            named.setdefault(bare(model.name), []).append(model)
            of_gene.setdefault(model.gene, []).append(model)
        return named, of_gene

    def model_of(self, found: Alteration) -> TranscriptModel | None:
        """Return the gene model of the transcript or its MANE twin, or the gene's only one.

        A model of another contig, or that does not reach the variant, is none.
        """
        named, of_gene = self._models
        names = [bare(name) for name in (found.transcript, found.twin) if name]
        listed = next((named[name] for name in names if name in named), [])
        fitting = [model for model in listed or of_gene.get(found.gene, []) if near(model, found)]
        return fitting[0] if len(fitting) == 1 else None


def near(model: TranscriptModel, found: Alteration) -> bool:
    """Whether a variant lies in a transcript, introns included."""
    if found.pos is None or standard(model.contig) != standard(found.contig):
        return False
    return model.exons[0][0] < found.pos <= model.exons[-1][1]
