"""Limits of detection, and values that were measured elsewhere, as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tumorkit.report.biomarkers import BiomarkerRow
from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, term
from tumorkit.report.negatives import MOST_CHANGES, altering, change_of
from tumorkit.report.region import state_and_level
from tumorkit.report.text import UNKNOWN, listed, number, percent
from tumorkit.report.variants import is_germline


@dataclass(frozen=True, kw_only=True)
class LimitRow:
    """The faintest variant of a kind that is seen, at two depths."""

    site: str
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DetectionView:
    """Limits of detection by kind of change and by gene, or why there are none."""

    columns: tuple[str, ...]
    rows: tuple[LimitRow, ...]
    genes: tuple[tuple[str, str, str, str], ...]
    note: str
    blind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExternalRow:
    """A value from elsewhere, and ours beside it."""

    biomarker: str
    method: str
    value: str
    ours: str
    where: str


def site_words(site: str) -> str:
    """Return the name of a kind of change."""
    return {
        "hotspot_snv": say("SNV at a listed hotspot"),
        "snv": say("other SNV"),
        "insertion": say("insertion"),
        "deletion": say("deletion"),
    }.get(site, site)


def limit_text(node: Node) -> str:
    """Return a limit as a fraction, or why there is none.

    >>> limit_text(Node({"vaf": 0.0271, "reads": 20}, "", "profile.json"))
    '2.7\\xa0%'
    """
    vaf = node.maybe_number("vaf")
    if vaf is not None:
        return percent(vaf)
    failing = node.texts("failing")
    if failing:
        return say("removed by {filters}", filters=", ".join(failing))
    return say("set by the caller") if node.maybe_number("reads") == 1 else say("none")


def detection_view(root: Node) -> DetectionView | None:
    """Read the limits of detection; None where the profile holds none."""
    board = root.maybe_node("board")
    found = board.maybe_node("detection") if board else None
    if found is None:
        return None
    reason = found.maybe_text("reason") or ""
    rows: dict[str, dict[str, str]] = {}
    depths: dict[str, str] = {}
    for node in found.nodes("rows"):
        at = node.text("at")
        depths[at] = number(node.maybe_number("depth"))
        rows.setdefault(node.text("site"), {})[at] = limit_text(node)
    same: dict[tuple[str, ...], list[str]] = {}
    for site, cells in rows.items():
        same.setdefault(tuple(cells.get(at, UNKNOWN) for at in depths), []).append(site_words(site))
    names = {"median": say("median depth"), "low": say("low depth (5th percentile)")}
    covered = found.maybe_text("depths_from") == "coverage"
    return DetectionView(
        columns=tuple(f"{names.get(at, at)}, {depth}×" for at, depth in depths.items()),
        rows=tuple(LimitRow(site=", ".join(sites), cells=cells) for cells, sites in same.items()),
        genes=tuple(
            (
                node.text("gene"),
                number(node.maybe_number("depth")),
                limit_text(node),
                limit_text(node.node("hotspot")),
            )
            for node in found.nodes("genes")
        ),
        note=say("depths of the laboratory's genes")
        if covered
        else say("depths at the listed calls; give --coverage for those of genes"),
        blind=", ".join(found.texts("not_modelled")),
        reason=term(reason),
    )


def external_rows(
    root: Node, biomarkers: Iterable[BiomarkerRow], parts: Mapping[str, Part]
) -> tuple[ExternalRow, ...]:
    """Read values that were measured elsewhere, each beside ours of the same name."""
    board = root.maybe_node("board")
    rows = board.nodes("external") if board else []
    ours = {row.name.lower(): row for row in biomarkers}
    return tuple(
        ExternalRow(
            biomarker=node.text("biomarker"),
            method=node.text("method"),
            value=node.text("value"),
            ours=our_value(node.text("biomarker"), node.text("method"), ours, parts),
            where=", ".join(filter(None, (node.maybe_text("date"), node.maybe_text("source")))),
        )
        for node in rows
    )


def our_value(
    name: str, method: str, ours: Mapping[str, BiomarkerRow], parts: Mapping[str, Part]
) -> str:
    """Return our answer to the same question: a biomarker, or what happened to a gene.

    Copies alone answer an in-situ hybridisation; of a lost protein variants tell more.
    """
    row = ours.get(name.lower())
    if row is not None:
        return row.phrase or row.value if row.ok else row.status_words
    said = [] if "ISH" in method.upper() else changes_of(name, parts["variants"])
    result = parts["copy_number"].result
    for node in result.nodes("genes") if result else []:
        if (node.maybe_text("gene") or "").lower() == name.lower():
            said.append(state_and_level(node))
            break
    return "; ".join(said) or UNKNOWN


def changes_of(gene: str, variants: Part) -> list[str]:
    """Return the changes of a gene's protein among the variants that passed, in one text."""
    rows = altering(variants.result, gene) if variants.result else []
    found = [change_of(node) for node in rows if not is_germline(node)]
    return [listed(list(dict.fromkeys(found)), MOST_CHANGES)] if found else []
