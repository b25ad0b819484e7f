"""Small tables of the chapters: rows of texts, and what was left out of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tumorkit.report.biomarkers import BiomarkerRow
from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, term


@dataclass(frozen=True)
class Column:
    """The heading of a column, and whether it holds numbers."""

    text: str
    numeric: bool = False


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A table; the first cell of a row names it. ``left_out`` says what is not shown, and where."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str = ""
    folded: bool = False


def listing(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numeric: Iterable[int] = (),
    left_out: str = "",
    folded: bool = False,
) -> Listing:
    """Make a table; ``numeric`` are the places of columns of numbers.

    >>> listing("Loci", ["Reason", "Loci"], [("shallow", "3")], numeric=[1]).columns[1].numeric
    True
    """
    places = set(numeric)
    return Listing(
        caption=caption,
        columns=tuple(Column(text, at in places) for at, text in enumerate(columns)),
        rows=tuple(map(tuple, rows)),
        left_out=left_out,
        folded=folded,
    )


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A chapter without an answer: what stands in its place."""

    title: str
    status: str
    words: str
    reason: str


def missing_of(part: Part, rows: Iterable[BiomarkerRow]) -> Missing | None:
    """Return why there is no chapter; None where the part gave the number that it is about.

    What is not evaluable has a reason and no number, so that nothing of the result is read.
    """
    own = [row for row in rows if row.part == part.name]
    if part.ok and own and own[0].ok:
        return None
    if part.ok and own:
        row = own[0]
        return Missing(
            title=part.title, status=row.status, words=row.status_words, reason=row.reason
        )
    if part.ok:
        return Missing(
            title=part.title,
            status="not_evaluable",
            words=say("not evaluable"),
            reason=say("the result does not hold it"),
        )
    return Missing(
        title=part.title, status=part.status, words=part.status_words, reason=part.reason
    )


def cutoff_listing(row: BiomarkerRow) -> Listing | None:
    """Return the cut-offs of a biomarker, with the chance that the truth lies at or above each."""
    if not row.cutoffs:
        return None
    return listing(
        say("Cut-offs of {name}", name=term(row.name))
        + (f", {say('scheme {scheme}', scheme=row.scheme)}" if row.scheme else ""),
        [say("Class"), say("At or above"), say("P(at or above)"), say("Certainty"), say("Source")],
        [(c.name, c.value, c.probability, c.certainty, c.source) for c in row.cutoffs],
        numeric=[1, 2],
    )


def input_name(result: Node, role: str) -> str | None:
    """Return the file that a result read in a role; None where it read none."""
    found = [node for node in result.nodes("inputs") if node.maybe_text("role") == role]
    return found[0].maybe_text("name") if found else None


def file_named(part: Part, ending: str) -> str:
    """Return the file of a part whose name has this ending; where it is not known, the step's.

    A profile lists the most telling rows only, so that it does not stand in for the table.
    """
    found = next((name for name in part.files if name.endswith(ending)), None)
    return found or say("the table of this step")
