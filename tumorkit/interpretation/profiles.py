"""Molecular profiles of several alterations: AND, OR, NOT and parentheses.

CIViC writes a profile of features with their variants, the operators in capitals: ``BRAF V600E AND
NOT BRAF V600K AND ( VHL W88* OR VHL V87E (c.260T>A) )`` (its documentation, "Molecular profile
name"). A parenthesis opens a group where an alteration could begin; elsewhere it belongs to the
name of a variant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Operator = Literal["and", "or", "not", "leaf"]
# Names of factors that stand without their variant's word between.
FACTORS = {
    "MSI-H": ("MSI", "High"), "MSI-HIGH": ("MSI", "High"),
    "MICROSATELLITE INSTABILITY-HIGH": ("MSI", "High"),
    "MICROSATELLITE INSTABILITY HIGH": ("MSI", "High"),
    "TMB-H": ("TMB", "High"), "TMB-HIGH": ("TMB", "High"),
    "TUMOR MUTATIONAL BURDEN-HIGH": ("TMB", "High"),
    "TUMOR MUTATIONAL BURDEN HIGH": ("TMB", "High"),
    "HRD": ("HRD", "Positive"), "HRD-POSITIVE": ("HRD", "Positive"),
    "HOMOLOGOUS RECOMBINATION DEFICIENCY": ("HRD", "Positive"),
}  # fmt: skip
# An alteration of the feature that was named before: T790M, L858R (c.2573T>G), Exon 19 Deletion.
_ALONE = re.compile(r"(?!E\d+(?:-|::)E?\d)[A-Z]\d+\S*(?: \(.*\))?$|EXON \d", re.IGNORECASE)


@dataclass(frozen=True)
class Node:
    """A part of a profile: an operator with its parts, or a feature with the name of a variant."""

    operator: Operator
    parts: tuple[Node, ...] = ()
    feature: str = ""
    name: str = ""

    def leaves(self) -> tuple[Node, ...]:
        """Return all features with variants, in the order in which they are written."""
        if self.operator == "leaf":
            return (self,)
        return tuple(leaf for part in self.parts for leaf in part.leaves())


@lru_cache(maxsize=65536)
def parse_profile(text: str) -> Node | None:
    """Return the expression that a profile's name is, None where it is none.

    >>> node = parse_profile("BRAF V600E AND NOT ( VHL W88* OR VHL V87E (c.260T>A) )")
    >>> node.operator, [(leaf.feature, leaf.name) for leaf in node.leaves()]
    ('and', [('BRAF', 'V600E'), ('VHL', 'W88*'), ('VHL', 'V87E (c.260T>A)')])
    >>> [(leaf.feature, leaf.name) for leaf in parse_profile("EGFR T790M AND L858R").leaves()]
    [('EGFR', 'T790M'), ('EGFR', 'L858R')]
    >>> parse_profile("BRAF V600E AND ("), parse_profile("BRAF")
    (None, None)
    """
    words = text.replace("(", " ( ").replace(")", " ) ").split()
    reader = _Reader(words)
    try:
        node = reader.either()
    except ValueError:
        return None
    return node if reader.at == len(words) else None


def beside(feature: str, change: str) -> Node:
    """Return a fusion with a change of either partner (BCR::ABL1 T315I).

    >>> [(leaf.feature, leaf.name) for leaf in beside("BCR::ABL1", "T315I").leaves()]
    [('BCR::ABL1', 'Fusion'), ('BCR', 'T315I'), ('ABL1', 'T315I')]
    """
    genes = [gene for gene in feature.split("::") if gene != "v"]
    options = tuple(Node("leaf", feature=gene, name=change) for gene in genes)
    either = options[0] if len(options) == 1 else Node("or", options)
    return Node("and", (Node("leaf", feature=feature, name="Fusion"), either))


class _Reader:
    """Reads words from left to right; OR binds less than AND, AND less than NOT."""

    def __init__(self, words: list[str]) -> None:
        self.words, self.at, self.feature = words, 0, ""

    def either(self) -> Node:
        return self.joined("OR", "or", self.both)

    def both(self) -> Node:
        return self.joined("AND", "and", self.operand)

    def joined(self, word: str, operator: Operator, read: Callable[[], Node]) -> Node:
        parts = [read()]
        while self.peek() == word:
            self.at += 1
            parts.append(read())
        return parts[0] if len(parts) == 1 else Node(operator, tuple(parts))

    def operand(self) -> Node:
        word = self.peek()
        if word == "NOT":
            self.at += 1
            return Node("not", (self.operand(),))
        if word == "(":
            self.at += 1
            node = self.either()
            if self.peek() != ")":
                raise ValueError("a parenthesis is open")
            self.at += 1
            return node
        return self.leaf()

    def leaf(self) -> Node:
        taken: list[str] = []
        depth = 0
        while (word := self.peek()) is not None:
            if depth == 0 and word in ("AND", "OR", ")"):
                break
            depth += (word == "(") - (word == ")")
            taken.append(word)
            self.at += 1
        if depth or not taken:
            raise ValueError("an alteration is missing")
        text = " ".join(taken).replace("( ", "(").replace(" )", ")")
        factor = FACTORS.get(text.upper())
        if factor:
            return Node("leaf", feature=factor[0], name=factor[1])
        first, _, rest = text.partition(" ")
        if self.feature and _ALONE.match(text):
            return Node("leaf", feature=self.feature, name=text)
        if not rest:
            raise ValueError("a variant is missing")
        self.feature = first
        if "::" in first and _ALONE.match(rest):
            return beside(first, rest)
        several = rest.split(" and ")
        if len(several) > 1 and all(map(_ALONE.match, several)):
            leaves = tuple(Node("leaf", feature=first, name=part) for part in several)
            return Node("and", leaves)
        return Node("leaf", feature=first, name=rest)

    def peek(self) -> str | None:
        return self.words[self.at] if self.at < len(self.words) else None
