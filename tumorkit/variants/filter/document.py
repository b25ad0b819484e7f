"""Reads the YAML of a specification; every mistake names its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from tumorkit.errors import ParameterError, suggestion
from tumorkit.variants.filter.expression import Field, Name, Node, parse, spell, walk
from tumorkit.variants.filter.quantities import QUANTITIES

Missing = Literal["unknown", "pass", "fail"]
_ID = re.compile(r"^[A-Za-z_][A-Za-z0-9_.+-]*$")


def names_in(node: Node, limits: list[str] | None = None) -> tuple[Name | Field, ...]:
    """Return the names and raw fields of an expression, limits left out."""
    found = [item for item in walk(node) if isinstance(item, (Name, Field))]
    return tuple(
        dict.fromkeys(
            item for item in found if not isinstance(item, Name) or item.name not in (limits or [])
        )
    )


class Document:
    """One YAML document of a specification; every error names file and line."""

    def __init__(self, content: Any, where: str) -> None:
        self.where = where
        self.content = content

    def fail(self, line: int, message: str, hint: str = "") -> ParameterError:
        """Return an error at a line (1-based)."""
        return ParameterError(f"{self.where}:{line}: {message}", hint)

    def mapping(self, value: Any, line: int, what: str) -> dict[str, Any]:
        """Return a mapping or complain."""
        if not isinstance(value, dict):
            raise self.fail(line, f"{what}: expected `key: value` pairs, found {value!r}")
        return value

    def items(self, key: str) -> list[tuple[dict[str, Any], int]]:
        """Return the mappings of a list with their lines."""
        value = self.content.get(key) or []
        if not isinstance(value, list):
            raise self.fail(line_of(self.content, key), f"{key}: expected a list")
        marks: Any = value  # ruamel's list knows the lines of its items
        lines = [marks.lc.item(at)[0] + 1 for at in range(len(value))]
        return [
            (self.mapping(item, line, key), line) for item, line in zip(value, lines, strict=True)
        ]

    def known_keys(self, item: Mapping[str, Any], known: tuple[str, ...], where: int = 0) -> None:
        """Complain about a key that means nothing."""
        for key in item:
            if key not in known:
                raise self.fail(
                    line_of(item, key) or where,
                    f"unknown key {key!r}",
                    suggestion(str(key), known) or f"known: {', '.join(known)}",
                )

    def needed(self, item: Mapping[str, Any], key: str, line: int) -> str:
        """Return a text that must be there."""
        value = item.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(line, f"{key!r} is missing")
        return " ".join(value.split())

    def identifier(self, item: Mapping[str, Any], key: str, line: int) -> str:
        """Return a name that may stand in FILTER and INFO."""
        name = self.needed(item, key, line)
        if not _ID.match(name):
            raise self.fail(
                line, f"{key} {name!r} cannot be a FILTER value", "use letters, digits and . _ + -"
            )
        return name

    def expression(self, item: Mapping[str, Any], key: str, line: int, limits: list[str]) -> Node:
        """Parse an expression and check its names."""
        line = line_of(item, key) or line
        value = item.get(key)
        if value is None:
            raise self.fail(line, f"{key!r} is missing")
        try:
            node = parse(" ".join(str(value).split()))
        except ParameterError as error:
            raise self.fail(line, error.message, error.hint) from error
        for found in names_in(node, limits):
            if isinstance(found, Name) and found.name not in QUANTITIES:
                known = [*QUANTITIES, *limits]
                raise self.fail(
                    line,
                    f"unknown name {found.name!r} in `{spell(node)}`",
                    suggestion(found.name, known) or f'a field of the VCF is INFO["{found.name}"]',
                )
        return node

    def number(self, value: Any, line: int, what: str) -> float | None:
        """Return a threshold: a number, or ``none`` where the filter does not apply."""
        if value is None or value == "none":
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            hint = suggestion(what, ("id", "says", "fail_if", "needs", "missing", "ignore"))
            raise self.fail(line, f"{what}: expected a number or `none`, found {value!r}", hint)
        return float(value)

    def words(self, item: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """Return one text or a list of them."""
        value = item.get(key) or []
        return tuple(str(word) for word in ([value] if isinstance(value, str) else value))

    def missing(self, value: Any, line: int) -> Missing:
        """Return a policy for values that are not known."""
        policies: tuple[Missing, ...] = ("unknown", "pass", "fail")
        if value not in policies:
            raise self.fail(line, f"missing: {value!r} is not one of unknown, pass, fail")
        policy: Missing = value
        return policy


def line_of(item: Any, key: str) -> int:
    """Return the line (1-based) of a key, 0 where YAML does not know it."""
    marks = getattr(item, "lc", None)
    if marks is None or marks.data is None or key not in marks.data:
        return 0
    return int(marks.data[key][0]) + 1


def parse_yaml(text: str, where: str) -> Any:
    """Parse YAML; duplicate keys and broken syntax are errors with their line."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        hint = "put quotes around an expression that holds brackets, colons or braces"
        raise ParameterError(f"{where}:{line}: not YAML: {error.problem}", hint) from error
    except YAMLError as error:
        raise ParameterError(f"{where}: not YAML: {error}") from error


def load_yaml(text: str, where: str) -> Any:
    """Load the YAML of a specification, in a version of the format that is known."""
    document = parse_yaml(text, where)
    if not isinstance(document, dict) or "tumorkit_filters" not in document:
        raise ParameterError(
            f"{where}: not a filter specification: it must begin with `tumorkit_filters: 1`"
        )
    if document["tumorkit_filters"] != 1:
        raise ParameterError(
            f"{where}: version {document['tumorkit_filters']!r} of the format is not known",
            "this release reads `tumorkit_filters: 1`",
        )
    return document
