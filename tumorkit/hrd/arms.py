"""Chromosome arms: whether their markers suffice, and which losses of an allele span them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tumorkit.genome.build import Build
from tumorkit.genome.contigs import AUTOSOMES, standard
from tumorkit.genome.segment import Segment
from tumorkit.hrd.params import HrdParams
from tumorkit.hrd.result import ArmEvidence
from tumorkit.hrd.scars import Scar, Stretch, alleles_of

# Short arms of ribosomal DNA and satellites: no assay has markers there, none is expected.
ACROCENTRIC = frozenset(("chr13", "chr14", "chr15", "chr21", "chr22"))


def arm_spans(build: Build) -> list[tuple[str, str, int, int]]:
    """Return the arms of the autosomes that can have markers: contig, arm, start, end.

    >>> from tumorkit.genome.build import GRCH38
    >>> len(arm_spans(GRCH38))
    39
    """
    found = []
    for name in AUTOSOMES:
        start, end = build.centromeres[name]
        if name not in ACROCENTRIC:
            found.append((name, "p", 0, start))
        found.append((name, "q", end, build.lengths[name]))
    return found


def arm_evidence(
    segments: Sequence[Segment], build: Build, params: HrdParams
) -> tuple[ArmEvidence, ...]:
    """Return what is known of every arm.

    SNPs and bins of a segment over the centromere are shared out by length; where no segment of
    the file has any, nothing is asked of them.
    """
    snps_told = any(item.snps is not None for item in segments)
    bins_told = any(item.bins for item in segments)
    by_contig: dict[str, list[Segment]] = {}
    for item in segments:
        by_contig.setdefault(standard(item.contig), []).append(item)
    found = []
    for name, arm, start, end in arm_spans(build):
        covered = known = 0
        snps = bins = 0.0
        for item in by_contig.get(name, ()):
            shared = min(item.end, end) - max(item.start, start)
            if shared <= 0:
                continue
            part = shared / (item.end - item.start)
            covered += shared
            copies = alleles_of(item)
            known += shared if copies is not None and copies[1] is not None else 0
            snps += part * (item.snps or 0)
            bins += part * item.bins
        reason = doubt(
            known,
            end - start,
            snps if snps_told else None,
            bins if bins_told else None,
            params,
        )
        found.append(
            ArmEvidence(
                contig=name, arm=arm, start=start, length=end - start, covered=covered, known=known,
                snps=snps if snps_told else None, bins=bins if bins_told else None,
                evaluable=not reason, reason=reason,
            )
        )  # fmt: skip
    return tuple(found)


def doubt(
    known: int, length: int, snps: float | None, bins: float | None, params: HrdParams
) -> str:
    """Return why an arm is not evaluable, empty if it is; a peer's rule judges every arm."""
    if params.compat:
        return ""
    share = known / length
    if share < 1 - params.max_unknown:
        return f"alleles known in {share:.0%} of the arm, {1 - params.max_unknown:.0%} are needed"
    needed = max(float(params.min_arm_snps), length / 1e6 / params.max_snp_spacing)
    if snps is not None and snps < needed:
        return f"{snps:.0f} heterozygous SNPs, {needed:.0f} are needed"
    if bins is not None and bins < params.min_arm_bins:
        return f"{bins:.0f} bins, {params.min_arm_bins} are needed"
    return ""


def snp_spacing(segments: Iterable[Segment]) -> float | None:
    """Return the mean distance of heterozygous SNPs, None where nobody counted them."""
    size = snps = 0
    for item in segments:
        size += item.end - item.start
        snps += item.snps or 0
    return size / snps if snps else None


def evaluable_share(arms: Iterable[ArmEvidence]) -> float:
    """Return the share of the autosomes' arms, by length, that is evaluable."""
    listed = list(arms)
    return sum(a.length for a in listed if a.evaluable) / sum(a.length for a in listed)


def closed_arms(arms: Iterable[ArmEvidence]) -> frozenset[tuple[str, str]]:
    """Return the arms that are not evaluable."""
    return frozenset((item.contig, item.arm) for item in arms if not item.evaluable)


def is_counted(scar: Scar, closed: frozenset[tuple[str, str]]) -> bool:
    """Whether a scar lies on an evaluable arm; over the centromere one such arm is enough."""
    return any((scar.contig, arm) not in closed for arm in scar.arm)


def loh_share(
    stretches: Iterable[Stretch], build: Build, arm_wide: float
) -> tuple[float | None, float]:
    """Return the percent of the genome in LOH, and the percent left out as arm-wide.

    Losses that make up ``arm_wide`` or more of a chromosome's bases of known alleles are left out,
    then those of an arm's; the rest is divided by all such bases of the autosomes.
    """
    sizes: dict[str, list[int]] = {}
    for contig, start, end, major, minor, _, _ in stretches:
        if minor is None:
            continue
        low, high = build.centromeres[contig]
        cut = min(max((low + high) // 2, start), end)
        own = sizes.setdefault(contig, [0, 0, 0, 0])
        own[0] += cut - start
        own[1] += end - cut
        if minor == 0 and major != 0:
            own[2] += cut - start
            own[3] += end - cut
    total = counted = wide = 0
    for p_size, q_size, p_lost, q_lost in sizes.values():
        total += p_size + q_size
        if p_lost + q_lost >= arm_wide * (p_size + q_size):
            wide += p_lost + q_lost
            continue
        for size, lost in ((p_size, p_lost), (q_size, q_lost)):
            if lost >= arm_wide * size:
                wide += lost
            else:
                counted += lost
    if not total:
        return None, 0.0
    return 100 * counted / total, 100 * wide / total
