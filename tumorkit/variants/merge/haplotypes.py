"""Compares neighbouring calls as haplotypes: who says the same change in other words.

A caller's replacement of several bases supports the substitutions that another caller wrote, and
the other way round; substitutions that reads put on one haplotype of a codon make one change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

from tumorkit.genome.alleles import Fetch
from tumorkit.genome.normalization import Allele, atoms_of, joined, normalized
from tumorkit.variants.counts import Reads
from tumorkit.variants.merge.calls import (
    OWN,
    PART,
    PARTS,
    PHASED,
    Call,
    on_two_haplotypes,
)
from tumorkit.variants.merge.params import MergeParams

# Two bases at most lie between the first and the last base of a codon.
CODON_REACH = 2
MAX_COMBINED = 6
EQUAL_VAF = "equal_vaf"
Codons = Callable[["Entry"], set[tuple[str, str]] | None]


class Entry:
    """One allele of the merged file, with every caller's word on it.

    ``calls`` are those that callers wrote; ``derived`` holds callers that say it in other words,
    with how and with what filters. ``parts`` and ``part_of`` link a haplotype and its changes;
    ``contradicted`` is a haplotype whose parts a caller puts on two.
    """

    __slots__ = (
        "allele", "calls", "contradicted", "counted", "derived", "evidence", "filter", "part_of",
        "parts", "protein", "start", "symbolic",
    )  # fmt: skip

    def __init__(self, allele: Allele, start: int) -> None:
        self.allele = allele
        self.start = start
        self.calls: dict[str, Call] = {}
        self.derived: dict[str, tuple[str, tuple[str, ...], Call]] = {}
        self.parts: list[Entry] = []
        self.part_of: list[Entry] = []
        self.evidence = ""
        self.counted = ""
        self.contradicted = False
        self.filter = ""
        self.symbolic = False
        self.protein: object = None

    @property
    def callers(self) -> set[str]:
        """All callers that say it, in whatever words."""
        return self.calls.keys() | self.derived.keys()

    def derive(self, caller: str, how: str, filters: tuple[str, ...], call: Call) -> None:
        """Note that a caller says it in other words; its own words go first."""
        if caller not in self.calls and caller not in self.derived:
            self.derived[caller] = (how, filters, call)

    def word(self, caller: str) -> tuple[str, tuple[str, ...], Call]:
        """Return how a caller says it, what filters it gave, and the call behind it."""
        call = self.calls.get(caller)
        return (OWN, call.filters, call) if call else self.derived[caller]


class Cluster:
    """Alleles that overlap or lie within a codon's reach of each other."""

    def __init__(
        self, contig: str, entries: Iterable[Entry], fetch: Fetch, params: MergeParams
    ) -> None:
        self.contig = contig
        self.fetch = fetch
        self.params = params
        self.entries = {entry.allele: entry for entry in entries if not entry.symbolic}
        self.atoms: dict[Allele, tuple[Allele, ...]] = {}
        self.added: list[Entry] = []

    def entry(self, allele: Allele) -> Entry:
        """Return the entry of an allele, made if no caller wrote it."""
        found = self.entries.get(allele)
        if found is None:
            found = self.entries[allele] = Entry(allele, allele.pos)
            self.added.append(found)
        return found

    def parts_of(self, allele: Allele) -> tuple[Allele, ...]:
        """Return the changes that an allele is made of, each as a record of its own would be."""
        if allele not in self.atoms:
            atoms = atoms_of(allele)
            self.atoms[allele] = tuple(
                dict.fromkeys(
                    normalized(self.contig, atom, self.fetch, self.params.max_shift)
                    for atom in atoms
                )
            )
        return self.atoms[allele]

    def link(self, codons: Codons) -> None:
        """Find which entries are haplotypes of which others, and note who supports what."""
        written = sorted(self.entries)
        compounds = [allele for allele in written if allele.compound]
        for allele in compounds:
            parts = self.parts_of(allele)
            if len(parts) > 1:
                whole = self.entries[allele]
                whole.evidence = "caller"
                self._tie(whole, [self.entry(part) for part in parts])
        for allele in compounds:
            self._in_other_words(self.entries[allele])
        self._phased(codons)
        # The parts of a haplotype are supported by whoever supports the haplotype.
        for whole in [entry for entry in self.entries.values() if entry.parts]:
            for caller in sorted(whole.callers):
                how, filters, call = whole.word(caller)
                if how == OWN:
                    for part in whole.parts:
                        part.derive(caller, PART, filters, call)

    def _tie(self, whole: Entry, parts: list[Entry]) -> None:
        for part in parts:
            if part is not whole and part not in whole.parts:
                whole.parts.append(part)
                part.part_of.append(whole)
        whole.parts.sort(key=lambda part: part.allele)

    def _in_other_words(self, whole: Entry) -> None:
        """Find callers that wrote a haplotype's changes one by one."""
        names = {name for entry in self.entries.values() for name in entry.calls}
        for caller in sorted(names - whole.calls.keys()):
            said = {
                allele: entry.calls[caller]
                for allele, entry in self.entries.items()
                if caller in entry.calls
            }
            pieces = {part: call for allele, call in said.items() for part in self.parts_of(allele)}
            parts = self.parts_of(whole.allele)
            if len(parts) > 1 and all(part in pieces for part in parts):
                self._support(whole, caller, PARTS, [pieces[part] for part in parts])
                continue
            group = self._same_sequence(whole.allele, list(said))
            if group:
                self._support(whole, caller, PARTS, [said[allele] for allele in group])
                self._tie(whole, [self.entries[allele] for allele in group])
                whole.evidence = whole.evidence or "caller"

    def _support(self, whole: Entry, caller: str, how: str, calls: list[Call]) -> None:
        """Note that a caller has all parts, unless it puts them on two haplotypes."""
        if on_two_haplotypes(calls):
            whole.contradicted = True
        else:
            sides = {call.phase for call in calls}
            if len(sides) == 1 and sides != {""}:
                how = PHASED
            whole.derive(caller, how, *joint(calls))

    def _same_sequence(self, whole: Allele, said: list[Allele]) -> tuple[Allele, ...]:
        """Return those alleles of a caller that together make the same sequence."""
        low, high = whole.pos - self.params.max_shift, whole.end
        near = [one for one in said if low <= one.pos < high and one != whole]
        if len(near) > MAX_COMBINED:
            return ()
        for size in range(2, len(near) + 1):
            for group in combinations(near, size):
                made = joined(self.contig, group, self.fetch)
                if made is not None:
                    made = normalized(self.contig, made, self.fetch, self.params.max_shift)
                    if made == whole:
                        return group
        return ()

    def _phased(self, codons: Codons) -> None:
        """Join substitutions of one codon that lie on one haplotype."""
        singles = [
            entry
            for allele, entry in sorted(self.entries.items())
            if len(allele.ref) == len(allele.alt) == 1 and entry.calls
        ]
        if len(singles) < 2:
            return
        known = {entry.allele: codons(entry) for entry in singles}
        groups: dict[frozenset[Allele], dict[str, str]] = {}
        labelled: set[Allele] = set()
        by_label: dict[tuple[str, str], list[Entry]] = {}
        for entry in singles:
            for caller, call in entry.calls.items():
                if call.phase:
                    labelled.add(entry.allele)
                if call.phase and not call.phase.startswith("ALT/"):
                    by_label.setdefault((caller, call.phase), []).append(entry)
        for (caller, label), entries in sorted(by_label.items(), key=lambda item: item[0]):
            for group in codon_groups(entries, known):
                key = frozenset(entry.allele for entry in group)
                groups.setdefault(key, {})[caller] = label.partition("/")[0]
        for key, said in groups.items():
            self._join([self.entries[allele] for allele in sorted(key)], said)
        quiet = [entry for entry in singles if entry.allele not in labelled]
        for group in codon_groups([e for e in quiet if known[e.allele]], known):
            if self._equal(group):
                self._join(group, {})

    def _equal(self, group: list[Entry]) -> bool:
        """Whether a caller saw all at fractions that do not differ."""
        shared = set.intersection(*(set(entry.calls) for entry in group))
        return any(
            all(
                same_fraction(a.calls[name].tumor, b.calls[name].tumor, self.params)
                for a, b in combinations(group, 2)
            )
            for name in sorted(shared)
        )

    def _join(self, group: list[Entry], said: dict[str, str]) -> None:
        """Add the haplotype of some substitutions; ``said`` holds who phased them and how."""
        made = joined(self.contig, [entry.allele for entry in group], self.fetch)
        if made is None:
            return
        whole = self.entry(made)
        if not whole.calls:
            whole.evidence = whole.evidence or ("+".join(sorted(set(said.values()))) or EQUAL_VAF)
        self._tie(whole, group)
        shared = set.intersection(*(set(entry.calls) for entry in group))
        for caller in sorted(shared):
            how = PHASED if caller in said else PARTS
            self._support(whole, caller, how, [entry.calls[caller] for entry in group])


