"""What every result carries, and its JSON form."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, ClassVar

from tumorkit import __version__
from tumorkit.contract.estimate import Cutoff
from tumorkit.contract.settings import Settings

# Kinds that JSON has words for as they are.
PLAIN = frozenset({str, bool, int, type(None)})


@dataclass(frozen=True, kw_only=True)
class InputFile:
    """A file that a result was made from: its role, base name and content digest."""

    role: str
    name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """Base of all results.

    ``schema_name`` and ``schema_version`` name the JSON Schema; ``main`` names the field whose
    :class:`Estimate` stands at the top of the JSON document, if there is one. A field with the
    metadata ``document=False`` is written as a table of its own and left out of the document.
    """

    schema_name: ClassVar[str] = ""
    schema_version: ClassVar[str] = "1.0"
    main: ClassVar[str] = ""

    sample: str = ""
    build: str = ""
    inputs: tuple[InputFile, ...] = ()


def to_document(result: Result) -> dict[str, Any]:
    """Return a result as plain values in a stable order, ready for JSON."""
    document: dict[str, Any] = {
        "schema": f"tumorkit/{result.schema_name}",
        "schema_version": result.schema_version,
        "tumorkit_version": __version__,
        "sample": result.sample,
        "build": result.build,
    }
    if result.main:
        document.update(plain(getattr(result, result.main)))
    for item in dataclasses.fields(result):
        if not item.metadata.get("document", True):
            continue
        if item.name not in ("sample", "build", "inputs", "params", result.main):
            document[item.name] = plain(getattr(result, item.name))
    if hasattr(result, "params"):
        document["params"] = plain(result.params)
    document["inputs"] = plain(result.inputs)
    return document


@cache
def field_names(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass."""
    return tuple(item.name for item in dataclasses.fields(kind))


def plain(value: Any) -> Any:  # noqa: PLR0911 - one return per kind of value
    """Turn nouns into dictionaries, lists and scalars; NaN and infinity become None.

    >>> plain({"a": float("nan"), "b": (1, 0.12345678)})
    {'a': None, 'b': [1, 0.123457]}
    """
    kind = type(value)
    if kind in PLAIN:  # first, since a case has a million of them
        return value
    if kind is float:
        return rounded(value)
    if kind is tuple or kind is list:
        return [plain(item) for item in value]
    if isinstance(value, Settings):
        return plain(value.to_document())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {name: plain(getattr(value, name)) for name in field_names(type(value))}
        return {**fields, "certainty": value.certainty} if isinstance(value, Cutoff) else fields
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return rounded(value)
    if hasattr(value, "tolist"):  # numpy scalars and arrays, without importing numpy
        return plain(value.tolist())
    return [plain(item) for item in value]


def rounded(value: float) -> float | None:
    """Return a float with 6 significant digits, None where JSON has no word for it."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def dumps(document: Mapping[str, Any]) -> str:
    """Return the canonical text of a document: stable order, two spaces, one final newline."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
