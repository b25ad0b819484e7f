"""What the columns of the laboratory's tables hold, and how a row becomes a noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tumorkit.genome.table import Column, TableSchema
from tumorkit.interpretation.classify.null import STRENGTHS
from tumorkit.interpretation.classify.oncogenicity import POINTS
from tumorkit.interpretation.diseases import SITES, key
from tumorkit.interpretation.nouns import (
    ROLES,
    AssertedRow,
    DomainRow,
    EscatRow,
    HotspotRow,
    LaboratoryRow,
    TierRule,
)

Cells = Mapping[str, str]
ESCAT_TIERS = (
    "I-A", "I-B", "I-C", "II-A", "II-B", "III-A", "III-B", "IV-A", "IV-B", "V", "X",
)  # fmt: skip


@dataclass(frozen=True)
class Checks:
    """How cells are checked; readers of files pass their own."""

    date: Callable[[str, str], str]
    one_of: Callable[[str, Any, str], str]
    whole: Callable[[str, str], int]


@dataclass(frozen=True)
class Table:
    """A table: its columns, those that must be there and filled, and how a row is read."""

    schema: TableSchema
    filled: tuple[str, ...]
    make: Callable[[Cells, Checks], Any]

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns that the header must have."""
        return tuple(column.name for column in self.schema.columns if not column.optional)

    @property
    def optional(self) -> tuple[str, ...]:
        """Columns that it may have."""
        return tuple(column.name for column in self.schema.columns if column.optional)


def needed(name: str, text: str) -> Column:
    """Return a column that must be there."""
    return Column(name, str, text, optional=False)


def several(text: str) -> tuple[str, ...]:
    """Return the words of a list with commas; ``*`` and nothing are any.

    >>> several("A, B"), several("*")
    (('a', 'b'), ())
    """
    words = [word.strip().casefold() for word in text.split(",")]
    return tuple(word for word in words if word not in ("", "*"))


def tier_rule(cells: Cells, checks: Checks) -> TierRule:
    """Read a row of the tier table."""
    return TierRule(
        tier=cells["tier"],
        level=cells["level"],
        types=several(cells["types"]),
        levels=several(cells["levels"]),
        significances=several(cells["significances"]),
        directions=several(cells["directions"]),
        sites=sites_of(cells["site"], checks),
    )


def sites_of(text: str, checks: Checks) -> tuple[str, ...]:
    """Return the sites of a list with commas; ``any``, ``*`` and nothing are any."""
    words = [word for word in several(text) if word != "any"]
    return tuple(checks.one_of(word, SITES, "site") for word in words)


def laboratory_row(cells: Cells, checks: Checks) -> LaboratoryRow:
    """Read a row of the laboratory's own table."""
    if not cells["oncogenicity"] and not cells["tier"]:
        raise ValueError("a row has an oncogenicity or a tier, or both")
    return LaboratoryRow(
        gene=cells["gene"],
        change=cells["change"],
        tumor_type=cells["tumor_type"],
        oncogenicity=cells["oncogenicity"],
        tier=cells["tier"],
        author=cells["author"],
        date=checks.date(cells["date"], "date"),
        expiry=checks.date(cells["expiry"], "expiry") if cells["expiry"] else "",
        comment=cells["comment"],
    )


def escat_row(cells: Cells, checks: Checks) -> EscatRow:
    """Read a row of the ESCAT table."""
    return EscatRow(
        gene=cells["gene"],
        alteration=cells["alteration"],
        tumor_type=cells["tumor_type"],
        tier=checks.one_of(cells["tier"], ESCAT_TIERS, "tier"),
        source=cells["source"],
        author=cells["author"],
        date=checks.date(cells["date"], "date"),
    )


def role_row(cells: Cells, checks: Checks) -> tuple[str, str]:
    """Read a gene and its role."""
    return cells["gene"], checks.one_of(cells["role"].replace("_", " "), ROLES, "role")


def hotspot_row(cells: Cells, checks: Checks) -> HotspotRow:
    """Read a row of the hotspot table."""
    return HotspotRow(
        gene=cells["gene"],
        residue=cells["residue"],
        residue_count=checks.whole(cells["residue_count"], "residue_count"),
        change=cells["change"],
        change_count=checks.whole(cells["change_count"], "change_count"),
    )


def domain_row(cells: Cells, checks: Checks) -> DomainRow:
    """Read a domain."""
    first, last = checks.whole(cells["first"], "first"), checks.whole(cells["last"], "last")
    if first > last:
        raise ValueError(f"first ({first}) is after last ({last})")
    return DomainRow(gene=cells["gene"], first=first, last=last, name=cells["name"])


