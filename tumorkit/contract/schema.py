"""JSON Schema (2020-12) of a result, made from its dataclass."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any, Literal

from tumorkit.contract.estimate import Cutoff, Estimate
from tumorkit.contract.result import Result
from tumorkit.contract.settings import Settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    # A float that JSON has no word for (NaN) is written as null.
    float: {"type": ["number", "null"]},
    bool: {"type": "boolean"},
    Any: {},
    object: {},
    type(None): {"type": "null"},
}


def result_schema(result: type[Result]) -> dict[str, Any]:
    """Return the JSON Schema of a result's document."""
    definitions: dict[str, Any] = {}
    hints = typing.get_type_hints(result)
    properties: dict[str, Any] = {
        "schema": {"const": f"tumorkit/{result.schema_name}"},
        "schema_version": {"const": result.schema_version},
        "tumorkit_version": {"type": "string"},
        "sample": {"type": "string"},
        "build": {"type": "string"},
    }
    if result.main:
        schema_of(Estimate, definitions)
        properties.update(definitions["Estimate"]["properties"])
    for item in dataclasses.fields(result):
        if not item.metadata.get("document", True):
            continue
        if item.name not in ("sample", "build", result.main):
            properties[item.name] = schema_of(hints[item.name], definitions)
    return {
        "$schema": DIALECT,
        "$id": f"tumorkit/{result.schema_name}",
        "title": (result.__doc__ or "").strip().split("\n")[0],
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def schema_of(  # noqa: PLR0911 - one return per kind of type
    hint: Any, definitions: dict[str, Any]
) -> dict[str, Any]:
    """Return the schema of one type; dataclasses go into ``definitions`` and are referred to."""
    if hint in SCALARS:
        return dict(SCALARS[hint])
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, types.UnionType) or origin is typing.Union:
        return {"anyOf": [schema_of(item, definitions) for item in arguments]}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return tuple_schema(arguments, definitions)
    if origin in (list, frozenset, set):
        return {"type": "array", "items": schema_of(arguments[0], definitions)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(arguments[1], definitions)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [item.value for item in hint]}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return dataclass_schema(hint, definitions)
    raise TypeError(f"no JSON Schema for {hint!r}")


def tuple_schema(arguments: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a tuple: of any length, or of a fixed one."""
    if arguments[-1] is Ellipsis:
        return {"type": "array", "items": schema_of(arguments[0], definitions)}
    return {
        "type": "array",
        "prefixItems": [schema_of(item, definitions) for item in arguments],
        "items": False,
    }


def dataclass_schema(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    """Define a dataclass once and return a reference to it."""
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}
        hints = typing.get_type_hints(kind)
        described = {s.name: s for s in kind.described()} if issubclass(kind, Settings) else {}
        properties = {}
        for item in dataclasses.fields(kind):
            if item.name in described and not described[item.name].affects_results:
                continue
            properties[item.name] = schema_of(hints[item.name], definitions)
            text = item.metadata.get("about", "")
            if text:
                properties[item.name]["description"] = text
        if kind is Cutoff:
            properties["certainty"] = {"enum": ["clear", "borderline", None]}
        definitions[kind.__name__] = {
            "title": (kind.__doc__ or "").strip().split("\n")[0],
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