def codon_groups(
    entries: list[Entry], codons: dict[Allele, set[tuple[str, str]] | None]
) -> list[list[Entry]]:
    """Return substitutions at different positions that lie in one codon, two or three each.

    ``codons`` holds the transcript and codon of each; where nobody annotated, it is None, and
    substitutions within three bases of each other are taken together. Groups never share an entry.
    """
    groups: list[list[Entry]] = []
    for entry in sorted(entries, key=lambda one: one.allele):
        if groups:
            last = groups[-1]
            near = entry.allele.pos - last[0].allele.pos <= CODON_REACH
            apart = entry.allele.pos != last[-1].allele.pos
            shared = [codons[one.allele] for one in (*last, entry)]
            told = [one for one in shared if one is not None]
            same = not told or (len(told) == len(shared) and bool(set.intersection(*told)))
            if near and apart and same:
                last.append(entry)
                continue
        groups.append([entry])
    return [group for group in groups if len(group) > 1]


def joint(calls: list[Call]) -> tuple[tuple[str, ...], Call]:
    """Return the filters of calls that together say something, and the one with fewest reads."""
    failed = dict.fromkeys(
        name for call in calls if not call.passes for name in call.filters if name != "PASS"
    )
    filters = tuple(failed) or calls[0].filters
    weakest = min(
        calls, key=lambda c: (c.tumor.alt_depth is None, c.tumor.alt_depth or 0, c.allele)
    )
    return filters, weakest


def same_fraction(a: Reads, b: Reads, params: MergeParams) -> bool:
    """Whether two allele fractions do not differ, by the test of two proportions.

    >>> same_fraction(Reads(100, 70, 30), Reads(100, 72, 28), MergeParams())
    True
    >>> same_fraction(Reads(100, 70, 30), Reads(100, 92, 8), MergeParams())
    False
    """
    if not a.depth or not b.depth or a.alt_depth is None or b.alt_depth is None:
        return False
    pooled = (a.alt_depth + b.alt_depth) / (a.depth + b.depth)
    variance = pooled * (1 - pooled) * (1 / a.depth + 1 / b.depth)
    difference = abs(a.alt_depth / a.depth - b.alt_depth / b.depth)
    return difference * difference <= params.max_vaf_difference**2 * variance
