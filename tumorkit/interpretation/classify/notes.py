"""What a classification has to say of its own tables: what is missing, old, or not judged."""

from __future__ import annotations

from datetime import date

from tumorkit.interpretation.classify.params import ClassifyParams
from tumorkit.interpretation.diseases import TumorType
from tumorkit.interpretation.nouns import Tables


def notes_of(
    tables: Tables, params: ClassifyParams, tumor_type: TumorType, n_open: int, n_not_listed: int
) -> tuple[str, ...]:
    """Say what was not given, what is old, and what a person has to judge."""
    notes = []
    if tables.evidence is not None:
        if n_open:
            notes.append(
                f"{n_open} statements about genes that are altered here cannot be judged by their "
                "words; they are listed"
            )
        if tables.tiers is None:
            notes.append("no tier table was given: evidence is listed, no tier follows from it")
    if n_not_listed:
        notes.append(
            f"{n_not_listed} variants outside of coding parts and splice sites, of which no table "
            "speaks, are not listed"
        )
    if not tumor_type.name:
        notes.append("no tumour type is known: no statement is of this tumour type")
    return (*notes, *age_notes(tables, params))


def age_notes(tables: Tables, params: ClassifyParams) -> list[str]:
    """Say which tables are old at the date of the report, and which entries have expired."""
    notes = []
    dated = [item for item in tables.knowledge if item.date]
    if dated and not params.date:
        notes.append("the age of the tables is not judged: no date was given (--date)")
    for item in dated:
        age = days_between(item.date, params.date)
        if age is not None and age > params.max_knowledge_days:
            notes.append(f"{item.name} is {age} days old (date {item.date})")
        if age is not None and age < 0:
            notes.append(f"{item.name} is dated after the report ({item.date})")
    limited = [row for row in tables.laboratory or () if row.expiry]
    if limited and not params.date:
        notes.append("entries with an expiry are not applied: no date was given (--date)")
    expired = sum(row.expiry < params.date for row in limited) if params.date else 0
    if expired:
        notes.append(f"{expired} entries of the laboratory table have expired")
    return notes


def days_between(first: str | None, last: str) -> int | None:
    """Return the days between two ISO dates, None where one is not there.

    >>> days_between("2026-01-01", "2026-03-01"), days_between(None, "2026-03-01")
    (59, None)
    """
    if not first or not last:
        return None
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
