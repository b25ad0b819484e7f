"""Reads filter files of hydra-genetics, and says where hydra reads them otherwise than written.

Each test becomes an expression of ours, with ordinary precedence and three-valued logic: fields of
the annotation and counts are the harmonised quantities, so that every alternative allele is judged
by its own values. A missing value is unknown where the file does not say NA_FALSE or NA_TRUE.
Source of the format: hydra-genetics/filtering, docs/filter_vcf_yaml.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from tumorkit.errors import ParameterError
from tumorkit.variants.filter.document import Document, line_of, parse_yaml
from tumorkit.variants.filter.expression import parse, quoted, spelled_number
from tumorkit.variants.filter.hydra_expression import (
    Atom,
    Joined,
    Part,
    atoms_of,
    read_expression,
)
from tumorkit.variants.filter.specification import Filter, Specification, digest

KEYS = ("description", "expression", "soft_filter", "soft_filter_flag")
# Harmonised quantities that say what these fields say, for every allele.
QUANTITY_OF = {
    ("FORMAT", "AD", 0): "tumor.ref_depth",
    ("FORMAT", "AD", 1): "tumor.alt_depth",
    ("FORMAT", "AF", None): 'FORMAT["AF"]',
    ("FORMAT", "AF", 0): 'FORMAT["AF"]',
    ("VEP", "SYMBOL", None): "gene",
    ("VEP", "Consequence", None): "consequence",
    ("VEP", "gnomAD_AF", None): "gnomad_af",
    ("QUAL", "", None): "quality",
}
# Fields that hold one word, so that its beginning is the whole of it.
SINGLE_VALUED = ("VARIANT_CLASS", "SYMBOL", "Feature", "BIOTYPE", "IMPACT", "Hotspot")
PER_ALLELE = (("FORMAT", "AD"), ("FORMAT", "AF"))
MISSING_MEANS = {
    "unknown": "the filter is unknown, and says so",
    "not frequent": "that is not frequent",
    "no gene": "no gene differs from every gene",
}
_FREQUENCY = re.compile(r"(^|_)AF$|^AF_", re.IGNORECASE)
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_.+-]+")


@dataclass(frozen=True)
class Trap:
    """Where hydra does otherwise than a rule says, or the rule otherwise than it seems."""

    line: int
    filter: str
    says: str


@dataclass(frozen=True)
class HydraRule:
    """One rule of the file; ``hard`` removes records."""

    name: str
    id: str
    line: int
    expression: str
    part: Part
    hard: bool
    says: str


@dataclass(frozen=True)
class HydraFile:
    """A hydra filter file: its rules, what they mean here, and the traps in them."""

    where: str
    rules: tuple[HydraRule, ...]
    specification: Specification
    traps: tuple[Trap, ...]

    def comments(self) -> dict[str, list[str]]:
        """Return for each filter what it was, and its traps."""
        return {
            rule.id: [
                f"{PurePath(self.where).name}:{rule.line}: {rule.expression}",
                *(f"Trap: {trap.says}" for trap in self.traps if trap.filter == rule.name),
            ]
            for rule in self.rules
        }


def is_hydra(content: Any) -> bool:
    """Whether a YAML document is a hydra filter file: rules by name, each with an expression.

    >>> is_hydra({"filters": {"vaf": {"expression": "FORMAT:AF:0 < 0.01"}}})
    True
    >>> is_hydra({"tumorkit_filters": 1, "filters": []})
    False
    """
    if not isinstance(content, dict) or "tumorkit_filters" in content:
        return False
    rules = content.get("filters")
    return isinstance(rules, dict) and any(
        isinstance(rule, dict) and "expression" in rule for rule in rules.values()
    )


def read_hydra(text: str, where: str) -> HydraFile:
    """Read a hydra filter file.

    Raises :class:`ParameterError` with the line for what is neither YAML nor an expression.
    """
    document = Document(parse_yaml(text, where), where)
    found = document.content["filters"]
    document.known_keys(document.content, ("filters",))
    rules: list[HydraRule] = []
    traps: list[Trap] = []
    for name, value in found.items():
        line = line_of(found, name)
        item = document.mapping(value, line, str(name))
        rule, said = read_rule(document, str(name), item, line, [rule.id for rule in rules])
        rules.append(rule)
        traps += [Trap(line_of(item, "expression") or line, rule.name, text) for text in said]
    if not rules:
        raise document.fail(1, "there are no filters")
    return HydraFile(where, tuple(rules), specification_of(rules, where), tuple(traps))


def read_rule(
    document: Document, name: str, item: Mapping[str, Any], line: int, taken: list[str]
) -> tuple[HydraRule, list[str]]:
    """Read one rule with its traps."""
    document.known_keys(item, KEYS, line)
    expression = document.needed(item, "expression", line)
    at = line_of(item, "expression") or line
    try:
        part, found = read_expression(expression)
    except ParameterError as error:
        raise document.fail(at, f"{name}: {error.message}", error.hint) from error
    traps = list(found)
    hard = str(item.get("soft_filter", "True")).lower() == "false"
    if hard and item.get("soft_filter") is False:
        traps.append('soft_filter: False without quotes is no "False" to hydra: it filters softly')
    flag = str(item.get("soft_filter_flag") or "")
    if not flag and not hard:
        traps.append("soft_filter_flag is missing, which stops hydra")
    identifier = _NOT_IN_ID.sub("_", flag or name) or "filter"
    if not re.match(r"[A-Za-z_]", identifier):
        identifier = f"f_{identifier}"
    if identifier in taken:
        traps.append(f"the flag {identifier} is there already: hydra cannot tell the two apart")
        identifier = _NOT_IN_ID.sub("_", f"{identifier}_{name}")
    says = " ".join(str(item.get("description") or f"Fails {name}").split())
    opposite = "soft filter" if hard else "hard filter"
    if says.lower().startswith(opposite):
        traps.append(f"the description says {opposite}, which it is not")
    traps += meaning_traps(part)
    return HydraRule(name, identifier, line, expression, part, hard, says), traps


def meaning_traps(part: Part) -> list[str]:
    """Return the traps that lie in what the tests look at."""
    atoms = list(atoms_of(part))
    traps = []
    hidden = [a for a in atoms if a.sign == "exist" and a.key not in SINGLE_VALUED]
    hidden = [a for a in hidden if not str(a.value).startswith("^")]
    if hidden:
        said = ", ".join(dict.fromkeys(f"{a.value!r} in {a.place}" for a in hidden))
        traps.append(f"hydra finds {said} only at the beginning of the field; here anywhere in it")
    first = dict.fromkeys(a.place for a in atoms if (a.source, a.key) in PER_ALLELE)
    if first:
        traps.append(
            f"{', '.join(first)}: hydra judges the first alternative only; here each is judged by "
            "its own value"
        )
    if any(atom.source == "VEP" for atom in atoms):
        traps.append(
            "hydra reads the first CSQ entry only, whichever transcript or allele it is of"
        )
    silent = [a for a in atoms if a.sign != "exist" and not a.missing and a.source != "QUAL"]
    for meant, wanted in MISSING_MEANS.items():
        places = dict.fromkeys(a.place for a in silent if missing_means(a) == meant)
        if places:
            traps.append(
                f"where {', '.join(places)} is missing, hydra holds the test for false and says "
                f"nothing; here {wanted}"
            )
    stops = dict.fromkeys(a.place for a in atoms if a.missing == "NA_ERROR")
    if stops:
        traps.append(f"where {', '.join(stops)} is missing, hydra stops; here it is unknown")
    return traps


def missing_means(atom: Atom) -> str:
    """Return what a missing value means in a test that does not say."""
    if (atom.source, atom.key) == ("VEP", "SYMBOL"):
        return "no gene"
    return "not frequent" if is_frequency(atom) else "unknown"


def is_frequency(atom: Atom) -> bool:
    """Whether a field is a population frequency: absent means never seen there."""
    return atom.source == "VEP" and bool(_FREQUENCY.search(atom.key))


def specification_of(rules: list[HydraRule], where: str) -> Specification:
    """Return the specification that the rules mean."""
    name = _NOT_IN_ID.sub("_", PurePath(where).stem) or "hydra"
    name = name if re.match(r"[A-Za-z_]", name) else f"f_{name}"
    filters = tuple(
        Filter(
            id=rule.id,
            says=rule.says,
            fail_if=parse(expression_of(rule.part)),
            line=rule.line,
        )
        for rule in rules
    )
    drop = frozenset(rule.id for rule in rules if rule.hard)
    says = f"Read from the hydra-genetics filter file {PurePath(where).name}"
    head = {"name": name, "says": says, "version": "1"}
    return Specification(
        name=name,
        says=says,
        version="1",
        filters=filters,
        tiers=(),
        rescues=(),
        drop=drop,
        examples=(),
        sha256=digest(head, filters, (), (), drop),
        where=where,
    )


def expression_of(part: Part) -> str:
    """Return a part in our language.

    >>> part, _ = read_expression("(!exist[1-hotspot, INFO:Hotspot] and FORMAT:AD:1 < 20)")
    >>> expression_of(part)
    'not found(INFO["Hotspot"], "1-hotspot") and tumor.alt_depth < 20'
    """
    if isinstance(part, Atom):
        return test_of(part)
    if isinstance(part, Joined):
        inner = [expression_of(term) for term in part.terms]
        loose = part.word == "and"
        return f" {part.word} ".join(
            f"({text})" if loose and " or " in text else text for text in inner
        )
    return f"not ({expression_of(part.inner)})"


def test_of(atom: Atom) -> str:
    """Return one test in our language."""
    place = place_of(atom)
    if atom.sign == "exist":
        said = f"found({place}, {quoted(str(atom.value))})"
        return f"not {said}" if atom.negated else said
    raw = raw_field(atom)
    if atom.value == "-" and atom.sign in ("=", "!="):  # hydra's word for nothing
        return f"not present({raw})" if atom.sign == "=" else f"present({raw})"
    sign = "==" if atom.sign == "=" else atom.sign
    if atom.against is not None:
        value = place_of(atom.against)
    elif isinstance(atom.value, float):
        value = spelled_number(atom.value)
    else:
        value = quoted(atom.value)
    if place == "consequence":  # a set; the field as text can be compared
        place = raw
    test = f"{place} {sign} {value}"
    if atom.missing == "NA_TRUE":
        return f"(not present({raw}) or {test})"
    if atom.missing == "NA_FALSE" or (is_frequency(atom) and place == raw):
        return f"(present({raw}) and {test})"
    return test


def place_of(atom: Atom) -> str:
    """Return the harmonised quantity of a field, or the raw field."""
    return QUANTITY_OF.get((atom.source, atom.key, atom.index)) or raw_field(atom)


def raw_field(atom: Atom) -> str:
    """Return a field as our language writes it."""
    if atom.source == "QUAL":
        return "quality"
    if (atom.source, atom.key) in PER_ALLELE:
        return f'FORMAT["{atom.key}"]'
    index = "" if atom.index is None else f"[{atom.index}]"
    return f'{ {"VEP": "CSQ"}.get(atom.source, atom.source) }["{atom.key}"]{index}'
