"""Statements of a knowledge base against all alterations of a case.

A profile of several alterations is true, false, or not known (Kleene): what is not found does not
speak for absence, so NOT is never true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tumorkit.interpretation.matching import NOT_CLEAR, Context, changed, fit
from tumorkit.interpretation.names import WILD_TYPE, read_name
from tumorkit.interpretation.nouns import Alteration, EvidenceItem
from tumorkit.interpretation.profiles import Node, parse_profile

MATCHED = "matched"
NOT_ALTERED = "no alteration of the gene was found"
ANOTHER = "another alteration of the gene was found"
ABSENCE = "absence of another alteration is not shown"
BROKEN = "a profile that cannot be read"
BIOMARKERS = ("MSI", "TMB", "HRD")


@dataclass(frozen=True)
class Hit:
    """An alteration of the case that a part of a profile names, and how it fits."""

    index: int
    how: str
    said: str
    broad: bool = False


@dataclass(frozen=True)
class Verdict:
    """Whether a profile fits the case: by which alterations, or why nobody can tell."""

    state: Literal["yes", "no", "unknown"]
    hits: tuple[Hit, ...] = ()
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """A statement about a gene that is altered here, of which nobody can tell whether it fits."""

    item: EvidenceItem
    why: str


@dataclass(frozen=True)
class Match:
    """A statement that fits an alteration, how, and whether by a name for many changes."""

    item: EvidenceItem
    how: str
    broad: bool


@dataclass
class Matches:
    """Statements by alteration, how many fit or do not, and those that nobody can tell."""

    by_alteration: dict[int, list[Match]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    undecided: list[Undecided] = field(default_factory=list)


class Case:
    """Alterations of one case by gene."""

    def __init__(self, alterations: Sequence[Alteration], context: Context) -> None:
        self.alterations, self.context = alterations, context
        self.by_gene: dict[str, list[int]] = {}
        for index, found in enumerate(alterations):
            for gene in dict.fromkeys(found.named_genes):
                self.by_gene.setdefault(gene, []).append(index)
        self.known: dict[Node, Verdict] = {}

    def candidates(self, feature: str) -> list[int]:
        """Return the alterations of a feature's gene, or of a fusion's partners."""
        genes = [gene for gene in feature.split("::") if gene not in ("v", "?")]
        return sorted({index for gene in genes for index in self.by_gene.get(gene, ())})

    def judge(self, node: Node) -> Verdict:
        """Return whether a profile fits."""
        if node.operator == "leaf":
            if node not in self.known:
                self.known[node] = self.judge_leaf(node)
            return self.known[node]
        parts = [self.judge(part) for part in node.parts]
        if node.operator == "not":
            (part,) = parts
            state: Literal["no", "unknown"] = "no" if part.state == "yes" else "unknown"
            return Verdict(state, why=part.why if part.state == "unknown" else ABSENCE)
        decisive = "no" if node.operator == "and" else "yes"
        deciding = [part for part in parts if part.state == decisive]
        unknown = next((part for part in parts if part.state == "unknown"), None)
        if node.operator == "and":
            if deciding:
                return Verdict("no", why=max(part.why for part in deciding))
            return unknown or Verdict("yes", hits_of(parts))
        if deciding:
            return Verdict("yes", hits_of(deciding))
        return unknown or Verdict("no", why=min(part.why for part in parts))

    def judge_leaf(self, node: Node) -> Verdict:
        """Return whether a feature's variant was found."""
        name = read_name(node.feature, node.name)
        candidates = self.candidates(node.feature)
        if name.why == WILD_TYPE:
            mutated = any(changed(self.alterations[index]) for index in candidates)
            return Verdict("no", why=ANOTHER) if mutated else Verdict("unknown", why=WILD_TYPE)
        if not candidates:
            if node.feature in BIOMARKERS:
                return Verdict("unknown", why=NOT_CLEAR)
            return Verdict("no", why=NOT_ALTERED)
        said = f"{node.feature} {node.name}"
        hits, reasons = [], []
        for index in candidates:
            tried = fit(node.feature, name, self.alterations[index], self.context)
            if tried.how:
                hits.append(Hit(index, tried.how, said, tried.broad))
            elif tried.why:
                reasons.append(tried.why)
        if hits:
            return Verdict("yes", tuple(hits))
        return Verdict("unknown", why=reasons[0]) if reasons else Verdict("no", why=ANOTHER)


def hits_of(parts: Iterable[Verdict]) -> tuple[Hit, ...]:
    """Return the hits of all parts."""
    return tuple(hit for part in parts for hit in part.hits)


def match_statements(
    items: Iterable[EvidenceItem], alterations: Sequence[Alteration], context: Context
) -> Matches:
    """Return which statements fit which alterations; every statement is counted once."""
    case = Case(alterations, context)
    found = Matches()
    by_profile: dict[str, Verdict] = {}
    for item in items:
        profile = item.profile
        verdict = by_profile.get(profile)
        if verdict is None:
            node = parse_profile(profile)
            verdict = Verdict("unknown", why=BROKEN) if node is None else case.judge(node)
            by_profile[profile] = verdict
        if verdict.state == "yes":
            found.counts[MATCHED] += 1
            for index, how, broad in told(verdict.hits):
                found.by_alteration.setdefault(index, []).append(Match(item, how, broad))
            continue
        found.counts[verdict.why] += 1
        if verdict.state == "unknown" and concerns(profile, case):
            found.undecided.append(Undecided(item=item, why=verdict.why))
    return found


def told(hits: Sequence[Hit]) -> list[tuple[int, str, bool]]:
    """Return each alteration once with how it fits, beside what else, and whether broadly."""
    named = list(dict.fromkeys(hit.said for hit in hits))
    made: dict[int, tuple[int, str, bool]] = {}
    for hit in hits:
        others = [said for said in named if said != hit.said]
        beside = f"{hit.how}; beside {', '.join(others)}" if others else hit.how
        made.setdefault(hit.index, (hit.index, beside, hit.broad))
    return list(made.values())


def concerns(profile: str, case: Case) -> bool:
    """Whether a profile names a gene that is altered here."""
    node = parse_profile(profile)
    return node is not None and any(case.candidates(leaf.feature) for leaf in node.leaves())
