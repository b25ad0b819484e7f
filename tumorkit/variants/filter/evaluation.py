"""Evaluates expressions over columns of alleles, in three-valued logic.

False is 0, unknown is 1, true is 2: then Kleene's *and* is the minimum, *or* the maximum and
*not* is 2 - x, and the laws of the logic are those of a lattice. A comparison with an unknown
value is unknown; a division by zero is unknown.
Source: Kleene, Introduction to Metamathematics, 1952, section 64.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tumorkit.errors import ParameterError
from tumorkit.genome.vcf import to_float
from tumorkit.variants.filter.expression import (
    Arithmetic,
    Call,
    Compare,
    Field,
    Logic,
    Name,
    Node,
    Not,
    Number,
    Text,
    Words,
    spell,
)

FALSE, UNKNOWN, TRUE = 0, 1, 2
Kind = Literal["number", "logic", "text", "set"]
Logical = NDArray[np.int8]
Numbers = NDArray[np.float64]
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


@dataclass(frozen=True)
class Column:
    """Values of one quantity for a block of alleles.

    ``number``: float64, NaN is unknown. ``logic``: int8 of 0, 1, 2. ``text`` and ``set``: lists
    of str and of tuples of str, None is unknown. ``declared`` is False for a raw field that the
    header does not declare: then nothing can be said of its absence. ``asked`` are the words that
    a set can hold at all, where others would be unknown and not absent.
    """

    kind: Kind
    values: Any
    declared: bool = True
    asked: frozenset[str] | None = None


class Columns(Protocol):
    """Where an evaluator gets the columns of quantities and raw fields."""

    @property
    def size(self) -> int:
        """Number of alleles."""
        ...

    def column(self, node: Name | Field) -> Column:
        """Return the column of a quantity or a raw field."""
        ...


class Evaluator:
    """Evaluates expressions of one filter on one block.

    ``limits`` are the filter's own thresholds for each allele; ``ignore`` are caller filters
    that this filter does not look at.
    """

    def __init__(
        self,
        columns: Columns,
        limits: Mapping[str, Numbers] | None = None,
        ignore: Sequence[str] = (),
    ) -> None:
        self.columns = columns
        self.limits = limits or {}
        self.ignore = frozenset(ignore)

    def logic(self, node: Node) -> Logical:
        """Return false, unknown or true for every allele."""
        if isinstance(node, Logic):
            combine = np.minimum if node.word == "and" else np.maximum
            result = self.logic(node.terms[0])
            for term in node.terms[1:]:
                result = combine(result, self.logic(term))
            return result
        if isinstance(node, Not):
            return np.asarray(TRUE - self.logic(node.inner), dtype=np.int8)
        if isinstance(node, Compare):
            return self.contained(node) if node.sign == "in" else self.compared(node)
        column = self.column(node)
        if column.kind == "text" and isinstance(node, Field) and not any(column.values):
            # A flag that the header does not declare: set where it stands, else unknown.
            return np.where(known(column), TRUE, UNKNOWN).astype(np.int8)
        if column.kind != "logic":
            raise ParameterError(
                f"`{spell(node)}` is a {column.kind}, not a condition", "compare it with something"
            )
        return np.asarray(column.values, dtype=np.int8)

    def column(self, node: Node) -> Column:  # noqa: PLR0911 - one return per kind
        """Return the column of any node."""
        if isinstance(node, Name) and node.name in self.limits:
            return Column("number", self.limits[node.name])
        if isinstance(node, (Name, Field)):
            column = self.columns.column(node)
            if self.ignore and isinstance(node, Name) and node.name == "caller_filter":
                return Column("set", [drop(names, self.ignore) for names in column.values])
            return column
        if isinstance(node, Number):
            return Column("number", np.full(self.columns.size, node.value))
        if isinstance(node, Text):
            return Column("text", [node.value] * self.columns.size)
        if isinstance(node, Arithmetic):
            return Column("number", self.computed(node))
        if isinstance(node, Call):
            return self.called(node)
        if isinstance(node, Words):
            raise ParameterError(f"`{spell(node)}`: a list can only stand behind `in`")
        return Column("logic", self.logic(node))

    def number(self, node: Node) -> Numbers:
        """Return numbers; text that is a number counts as one."""
        column = self.column(node)
        if column.kind == "number":
            return np.asarray(column.values, dtype=np.float64)
        if column.kind == "text":
            return numbers_of(column.values)
        raise ParameterError(f"`{spell(node)}` is a {column.kind}, not a number")

    def computed(self, node: Arithmetic) -> Numbers:
        """Return the result of ``+ - * /``."""
        left, right = self.number(node.left), self.number(node.right)
        if node.sign == "+":
            return left + right
        if node.sign == "-":
            return left - right
        if node.sign == "*":
            return left * right
        quotient: Numbers = np.full(left.shape, np.nan)
        np.divide(left, right, out=quotient, where=right != 0)
        return quotient

    def compared(self, node: Compare) -> Logical:
        """Compare numbers with numbers, or text with text."""
        left, right = self.column(node.left), self.column(node.right)
        kinds = {left.kind, right.kind}
        if kinds == {"text"}:
            if node.sign not in ("==", "!="):
                raise ParameterError(f"`{spell(node)}`: text can only be compared by == and !=")
            same = [
                UNKNOWN if a is None or b is None else TRUE if a == b else FALSE
                for a, b in zip(left.values, right.values, strict=True)
            ]
            result = np.array(same, dtype=np.int8)
            return result if node.sign == "==" else np.asarray(TRUE - result, dtype=np.int8)
        if not kinds <= {"number", "text"}:
            hint = "use `in` or contains()" if "set" in kinds else "write it alone, or with `not`"
            raise ParameterError(
                f"`{spell(node)}` compares a {left.kind} with a {right.kind}", hint
            )
        a, b = self.number(node.left), self.number(node.right)
        result = np.where(_COMPARE[node.sign](a, b), np.int8(TRUE), np.int8(FALSE))
        result[np.isnan(a) | np.isnan(b)] = UNKNOWN
        return np.asarray(result, dtype=np.int8)

    def contained(self, node: Compare) -> Logical:
        """Evaluate ``in``: a value in a list, any of a set in a list, a text in a set."""
        left = self.column(node.left)
        if isinstance(node.right, Words):
            words = node.right.values
            if left.kind == "number":
                a = np.asarray(left.values)
                wanted = [w if isinstance(w, float) else to_float(w) for w in words]
                hit = np.isin(a, [w for w in wanted if w is not None])
                return np.where(np.isnan(a), UNKNOWN, np.where(hit, TRUE, FALSE)).astype(np.int8)
            texts = frozenset(w if isinstance(w, str) else f"{w:g}" for w in words)
            if left.kind == "text":
                return logical(left.values, texts.__contains__)
            if left.kind == "set":
                found = logical(left.values, lambda names: not texts.isdisjoint(names))
                if left.asked is not None and not texts <= left.asked:
                    found[found == FALSE] = UNKNOWN
                return found
        right = self.column(node.right)
        if left.kind == "text" and right.kind == "set":
            return np.array(
                [
                    UNKNOWN
                    if a is None or b is None
                    else TRUE
                    if a in b
                    else FALSE
                    if right.asked is None or a in right.asked
                    else UNKNOWN
                    for a, b in zip(left.values, right.values, strict=True)
                ],
                dtype=np.int8,
            )
        raise ParameterError(f"`{spell(node)}`: `in` needs a list or a set on its right")

    def called(self, node: Call) -> Column:  # noqa: PLR0911 - one return per function
        """Evaluate a function."""
        if node.name == "abs":
            return Column("number", np.abs(self.number(node.arguments[0])))
        column = self.column(node.arguments[0])
        if node.name == "known":
            return Column("logic", np.where(known(column), TRUE, FALSE).astype(np.int8))
        # Absent from a record of a file that declares the field is an answer: it is not there.
        absent = FALSE if isinstance(node.arguments[0], Field) and column.declared else UNKNOWN
        if node.name == "present":
            return Column("logic", np.where(known(column), TRUE, absent).astype(np.int8))
        if node.name == "count":
            if column.kind != "set":
                raise ParameterError(f"`{spell(node)}`: count() needs a set")
            sizes = [math.nan if names is None else float(len(names)) for names in column.values]
            return Column("number", np.array(sizes, dtype=np.float64))
        wanted = node.arguments[1]
        if node.name == "found":
            return self.searched(node, column, absent)
        if not isinstance(wanted, Text) or column.kind not in ("text", "set"):
            raise ParameterError(f"`{spell(node)}`: contains() needs text or a set, then a text")
        part = wanted.value
        if column.kind == "text":
            return Column("logic", logical(column.values, lambda text: part in text))
        return Column("logic", logical(column.values, lambda names: any(part in n for n in names)))

    def searched(self, node: Call, column: Column, absent: int) -> Column:
        """Evaluate ``found(x, "pattern")``: whether the pattern occurs anywhere in the text."""
        wanted = node.arguments[1]
        if not isinstance(wanted, Text) or column.kind not in ("text", "set", "number"):
            raise ParameterError(f"`{spell(node)}`: found() needs text or a set, then a pattern")
        search = re.compile(wanted.value).search
        if column.kind == "number":
            texts = [None if math.isnan(v) else f"{v:g}" for v in column.values]
            column = Column("text", texts, column.declared)

        def holds(value: Any) -> int:
            if value is None:
                return absent
            parts = value if isinstance(value, tuple) else (value,)
            return TRUE if any(search(part) for part in parts) else FALSE

        return Column("logic", np.array([holds(v) for v in column.values], dtype=np.int8))


def logical(values: Sequence[Any], test: Callable[[Any], bool]) -> Logical:
    """Test every value that is known."""
    return np.array(
        [UNKNOWN if v is None else TRUE if test(v) else FALSE for v in values], dtype=np.int8
    )


def numbers_of(values: Sequence[str | None]) -> Numbers:
    """Read text as numbers; what is no number is unknown."""
    found = (to_float(value) for value in values)
    return np.array([math.nan if v is None else v for v in found], dtype=np.float64)


def known(column: Column) -> NDArray[np.bool_]:
    """Whether each value is known."""
    if column.kind == "number":
        return np.asarray(~np.isnan(column.values), dtype=np.bool_)
    if column.kind == "logic":
        return np.asarray(column.values != UNKNOWN, dtype=np.bool_)
    return np.array([value is not None for value in column.values], dtype=np.bool_)


def drop(names: tuple[str, ...] | None, ignored: frozenset[str]) -> tuple[str, ...] | None:
    """Return the names that are not ignored."""
    return None if names is None else tuple(name for name in names if name not in ignored)
