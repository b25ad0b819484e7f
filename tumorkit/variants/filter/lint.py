"""Finds traps of hydra filter files that only show beside a VCF, or beside a twin file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tumorkit.errors import suggestion
from tumorkit.genome.vcf import VcfRecord
from tumorkit.variants.calls import CallReader
from tumorkit.variants.filter.hydra import HydraFile, HydraRule, Trap
from tumorkit.variants.filter.hydra_expression import Atom, Joined, Negated, Part, atoms_of

MOST_VALUES = 50


@dataclass
class Seen:
    """What the first records hold of one field: texts, and how long its lists are."""

    values: set[str] = field(default_factory=set)
    shortest: int | None = None
    records: int = 0

    def add(self, text: str) -> None:
        """Take one record's value."""
        parts = text.split(",")
        self.records += 1
        self.shortest = len(parts) if self.shortest is None else min(self.shortest, len(parts))
        self.values.update({text, *parts})


def lint_beside_vcf(
    hydra: HydraFile, reader: CallReader, records: Sequence[VcfRecord]
) -> tuple[Trap, ...]:
    """Return what hydra would do otherwise than written on a VCF, judged by its first records."""
    seen = seen_values(hydra, reader, records)
    traps = []
    for rule in hydra.rules:
        said = [text for atom in atoms_of(rule.part) for text in _of_atom(atom, reader, seen)]
        if hard_to_index(rule, records):
            said.append("some records have several alternatives; hydra judges the first only")
        traps += [Trap(rule.line, rule.name, text) for text in dict.fromkeys(said)]
    if any(a.source == "VEP" for rule in hydra.rules for a in atoms_of(rule.part)):
        several = sum("," in (record.info_text("CSQ") or "") for record in records)
        if several:
            said_once = (
                f"{several} of {len(records)} records hold several CSQ entries; hydra reads "
            )
            traps.append(Trap(0, "", said_once + "the first"))
    return tuple(traps)


def hard_to_index(rule: HydraRule, records: Sequence[VcfRecord]) -> bool:
    """Whether a rule takes counts by index where a record has several alternatives."""
    by_index = any(a.source == "FORMAT" and a.index is not None for a in atoms_of(rule.part))
    return by_index and any(len(record.alts) > 1 for record in records)


def seen_values(
    hydra: HydraFile, reader: CallReader, records: Sequence[VcfRecord]
) -> dict[tuple[str, str], Seen]:
    """Return what the records hold of every raw field of the rules."""
    wanted = {(a.source, a.key) for rule in hydra.rules for a in atoms_of(rule.part)}
    seen: dict[tuple[str, str], Seen] = defaultdict(Seen)
    tumor = reader.roles.tumor
    for record in records:
        sample = record.sample(tumor) if tumor else {}
        entries = (record.info_text("CSQ") or "").split(",")
        for source, key in wanted:
            text: str | None = None
            if source == "INFO":
                text = record.info_text(key)
            elif source == "FORMAT":
                text = sample.get(key)
            elif source == "VEP" and key in reader.annotations.at:
                parts = entries[0].split("|")
                at = reader.annotations.at[key]
                text = parts[at] if at < len(parts) else None
            if text not in (None, "", "."):
                seen[source, key].add(text or "")
    return dict(seen)


def _of_atom(atom: Atom, reader: CallReader, seen: dict[tuple[str, str], Seen]) -> Iterable[str]:
    if atom.source == "QUAL":
        return
    declared = {
        "INFO": tuple(reader.header.info),
        "FORMAT": tuple(reader.header.formats),
        "VEP": tuple(reader.annotations.at),
    }[atom.source]
    if atom.key not in declared:
        does = {
            "INFO": "hydra never filters by it and does not say so",
            "FORMAT": "hydra never filters by it and does not say so",
            "VEP": "hydra stops",
        }[atom.source]
        if atom.missing == "NA_TRUE":
            does = "hydra filters every record"
        elif atom.negated:
            does = "hydra finds that it does not exist, in every record"
        hint = suggestion(atom.key, declared)
        yield f"{atom.source}:{atom.key} is not declared: {does}" + (f"; {hint}" if hint else "")
        return
    found = seen.get((atom.source, atom.key))
    if found is None:
        yield f"none of the first records holds {atom.source}:{atom.key}"
        return
    if atom.index is not None and found.shortest is not None and atom.index >= found.shortest:
        yield (
            f"{atom.place} lies outside a list of {found.shortest}: hydra stops; here it is unknown"
        )
    if atom.index is None and isinstance(atom.value, float) and max_length(found) > 1:
        yield f"{atom.place} is a list without an index: hydra stops; here it is unknown"
    if isinstance(atom.value, str) and atom.against is None and atom.value != "-":
        yield from _never_seen(atom, found)


def max_length(found: Seen) -> int:
    """Return the length of the longest list seen."""
    return max((value.count(",") + 1 for value in found.values), default=0)


def _never_seen(atom: Atom, found: Seen) -> Iterable[str]:
    """Say if a text is written otherwise in the file than in the rule."""
    value = str(atom.value)
    if atom.sign == "exist":
        if not any(re.search(value, text) for text in found.values):
            near = [t for t in found.values if re.search(value, t, re.IGNORECASE)]
            if near:
                yield f"no record has {value!r} in {atom.place}, but {min(near)!r}: mind the case"
        return
    if value in found.values:
        return
    near = sorted(t for t in found.values if t.lower() == value.lower())
    if near:
        yield f"no record has {atom.place} {value!r}, but {near[0]!r}: mind the case"
    elif len(found.values) <= MOST_VALUES:
        known = ", ".join(sorted(found.values)[:5])
        yield f"no record has {atom.place} {value!r}; seen: {known}"


def lint_twins(a: HydraFile, b: HydraFile) -> tuple[Trap, ...]:
    """Return where two files that should say the same, one softly and one hard, have drifted."""
    traps = []
    ours, theirs = ({rule.name: rule for rule in file.rules} for file in (a, b))
    for name, rule in ours.items():
        twin = theirs.get(name)
        if twin is None:
            traps.append(Trap(rule.line, name, f"is in {a.where} only, not in {b.where}"))
        elif same(rule.part) != same(twin.part):
            mine, other = (set(map(str, atoms_of(r.part))) for r in (rule, twin))
            parts = []
            if mine - other:
                parts.append(f"only in {a.where}: {', '.join(sorted(mine - other))}")
            if other - mine:
                parts.append(f"only in {b.where}: {', '.join(sorted(other - mine))}")
            said = "; ".join(parts) or "the tests are joined otherwise"
            traps.append(Trap(rule.line, name, f"differs from {b.where}:{twin.line}: {said}"))
    for name, rule in theirs.items():
        if name not in ours:
            traps.append(Trap(rule.line, name, f"is in {b.where} only, not in {a.where}"))
    return tuple(traps)


def same(part: Part) -> tuple[object, ...]:
    """Return a part in a form that does not depend on the order of its terms."""
    if isinstance(part, Atom):
        return ("atom", str(part), part.missing)
    if isinstance(part, Negated):
        return ("not", same(part.inner))
    return _same_joined(part)


def _same_joined(part: Joined) -> tuple[object, ...]:
    return (part.word, *sorted((same(term) for term in part.terms), key=repr))
