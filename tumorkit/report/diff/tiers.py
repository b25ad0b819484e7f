"""Tiers and classes of oncogenicity that differ between two profiles."""

from __future__ import annotations

from collections.abc import Mapping

from tumorkit.report.diff.causes import REPORT_TABLES, in_one_word, interpretation_of
from tumorkit.report.diff.result import Cause, TierChange
from tumorkit.report.document import Node

# What an alteration is known by in both profiles.
Alteration = tuple[str, str, str, int, str, str]


def tier_changes(old: Node, new: Node, known: tuple[Cause, ...]) -> tuple[TierChange, ...]:
    """Return alterations of another tier, ESCAT tier or oncogenicity.

    Where only one profile was interpreted, every tier of it counts as new or lost.
    """
    before, after = classified(old), classified(new)
    causes = tuple(item for item in known if bears(item))
    found = []
    for key in dict.fromkeys((*after, *before)):
        first, second = before.get(key, ""), after.get(key, "")
        if first != second:
            gene, alteration = key[:2]
            found.append(
                TierChange(
                    gene=gene,
                    alteration=alteration,
                    old=first or None,
                    new=second or None,
                    cause=in_one_word(causes),
                    causes=causes,
                )
            )
    return tuple(found)


def bears(item: Cause) -> bool:
    """Return whether a cause can change a tier: knowledge, its settings, the case, the calls."""
    if item.kind == "threshold":
        return item.name.partition(".")[0] in ("interpretation", "case", "variants")
    return item.kind != "purity" and item.name not in REPORT_TABLES


def classified(root: Node) -> Mapping[Alteration, str]:
    """Return tier and class of every alteration that has one, in words."""
    found = interpretation_of(root)
    if found is None:
        return {}
    rows = {}
    for node in found.nodes("variants", required=True):
        tier, level = node.maybe_text("tier") or "", node.maybe_text("level") or ""
        if tier and level and not tier.endswith(level):
            tier = f"{tier}{level}"
        escat = ", ".join(dict.fromkeys(item.text("tier") for item in node.nodes("escat")))
        said = [
            f"tier {tier.removeprefix('Tier ')}" if tier else "",
            f"ESCAT {escat}" if escat else "",
            node.maybe_text("oncogenicity") or "",
        ]
        if any(said):
            rows[alteration_of(node)] = ", ".join(filter(None, said))
    return rows


def alteration_of(node: Node) -> Alteration:
    """Return what an alteration is known by: gene, words, place and alleles."""
    return (
        node.text("gene"),
        node.text("alteration"),
        node.maybe_text("contig") or "",
        int(node.maybe_number("pos") or 0),
        node.maybe_text("ref") or "",
        node.maybe_text("alt") or "",
    )
