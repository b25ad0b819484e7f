"""Heterozygous SNPs of a tumour: which they are, what they cost at each imbalance, estimates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.bins import UsedBins
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.copynumber.segment.result import AlleleNoise, DroppedBins, SnpSummary
from tumorkit.core.imbalance import LossTable, loss_table, overdispersion
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import CopyRatios
from tumorkit.genome.snps import SnpCounts

Rows = NDArray[np.int64]

# Reads of the balanced allele that must be off the middle by so many standard errors before
# mapping is said to favour the reference.
BIASED = 3.0
# A library whose reference share lies farther off holds something else than balanced SNPs.
FARTHEST = 0.1
# Standard deviations by which the normal's alleles are off where a SNP is no plain one.
STRANGE = 3.0
# With fewer SNPs the normal alone tells how they scatter, up to what CNVkit assumes of tumours.
SPARSE, USUAL = 2000, 200.0
# The normal scatters by so much more than the tumour only if the two were swapped.
SWAPPED = 1.5


@dataclass(frozen=True, kw_only=True)
class Alleles:
    """Heterozygous SNPs in the order of the bins they belong to, and what they cost."""

    losses: LossTable
    bin: Rows
    noise: AlleleNoise
    summary: SnpSummary

    @property
    def levels(self) -> NDArray[np.float64]:
        """The major-allele fractions that losses are known at."""
        return self.losses.levels

    def total(self, start: int, end: int) -> NDArray[np.float64]:
        """Return the summed loss at each level of the SNPs of bins ``start`` to ``end``."""
        first, last = np.searchsorted(self.bin, (start, end)).tolist()
        return self.losses.total(first, last)

    def count(self, start: int, end: int) -> int:
        """Return the number of SNPs of bins ``start`` to ``end``, the last left out."""
        first, last = np.searchsorted(self.bin, (start, end)).tolist()
        return int(last - first)

    def by_bin(self, start: int, end: int) -> tuple[Rows, NDArray[np.float64]]:
        """Return for each bin its row, -1 if it has no SNP, and the summed losses of the rows."""
        first, last = np.searchsorted(self.bin, (start, end)).tolist()
        rows = np.full(end - start, -1, dtype=np.int64)
        held, begins = np.unique(self.bin[first:last] - start, return_index=True)
        if len(held) == 0:
            return rows, np.zeros((0, len(self.levels)))
        rows[held] = np.arange(len(held))
        return rows, np.add.reduceat(self.losses.of(slice(first, last)), begins, axis=0)


def heterozygous(
    snps: SnpCounts, params: SegmentParams
) -> tuple[list[tuple[str, NDArray[np.bool_]]], str]:
    """Return reasons against SNPs, with those they hold for, and the rule in words.

    With a normal, its own counts decide: what the tumour has lost does not bias the choice.
    Without one, a SNP whose tumour allele fraction leaves the window is taken for homozygous,
    so that complete loss in a pure tumour is not seen.
    """
    depth = snps.ref + snps.alt
    silent = ("no reads in the tumour", depth <= 0)
    if snps.normal_ref is not None and snps.normal_alt is not None:
        covered = snps.normal_ref + snps.normal_alt
        minor = np.minimum(snps.normal_ref, snps.normal_alt)
        rule = (
            f"normal depth from {params.snp_normal_depth} and both alleles at more than "
            f"{params.snp_normal_fraction:g} of its reads"
        )
        return [
            silent,
            ("normal depth too low", covered < params.snp_normal_depth),
            ("not heterozygous in the normal", minor <= params.snp_normal_fraction * covered),
        ], rule
    minor = np.minimum(snps.ref, snps.alt)
    rule = (
        f"no normal: tumour depth from {params.snp_tumor_depth} and both alleles at more than "
        f"{params.snp_tumor_fraction:g} of its reads"
    )
    return [
        silent,
        ("tumour depth too low", depth < params.snp_tumor_depth),
        ("taken for homozygous", minor <= params.snp_tumor_fraction * depth),
    ], rule


def unbalanced_in_normal(snps: SnpCounts, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which SNPs the normal's reads show out of balance by more than they scatter.

    Paralogues do that: where a copy elsewhere of the genome holds the reference, both normal and
    tumour have too many reads of it, and a run of such SNPs looks like an imbalance.
    """
    if snps.normal_ref is None or snps.normal_alt is None or not chosen.any():
        return np.zeros(len(snps), dtype=np.bool_)
    used = snps.taken(chosen)
    center = reference_share(used)
    ref, depth = snps.normal_ref, snps.normal_ref + snps.normal_alt
    scatter = overdispersion(
        snps.normal_ref[chosen], snps.normal_alt[chosen], center=center, balanced=True
    )
    variance = center * (1 - center) * depth * (1 + (depth - 1) / (scatter + 1))
    return np.asarray((ref - center * depth) ** 2 > STRANGE**2 * variance)


def placed(snps: SnpCounts, ratios: CopyRatios, bins: UsedBins, build: Build | None) -> Rows:
    """Return for each SNP the bin it belongs to: the one it lies in, else the nearest of its arm.

    -1 where the arm has no bin.
    """
    starts, ends = ratios.start[bins.rows], ratios.end[bins.rows]
    names = {standard(name): (first, last) for name, first, last in ratios.runs()}
    place = np.full(len(snps), -1, dtype=np.int64)
    fresh = np.flatnonzero(np.append(True, snps.contig[1:] != snps.contig[:-1]))
    for begin, stop in zip(fresh, np.append(fresh[1:], len(snps)), strict=True):
        name = standard(str(snps.contig[begin]))
        if name not in names or name == "chrM":
            continue
        first, last = np.searchsorted(bins.rows, names[name]).tolist()
        centromere = build.centromeres.get(name) if build else None
        limit = (centromere[0] + centromere[1]) // 2 if centromere else None
        at = snps.position[begin:stop]
        middle = (starts[first:last] + ends[first:last]) // 2
        arm = np.full(len(at), True) if limit is None else at >= limit
        beyond = np.full(len(middle), True) if limit is None else middle >= limit
        for side in (False, True):
            mine = np.flatnonzero(beyond == side) + first
            chosen = np.flatnonzero(arm == side)
            if len(mine) and len(chosen):
                place[begin + chosen] = nearest(at[chosen], starts[mine], ends[mine]) + mine[0]
    return place


