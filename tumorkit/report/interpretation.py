"""Tiers and oncogenicity as the laboratory's tables give them, for page one and in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, term
from tumorkit.report.text import UNKNOWN, listed, number, percent
from tumorkit.report.variants import reads_text

# AMP/ASCO/CAP 2017 (PMID 27993330): strong and potential significance.
FIRST_TIERS = ("I", "II")
MOST_THERAPIES = 3
# A knowledge base has a hundred statements about some changes: page one names the first.
MOST_DEFINING = 2
MOST_FIRST = 25
MOST_TIERED = 60
MOST_STATEMENTS = 20
MOST_OPEN = 20
# Tiers lead, then points; what is left out stands in the result of the classification.
MOST_ROWS = 40
DEFINING = "tier-defining"
UNCERTAIN = ("", "VUS")
NOT_KNOWN = "not known to be oncogenic"
BETWEEN = {"combination": " + ", "substitutes": " {or} ", "sequential": ", {then} "}


@dataclass(frozen=True, kw_only=True)
class StatementRow:
    """A statement of a knowledge table that fits an alteration."""

    source: str
    alteration: str
    match: str
    disease: str
    site: str
    therapies: str
    says: str
    level: str
    rating: str
    defines: bool
    why_additional: str
    citation: str


@dataclass(frozen=True, kw_only=True)
class CriterionRow:
    """A criterion of oncogenicity: its points and strength, its state, what it rests on."""

    code: str
    points: str
    strength: str
    state: str
    why: str
    steps: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OpenRow:
    """A statement about a gene that is altered here, which a person has to judge."""

    id: str
    alteration: str
    disease: str
    says: str
    level: str
    why: str


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
    caution: str
    criteria: tuple[CriterionRow, ...]
    statements: tuple[StatementRow, ...]
    n_statements_left: int
    conflicts: tuple[tuple[str, tuple[str, ...]], ...]
    laboratory: tuple[str, ...]
    first: bool


@dataclass(frozen=True, kw_only=True)
class InterpretationView:
    """Alterations of tiers I and II for page one, all others, and the tables that were asked."""

    first: tuple[ClassifiedRow, ...]
    n_first_left: int
    n_uncertain: int
    rows: tuple[ClassifiedRow, ...]
    n_without: int
    n_left_out: int
    tumor_type: str
    cutoffs: str
    counts: tuple[tuple[str, str], ...]
    open_rows: tuple[OpenRow, ...]
    n_open_left: int
    knowledge: tuple[tuple[str, str, str, str, str], ...]
    notes: tuple[str, ...]
    cautions: tuple[str, ...]


def interpretation_view(root: Node, parts: Mapping[str, Part]) -> InterpretationView | None:
    """Read the interpretation; None where no table was asked. Nothing is derived here."""
    board = root.maybe_node("board")
    found = board.maybe_node("interpretation") if board else None
    if found is None:
        return None
    seen = variants_by_place(parts["variants"])
    states = states_by_gene(parts["copy_number"])
    nodes = found.nodes("variants", required=True)
    classed = [n for n in nodes if n.maybe_text("tier") or n.maybe_text("oncogenicity")]
    told = [node for node in classed if telling(node)]
    told.sort(key=lambda node: (*tier_order(node), -(node.maybe_number("points") or 0)))
    n_first = sum(tier_of(node) in FIRST_TIERS for node in told)
    shown = told[: max(MOST_ROWS, min(n_first, MOST_TIERED))]
    rows = [classified_row(node, seen, states) for node in shown]
    return InterpretationView(
        first=tuple(row for row in rows if row.first)[:MOST_FIRST],
        n_uncertain=sum(map(only_broadly, nodes)),
        n_first_left=max(0, n_first - MOST_FIRST),
        rows=tuple(rows),
        n_left_out=len(classed) - len(rows),
        n_without=len(nodes) - len(classed) + int(found.maybe_number("not_listed") or 0),
        tumor_type=found.maybe_text("tumor_type") or "",
        cutoffs=cutoffs_of(found),
        counts=counts_of(found),
        open_rows=tuple(map(open_row, found.nodes("open_statements")[:MOST_OPEN])),
        n_open_left=max(0, len(found.nodes("open_statements")) - MOST_OPEN),
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
        cautions=(*cautions_of(found), *unread(parts["variants"])),
    )


def cautions_of(found: Node) -> list[str]:
    """Return what page one says of the tables: old, expired, not judged; counts of rows are not."""
    return [note for note in found.texts("notes") if not note.endswith("listed")]


def unread(part: Part) -> list[str]:
    """Say where no tier can come from small variants."""
    if part.result is None:
        return [say("small variants were not read: none of them can have a tier")]
    if not part.result.flag("annotated"):
        return [say("the variants are not annotated: none of them can have a tier")]
    return []


def telling(node: Node) -> bool:
    """Whether more than its rareness speaks of an alteration."""
    if node.maybe_text("tier") or (node.maybe_text("oncogenicity") or "") not in UNCERTAIN:
        return True
    spoken = any(node.nodes(key) for key in ("evidence", "escat", "laboratory"))
    return spoken or abs(node.maybe_number("points") or 0) > 1


def only_broadly(node: Node) -> bool:
    """Whether an alteration without a tier has statements about any mutation of its gene."""
    return not node.maybe_text("tier") and any(
        item.value.get("broad") is True and NOT_KNOWN in (item.maybe_text("why_additional") or "")
        for item in node.nodes("evidence")
    )


def cutoffs_of(found: Node) -> str:
    """Return the cut-offs of the classes, as the classification used them."""
    params = found.maybe_node("params")
    names = ("min_oncogenic", "min_likely_oncogenic", "max_likely_benign", "max_benign")
    values = [params.maybe_number(name) if params else None for name in names]
    if None in values:
        return ""
    first, second, third, fourth = map(number, values)
    return say(
        "Points: oncogenic from {first} on, likely oncogenic from {second} on, likely benign from "
        "{third} down, benign from {fourth} down (Horak 2022 gives the criteria).",
        first=first,
        second=second,
        third=third,
        fourth=fourth,
    )


def counts_of(found: Node) -> tuple[tuple[str, str], ...]:
    """Return how many statements fit, and how many do not by reason."""
    counts = found.value.get("statements") or {}
    return tuple((why, number(count)) for why, count in counts.items())


def open_row(node: Node) -> OpenRow:
    """Read a statement that nobody can tell."""
    return OpenRow(
        id=node.text("id"),
        alteration=node.text("alteration"),
        disease=node.maybe_text("disease") or "",
        says=term(node.maybe_text("significance") or ""),
        level=node.maybe_text("level") or "",
        why=node.text("why"),
    )


def tier_of(node: Node) -> str:
    """Return a tier without its level."""
    return (node.maybe_text("tier") or "").removeprefix("Tier ").rstrip("ABCD")


def tier_order(node: Node) -> tuple[bool, str, str]:
    """Return a key that puts tiers and their levels in order and what has none last."""
    tier = node.maybe_text("tier") or ""
    return tier == "", tier, node.maybe_text("level") or ""


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
    defining = [row for row in statements if row.defines]
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
        defining=defining_text(defining),
        caution=caution_of(node),
        criteria=tuple(map(criterion_row, node.nodes("criteria"))),
        statements=statements[:MOST_STATEMENTS],
        n_statements_left=max(0, len(statements) - MOST_STATEMENTS),
        conflicts=tuple(map(conflict_row, node.nodes("conflicts"))),
        laboratory=tuple(own_text(item) for item in node.nodes("laboratory")),
        first=tier_of(node) in FIRST_TIERS,
    )


def points_text(node: Node) -> str:
    """Return the points with what they could be, had everything been assessable."""
    points = node.maybe_number("points") if node.nodes("criteria") else None
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


def defining_text(rows: Sequence[StatementRow]) -> str:
    """Return what defines a tier: the first statements in a line each, and how many more."""
    said = "; ".join(map(defining_line, rows[:MOST_DEFINING]))
    more = len(rows) - MOST_DEFINING
    return said + (f" {say('and {count} more', count=number(more))}" if more > 0 else "")


def defining_line(row: StatementRow) -> str:
    """Return one statement in a line."""
    said = [row.source, row.disease, row.therapies, row.says]
    return ", ".join(filter(None, said)) + (f" ({row.level})" if row.level else "")


def caution_of(node: Node) -> str:
    """Say that a tier rests on statements about any mutation, and the class is uncertain."""
    defining = [item for item in node.nodes("evidence") if item.maybe_text("use") == DEFINING]
    broad = bool(defining) and all(item.value.get("broad") is True for item in defining)
    if not broad or (node.maybe_text("oncogenicity") or "") not in UNCERTAIN:
        return ""
    return say("by statements about any mutation of the gene; this one is of uncertain class")


def statement_row(node: Node) -> StatementRow:
    """Read one statement."""
    says = [node.maybe_text("direction"), node.maybe_text("significance")]
    rating = node.maybe_number("rating")
    return StatementRow(
        source=" ".join(filter(None, (node.maybe_text("source"), node.maybe_text("id")))),
        alteration=node.maybe_text("alteration") or "",
        match=node.maybe_text("match") or "",
        disease=node.maybe_text("disease") or "",
        site=term(node.maybe_text("site") or ""),
        therapies=therapies_of(node),
        says=": ".join(term(text) for text in says if text),
        level=node.maybe_text("level") or "",
        rating=number(rating) if rating is not None else "",
        defines=node.maybe_text("use") == DEFINING,
        why_additional=node.maybe_text("why_additional") or "",
        citation=node.maybe_text("citation") or "",
    )


def therapies_of(node: Node) -> str:
    """Return the therapies joined as they are given: together, either, or one after another."""
    between = BETWEEN.get((node.maybe_text("interaction") or "").casefold())
    if between is None:
        return listed(node.texts("therapies"), MOST_THERAPIES)
    return between.format(**{"or": say("or"), "then": say("then")}).join(node.texts("therapies"))


def conflict_row(node: Node) -> tuple[str, tuple[str, ...]]:
    """Return what statements disagree on, and the statements."""
    about = ", ".join(filter(None, (term(node.text("about")), node.maybe_text("disease"))))
    return about, tuple(node.texts("statements"))


def criterion_row(node: Node) -> CriterionRow:
    """Read a criterion; points that are not decided show the most that they could be."""
    counted = node.value.get("counted")
    state = term(node.text("state"))
    if node.text("state") == "met" and counted is False:
        state = say("{state}, gives way", state=state)
    points, most = node.maybe_number("points"), node.maybe_number("most")
    shown = number(points)
    if node.text("state") == "met" and points is not None and most not in (None, points):
        shown = say("{points}, at most {most}", points=shown, most=number(most))
    return CriterionRow(
        code=node.text("code"),
        points=shown,
        strength=term(node.maybe_text("strength") or ""),
        state=state,
        why=node.maybe_text("why") or "",
        steps=tuple(node.texts("steps")),
    )


def own_text(node: Node) -> str:
    """Return the laboratory's own entry in one line."""
    said = [node.maybe_text(key) for key in ("tier", "author", "date", "comment")]
    words = [term(node.maybe_text(key) or "") for key in ("oncogenicity", "state")]
    return ", ".join(filter(None, [words[0], *said, words[1]]))
