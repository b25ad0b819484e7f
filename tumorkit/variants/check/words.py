"""Turns a specification into sentences: one for each filter, with its values and its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tumorkit.variants.filter.expression import (
    Arithmetic,
    Call,
    Compare,
    Field,
    Logic,
    Name,
    Node,
    Not,
    Number,
    Text,
    Words,
    spelled_number,
)
from tumorkit.variants.filter.quantities import QUANTITIES
from tumorkit.variants.filter.specification import DEFAULT_TIER, Filter, Limit, Specification

SIGNS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "", "!=": "not"}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
ARITHMETIC = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
# Short names of what is asked most, as one says them.
SAID = {
    "tumor.alt_depth": "the number of tumour reads with the change",
    "tumor.ref_depth": "the number of tumour reads without it",
    "tumor.vaf": "the tumour's variant allele fraction",
    "tumor.depth": "the tumour's read depth",
    "normal.alt_depth": "the number of the normal's reads with the change",
    "normal.vaf": "the normal's variant allele fraction",
    "normal.depth": "the normal's read depth",
    "tumor.alt_forward": "the number of forward reads with the change",
    "tumor.alt_reverse": "the number of reverse reads with the change",
    "gnomad_af": "the frequency in gnomAD",
    "gnomad_popmax": "the highest frequency in gnomAD or one of its populations",
    "population_af": "the highest frequency in any population",
    "consequence": "the consequence",
    "gene": "the gene",
    "callers": "the callers",
    "caller_filter": "the filters that the caller set on this allele",
    "ids": "the identifiers",
    "kind": "the kind of change",
    "quality": "the quality (QUAL)",
    "tier": "the tier",
}
LOGICAL = {
    "hotspot": ("it is a listed hotspot", "it is no listed hotspot"),
    "tumor_only": ("there is no matched normal", "there is a matched normal"),
}
SOURCES = {
    "INFO": "",
    "CSQ": "the annotation's ",
    "FORMAT": "the tumour's ",
    "normal.FORMAT": "the normal's ",
}


class Limits(dict[str, Limit]):
    """The limits of a filter; ``said`` are those whose numbers were said in its sentence."""

    said: frozenset[str] = frozenset()

    def words(self, name: str) -> str:
        """Return a limit with its numbers, from the second time on without them."""
        if name in self.said and self[name].by_tier:
            return "that limit"
        self.said |= {name}
        return limit_words(self[name])


def sentences(specification: Specification) -> tuple[str, ...]:
    """Return a specification in words: its purpose, one sentence a filter, its rescues."""
    spec = specification
    head = f"{spec.name}, version {spec.version}"
    said = [f"{head}: {spec.says}" if spec.says else f"{head}."]
    if spec.made_for:
        named = [f"{name} {listed(values, 'or')}" for name, values in spec.made_for.items()]
        said[0] += f" Made for {listed(named, 'and')}."
    if spec.source:
        said[0] += f" Limits from {spec.source}."
    for tier in spec.tiers:
        said.append(f"Tier {tier.tier}: where {aloud(tier.when)}; the first tier that fits counts.")
    said += [sentence(item) for item in spec.filters]
    for rescue in spec.rescues:
        meaning = f" ({rescue.says})" if rescue.says else ""
        said.append(
            f"Rescue {rescue.id}{meaning}: lifts {listed(sorted(rescue.lifts), 'and')} where "
            f"{aloud(rescue.when)}."
        )
    if spec.drop:
        said.append(f"Records that fail {listed(sorted(spec.drop), 'or')} are left out.")
    if spec.combine is not None:
        rate = (
            f"so that a share of {spec.combine.fdr:g} of those that pass is expected to be false"
            if spec.combine.fdr is not None
            else f"where the F score with weight {spec.combine.f_beta:g} is highest"
        )
        said.append(f"Alleles are ranked by {spec.combine.score} and cut {rate}.")
    return tuple(said)


def sentence(item: Filter) -> str:
    """Return one filter in words."""
    limits = Limits({limit.name: limit for limit in item.limits})
    said = f"{item.id} ({item.says}): fails where {aloud(item.fail_if, limits)}"
    if item.ignore:
        said += f"; {listed(item.ignore, 'and')} do not count"
    unasked = not_asked(item.limits)
    if unasked:
        said += f"; {unasked}"
    needs = {"normal": "a matched normal", "annotation": "an annotation"}
    if item.needs:
        said += f"; needs {listed([needs[need] for need in item.needs], 'and')}"
    if item.missing != "unknown":
        said += f"; where a value is missing, the allele {item.missing}es it"
        said = said.replace("the allele failes", "the allele fails")
    for name, values in item.conditions.unless:
        said += f"; not asked where {name} is {listed(values, 'or')}"
    for name, values in item.conditions.only:
        said += f"; asked only where {name} is {listed(values, 'or')}"
    return f"{said}." + (f" Source: {item.source}." if item.source else "")


def not_asked(limits: Iterable[Limit]) -> str:
    """Say in which tiers a filter has no limit."""
    tiers: list[str] = []
    only: list[str] = []
    for limit in limits:
        tiers += [t for t, v in limit.by_tier.items() if v is None and t != DEFAULT_TIER]
        if limit.by_tier and limit.default is None:
            only += [t for t, v in limit.by_tier.items() if v is not None]
    if only:
        return f"asked only in tier {listed(dict.fromkeys(only), 'or')}"
    return f"not asked in tier {listed(dict.fromkeys(tiers), 'or')}" if tiers else ""


def aloud(  # noqa: PLR0911 - one return per kind of node
    node: Node, limits: Mapping[str, Limit] | None = None, *, true: bool = True
) -> str:
    """Return a condition in words; ``true`` False is its opposite.

    >>> from tumorkit.variants.filter.expression import parse
    >>> aloud(parse('tumor.vaf < 0.01 and not hotspot'))
    "the tumour's variant allele fraction is below 0.01 and it is no listed hotspot"
    """
    limits = limits or {}
    if isinstance(node, Not):
        return aloud(node.inner, limits, true=not true)
    if isinstance(node, Logic):
        word = node.word if true else {"and": "or", "or": "and"}[node.word]
        terms = [aloud(term, limits, true=true) for term in node.terms]
        if word == "and":
            joined = [
                f"either {text}" if _is_or(term, true) else text
                for term, text in zip(node.terms, terms, strict=True)
            ]
            return " and ".join(joined)
        return ", or ".join(terms) if any(" and " in text for text in terms) else " or ".join(terms)
    if isinstance(node, Compare):
        return compared(node, limits, true)
    if isinstance(node, Call) and node.name in ("contains", "found"):
        who, what = (value(argument, limits) for argument in node.arguments)
        verb = "contains" if node.name == "contains" else "matches"
        plain = {"contains": "does not contain", "matches": "does not match"}[verb]
        many = {"contains": "contain", "matches": "match"} if plural(node.arguments[0]) else {}
        verb = many.get(verb, verb)
        return f"{who} {verb if true else plain.replace('does', 'do') if many else plain} {what}"
    if isinstance(node, Call) and node.name in ("known", "present"):
        word = {"known": "known", "present": "there"}[node.name]
        return f"{value(node.arguments[0], limits)} is {'' if true else 'not '}{word}"
    if isinstance(node, Name) and node.name in LOGICAL:
        return LOGICAL[node.name][0 if true else 1]
    return f"{value(node, limits)} is {'' if true else 'not '}set"


def _is_or(term: Node, true: bool) -> bool:
    while isinstance(term, Not):
        term, true = term.inner, not true
    return isinstance(term, Logic) and (term.word == "or") == true


def plural(node: Node) -> bool:
    """Whether a name is said in the plural."""
    return isinstance(node, Name) and node.name in ("callers", "caller_filter", "ids")


def compared(node: Compare, limits: Mapping[str, Limit], true: bool) -> str:
    """Return a comparison in words."""
    if node.sign == "in":
        if isinstance(node.left, Text):
            verb = "include" if plural(node.right) else "includes"
            verb = verb if true else f"do{'' if plural(node.right) else 'es'} not include"
            return f"{value(node.right, limits)} {verb} {value(node.left, limits)}"
        are = "are" if plural(node.left) else "is"
        among = "among" if plural(node.left) else ""
        among = among if true else f"not {among}".strip()
        return " ".join(
            f"{value(node.left, limits)} {are} {among} {value(node.right, limits)}".split()
        )
    sign = node.sign if true else OPPOSITE[node.sign]
    words = f"{value(node.left, limits)} is {SIGNS[sign]} {value(node.right, limits)}"
    return " ".join(words.split())


def value(node: Node, limits: Mapping[str, Limit]) -> str:  # noqa: PLR0911 - one per kind
    """Return a value in words; a limit with its numbers by tier."""
    if isinstance(node, Number):
        return spelled_number(node.value)
    if isinstance(node, Text):
        return f'"{node.value}"'
    if isinstance(node, Words):
        return listed([v if isinstance(v, str) else spelled_number(v) for v in node.values], "or")
    if isinstance(node, Name) and node.name in limits:
        limit = limits[node.name]
        return limits.words(node.name) if isinstance(limits, Limits) else limit_words(limit)
    if isinstance(node, Name):
        text = QUANTITIES[node.name].text.rstrip(".")
        return SAID.get(node.name) or f"the {text[0].lower()}{text[1:]}"
    if isinstance(node, Field):
        which = "" if node.index is None else f"value {node.index + 1} of "
        return f"{which}{SOURCES[node.source]}{node.key}"
    if isinstance(node, Arithmetic):
        left, right = value(node.left, limits), value(node.right, limits)
        return f"{left} {ARITHMETIC[node.sign]} {right}"
    if isinstance(node, Call) and node.name in ("count", "abs"):
        inner = value(node.arguments[0], limits)
        number = {"count": "number of", "abs": "size of"}[node.name]
        return f"the {number} {inner.removeprefix('the ') if node.name == 'count' else inner}"
    return aloud(node, limits)


def limit_words(limit: Limit) -> str:
    """Return a limit: ``20 (10 in tier hotspot)``."""
    others = {t: v for t, v in limit.by_tier.items() if v is not None and t != DEFAULT_TIER}
    if limit.default is None:
        return listed([f"{spelled_number(v)} in tier {t}" for t, v in others.items()], "or")
    said = spelled_number(limit.default)
    if not others:
        return said
    each = [f"{spelled_number(v)} in tier {t}" for t, v in others.items()]
    return f"{said} ({listed(each, 'and')})"


def listed(words: Iterable[str], last: str) -> str:
    """Join words as one says them.

    >>> listed(["a", "b", "c"], "or")
    'a, b or c'
    """
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"
