"""Tiers and oncogenicity as the laboratory's tables give them, for page one and in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, term
from tumorkit.report.text import UNKNOWN, listed, number, percent
from tumorkit.report.variants import reads_text

# AMP/ASCO/CAP 2017 (PMID 27993330): strong and potential significance.
FIRST_TIERS = ("I", "II")
MOST_THERAPIES = 3
# Tiers lead, then points; what is left out stands in the result of the classification.
MOST_ROWS = 40


@dataclass(frozen=True, kw_only=True)
class StatementRow:
    """A statement of a knowledge table that fits an alteration."""

    source: str
    alteration: str
    disease: str
    therapies: str
    says: str
    level: str
    defines: bool
    citation: str


@dataclass(frozen=True, kw_only=True)
class ClassifiedRow:
    """An alteration with its tier and class, and everything that they rest on."""

    gene: str
    alteration: str
    position: str
    vaf: str
    reads: str
    copies: str
    tier: str
    tier_source: str
    escat: str
    oncogenicity: str
    points: str
    defining: str
    criteria: tuple[tuple[str, str, str, str], ...]
    statements: tuple[StatementRow, ...]
    laboratory: tuple[str, ...]
    first: bool


@dataclass(frozen=True, kw_only=True)
class InterpretationView:
    """Alterations of tiers I and II for page one, all others, and the tables that were asked."""

    first: tuple[ClassifiedRow, ...]
    rows: tuple[ClassifiedRow, ...]
    n_without: int
    n_left_out: int
    tumor_type: str
    knowledge: tuple[tuple[str, str, str, str, str], ...]
    notes: tuple[str, ...]


def interpretation_view(root: Node, parts: Mapping[str, Part]) -> InterpretationView | None:
    """Read the interpretation; None where no table was asked. Nothing is derived here."""
    board = root.maybe_node("board")
    found = board.maybe_node("interpretation") if board else None
    if found is None:
        return None
    seen = variants_by_place(parts["variants"])
    states = states_by_gene(parts["copy_number"])
    nodes = found.nodes("variants", required=True)
    told = [node for node in nodes if node.maybe_text("tier") or node.maybe_text("oncogenicity")]
    ordered = sorted(told, key=lambda node: -(node.maybe_number("points") or 0))
    rows = sorted((classified_row(node, seen, states) for node in ordered), key=tier_order)
    return InterpretationView(
        first=tuple(row for row in rows if row.first),
        rows=tuple(rows[:MOST_ROWS]),
        n_left_out=max(0, len(rows) - MOST_ROWS),
        n_without=len(nodes) - len(told),
        tumor_type=found.maybe_text("tumor_type") or "",
        knowledge=tuple(
            (
                term(node.text("kind")),
                node.text("name"),
                node.maybe_text("date") or UNKNOWN,
                number(node.maybe_number("rows")),
                node.text("sha256"),
            )
            for node in found.nodes("knowledge")
        ),
        notes=tuple(found.texts("notes")),
    )


def tier_order(row: ClassifiedRow) -> tuple[bool, str]:
    """Return a key that puts tiers in order and what has none last."""
    return row.tier == "", row.tier


def variants_by_place(part: Part) -> dict[tuple[str, int, str, str], Node]:
    """Return the listed variants by contig, position and alleles."""
    nodes = part.result.nodes("variants") if part.result else []
    return {(n.text("contig"), n.count("pos"), n.text("ref"), n.text("alt")): n for n in nodes}


def states_by_gene(part: Part) -> dict[str, str]:
    """Return the copy-number state of each gene."""
    nodes = part.result.nodes("genes") if part.result else []
    return {n.maybe_text("gene") or "": n.maybe_text("state") or "" for n in nodes}


def classified_row(
    node: Node, seen: Mapping[tuple[str, int, str, str], Node], states: Mapping[str, str]
) -> ClassifiedRow:
    """Read one alteration; reads and copy number come from the profile."""
    contig, pos = node.maybe_text("contig"), node.maybe_number("pos")
    alleles = node.maybe_text("ref") or "", node.maybe_text("alt") or ""
    call = seen.get((contig or "", int(pos or 0), *alleles))
    tier, level = node.maybe_text("tier") or "", node.maybe_text("level") or ""
    statements = tuple(map(statement_row, node.nodes("evidence")))
    gene = node.text("gene")
    return ClassifiedRow(
        gene=gene,
        alteration=term(node.text("alteration")),
        position=f"{contig}:{int(pos)}" if contig and pos else UNKNOWN,
        vaf=percent(node.maybe_number("vaf")),
        reads=reads_text(call.maybe_number("alt_depth"), call.maybe_number("depth"))
        if call
        else UNKNOWN,
        copies=term(states[gene].replace("_", " ")) if states.get(gene) else UNKNOWN,
        tier=f"{tier}{level}" if level and not tier.endswith(level) else tier,
        tier_source=node.maybe_text("tier_source") or "",
        escat=", ".join(dict.fromkeys(item.text("tier") for item in node.nodes("escat"))),
        oncogenicity=term(node.maybe_text("oncogenicity") or UNKNOWN),
        points=points_text(node),
        defining="; ".join(defining(row) for row in statements if row.defines),
        criteria=tuple(map(criterion_row, node.nodes("criteria"))),
        statements=statements,
        laboratory=tuple(own_text(item) for item in node.nodes("laboratory")),
        first=tier.removeprefix("Tier ").rstrip("ABCD") in FIRST_TIERS,
    )


def points_text(node: Node) -> str:
    """Return the points with what they could be, had everything been assessable."""
    points = node.maybe_number("points")
    low, high = node.maybe_number("points_low"), node.maybe_number("points_high")
    if points is None:
        return ""
    if low is None or high is None or low == high:
        return say("{points} points", points=number(points))
    return say(
        "{points} points ({low} to {high})",
        points=number(points),
        low=number(low),
        high=number(high),
    )


def defining(row: StatementRow) -> str:
    """Return what defines a tier, in one line."""
    said = [row.source, row.disease, row.therapies, row.says]
    return ", ".join(filter(None, said)) + (f" ({row.level})" if row.level else "")


def statement_row(node: Node) -> StatementRow:
    """Read one statement."""
    says = [node.maybe_text("direction"), node.maybe_text("significance")]
    return StatementRow(
        source=" ".join(filter(None, (node.maybe_text("source"), node.maybe_text("id")))),
        alteration=node.maybe_text("alteration") or "",
        disease=node.maybe_text("disease") or "",
        therapies=listed(node.texts("therapies"), MOST_THERAPIES),
        says=": ".join(term(text) for text in says if text),
        level=node.maybe_text("level") or "",
        defines=node.maybe_text("use") == "tier-defining",
        citation=node.maybe_text("citation") or "",
    )


def criterion_row(node: Node) -> tuple[str, str, str, str]:
    """Return code, points, state and reason of a criterion."""
    counted = node.value.get("counted")
    state = term(node.text("state"))
    if node.text("state") == "met" and counted is False:
        state = say("{state}, gives way", state=state)
    return (
        node.text("code"),
        number(node.maybe_number("points")),
        state,
        node.maybe_text("why") or "",
    )


def own_text(node: Node) -> str:
    """Return the laboratory's own entry in one line."""
    said = [node.maybe_text(key) for key in ("oncogenicity", "tier", "author", "date", "comment")]
    return ", ".join([*filter(None, said), term(node.maybe_text("state") or "")])
