"""Writes a specification as YAML, flattened: it loads again and means the same."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from tumorkit.variants.filter.expression import spell, spelled_number
from tumorkit.variants.filter.specification import Filter, Limit, Specification

WIDTH = 98
Comments = Mapping[str, Iterable[str]]


def written(specification: Specification, comments: Comments | None = None) -> str:
    """Return a specification as YAML text; ``comments`` go above the filters, by identifier.

    What it extends stands in it, so the text needs nothing else; its digest is the same.
    """
    spec = specification
    lines = ["tumorkit_filters: 1", f"name: {spec.name}", f"version: {text(spec.version)}"]
    lines += [f"{key}: {text(said)}" for key in ("says", "source") if (said := getattr(spec, key))]
    if spec.made_for:
        lines.append(f"made_for: {flow(spec.made_for)}")
    if spec.combine is not None:
        named = {
            "score": spec.combine.score,
            "fdr": spec.combine.fdr,
            "f_beta": spec.combine.f_beta,
        }
        lines.append(f"combine: {flow({k: v for k, v in named.items() if v is not None})}")
    if spec.tiers:
        lines.append("tiers:")
        for tier in spec.tiers:
            lines += [f"  - tier: {tier.tier}", f"    when: {text(spell(tier.when))}"]
    lines.append("filters:")
    for item in spec.filters:
        lines += filter_lines(item, (comments or {}).get(item.id, ()))
    if spec.rescues:
        lines.append("rescue:")
        for rescue in spec.rescues:
            lines += [
                f"  - id: {rescue.id}",
                f"    when: {text(spell(rescue.when))}",
                f"    lifts: {flow(sorted(rescue.lifts))}",
            ]
            if rescue.says:
                lines.append(f"    says: {text(rescue.says)}")
    if spec.drop:
        lines.append(f"output: {{drop: {flow(sorted(spec.drop))}}}")
    return "\n".join(lines) + "\n"


def filter_lines(item: Filter, comments: Iterable[str]) -> list[str]:
    """Return one filter."""
    lines = []
    for comment in comments:
        wrapped = textwrap.wrap(comment, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
        lines += [f"  # {part}" for part in wrapped]
    lines += [
        f"  - id: {item.id}",
        f"    says: {text(item.says)}",
        f"    fail_if: {text(spell(item.fail_if))}",
    ]
    lines += [f"    {limit.name}: {limit_value(limit)}" for limit in item.limits]
    for key in ("needs", "ignore"):
        if getattr(item, key):
            lines.append(f"    {key}: {flow(list(getattr(item, key)))}")
    if item.missing != "unknown":
        lines.append(f"    missing: {item.missing}")
    for key in ("unless", "only"):
        if condition := dict(getattr(item.conditions, key)):
            lines.append(f"    {key}: {flow(condition)}")
    if item.source:
        lines.append(f"    source: {text(item.source)}")
    return lines


def limit_value(limit: Limit) -> str:
    """Return a limit: one number, or numbers by tier."""
    if not limit.by_tier:
        return threshold(limit.default)
    return "{" + ", ".join(f"{k}: {threshold(v)}" for k, v in limit.by_tier.items()) + "}"


def threshold(value: float | None) -> str:
    """Return a number as YAML reads it; None is ``none``."""
    if value is None:
        return "none"
    said = spelled_number(value)
    # YAML 1.2 wants a point before an exponent to see a number.
    return said if "e" not in said or "." in said else said.replace("e", ".0e")


def text(value: str) -> str:
    """Return a text in YAML's double quotes, which are those of JSON."""
    return json.dumps(value, ensure_ascii=False)


def flow(value: Any) -> str:
    """Return a mapping or list on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return threshold(value) if isinstance(value, float) else text(str(value))