def nearest(positions: Rows, starts: Rows, ends: Rows) -> Rows:
    """Return for each position the interval that holds it, else the nearest; the left of two.

    >>> nearest(np.array([0, 15, 24, 99]), np.array([10, 30]), np.array([20, 40])).tolist()
    [0, 0, 0, 1]
    """
    left = np.clip(np.searchsorted(starts, positions, side="right") - 1, 0, len(starts) - 1)
    right = np.minimum(left + 1, len(starts) - 1)
    behind = np.maximum(positions - ends[left] + 1, 0)
    ahead = np.maximum(starts[right] - positions, 0)
    return np.where((behind > ahead) & (right > left), right, left)


def thinned(snps: SnpCounts, keep: NDArray[np.bool_], distance: int) -> NDArray[np.bool_]:
    """Return which kept SNPs lie too close behind another one that is kept."""
    close = np.zeros(len(snps), dtype=np.bool_)
    rows = np.flatnonzero(keep)
    if len(rows) == 0:
        return close
    positions, contigs = snps.position[rows].tolist(), snps.contig[rows]
    fresh = np.append(True, contigs[1:] != contigs[:-1]).tolist()
    last = 0
    for row, position, new in zip(rows.tolist(), positions, fresh, strict=True):
        if not new and position - last < distance:
            close[row] = True
        else:
            last = position
    return close


def prepare_alleles(
    snps: SnpCounts,
    ratios: CopyRatios,
    bins: UsedBins,
    build: Build | None,
    params: SegmentParams,
    noise: AlleleNoise | None = None,
) -> Alleles:
    """Choose heterozygous SNPs, measure their noise, place them and work out their losses."""
    snps = snps.in_order()
    reasons, rule = heterozygous(snps, params)
    place = placed(snps, ratios, bins, build)
    reasons.append(("no bin in its arm", place < 0))
    left = np.ones(len(snps), dtype=np.bool_)
    dropped = []
    for reason, bad in reasons:
        dropped.append(DroppedBins(reason=reason, count=int((left & bad).sum())))
        left &= ~bad
    strange = left & unbalanced_in_normal(snps, left)
    dropped.append(
        DroppedBins(reason="out of balance in the normal, too", count=int(strange.sum()))
    )
    left &= ~strange
    close = thinned(snps, left, params.snp_distance)
    dropped.append(DroppedBins(reason="shares reads with the SNP before", count=int(close.sum())))
    left &= ~close
    used, place = snps.taken(left), place[left]
    order = np.argsort(place, kind="stable")
    used, place = used.taken(order), place[order]
    noise = noise or allele_noise(used)
    losses = loss_table(
        used.ref, used.alt, center=noise.reference_share, concentration=noise.concentration
    )
    summary = SnpSummary(
        given=len(snps),
        used=len(used),
        dropped=tuple(item for item in dropped if item.count),
        matched=snps.matched,
        rule=rule,
        swapped=swapped(used),
    )
    return Alleles(losses=losses, bin=place, noise=noise, summary=summary)


def allele_noise(used: SnpCounts) -> AlleleNoise:
    """Measure how far mapping favours the reference, and by how much SNPs scatter.

    What the normal's SNPs scatter about balance (baits, mapping) the tumour's do at least.
    """
    center = reference_share(used)
    concentration = overdispersion(used.ref, used.alt, center=center)
    if used.normal_ref is not None and used.normal_alt is not None:
        inherited = overdispersion(used.normal_ref, used.normal_alt, center=center, balanced=True)
        if len(used) < SPARSE:
            # Runs of SNPs reach over several segments here, whose steps would pass for scatter.
            concentration = max(concentration, USUAL)
        concentration = min(concentration, inherited)
    return AlleleNoise(reference_share=center, concentration=concentration)


def reference_share(used: SnpCounts) -> float:
    """Return the reference's share of reads at balanced SNPs, .5 unless it clearly differs.

    Measured in the normal; without one as the median of the tumour's SNPs, whose imbalances
    point both ways.
    """
    if len(used) < 100:
        return 0.5
    if used.normal_ref is not None and used.normal_alt is not None:
        ref, depth = used.normal_ref, used.normal_ref + used.normal_alt
    else:
        ref, depth = used.ref, used.ref + used.alt
    shares = ref / np.maximum(depth, 1)
    share = float(np.median(shares))
    error = 1.2533 * float(np.std(shares)) / len(shares) ** 0.5
    if abs(share - 0.5) <= BIASED * error:
        return 0.5
    return min(max(share, 0.5 - FARTHEST), 0.5 + FARTHEST)


def swapped(used: SnpCounts) -> bool:
    """Return whether the normal's alleles are out of balance where the tumour's are not."""
    if used.normal_ref is None or used.normal_alt is None or len(used) < 100:
        return False
    scatter = []
    for ref, alt in ((used.ref, used.alt), (used.normal_ref, used.normal_alt)):
        depth = np.maximum(ref + alt, 1)
        # The mean of squares over their binomial expectation, wild SNPs clipped.
        scatter.append(float(np.minimum((ref - alt) ** 2 / depth, 9).mean()))
    return scatter[1] > SWAPPED * max(scatter[0], 1.0)
