"""Says for one allele and one filter which part of the filter decided, with its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from tumorkit.variants.filter.evaluation import FALSE, TRUE, UNKNOWN, Column, Logical
from tumorkit.variants.filter.expression import (
    Call,
    Compare,
    Field,
    Logic,
    Name,
    Node,
    Not,
    Text,
    Words,
    spell,
)
from tumorkit.variants.filter.judge import Judgement
from tumorkit.variants.filter.result import Reason
from tumorkit.variants.filter.specification import Filter


class Explainer:
    """Explains the verdicts of one block; columns are evaluated once, when first asked for."""

    def __init__(self, filters: list[Filter], judgement: Judgement) -> None:
        self.filters = filters
        self.judgement = judgement
        self._columns: dict[tuple[int, Node], Column] = {}
        self._truths: dict[tuple[int, Node], Logical] = {}
        self._atoms = [list(atoms(item.fail_if)) for item in filters]

    def reasons(self, at: int) -> tuple[Reason, ...]:
        """Return what speaks against an allele or could not be judged; passes are left out."""
        judged = self.judgement
        rows = np.nonzero(judged.fails[:, at] | judged.unjudged[:, at])[0]
        return tuple(self.reason(int(row), at) for row in rows)

    def skipped(self, at: int) -> tuple[Reason, ...]:
        """Return the filters that the sample's preparation switches off."""
        if not self.judgement.skipped:
            return ()
        rows = [row for row, f in enumerate(self.filters) if f.id in self.judgement.skipped]
        return tuple(self.reason(row, at) for row in rows)

    def verdict(self, row: int, at: int) -> str:
        """Return what one filter says of an allele."""
        judged = self.judgement
        if not judged.applies[row, at]:
            return "not_applicable"
        if judged.fails[row, at]:
            return "lifted" if judged.lifted[row, at] else "fail"
        return "unknown" if judged.unknown[row, at] else "pass"

    def reason(self, row: int, at: int) -> Reason:
        """Return the verdict of one filter on an allele, and the part that decided."""
        item = self.filters[row]
        verdict = self.verdict(row, at)
        if item.id in self.judgement.skipped:
            return Reason(
                filter=item.id,
                says=item.says,
                quantity="",
                value=None,
                limit=None,
                condition=self.judgement.skipped[item.id],
                verdict=verdict,
            )
        atom, wanted = self._decisive(row, at, verdict)
        value, limit, condition = self._numbers(row, at, atom, wanted)
        return Reason(
            filter=item.id,
            says=item.says,
            quantity=spell(measured(atom)),
            value=value,
            limit=limit,
            condition=condition,
            verdict=verdict,
        )

    def _decisive(self, row: int, at: int, verdict: str) -> tuple[Node, bool]:
        """Return the condition that decided and the truth that makes its filter fail."""
        truth = {"fail": TRUE, "lifted": TRUE, "unknown": UNKNOWN}.get(verdict, FALSE)
        candidates: list[tuple[int, int, Node, bool]] = []
        for atom, positive in self._atoms[row]:
            found = int(self._truth(row, atom)[at])
            seen = found if positive else TRUE - found
            rank = 0 if seen == truth else 2
            # A comparison with a limit says more than the class of allele that it stands in.
            rank += 0 if isinstance(atom, Compare) and atom.sign not in ("in", "==") else 1
            candidates.append((rank, len(candidates), atom, positive))
        _, _, atom, positive = min(candidates, key=lambda candidate: candidate[:2])
        return atom, positive

    def _truth(self, row: int, node: Node) -> Logical:
        """Return whether a condition holds; a bare field or name is one, too."""
        key = (row, node)
        if key not in self._truths:
            self._truths[key] = self.judgement.evaluators[row].logic(node)
        return self._truths[key]

    def _column(self, row: int, node: Node) -> Column:
        key = (row, node)
        if key not in self._columns:
            self._columns[key] = self.judgement.evaluators[row].column(node)
        return self._columns[key]

    def _numbers(
        self, row: int, at: int, atom: Node, positive: bool
    ) -> tuple[float | str | None, float | str | None, str]:
        """Return value, limit and the condition with its limit filled in."""
        said = "" if positive else "not "
        if not isinstance(atom, Compare):
            return plain(self._column(row, measured(atom)), at), None, said + spell(atom)
        value = plain(self._column(row, measured(atom)), at)
        if isinstance(atom.right, (Words, Text)) or measured(atom) is atom.right:
            return value, None, said + spell(atom)
        limit = plain(self._column(row, atom.right), at)
        shown = f"{limit:g}" if isinstance(limit, float) else str(limit)
        return value, limit, f"{said}{spell(atom.left)} {atom.sign} {shown}"


def measured(atom: Node) -> Node:
    """Return what a condition looks at: the left side, or the set that a text is sought in."""
    if isinstance(atom, Compare):
        return atom.right if isinstance(atom.left, Text) else atom.left
    return atom.arguments[0] if isinstance(atom, Call) else atom


def atoms(node: Node, positive: bool = True) -> Iterator[tuple[Node, bool]]:
    """Yield the conditions of an expression, and whether they count towards failing as written."""
    if isinstance(node, Logic):
        for term in node.terms:
            yield from atoms(term, positive)
    elif isinstance(node, Not):
        yield from atoms(node.inner, not positive)
    elif isinstance(node, (Compare, Name, Field, Call)):
        yield node, positive


def plain(column: Column, at: int) -> float | str | None:
    """Return one value of a column; unknown is None."""
    value: Any = column.values[at]
    if column.kind == "number":
        return None if math.isnan(value) else float(value)
    if column.kind == "logic":
        return {TRUE: "yes", FALSE: "no"}.get(int(value))
    if value is None:
        return None
    return "&".join(value) if isinstance(value, tuple) else str(value)


def in_words(reason: Reason, *, alone: bool = False) -> str:
    """Return a reason as a sentence; ``alone`` leaves all out but the value.

    >>> in_words(Reason(filter="low", says="Too few reads", quantity="tumor.alt_depth", value=5.0,
    ...     limit=20.0, condition="tumor.alt_depth < 20", verdict="fail"))
    'Too few reads: tumor.alt_depth is 5 (fails if tumor.alt_depth < 20)'
    """
    if not reason.quantity:
        return f"{reason.says}: {reason.condition}"
    value = f"{reason.value:.6g}" if isinstance(reason.value, float) else reason.value
    said = "unknown" if value is None else value or "empty"
    if alone:
        return f"{reason.quantity} is {said}"
    return f"{reason.says}: {reason.quantity} is {said} (fails if {reason.condition})"
