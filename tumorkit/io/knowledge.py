"""Tables of a laboratory's knowledge: tab-separated, with a header, checked line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from tumorkit.errors import InputError, suggestion
from tumorkit.io.text import read_lines

Row = TypeVar("Row")
Cells = Mapping[str, str]


def read_rows(
    path: Path, needed: Sequence[str], optional: Sequence[str] = (), *, open_ended: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells by column name of a table with a header.

    Lines that begin with ``#`` and empty ones are passed over; optional columns that are not there
    are empty. Raises :class:`InputError` for a column that is missing, and for one that is not
    known unless the table is ``open_ended``.
    """
    columns: list[str] = []
    for number, line in read_lines(path):
        if not line.strip() or (line.startswith("#") and not columns and "\t" not in line):
            continue
        fields = [cell.strip() for cell in line.lstrip("#").split("\t")] if not columns else [
            cell.strip() for cell in line.split("\t")
        ]  # fmt: skip
        if not columns:
            columns = fields
            check_columns(path, number, columns, needed, optional, open_ended=open_ended)
            continue
        if line.startswith("#"):
            continue
        if len(fields) > len(columns):
            raise InputError(
                path, f"expected {len(columns)} columns, found {len(fields)}", line=number
            )
        cells = dict.fromkeys((*needed, *optional), "")
        yield number, cells | dict(zip(columns, fields, strict=False))
    if not columns:
        raise InputError(path, "holds no table", hint=f"columns: {', '.join(needed)}")


def check_columns(
    path: Path,
    line: int,
    columns: Sequence[str],
    needed: Sequence[str],
    optional: Sequence[str],
    *,
    open_ended: bool,
) -> None:
    """Raise for columns that are missing or not known."""
    missing = [name for name in needed if name not in columns]
    if missing:
        raise InputError(
            path,
            f"no column {', '.join(missing)}; columns found: {', '.join(columns)[:200]}",
            line=line,
            hint=f"columns needed: {', '.join(needed)}",
        )
    known = (*needed, *optional)
    unknown = [name for name in columns if name not in known]
    if unknown and not open_ended:
        raise InputError(
            path,
            f"unknown column {unknown[0]!r}",
            line=line,
            hint=suggestion(unknown[0], known) or f"columns known: {', '.join(known)}",
        )


def read_table(
    path: Path,
    needed: Sequence[str],
    optional: Sequence[str],
    make: Callable[[Cells], Row],
    *,
    filled: Sequence[str] = (),
) -> tuple[Row, ...]:
    """Read a table into nouns; ``make`` raises ``ValueError`` in words for what cannot be.

    Cells of ``filled`` columns must not be empty.
    """
    made = []
    for number, cells in read_rows(path, needed, optional):
        empty = [name for name in filled if not cells[name]]
        if empty:
            raise InputError(path, f"{empty[0]} is empty", line=number, hint="fill it in")
        try:
            made.append(make(cells))
        except ValueError as error:
            raise InputError(path, str(error), line=number) from error
    return tuple(made)


def iso_date(text: str, what: str = "date") -> str:
    """Return an ISO date, or raise ``ValueError`` in words.

    >>> iso_date("2026-03-02")
    '2026-03-02'
    """
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(f"{what}: expected YYYY-MM-DD, found {text!r}") from error


def one_of(text: str, allowed: Sequence[str], what: str) -> str:
    """Return a word of a list, or raise ``ValueError`` that names the list."""
    found = {word.casefold(): word for word in allowed}.get(text.casefold())
    if found is None:
        raise ValueError(f"{what}: expected {' or '.join(allowed)}, found {text!r}")
    return found


def whole(text: str, what: str) -> int:
    """Return a whole number, or raise ``ValueError`` in words."""
    if not text.isdigit():
        raise ValueError(f"{what}: expected a whole number, found {text!r}")
    return int(text)
