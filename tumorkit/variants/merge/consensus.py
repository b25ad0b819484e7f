"""Which alleles of a merged file stand: by how many callers, and each change counted once."""

from __future__ import annotations

from collections.abc import Collection

from tumorkit.genome.normalization import Allele
from tumorkit.variants.merge.calls import Call, passed
from tumorkit.variants.merge.haplotypes import EQUAL_VAF, Entry, same_fraction
from tumorkit.variants.merge.params import MergeParams

PASS = "PASS"  # noqa: S105 - a value of FILTER
FEW_CALLERS = "few_callers"
IN_HAPLOTYPE = "counted_in_haplotype"
IN_PARTS = "counted_in_parts"
UNPROVEN = "phase_unproven"
FILTERS = {
    FEW_CALLERS: "Fewer callers than asked for pass the variant",
    IN_HAPLOTYPE: "Part of a haplotype that is counted as one event (TK_PART_OF)",
    IN_PARTS: "Haplotype whose parts are counted (TK_PARTS)",
    UNPROVEN: "Haplotype of substitutions that only equal allele fractions put together",
}


class Consensus:
    """Sets the FILTER of entries.

    ``hotspots`` are normalised alleles by contig, None where no list was given.
    """

    def __init__(
        self,
        params: MergeParams,
        ranks: dict[str, int],
        hotspots: dict[str, Collection[Allele]] | None,
    ) -> None:
        self.params = params
        self.ranks = ranks
        self.hotspots = hotspots or {}

    def ordered(self, entry: Entry) -> list[str]:
        """Return the callers of an entry, by priority and name."""
        ranks, last = self.ranks, len(self.ranks)
        if len(entry.calls) == 1 and not entry.derived:
            return list(entry.calls)
        return sorted(entry.callers, key=lambda name: (ranks.get(name, last), name))

    def supporting(self, entry: Entry) -> int:
        """Return how many callers pass an entry."""
        own = sum(call.passes for call in entry.calls.values())
        return own + sum(passed(filters) for _, filters, _ in entry.derived.values())

    def hotspot(self, contig: str, entry: Entry) -> bool:
        """Whether an allele, or a change that its haplotype is made of, is listed."""
        listed = self.hotspots.get(contig)
        if not listed:
            return False
        return entry.allele in listed or any(part.allele in listed for part in entry.parts)

    def stands(self, contig: str, entry: Entry) -> bool:
        """Whether enough callers say it."""
        enough = self.supporting(entry) if self.params.pass_only else len(entry.callers)
        wanted = self.params.min_callers
        return enough >= wanted or (enough >= 1 and self.hotspot(contig, entry))

    def judge(self, contig: str, entries: list[Entry]) -> None:
        """Set FILTER of all entries of a cluster, haplotypes after what they are made of."""
        for entry in entries:
            entry.filter = PASS if self.stands(contig, entry) else FEW_CALLERS
        # The largest haplotype is asked first, so that a part of a part is counted once, too.
        wholes = sorted(
            (entry for entry in entries if entry.parts),
            key=lambda entry: (-len(entry.allele.ref), entry.allele),
        )
        for whole in wholes:
            if whole.evidence == EQUAL_VAF:
                whole.counted = "parts"
                whole.filter = UNPROVEN if whole.filter == PASS else whole.filter
                continue
            if whole.filter != PASS:
                whole.counted = "parts" if whole.filter == FEW_CALLERS else "larger"
                continue
            if is_one_event(whole) and not whole.contradicted:
                whole.counted = "whole"
                for part in parts_within(whole):
                    if part.filter == PASS and not self.stands_alone(part, whole):
                        part.filter = IN_HAPLOTYPE
            else:
                whole.counted = "parts"
                whole.filter = IN_PARTS

    def chosen(self, entry: Entry) -> Call:
        """Return the call whose counts and INFO an entry gets: the first by priority.

        A caller's own call goes before one in other words, known counts before unknown ones.
        """
        calls = entry.calls
        if len(calls) == 1:
            return next(iter(calls.values()))
        names = self.ordered(entry)
        own = [calls[name] for name in names if name in calls]
        pool = own or [entry.derived[name][2] for name in names]
        known = [call for call in pool if call.tumor.alt_depth is not None]
        return (known or pool)[0]

    def stands_alone(self, part: Entry, whole: Entry) -> bool:
        """Whether a part was also seen without its haplotype, more often than with it.

        Some caller does not say the haplotype, and saw the part at a larger fraction.
        """
        seen = self.chosen(whole).tumor
        for name, call in part.calls.items():
            if name not in whole.callers and call.passes:
                larger = (call.tumor.vaf or 0) > (seen.vaf or 0)
                if larger and not same_fraction(call.tumor, seen, self.params):
                    return True
        return False


def is_one_event(whole: Entry) -> bool:
    """Whether a haplotype is one event: of one codon, of neighbouring bases, or with an indel.

    The reading frame is that of the whole where it has an insertion or deletion.
    """
    if whole.protein is not None:
        return True
    alleles = [part.allele for part in whole.parts]
    if any(len(allele.ref) != len(allele.alt) for allele in alleles):
        return True
    places = [allele.pos for allele in alleles]
    return max(places) - min(places) == len(set(places)) - 1


def parts_within(whole: Entry) -> list[Entry]:
    """Return the parts of a haplotype, and the parts of those that are haplotypes themselves."""
    found: dict[Allele, Entry] = {}
    waiting = list(whole.parts)
    while waiting:
        part = waiting.pop()
        if part.allele not in found and part is not whole:
            found[part.allele] = part
            waiting += part.parts
    return [found[allele] for allele in sorted(found)]
