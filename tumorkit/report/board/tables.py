"""Rows of the laboratory's tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

VARIANT, AMPLIFICATION, DELETION, FUSION = "snv_indel", "amplification", "deletion", "fusion"
CLASSES = (VARIANT, AMPLIFICATION, DELETION, FUSION)
SPELLINGS = {
    VARIANT: ("snv_indel", "snv/indel", "snv", "indel", "mutation", "variant", "small variant"),
    AMPLIFICATION: ("amplification", "amp", "gain"),
    DELETION: ("deletion", "del", "loss", "homozygous deletion"),
    FUSION: ("fusion", "rearrangement", "translocation", "sv"),
}
ANY = ("", "any", "all", "*")


@dataclass(frozen=True, kw_only=True)
class Actionable:
    """A gene that matters in a tumour type (None is any), by one class of change."""

    gene: str
    kind: str
    tumor_type: str | None
    note: str | None


@dataclass(frozen=True, kw_only=True)
class External:
    """A value that somebody else measured."""

    biomarker: str
    method: str
    value: str
    date: str | None
    source: str | None


def class_named(text: str) -> str | None:
    """Return the class of change that a word of a table means, None for another word.

    >>> class_named("SNV/indel"), class_named("Amp"), class_named("methylation")
    ('snv_indel', 'amplification', None)
    """
    said = text.strip().lower()
    return next((name for name, words in SPELLINGS.items() if said in words), None)


def rows_for(rows: Iterable[Actionable], tumor_type: str | None) -> tuple[Actionable, ...]:
    """Return the rows of a tumour type and those of any; the name is compared without case.

    >>> row = Actionable(gene="KRAS", kind="snv_indel", tumor_type="NSCLC", note=None)
    >>> len(rows_for([row], "nsclc")), len(rows_for([row], "melanoma")), len(rows_for([row], None))
    (1, 0, 0)
    """
    wanted = (tumor_type or "").strip().lower()
    kept = (row for row in rows if row.tumor_type is None or row.tumor_type.lower() == wanted)
    return tuple({(row.gene, row.kind): row for row in kept}.values())
