"""Heterozygous SNPs of segments: which they are, what they say, and whether the pair is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.alleles import (
    allele_noise,
    heterozygous,
    swapped,
    thinned,
    unbalanced_in_normal,
)
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.core.imbalance import loss_table
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import Segment
from tumorkit.genome.snps import SnpCounts
from tumorkit.purity.result import PairCheck

Values = NDArray[np.float64]

# Where the normal has only one allele, this share of sites with the other one in the tumour
# is more than mutations and errors can make: another person's DNA.
FOREIGN_SITES = 0.15
FOREIGN_READS, FOREIGN_SHARE, LEAST_SITES = 2, 0.01, 300
HOMOZYGOUS_DEPTH = 20
# Where that many of those sites have the other allele in so many reads, all DNA is another's.
OTHER_SITES, OTHER_READS = 0.1, 0.25
SWAPPED = (
    "alleles are out of balance in the normal, not in the tumour: tumour and normal are swapped"
)
OTHER_PERSON = (
    "{share:.0%} of the sites with one allele in the normal have the other in a quarter of the "
    "tumour's reads or more: tumour and normal are of two persons"
)


@dataclass(frozen=True)
class SegmentAlleles:
    """Summed deviances by row of a segment, SNPs used, notes, and what is known of the pair."""

    curves: dict[int, Values]
    snps: int
    notes: tuple[str, ...]
    doubt: str
    pair: PairCheck


def segment_alleles(
    snps: SnpCounts, segments: Sequence[Segment], params: SegmentParams | None = None
) -> SegmentAlleles:
    """Choose heterozygous SNPs, place them in segments and sum what they say.

    The rules are those of the joint segmentation.
    """
    params = params or SegmentParams()
    snps = snps.in_order()
    reasons, rule = heterozygous(snps, params)
    keep = np.ones(len(snps), dtype=np.bool_)
    for _, bad in reasons:
        keep &= ~bad
    keep &= ~unbalanced_in_normal(snps, keep)
    keep &= ~thinned(snps, keep, params.snp_distance)
    place = places(snps, segments)
    keep &= place >= 0
    used, where = snps.taken(keep), place[keep]
    foreign, other = foreign_share(snps), foreign_share(snps, OTHER_READS)
    pair = PairCheck(
        foreign=foreign, foreign_limit=FOREIGN_SITES, other=other, other_limit=OTHER_SITES
    )
    if len(used) == 0:
        note = f"no heterozygous SNP of {len(snps)} lies in a segment ({rule})"
        return SegmentAlleles({}, 0, (note,), "", pair)
    noise = allele_noise(used)
    order = np.argsort(where, kind="stable")
    used, where = used.taken(order), where[order]
    table = loss_table(
        used.ref, used.alt, center=noise.reference_share, concentration=noise.concentration
    )
    rows = np.unique(where).tolist()
    edges = np.searchsorted(where, [*rows, rows[-1] + 1]).tolist()
    curves = {
        row: table.total(first, last)
        for row, first, last in zip(rows, edges[:-1], edges[1:], strict=True)
    }
    notes = [f"{len(used)} heterozygous SNPs of {len(snps)} ({rule})"]
    doubt = SWAPPED if swapped(used) else ""
    if other is not None and other > OTHER_SITES:
        doubt = doubt or OTHER_PERSON.format(share=other)
    elif foreign is not None and foreign > FOREIGN_SITES:
        notes.append(
            f"{foreign:.0%} of the sites with one allele in the normal have the other in the "
            "tumour: DNA of another person; allele fractions are off by as much"
        )
    return SegmentAlleles(curves, len(used), tuple(notes), doubt, pair)


def places(snps: SnpCounts, segments: Sequence[Segment]) -> NDArray[np.int64]:
    """Return the row of the segment that holds each SNP, -1 where none does."""
    spans: dict[str, list[int]] = {}
    for row, item in enumerate(segments):
        spans.setdefault(standard(item.contig), []).append(row)
    place = np.full(len(snps), -1, dtype=np.int64)
    fresh = np.flatnonzero(np.append(True, snps.contig[1:] != snps.contig[:-1]))
    for begin, stop in zip(fresh, np.append(fresh[1:], len(snps)), strict=True):
        there = spans.get(standard(str(snps.contig[begin])), [])
        own = np.array(sorted(there, key=lambda row: segments[row].start), dtype=np.int64)
        if len(own) == 0:
            continue
        starts = np.array([segments[row].start for row in own])
        ends = np.array([segments[row].end for row in own])
        at = np.searchsorted(starts, snps.position[begin:stop], side="right") - 1
        held = (at >= 0) & (snps.position[begin:stop] < ends[np.maximum(at, 0)])
        place[begin:stop] = np.where(held, own[np.maximum(at, 0)], -1)
    return place


def foreign_share(snps: SnpCounts, least: float = FOREIGN_SHARE) -> float | None:
    """Return at which share of the normal's homozygous sites the tumour has the other allele.

    In ``least`` of its reads or more. None where too few sites tell.
    """
    if snps.normal_ref is None or snps.normal_alt is None:
        return None
    normal = np.stack([snps.normal_ref, snps.normal_alt])
    tumor = np.stack([snps.ref, snps.alt])
    covered = (normal.sum(axis=0) >= HOMOZYGOUS_DEPTH) & (normal.min(axis=0) == 0)
    covered &= tumor.sum(axis=0) >= HOMOZYGOUS_DEPTH
    if covered.sum() < LEAST_SITES:
        return None
    absent = normal[:, covered].argmin(axis=0)
    reads = tumor[:, covered][absent, np.arange(int(covered.sum()))]
    depth = tumor[:, covered].sum(axis=0)
    return float(((reads >= FOREIGN_READS) & (reads >= least * depth)).mean())
