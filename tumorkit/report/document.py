"""A profile document, read so that an error says which key of which file is at fault."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tumorkit.errors import InputError, suggestion
from tumorkit.report.language import say, term

SCHEMA = "tumorkit/profile"
MAJOR_VERSION = "1"
REMADE = "make it again with `tumorkit profile`"
STATUS_WORDS = {"ok": "evaluated", "not_evaluable": "not evaluable", "failed": "failed"}
NOT_ASSESSED = "not assessed"
EVENTS = "structural_events"
ALWAYS_NAMED = {
    "variants": "Small variants",
    "copy_number": "Copy number",
    "purity": "Purity and ploidy",
    "tmb": "Tumour mutational burden",
    "msi": "Microsatellite instability",
    "hrd": "Homologous recombination deficiency",
    "signatures": "Mutational signatures",
    "fusions": "Gene fusions",
    "structural_variants": "Structural variants",
    "internal_tandem_duplications": "Internal tandem duplications",
    "germline": "Germline findings",
}


@dataclass(frozen=True)
class Node:
    """A mapping inside the document that knows its own place.

    >>> Node({"sample": "T1"}, "", "profile.json").text("sample")
    'T1'
    """

    value: Mapping[str, Any]
    place: str
    source: str

    def need(self, key: str) -> Any:
        """Return the value of a key that must be there."""
        if key not in self.value:
            where = f" in {self.place}" if self.place else ""
            hint = suggestion(key, self.value)
            raise InputError(self.source, f"no key {key!r}{where}", hint=hint or REMADE)
        return self.value[key]

    def text(self, key: str) -> str:
        """Return a text that must be there."""
        return str(self.typed(key, self.need(key), str, "a text"))

    def maybe_text(self, key: str) -> str | None:
        """Return a text, or None where there is none."""
        value = self.value.get(key)
        return None if value is None else str(self.typed(key, value, str, "a text"))

    def maybe_number(self, key: str) -> float | None:
        """Return a number, or None where there is none."""
        value = self.value.get(key)
        if value is None:
            return None
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise self.wrong(key, value, "a number")
        return float(value) if isinstance(value, float) else int(value)

    def count(self, key: str) -> int:
        """Return a whole number that must be there."""
        return int(self.typed(key, self.need(key), int, "a whole number"))

    def flag(self, key: str) -> bool:
        """Return yes or no; a key that is absent is no."""
        return bool(self.typed(key, self.value.get(key) or False, bool, "true or false"))

    def node(self, key: str) -> Node:
        """Return a mapping that must be there."""
        value = self.typed(key, self.need(key), Mapping, "an object")
        return Node(value, self.at(key), self.source)

    def maybe_node(self, key: str) -> Node | None:
        """Return a mapping, or None where there is none."""
        return None if self.value.get(key) is None else self.node(key)

    def nodes(self, key: str, *, required: bool = False) -> list[Node]:
        """Return a list of mappings; a key that is absent is an empty list unless required."""
        return list(self._nodes(key, required=required))

    def _nodes(self, key: str, *, required: bool) -> Iterator[Node]:
        rows = self.need(key) if required else self.value.get(key) or ()
        if isinstance(rows, (str, Mapping)) or not hasattr(rows, "__iter__"):
            raise self.wrong(key, rows, "a list")
        place = self.at(key)
        for index, row in enumerate(rows):
            if not isinstance(row, Mapping):
                raise self.wrong(f"{key}[{index}]", row, "an object")
            yield Node(row, f"{place}[{index}]", self.source)

    def joined(self, key: str, separator: str = ", ") -> str:
        """Return a text, or a list of texts as one."""
        value = self.value.get(key)
        return (
            separator.join(self.texts(key))
            if isinstance(value, (list, tuple))
            else (self.maybe_text(key) or "")
        )

    def texts(self, key: str) -> list[str]:
        """Return a list of texts; a key that is absent is an empty list."""
        rows = self.value.get(key) or ()
        if not isinstance(rows, (list, tuple)):
            raise self.wrong(key, rows, "a list")
        return [str(row) for row in rows]

    def at(self, key: str) -> str:
        """Return the place of a key, as an error says it."""
        return f"{self.place}.{key}" if self.place else key

    def typed(self, key: str, value: Any, kind: type, expected: str) -> Any:
        """Return the value if it is of the kind expected."""
        if not isinstance(value, kind):
            raise self.wrong(key, value, expected)
        return value

    def wrong(self, key: str, value: Any, expected: str) -> InputError:
        """Say that a value is of another kind than expected."""
        found = "nothing" if value is None else f"{value!r:.60}"
        return InputError(
            self.source, f"{self.at(key)}: expected {expected}, found {found}", hint=REMADE
        )


def open_document(document: Mapping[str, Any], source: str) -> Node:
    """Check schema, version and the keys that every profile has; return the document's root."""
    root = Node(document, "", source)
    schema, version = root.text("schema"), root.text("schema_version")
    if schema != SCHEMA:
        raise InputError(
            source, f"expected schema {SCHEMA!r}, found {schema!r}", hint="give a profile.json"
        )
    if version.split(".")[0] != MAJOR_VERSION:
        raise InputError(
            source,
            f"expected schema version {MAJOR_VERSION}.x, found {version!r}",
            hint="build the report with the tumorkit that made the profile",
        )
    root.text("sample")
    case = root.node("case")
    if case.need("tumor_only") is not None:
        case.flag("tumor_only")
    for key in ("parts", "biomarkers"):
        root.nodes(key, required=True)
    return root


@dataclass(frozen=True)
class Part:
    """One part of the profile: what was asked, whether it was answered, and the answer."""

    name: str
    title: str
    status: str
    status_words: str
    reason: str
    files: tuple[str, ...]
    result: Node | None

    @property
    def ok(self) -> bool:
        """Whether there is a result to show."""
        return self.status == "ok" and self.result is not None


def read_parts(root: Node) -> dict[str, Part]:
    """Return all parts by name; those that a reader must find named are never left out."""
    found = map(read_part, root.nodes("parts", required=True))
    # Segments and the list of events serve the parts behind them; they are no finding of their own.
    parts = {part.name: part for part in found if part.name not in ("segments", EVENTS)}
    for name, title in ALWAYS_NAMED.items():
        if name not in parts:
            parts[name] = missing_part(name, title)
    return parts


def missing_part(name: str, title: str) -> Part:
    """Return the part that nobody gave an input for."""
    return Part(name, term(title), "not_evaluable", term(NOT_ASSESSED), say("not given"), (), None)


def read_part(node: Node) -> Part:
    """Read one part; whatever is not ``ok`` has a reason."""
    status = node.text("status")
    if status not in STATUS_WORDS:
        raise node.wrong("status", status, "ok, not_evaluable or failed")
    said = STATUS_WORDS[status]
    reason = node.maybe_text("reason") or ("" if status == "ok" else say("no reason was given"))
    if status == "not_evaluable" and reason.startswith(NOT_ASSESSED):
        said, reason = NOT_ASSESSED, reason.removeprefix(NOT_ASSESSED).lstrip(": ")
    return Part(
        name=node.text("name"),
        title=term(node.text("title")),
        status=status,
        status_words=term(said),
        reason=reason,
        files=tuple(node.texts("files")),
        result=node.maybe_node("result") if status == "ok" else None,
    )
