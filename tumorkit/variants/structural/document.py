"""Read a result of an earlier import back from its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tumorkit.errors import InputError
from tumorkit.genome.structural import Breakpoint, Observation, StructuralEvent, event_of
from tumorkit.variants.structural.result import FailedFile, ReadFile

SCHEMA = "tumorkit/variants.structural"


@dataclass(frozen=True, kw_only=True)
class EarlierImport:
    """Events of an earlier import, whole, with its files and what it could not read."""

    sample: str
    build: str
    events: tuple[StructuralEvent, ...]
    files: tuple[ReadFile, ...]
    failed: tuple[FailedFile, ...]

    @property
    def single(self) -> tuple[StructuralEvent, ...]:
        """Every observation as an event of its own, to be joined anew."""
        return tuple(event_of(item) for event in self.events for item in event.observations)


def read_import(document: Mapping[str, Any], source: str) -> EarlierImport:
    """Return the events of a document ``tumorkit/variants.structural``.

    Raises :class:`InputError` for another schema or another version's events.
    """
    schema = document.get("schema")
    if schema != SCHEMA:
        raise InputError(
            source,
            f"expected {SCHEMA}, found {schema!r}",
            hint="make it with `tumorkit variants import ... --json`",
        )
    try:
        return EarlierImport(
            sample=document.get("sample") or "",
            build=document.get("build") or "",
            events=tuple(event(row) for row in document["events"]),
            files=tuple(
                ReadFile(**{**row, "looks_for": tuple(row.get("looks_for", ()))})
                for row in document["files"]
            ),
            failed=tuple(FailedFile(**row) for row in document.get("failed", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            source, "events of another version of tumorkit", hint="import them again"
        ) from error


def event(row: Mapping[str, Any]) -> StructuralEvent:
    """Return an event from its JSON object."""
    also = tuple(Observation(**fields_of(item)) for item in row.get("also", ()))
    return StructuralEvent(**{**fields_of(row), "also": also})


def fields_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an observation with its breakpoints and filters as they are kept."""
    return {
        **row,
        "first": Breakpoint(**row["first"]),
        "second": Breakpoint(**row["second"]),
        "filters": tuple(row["filters"]),
    }
