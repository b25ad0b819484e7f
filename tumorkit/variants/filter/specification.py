"""A filter specification: YAML that a pathologist can have read aloud, checked to the last word.

Every mistake names its line. A specification is only its content: comments and order of keys do
not change its digest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tumorkit.errors import suggestion
from tumorkit.variants.filter.combine import FALSE_DISCOVERY, Combine, read_combine
from tumorkit.variants.filter.conditions import Conditions, Meant, read_conditions, read_meant
from tumorkit.variants.filter.document import Document, Missing, line_of, load_yaml, names_in
from tumorkit.variants.filter.expression import Field, Name, Node, parse, spell, walk
from tumorkit.variants.filter.quantities import QUANTITIES

DEFAULT_TIER = "default"
TOP_KEYS = (
    "tumorkit_filters", "name", "says", "version", "source", "extends", "remove", "made_for",
    "missing", "tiers",
    "filters", "rescue", "combine", "output", "test",
)  # fmt: skip
FILTER_KEYS = ("id", "says", "fail_if", "needs", "missing", "ignore", "source", "unless", "only")
RESCUE_KEYS = ("id", "says", "when", "lifts", "never_lifts", "i_know", "source")
_LIMIT = re.compile(r"^[a-z_][a-z0-9_]*$")


@dataclass(frozen=True)
class Limit:
    """A threshold: one number for all tiers, or one for each; None is "does not apply"."""

    name: str
    default: float | None
    by_tier: Mapping[str, float | None]

    def of(self, tier: str) -> float | None:
        """Return the threshold of a tier."""
        return self.by_tier.get(tier, self.default)


@dataclass(frozen=True)
class Filter:
    """A named filter: what it says, when it fails, its thresholds and what it needs."""

    id: str
    says: str
    fail_if: Node
    limits: tuple[Limit, ...] = ()
    needs: tuple[str, ...] = ()
    missing: Missing = "unknown"
    ignore: tuple[str, ...] = ()
    line: int = 0
    conditions: Conditions = field(default_factory=Conditions)
    source: str = ""

    @property
    def names(self) -> tuple[Name | Field, ...]:
        """Quantities and raw fields that the filter asks for."""
        return names_in(self.fail_if, [limit.name for limit in self.limits])


@dataclass(frozen=True)
class Tier:
    """A class of alleles with thresholds of its own; the first that matches wins."""

    tier: str
    when: Node
    line: int = 0


@dataclass(frozen=True)
class Rescue:
    """What lifts named filters, and under which condition."""

    id: str
    says: str
    when: Node
    lifts: frozenset[str]
    line: int = 0


@dataclass(frozen=True)
class Example:
    """A variant by which the specification tests itself."""

    variant: Mapping[str, Any]
    expect: str
    line: int = 0


@dataclass(frozen=True)
class Specification:
    """A whole filter specification.

    ``combine`` is None where any failing filter removes an allele. ``made_for`` are the material,
    library and reads that it is meant for; ``source`` is where its limits come from.
    """

    name: str
    says: str
    version: str
    filters: tuple[Filter, ...]
    tiers: tuple[Tier, ...]
    rescues: tuple[Rescue, ...]
    drop: frozenset[str]
    examples: tuple[Example, ...]
    sha256: str
    where: str
    combine: Combine | None = None
    made_for: Meant = field(default_factory=dict)
    source: str = ""

    @property
    def judges_caller_filters(self) -> bool:
        """Whether any filter looks at what the caller flagged."""
        return any(Name("caller_filter") in item.names for item in self.filters)


def load_specification(
    text: str, where: str, *, preset_text: Callable[[str], str] | None = None
) -> Specification:
    """Read and check a specification; ``preset_text`` gives what ``extends`` names.

    Raises :class:`ParameterError` with the line for unknown names and keys (with the nearest
    known one), doubled identifiers, rescues that lift what does not exist, and broken expressions.
    """
    document = Document(load_yaml(text, where), where)
    content = document.content
    document.known_keys(content, TOP_KEYS)
    base: Specification | None = None
    if content.get("extends"):
        if preset_text is None:
            raise document.fail(line_of(content, "extends"), "extends: no presets at hand")
        parent = str(content["extends"])
        base = load_specification(preset_text(parent), f"preset {parent}", preset_text=preset_text)
    policy = document.mapping(content.get("missing") or {}, line_of(content, "missing"), "missing")
    default = document.missing(policy.get("default", "unknown"), line_of(content, "missing"))
    tiers = read_tiers(document) or (base.tiers if base else ())
    tier_names = [DEFAULT_TIER, *(item.tier for item in tiers)]
    filters = merged(document, base, read_filters(document, default, tier_names))
    combine = read_combine(document)
    if combine is None and "combine" not in content and base:
        combine = base.combine
    ids = [item.id for item in filters]
    if combine is not None:
        if FALSE_DISCOVERY in ids:
            raise document.fail(
                combine.line, f"combine cuts by a filter {FALSE_DISCOVERY!r}: rename"
            )
        # The cut is the last filter of a run: dropping and rescues may name it, too.
        ids.append(FALSE_DISCOVERY)
    output = document.mapping(content.get("output") or {}, line_of(content, "output"), "output")
    document.known_keys(output, ("drop",))
    drop = frozenset(document.words(output, "drop")) or (base.drop if base else frozenset())
    for name in sorted(drop):
        require_filter(document, name, ids, line_of(output, "drop"), "output.drop")
    rescues = read_rescues(document, ids) or (base.rescues if base else ())
    for rescue in rescues:
        if rescue.id in ids:
            raise document.fail(rescue.line, f"{rescue.id!r} is a filter and a rescue")
    made_for = read_meant(document, content, "made_for", 1) or (base.made_for if base else {})
    head = {
        "name": document.identifier(content, "name", 1),
        "says": " ".join(str(content.get("says", "")).split()),
        "version": str(content.get("version", "1")),
    }
    return Specification(
        name=head["name"],
        says=head["says"],
        version=head["version"],
        filters=filters,
        tiers=tiers,
        rescues=rescues,
        drop=drop,
        examples=read_examples(document, [*ids, *(r.id for r in rescues)], [r.id for r in rescues]),
        sha256=digest(head, filters, tiers, rescues, drop, combine, made_for),
        where=where,
        combine=combine,
        made_for=made_for,
        source=" ".join(str(content.get("source", base.source if base else "")).split()),
    )


def read_tiers(document: Document) -> tuple[Tier, ...]:
    """Read the tiers in their order."""
    tiers: list[Tier] = []
    for item, line in document.items("tiers"):
        document.known_keys(item, ("tier", "when", "source"), line)
        name = document.identifier(item, "tier", line)
        if name == DEFAULT_TIER or name in [tier.tier for tier in tiers]:
            raise document.fail(line, f"tier {name!r} is there already")
        tiers.append(Tier(name, document.expression(item, "when", line, []), line))
    return tuple(tiers)


def read_filters(document: Document, default: Missing, tiers: list[str]) -> list[Filter]:
    """Read the filters in their order."""
    filters: list[Filter] = []
    for item, line in document.items("filters"):
        name = document.identifier(item, "id", line)
        if name in [known.id for known in filters]:
            raise document.fail(line, f"filter {name!r} is there already")
        limits = tuple(
            read_limit(document, key, value, line_of(item, key) or line, tiers)
            for key, value in item.items()
            if key not in FILTER_KEYS
        )
        node = document.expression(item, "fail_if", line, [limit.name for limit in limits])
        used = {found.name for found in walk(node) if isinstance(found, Name)}
        for limit in limits:
            if limit.name not in used:
                raise document.fail(
                    line_of(item, limit.name) or line,
                    f"{limit.name!r} is neither a key nor used in fail_if of {name!r}",
                    suggestion(limit.name, FILTER_KEYS),
                )
        needs = document.words(item, "needs")
        for need in needs:
            if need not in ("normal", "annotation"):
                raise document.fail(line, f"needs: {need!r} is not one of normal, annotation")
        filters.append(
            Filter(
                id=name,
                says=document.needed(item, "says", line),
                fail_if=node,
                limits=limits,
                needs=needs,
                missing=document.missing(item.get("missing", default), line),
                ignore=document.words(item, "ignore"),
                line=line,
                conditions=read_conditions(document, item, line),
                source=" ".join(str(item.get("source", "")).split()),
            )
        )
    return filters


def read_limit(document: Document, name: str, value: Any, line: int, tiers: list[str]) -> Limit:
    """Read a threshold: a number, or numbers by tier."""
    if not _LIMIT.match(name) or name in QUANTITIES:
        raise document.fail(line, f"{name!r} cannot be the name of a limit")
    if not isinstance(value, dict):
        return Limit(name, document.number(value, line, name), {})
    by_tier = {}
    for tier, number in value.items():
        if tier not in tiers:
            raise document.fail(
                line, f"{name}: unknown tier {tier!r}", suggestion(str(tier), tiers)
            )
        by_tier[str(tier)] = document.number(number, line, name)
    return Limit(name, by_tier.get(DEFAULT_TIER), by_tier)


def read_rescues(document: Document, ids: list[str]) -> tuple[Rescue, ...]:
    """Read the rescues; each must name what it lifts."""
    rescues: list[Rescue] = []
    for item, line in document.items("rescue"):
        document.known_keys(item, RESCUE_KEYS, line)
        name = document.identifier(item, "id", line)
        lifts = document.words(item, "lifts")
        never = document.words(item, "never_lifts")
        if not lifts:
            raise document.fail(line, f"rescue {name!r} must name the filters that it lifts")
        for word in (*lifts, *never):
            if word != "all":
                require_filter(document, word, ids, line, f"rescue {name!r}")
        if "all" in lifts and item.get("i_know") is not True:
            raise document.fail(
                line, f"rescue {name!r} lifts all filters", "if that is meant, add `i_know: true`"
            )
        lifted = frozenset(ids if "all" in lifts else lifts)
        if "all" not in lifts and lifted & set(never):
            both = ", ".join(sorted(lifted & set(never)))
            raise document.fail(line, f"rescue {name!r} lifts and never lifts: {both}")
        rescues.append(
            Rescue(
                id=name,
                says=str(item.get("says", "")),
                when=document.expression(item, "when", line, []),
                lifts=lifted - set(never),
                line=line,
            )
        )
    return tuple(rescues)


def read_examples(document: Document, known: list[str], rescues: list[str]) -> tuple[Example, ...]:
    """Read the variants by which the specification tests itself."""
    examples = []
    for item, line in document.items("test"):
        document.known_keys(item, ("variant", "expect"), line)
        expect = str(item.get("expect", ""))
        if expect not in ("pass", "unknown", *known):
            raise document.fail(
                line,
                f"expect: {expect!r} is neither pass, unknown, a filter nor a rescue",
                suggestion(expect, [*known, *rescues]),
            )
        variant = document.mapping(item.get("variant"), line, "variant")
        for name in variant:
            node = parse(str(name))
            if not isinstance(node, Field) and name not in QUANTITIES:
                raise document.fail(
                    line, f"unknown name {name!r}", suggestion(str(name), QUANTITIES)
                )
        examples.append(Example(dict(variant), expect, line))
    return tuple(examples)


def merged(document: Document, base: Specification | None, own: list[Filter]) -> tuple[Filter, ...]:
    """Put own filters in place of those of the base with the same id, and the rest behind."""
    if base is None:
        if not own:
            raise document.fail(1, "there are no filters")
        return tuple(own)
    removed = document.words(document.content, "remove")
    ids = [item.id for item in base.filters]
    for name in removed:
        require_filter(document, name, ids, line_of(document.content, "remove"), "remove")
    mine = {item.id: item for item in own}
    kept = [mine.pop(item.id, item) for item in base.filters if item.id not in removed]
    return (*kept, *mine.values())


def require_filter(document: Document, name: str, ids: list[str], line: int, what: str) -> None:
    """Complain if a filter does not exist."""
    if name not in ids:
        raise document.fail(line, f"{what}: no filter {name!r}", suggestion(name, ids))


def digest(
    content: Mapping[str, str],
    filters: tuple[Filter, ...],
    tiers: tuple[Tier, ...],
    rescues: tuple[Rescue, ...],
    drop: frozenset[str],
    combine: Combine | None = None,
    made_for: Meant | None = None,
) -> str:
    """Return the sha256 of what a specification means."""
    meaning: dict[str, Any] = {
        **content,
        "filters": [
            [f.id, f.says, spell(f.fail_if), f.missing, list(f.needs), list(f.ignore)]
            + [
                [limit.name, limit.default, dict(sorted(limit.by_tier.items()))]
                for limit in f.limits
            ]
            + f.conditions.meaning()
            for f in filters
        ],
        "tiers": [[tier.tier, spell(tier.when)] for tier in tiers],
        "rescue": [[r.id, spell(r.when), sorted(r.lifts)] for r in rescues],
        "drop": sorted(drop),
    }
    if made_for:
        meaning["made_for"] = {name: list(values) for name, values in made_for.items()}
    if combine is not None:
        meaning["combine"] = [combine.score, combine.fdr, combine.f_beta]
    return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()
