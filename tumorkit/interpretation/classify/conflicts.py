"""Statements that contradict each other on one therapy, or one question, in one disease."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from tumorkit.interpretation.classify.result import Conflict, Evidence

OPPOSITES = (
    ("sensitivity/response", "resistance"),
    ("sensitivity/response", "reduced sensitivity"),
    ("better outcome", "poor outcome"),
    ("positive", "negative"),
    ("oncogenicity", "protectiveness"),
    ("gain of function", "loss of function"),
)
SUPPORTS = "supports"


def conflicts_of(evidence: Sequence[Evidence]) -> tuple[Conflict, ...]:
    """Return every therapy and disease on which statements disagree, with both sides."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Evidence]] = {}
    for item in evidence:
        therapies = tuple(sorted(name.casefold() for name in item.therapies))
        groups.setdefault((item.type, item.disease.casefold(), therapies), []).append(item)
    return tuple(
        Conflict(
            about=" + ".join(items[0].therapies) or kind,
            disease=items[0].disease,
            statements=tuple(
                f"{item.id}: {item.direction} {item.significance} ({item.level})" for item in items
            ),
        )
        for (kind, _, _), items in groups.items()
        if any(disagree(one, other) for one, other in combinations(items, 2))
    )


def disagree(one: Evidence, other: Evidence) -> bool:
    """Whether one says what the other denies, or both support opposites."""
    directions = one.direction.casefold(), other.direction.casefold()
    said = one.significance.casefold(), other.significance.casefold()
    if said[0] == said[1]:
        return directions[0] != directions[1]
    opposite = said in OPPOSITES or said[::-1] in OPPOSITES
    return opposite and directions == (SUPPORTS, SUPPORTS)