def asserted_row(cells: Cells, checks: Checks) -> AssertedRow:
    """Read a reviewed criterion."""
    return AssertedRow(
        gene=cells["gene"],
        change=cells["change"],
        code=checks.one_of(cells["code"], tuple(POINTS), "code"),
        state=checks.one_of(cells["state"], ("met", "not met"), "state"),
        source=cells["source"],
        author=cells["author"],
        date=checks.date(cells["date"], "date"),
        strength=(
            checks.one_of(cells["strength"], tuple(STRENGTHS.values()), "strength")
            if cells["strength"]
            else ""
        ),
    )


def synonym_row(cells: Cells, checks: Checks) -> tuple[str, str]:
    """Read a tumour type and a disease of the knowledge base that is the same."""
    del checks
    return key(cells["tumor_type"]), key(cells["disease"])


def parent_row(cells: Cells, checks: Checks) -> tuple[str, str]:
    """Read a disease and the group that it belongs to."""
    del checks
    if key(cells["disease"]) == key(cells["parent"]):
        raise ValueError(f"{cells['disease']} is its own parent")
    return key(cells["disease"]), key(cells["parent"])


GENE = needed("gene", "Gene symbol.")
CHANGE = needed("change", "Protein change (p.V600E or p.Val600Glu) or coding change (c.1799T>A).")
TYPE = "Tumour type; empty is any."
AUTHOR = needed("author", "Who says so.")
DATE = needed("date", "When (YYYY-MM-DD).")
TABLES = {
    "tiers": Table(
        TableSchema("tier table", "Which evidence gives which tier; the first that fits wins.", (
            needed("tier", "Tier that the row gives."),
            Column("level", str, "Level within the tier."),
            needed("types", "Types of evidence, with commas; * is any."),
            needed("levels", "Levels of evidence, with commas; * is any."),
            Column("significances", str, "Significances, with commas; * is any."),
            Column("directions", str, "Directions, with commas; * is any."),
            needed("site", "same, parent, pan-cancer, other, with commas, or any."),
        )), ("tier",), tier_rule),
    "laboratory": Table(
        TableSchema("laboratory table", "The laboratory's own classification of changes.", (
            GENE, CHANGE, Column("tumor_type", str, TYPE),
            Column("oncogenicity", str, "Class of oncogenicity."), Column("tier", str, "Tier."),
            AUTHOR, DATE, Column("expiry", str, "Last day on which it holds (YYYY-MM-DD)."),
            Column("comment", str, "Anything else."),
        )), ("gene", "change", "author", "date"), laboratory_row),
    "escat": Table(
        TableSchema("ESCAT table", "ESCAT tiers of alterations in tumour types.", (
            GENE, needed("alteration", "Alteration, in the knowledge base's words."),
            needed("tumor_type", "Tumour type."), needed("tier", "I-A to V, or X."),
            needed("source", "Where it is published."), AUTHOR, DATE,
        )), ("gene", "alteration", "tumor_type", "tier", "source"), escat_row),
    "roles": Table(
        TableSchema("gene roles", "Roles of genes in cancer.", (
            GENE, needed("role", "oncogene, tumor suppressor or both."),
        )), ("gene", "role"), role_row),
    "hotspots": Table(
        TableSchema("hotspot counts", "How many tumours have a change at a residue.", (
            GENE, needed("residue", "Residue, as V600."),
            needed("residue_count", "Tumours with a change at the residue."),
            needed("change", "Change, as V600E."),
            needed("change_count", "Tumours with this change."),
        )), ("gene", "residue"), hotspot_row),
    "domains": Table(
        TableSchema("domains", "Critical domains of proteins, by residues.", (
            GENE, needed("first", "First residue."), needed("last", "Last residue."),
            needed("name", "Name of the domain."),
        )), ("gene", "name"), domain_row),
    "criteria": Table(
        TableSchema("reviewed criteria", "Criteria of oncogenicity that a reviewer judged.", (
            GENE, CHANGE, needed("code", "Code of the criterion, as OS2."),
            needed("state", "met or not met."), needed("source", "What it rests on."),
            AUTHOR, DATE, Column("strength", str, "Strength, where not the criterion's own."),
        )), ("gene", "change", "code", "state", "author", "date"), asserted_row),
    "synonyms": Table(
        TableSchema("tumour types", "Diseases of the knowledge base that are a tumour type.", (
            needed("tumor_type", "Tumour type as the case names it."),
            needed("disease", "Disease as the knowledge base names it."),
        )), ("tumor_type", "disease"), synonym_row),
    "parents": Table(
        TableSchema("parent diseases", "Groups that a disease belongs to.", (
            needed("disease", "Disease or tumour type, by name or DOID."),
            needed("parent", "The group above it."),
        )), ("disease", "parent"), parent_row),
}  # fmt: skip
