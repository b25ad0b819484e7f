"""The language: precedence, mistakes named, and three-valued logic beside a slow twin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumorkit.errors import ParameterError
from tumorkit.variants.filter.evaluation import FALSE, TRUE, UNKNOWN, Column, Evaluator
from tumorkit.variants.filter.expression import (
    Compare,
    Field,
    Logic,
    Name,
    Node,
    Not,
    Number,
    parse,
    spell,
)

TRUTHS = {False: FALSE, None: UNKNOWN, True: TRUE}


@dataclass
class Table:
    """Columns by name, for tests."""

    named: dict[str, Column]
    size: int

    def column(self, node: Name | Field) -> Column:
        return self.named[node.name if isinstance(node, Name) else node.key]


def truth(expression: str, **values: object) -> bool | None:
    columns: dict[str, Column] = {}
    for name, value in values.items():
        if isinstance(value, bool) or value is Ellipsis:
            code = UNKNOWN if value is Ellipsis else TRUTHS[bool(value)]
            columns[name] = Column("logic", np.array([code], dtype=np.int8))
        elif isinstance(value, str):
            columns[name] = Column("text", [value])
        elif isinstance(value, tuple):
            columns[name] = Column("set", [value])
        else:
            number = math.nan if value is None else value
            columns[name] = Column("number", np.array([number], dtype=np.float64))
    found = int(Evaluator(Table(columns, 1)).logic(parse(expression))[0])
    return {FALSE: False, UNKNOWN: None, TRUE: True}[found]


@pytest.mark.parametrize(("a", "b", "c"), list(product([False, True], repeat=3)))
def test_and_binds_tighter_than_or(a: bool, b: bool, c: bool) -> None:
    # hydra reads `A and B or C` from right to left, without precedence.
    values = {"A": a, "B": b, "C": c}
    assert truth("A and B or C", **values) == ((a and b) or c)
    assert truth("C or A and B", **values) == (c or (a and b))
    assert truth("not A and B", **values) == ((not a) and b)
    assert truth("A and (B or C)", **values) == (a and (b or c))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x + 2 * 3 == 8", True),
        ("(x + 2) * 3 == 12", True),
        ("x - 1 - 1 == 0", True),
        ("-x < 0", True),
        ("x / 0 > 1", None),
        ("x >= 2 and x <= 2", True),
        ("not x > 3", True),
        ("x in [1, 2]", True),
        ("x not in [1, 2]", False),
        ("y > 1", None),
        ("y > 1 or x == 2", True),
        ("y > 1 and x == 3", False),
        ("y in [1]", None),
        ("gene in [MET, TERT]", True),
        ("gene == 'KRAS'", False),
        ("gene != 'KRAS'", True),
        ("terms in [a, q]", True),
        ("'b_splice' in terms", True),
        ("contains(terms, 'splice')", True),
        ("contains(gene, 'ET')", True),
        ("count(terms) == 2", True),
        ("known(x) and not known(y)", True),
        ("abs(0 - x) == 2", True),
        ("text_number > 3", True),
    ],
)
def test_operators(expression: str, expected: bool | None) -> None:
    found = truth(expression, x=2, y=None, gene="MET", terms=("a", "b_splice"), text_number="4.5")
    assert found is expected


@pytest.mark.parametrize(
    ("expression", "said", "hint"),
    [
        ("x = 1", "unexpected '='", "=="),
        ("x && y", "unexpected '&'", "and"),
        ("x AND y", "unexpected 'AND'", "lower case"),
        ("1 < x < 2", "cannot be chained", "and"),
        ("x <", "the expression ends", ""),
        ("(x", "expected ')'", ""),
        ("INFO[AD] > 1", "field name in quotes", 'INFO["DP"]'),
        ('INFO["AD"]["x"] > 1', "whole number", ""),
        ("size(x) > 1", "unknown function 'size'", "known"),
        ("contains(x)", "takes 2 values", ""),
        ("x ? y", "cannot read", ""),
    ],
)
def test_mistakes_are_named(expression: str, said: str, hint: str) -> None:
    with pytest.raises(ParameterError) as raised:
        parse(expression)
    assert said in raised.value.message
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("x", "is a number, not a condition"),
        ("terms > 1", "compares a set with a number"),
        ("gene < 'B'", "only be compared by == and !="),
        ("count(gene) > 1", "count() needs a set"),
        ("flag + 1 > 1", "is a logic, not a number"),
        ("[a] == x", "can only stand behind `in`"),
        ("x in gene", "needs a list or a set"),
    ],
)
def test_what_cannot_be_compared_is_an_error(expression: str, said: str) -> None:
    with pytest.raises(ParameterError) as raised:
        truth(expression, x=1, terms=("a",), gene="B", flag=True)
    assert said in raised.value.message


def trees() -> st.SearchStrategy[Node]:
    leaves = st.sampled_from([Name("a"), Name("b"), Name("c")])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(Not),
            st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)).map(
                lambda pair: Logic(pair[0], tuple(pair[1]))
            ),
        ),
        max_leaves=8,
    )


def slow_twin(node: Node, values: dict[str, bool | None]) -> bool | None:
    """Kleene's tables, written out."""
    if isinstance(node, Not):
        inner = slow_twin(node.inner, values)
        return None if inner is None else not inner
    if isinstance(node, Logic):
        found = [slow_twin(term, values) for term in node.terms]
        decides = node.word == "or"
        if decides in found:
            return decides
        return None if None in found else not decides
    assert isinstance(node, Name)
    return values[node.name]


@given(trees(), st.lists(st.sampled_from([False, None, True]), min_size=3, max_size=3))
def test_logic_equals_the_tables_of_kleene(node: Node, bits: list[bool | None]) -> None:
    values = dict(zip("abc", bits, strict=True))
    columns = {
        name: Column("logic", np.array([TRUTHS[value]], dtype=np.int8))
        for name, value in values.items()
    }
    evaluate = Evaluator(Table(columns, 1)).logic
    assert int(evaluate(node)[0]) == TRUTHS[slow_twin(node, values)]
    assert int(evaluate(Not(Not(node)))[0]) == int(evaluate(node)[0])


@given(trees(), trees(), st.lists(st.sampled_from([0, 1, 2]), min_size=3, max_size=3))
def test_de_morgan(left: Node, right: Node, codes: list[int]) -> None:
    columns = {
        name: Column("logic", np.array([code], dtype=np.int8))
        for name, code in zip("abc", codes, strict=True)
    }
    evaluate = Evaluator(Table(columns, 1)).logic
    assert evaluate(Not(Logic("and", (left, right)))) == evaluate(
        Logic("or", (Not(left), Not(right)))
    )


def comparisons() -> st.SearchStrategy[Node]:
    numbers = st.floats(0, 1e6, allow_nan=False).map(lambda x: Number(float(f"{x:g}")))
    names = st.sampled_from([Name("a.b"), Field("INFO", "X", 1), Field("FORMAT", "Y")])
    signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    return st.builds(Compare, signs, names, numbers)


@given(
    st.recursive(
        comparisons(),
        lambda inner: st.one_of(
            inner.map(Not),
            st.builds(
                lambda word, terms: Logic(word, tuple(terms)),
                st.sampled_from(["and", "or"]),
                st.lists(inner, min_size=2, max_size=3),
            ),
        ),
        max_leaves=6,
    )
)
def test_a_spelled_expression_reads_back_the_same(node: Node) -> None:
    assert spell(parse(spell(node))) == spell(node)
