"""Structural events that differ between two profiles."""

from __future__ import annotations

from collections.abc import Iterable

from tumorkit.genome.structural import StructuralEvent
from tumorkit.report.diff.causes import in_one_word
from tumorkit.report.diff.result import Cause, EventChange
from tumorkit.report.document import EVENTS, Node
from tumorkit.report.structural import imported, place, title_of
from tumorkit.variants.structural import StructuralParams
from tumorkit.variants.structural.merge import apart

# Settings and inputs of the import bear on its events, and those of the case.
PARTS = (EVENTS, "case")
CLASSES = ("structural_variants", "fusions", "internal_tandem_duplications", "genes", "exons")
ROLES = (*CLASSES, "calls")


def event_changes(old: Node, new: Node, known: tuple[Cause, ...]) -> tuple[EventChange, ...]:
    """Return events that one profile has, or that differ in name, frame, callers or filters.

    Two events are the same as where those of two callers are joined. A profile that was given no
    file of events has none.
    """
    sides = [found.events if (found := imported(root)) else () for root in (old, new)]
    causes = tuple(item for item in known if bears(item))
    before = list(sides[0])
    rows: list[EventChange] = []
    for event in sides[1]:
        other = same(event, before)
        if other is not None:
            before.remove(other)
        change = kind_of(other, event)
        if change:
            rows.append(changed(other, event, change, causes))
    return (*rows, *(changed(event, None, "lost", causes) for event in before))


def bears(item: Cause) -> bool:
    """Return whether a cause can change events."""
    if item.kind == "threshold":
        return item.name.partition(".")[0] in PARTS
    return item.kind == "version" or (item.kind in ("input", "knowledge") and item.name in ROLES)


def same(event: StructuralEvent, others: Iterable[StructuralEvent]) -> StructuralEvent | None:
    """Return the nearest of the others that is the same event, None where none is."""
    params = StructuralParams()
    near = [(distance, at, other) for at, other in enumerate(others)
            if (distance := apart(event, other, params)) is not None]  # fmt: skip
    return min(near, key=lambda item: item[:2])[2] if near else None


def kind_of(old: StructuralEvent | None, new: StructuralEvent) -> str:
    """Return how an event differs, empty where it does not."""
    if old is None:
        return "added"
    return "evidence" if words(old) != words(new) else ""


def changed(
    old: StructuralEvent | None,
    new: StructuralEvent | None,
    change: str,
    causes: tuple[Cause, ...],
) -> EventChange:
    """Return one change."""
    event = new or old
    assert event is not None
    places = " - ".join(place(end) for end in (event.first, event.second))
    return EventChange(
        name=f"{title_of(event)} ({event.kind}, {places})",
        change=change,
        old=None if old is None else words(old),
        new=None if new is None else words(new),
        cause=in_one_word(causes),
        causes=causes,
    )


def words(event: StructuralEvent) -> str:
    """Return what is compared of an event, in words."""
    reads = "" if event.reads is None else f"{event.reads} reads"
    said = (event.name, event.frame or "", reads, ", ".join(event.callers), ";".join(event.filters))
    return ", ".join(filter(None, said))
