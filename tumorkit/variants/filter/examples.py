"""A specification tests itself: example variants with the verdict that is expected of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tumorkit.errors import ParameterError
from tumorkit.variants.filter.evaluation import FALSE, TRUE, UNKNOWN, Column, Kind
from tumorkit.variants.filter.expression import Field, Name, Node, parse
from tumorkit.variants.filter.judge import Judgement, judge_columns
from tumorkit.variants.filter.quantities import PREPARATION, QUANTITIES
from tumorkit.variants.filter.specification import Example, Specification


class ExampleColumns:
    """Columns of a single allele that is given by its values; what is not given is unknown."""

    size = 1

    def __init__(self, example: Example) -> None:
        self._values: dict[Node, Any] = {
            parse(str(name)): value for name, value in example.variant.items()
        }
        self._tier: Column | None = None

    def put(self, name: str, column: Column) -> None:
        """Take the tier."""
        if name == "tier":
            self._tier = column

    def column(self, node: Name | Field) -> Column:
        """Return the value of a quantity or a raw field."""
        if node == Name("tier") and self._tier is not None:
            return self._tier
        value = self._values.get(node)
        kind = QUANTITIES[node.name].kind if isinstance(node, Name) else raw_kind(value)
        if kind == "number":
            number = math.nan if value is None else float(value)
            return Column(kind, np.array([number], dtype=np.float64))
        if kind == "logic":
            truth = UNKNOWN if value is None else TRUE if value else FALSE
            return Column(kind, np.array([truth], dtype=np.int8))
        if kind == "set" and value is not None:
            words = [value] if isinstance(value, str) else value
            return Column(kind, [tuple(str(word) for word in words)])
        # What an example leaves out is unknown, not absent.
        return Column(kind, [None if value is None else str(value)], value is not None)


def raw_kind(value: Any) -> Kind:
    """Return the kind of a raw field by its example; unknown ones count as text."""
    if isinstance(value, bool):
        return "logic"
    return "number" if isinstance(value, (int, float)) else "text"


def check_examples(specification: Specification) -> None:
    """Raise :class:`ParameterError` at the first example whose verdict is not the expected one."""
    for example in specification.examples:
        prepared = {n: str(example.variant[n]) for n in PREPARATION if n in example.variant}
        judgement = judge_columns(
            specification,
            specification.filters,
            ExampleColumns(example),
            skipped={
                item.id: reason
                for item in specification.filters
                if (reason := item.conditions.not_applicable(prepared))
            },
        )
        found = verdicts(specification, judgement)
        expected = example.expect
        if expected not in found or (expected == "pass" and "fail" in found):
            said = ", ".join(name for name in found if name != "fail") or "fail"
            raise ParameterError(
                f"{specification.where}:{example.line}: example expects {expected}, found {said}",
                "correct the filter or the example",
            )


def verdicts(specification: Specification, judgement: Judgement) -> list[str]:
    """Return what may be expected of the single allele: verdict, failing filters, rescues.

    An allele that nothing fails passes here even where a value was left out: examples give only
    what they are about.
    """
    fails = judgement.fails[:, 0] & ~judgement.lifted[:, 0]
    found = [item.id for item, bad in zip(specification.filters, fails, strict=True) if bad]
    rescued = [
        item.id
        for item, used in zip(specification.rescues, judgement.rescues[:, 0], strict=True)
        if used
    ]
    if found:
        return ["fail", *found, *rescued]
    unknown = ["unknown"] if judgement.unknown[:, 0].any() else []
    return [*rescued, "pass", *unknown]
