"""For which material, library and reads a filter, or a whole specification, is meant.

A filter that does not apply is neither passed nor unknown: nobody asks it, and the reason is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tumorkit.errors import ParameterError, suggestion
from tumorkit.variants.filter.document import Document, line_of
from tumorkit.variants.filter.params import Preparation

Meant = Mapping[str, tuple[str, ...]]
_CHOICES: dict[str, tuple[str, ...]] = {
    setting.name: tuple(str(choice) for choice in setting.choices if choice != "unknown")
    for setting in Preparation.described()
}


@dataclass(frozen=True)
class Conditions:
    """``unless`` names preparations that switch a filter off, ``only`` those that it is for."""

    unless: tuple[tuple[str, tuple[str, ...]], ...] = ()
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def not_applicable(self, said: Mapping[str, str]) -> str:
        """Return why a filter does not apply to a preparation, empty if it does.

        >>> Conditions(unless=(("library", ("amplicon",)),)).not_applicable({"library": "amplicon"})
        'not applicable: library is amplicon'
        """
        for name, values in self.unless:
            if said.get(name) in values:
                return f"not applicable: {name} is {said[name]}"
        for name, values in self.only:
            if name in said and said[name] not in values:
                return f"not applicable: {name} is {said[name]}, not {' or '.join(values)}"
        return ""

    def unsettled(self, said: Mapping[str, str]) -> str:
        """Return what must be said before the filter can be asked, empty if nothing."""
        for name, values in self.only:
            if name not in said:
                return f"it is for {name} {' or '.join(values)} only: say --{name}"
        return ""

    def meaning(self) -> list[Any]:
        """Return what enters the digest; nothing without conditions."""
        return [[list(self.unless), list(self.only)]] if self.unless or self.only else []


def read_conditions(document: Document, item: Mapping[str, Any], line: int) -> Conditions:
    """Read ``unless`` and ``only`` of a filter."""
    unless, only = (read_meant(document, item, key, line) for key in ("unless", "only"))
    return Conditions(tuple(unless.items()), tuple(only.items()))


def read_meant(document: Document, item: Mapping[str, Any], key: str, line: int) -> Meant:
    """Read preparations: ``{library: amplicon}``, or lists of words."""
    value = item.get(key)
    if value is None:
        return {}
    line = line_of(item, key) or line
    meant: dict[str, tuple[str, ...]] = {}
    for name in document.mapping(value, line, key):
        if name not in _CHOICES:
            hint = suggestion(str(name), _CHOICES) or f"known: {', '.join(_CHOICES)}"
            raise document.fail(line, f"{key}: unknown {name!r}", hint)
        words = document.words(value, name)
        for word in words:
            if word not in _CHOICES[name]:
                hint = suggestion(word, _CHOICES[name]) or f"one of {', '.join(_CHOICES[name])}"
                raise document.fail(line, f"{key}: {name} {word!r} is not known", hint)
        meant[name] = words
    return meant


def settled(
    preparation: Preparation, made_for: Meant, name: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what holds of a sample under a specification, and what to note.

    What was not said is taken from ``made_for``, if that leaves one choice. Raises
    :class:`ParameterError` where raw reads meet a specification for consensus reads or the other
    way round: error rates differ by orders of magnitude, and so do all limits.
    """
    said = preparation.said()
    notes = []
    for what, values in made_for.items():
        if what in said and said[what] not in values:
            wanted = " or ".join(values)
            if what == "reads":
                raise ParameterError(
                    f"{name} is made for {wanted} reads, and --reads says {said[what]}",
                    f"choose a specification for {said[what]} reads",
                )
            notes.append(f"{name} is made for {what} {wanted}, and the {what} is {said[what]}")
        elif what not in said and len(values) == 1:
            said[what] = values[0]
            if what != "reads":
                continue
            # Whoever filters raw reads by limits for consensus must see it.
            notes.append(f"{what} taken to be {values[0]}, for which {name} is made")
    order = [item.name for item in fields(Preparation)]
    return {key: said[key] for key in order if key in said}, tuple(notes)
