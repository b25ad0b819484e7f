"""Whole-genome numbers: doubling, share changed, share without one allele."""

from __future__ import annotations

from collections.abc import Sequence

from tumorkit.copynumber.call.result import NEUTRAL, NOT_CALLABLE, GenomeState, SegmentCall
from tumorkit.genome.contigs import standard

AUTOSOMES = frozenset(f"chr{number}" for number in range(1, 23))
# facets-suite: doubled where more than half of the autosomes has two or more copies of the major
# allele. PURPLE: 11 autosomes or more with 1.5 on average.
MAJOR_SHARE = 0.5
DOUBLED_AUTOSOMES = 11
DOUBLED_MAJOR = 1.5
# Less of the covered autosomes with known alleles cannot speak for the genome.
MIN_KNOWN = 0.5


def genome_state(called: Sequence[SegmentCall]) -> GenomeState:
    """Sum up the autosomes: share changed, share in LOH, and whether the genome was doubled.

    Doubling is ``yes`` or ``no`` where both rules agree, else ``uncertain``; it takes alleles of
    at least half of what is covered.
    """
    own = [item for item in called if standard(item.segment.contig) in AUTOSOMES]
    sizes = [(item.segment.end - item.segment.start, item) for item in own]
    judged = [(size, item) for size, item in sizes if item.state != NOT_CALLABLE]
    covered = sum(size for size, _ in judged)
    known = [(size, item) for size, item in judged if item.loh is not None]
    with_alleles = sum(size for size, _ in known)
    changed = sum(size for size, item in judged if item.state != NEUTRAL)
    lost = sum(size for size, item in known if item.loh)
    enough = covered > 0 and with_alleles >= MIN_KNOWN * covered
    share: float | None = None
    autosomes: int | None = None
    doubling, reason = "not evaluable", ""
    if not enough:
        reason = "alleles are known of less than half of the covered autosomes"
    else:
        two = sum(size for size, item in known if (item.segment.major_cn or 0) >= 2)
        share = two / with_alleles
        autosomes = doubled_autosomes(known)
        votes = (share > MAJOR_SHARE) + (autosomes >= DOUBLED_AUTOSOMES)
        doubling = ("no", "uncertain", "yes")[votes]
        reason = (
            f"{share:.0%} of the autosomes have two or more copies of the major allele "
            f"(doubled above {MAJOR_SHARE:.0%}), {autosomes} autosomes have {DOUBLED_MAJOR} or "
            f"more on average (doubled from {DOUBLED_AUTOSOMES})"
        )
    return GenomeState(
        covered=covered,
        fraction_changed=changed / covered if covered else None,
        fraction_loh=lost / with_alleles if enough else None,
        doubling=doubling,
        doubling_reason=reason,
        major_two_fraction=share,
        doubled_autosomes=autosomes,
    )


def doubled_autosomes(known: Sequence[tuple[int, SegmentCall]]) -> int:
    """Return how many autosomes have 1.5 or more copies of the major allele on average."""
    sums: dict[str, list[float]] = {}
    for size, item in known:
        total = sums.setdefault(standard(item.segment.contig), [0.0, 0.0])
        total[0] += size * (item.segment.major_cn or 0)
        total[1] += size
    return sum(copies / size >= DOUBLED_MAJOR for copies, size in sums.values())
