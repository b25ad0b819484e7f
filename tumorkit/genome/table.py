"""Schemas of the tables that tumorkit writes: names, types, units and meanings of columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column: its name, its Python type, what it holds."""

    name: str
    kind: type
    text: str
    unit: str = ""
    optional: bool = True


@dataclass(frozen=True)
class TableSchema:
    """The columns of a table, in the order in which they are written."""

    name: str
    text: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    def header(self) -> str:
        """Return the header line, without a newline."""
        return "\t".join(self.names)

    def line(self, row: Mapping[str, Any] | object) -> str:
        """Return one row, a mapping or a noun, as text; what is not known is an empty field."""
        if isinstance(row, Mapping):
            return "\t".join([cell(row.get(name)) for name in self.names])
        return "\t".join([cell(getattr(row, name, None)) for name in self.names])

    def text_of(self, rows: Iterable[Mapping[str, Any] | object]) -> str:
        """Return header and rows as text that ends with a newline."""
        return "\n".join([self.header(), *(self.line(row) for row in rows)]) + "\n"


def cell(value: Any) -> str:
    """Return a value as it stands in a table: 6 significant digits, unknown is empty.

    >>> [cell(v) for v in (None, float("nan"), 0.123456789, 12, True, "x", ("a", "b"))]
    ['', '', '0.123457', '12', 'yes', 'x', 'a,b']
    """
    if type(value) is str:
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (tuple, list)):
        return ",".join(cell(item) for item in value)
    return str(value)
