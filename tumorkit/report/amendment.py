"""What an amended report says of its changes: each with before, now and cause.

ESMO's recommendations for the NGS report (ESMO Open 2022, PMC9588890, table 3) ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tumorkit.report.diff.words import KINDS, shortened
from tumorkit.report.document import STATUS_WORDS, Node
from tumorkit.report.language import say, term
from tumorkit.report.text import interval, listed, number, percent

GRAVE = ("added", "lost", "class", "status", "state", "tier")
CHANGES = {
    "added": "new",
    "lost": "no longer reported",
    "class": "class",
    "status": "status",
    "scheme": "scheme",
    "value": "value",
    "interval": "interval",
    "evidence": "reads",
    "annotation": "annotation",
    "state": "copy-number state",
    "tier": "tier or oncogenicity",
}
MOST_FIRST = 6
MOST_GENES = 8
MOST_ROWS = 200
MOST_CAUSES = 12
SHORT = 12
FRACTIONS = ("vaf", "normal_vaf", "population_af")


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """One change; ``grave`` is one of class, tier, status, variant or state."""

    what: str
    name: str
    change: str
    before: str
    now: str
    cause: str
    grave: bool


@dataclass(frozen=True, kw_only=True)
class AmendmentView:
    """Changes since the previous report: the grave ones for page one, and all of them."""

    previous: str
    n_grave: int
    first: tuple[ChangeRow, ...]
    rows: tuple[ChangeRow, ...]
    n_rows: int
    shared: int
    causes: tuple[tuple[str, str, str, str], ...]
    n_causes: int
    notes: tuple[str, ...]


def amendment_view(root: Node) -> AmendmentView | None:
    """Read what changed since the previous report; None where none was given."""
    board = root.maybe_node("board")
    found = board.maybe_node("amendment") if board else None
    if found is None:
        return None
    # A change below the printed digits would read as none.
    told = (row for row in change_rows(found) if row.grave or row.before != row.now)
    rows = sorted(told, key=lambda row: not row.grave)
    grave = [row for row in rows if row.grave]
    causes = found.nodes("causes")
    return AmendmentView(
        previous=previous_words(found.node("previous")),
        n_grave=len(grave),
        first=tuple(grave[:MOST_FIRST]),
        rows=tuple(rows[:MOST_ROWS]),
        n_rows=len(rows),
        shared=found.count("shared"),
        causes=tuple(map(cause_row, causes[:MOST_CAUSES])),
        n_causes=len(causes),
        notes=tuple(found.texts("notes")),
    )


def previous_words(node: Node) -> str:
    """Name the previous profile: date, version, digest."""
    said = [
        node.maybe_text("date") or say("no date given"),
        f"tumorkit {node.maybe_text('version') or say('unknown')}",
        f"SHA-256 {node.text('sha256')[:SHORT]}…",
    ]
    return ", ".join(said)


def change_rows(found: Node) -> Iterator[ChangeRow]:
    """Yield every change: biomarkers, tiers, variants, events, genes."""
    for node in found.nodes("biomarkers"):
        sides = (side_text(node.maybe_node("old")), side_text(node.maybe_node("new")))
        yield change_row(node, "biomarker", term(node.text("name")), node.text("change"), sides)
    for node in found.nodes("tiers"):
        name = f"{node.text('gene')} {node.text('alteration')}"
        none = say("no tier or class")
        sides = (term(node.maybe_text("old") or none), term(node.maybe_text("new") or none))
        yield change_row(node, "alteration", name, "tier", sides)
    for node in found.nodes("variants"):
        yield change_row(
            node, "variant", variant_text(node), node.text("change"), variant_sides(node)
        )
    for node in found.nodes("events"):
        none = say("not reported")
        sides = (node.maybe_text("old") or none, node.maybe_text("new") or none)
        yield change_row(node, "event", node.text("name"), node.text("change"), sides)
    yield from gene_rows(found.nodes("genes"))


def gene_rows(nodes: list[Node]) -> Iterator[ChangeRow]:
    """Yield changed genes, those of one change in one row."""
    alike: dict[tuple[str | None, str | None, str], list[Node]] = {}
    for node in nodes:
        key = (node.maybe_text("old"), node.maybe_text("new"), node.text("cause"))
        alike.setdefault(key, []).append(node)
    none = say("not measured")
    for (old, new, _), same in alike.items():
        names = listed([node.text("gene") for node in same], MOST_GENES)
        sides = (state_text(old) or none, state_text(new) or none)
        yield change_row(same[0], "gene", names, "state", sides)


def change_row(node: Node, what: str, name: str, change: str, sides: tuple[str, ...]) -> ChangeRow:
    """Return one change in words."""
    before, now = sides
    return ChangeRow(
        what=term(what),
        name=name,
        change=term(CHANGES.get(change, change)),
        before=before,
        now=now,
        cause=term(KINDS.get(node.text("cause"), node.text("cause"))),
        grave=change in GRAVE,
    )


def side_text(side: Node | None) -> str:
    """Return a biomarker as one profile has it."""
    if side is None:
        return say("not listed")
    status = side.text("status")
    if status != "ok":
        return term(STATUS_WORDS.get(status, status))
    value, call = side.maybe_number("value"), side.maybe_text("call")
    said = [] if value is None else [f"{number(value)} {side.maybe_text('unit') or ''}".strip()]
    low, high = side.maybe_number("low"), side.maybe_number("high")
    if said and low is not None and high is not None:
        said = [f"{said[0]} ({interval(low, high)})"]
    return ", ".join([*said, *([term(call)] if call else [])])


def variant_text(node: Node) -> str:
    """Return gene and change of a variant, its place where they are not known."""
    place = f"{node.text('contig')}:{node.count('pos')} {node.text('ref')}>{node.text('alt')}"
    gene = node.maybe_text("gene")
    protein = (node.maybe_text("hgvsp") or "").rpartition(":")[2]
    return " ".join(filter(None, (gene, protein, f"({place})" if gene else place)))


def variant_sides(node: Node) -> tuple[str, str]:
    """Return a variant before and now."""
    change = node.text("change")
    why = term(node.maybe_text("why") or "") or say("not reported")
    if change in ("added", "lost"):
        return (why, say("reported")) if change == "added" else (say("reported"), why)
    fields = node.nodes("fields")
    before, now = (
        ", ".join(f"{term(field.text('name'))} {field_text(field, side)}" for field in fields)
        for side in ("old", "new")
    )
    return before, now


def field_text(node: Node, side: str) -> str:
    """Return one field of a variant; fractions in percent."""
    text = node.text(side)
    if node.text("name") in FRACTIONS and text:
        return percent(float(text))
    return term(text) or "–"


def state_text(state: str | None) -> str:
    """Return a copy-number state in words."""
    return term(state.replace("_", " ")) if state else ""


def cause_row(node: Node) -> tuple[str, str, str, str]:
    """Return kind, name, old and new of something that differs."""
    kind = node.text("kind")
    old, new = (shortened(node.text(side)) for side in ("old", "new"))
    return term(KINDS.get(kind, kind)), node.text("name"), old, new
