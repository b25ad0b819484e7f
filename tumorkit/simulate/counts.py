"""Counts and segments of a case without any read: fast enough for thousands of cases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.build import GRCH38
from tumorkit.genome.contigs import AUTOSOMES
from tumorkit.genome.segment import CopyRatios
from tumorkit.simulate.copy_number import draw_segments, mean_copies
from tumorkit.simulate.nouns import TrueSegment
from tumorkit.simulate.panel import lay_out
from tumorkit.simulate.params import SimulateParams

BIN = 600
NOISE_SD = 0.12  # of a bin's log2 ratio, beside counting
OVERDISPERSION = 0.002  # of allele counts, beta-binomial rho
CONTIGS = (*AUTOSOMES, "chrX")


@dataclass(frozen=True, kw_only=True)
class Sites:
    """Fixed places of a panel: bins, and SNPs with their population frequency."""

    contig: NDArray[np.str_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    gene: NDArray[np.str_]
    linear: NDArray[np.int64]
    snp_contig: NDArray[np.str_]
    snp_pos: NDArray[np.int64]
    snp_linear: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class AlleleTable:
    """Alleles at sites as columns of equal length; ``pos`` is 1-based.

    Germline SNPs have ``multiplicity`` and ``ccf`` NaN. ``expected`` is the expected fraction,
    ``major_cn``, ``minor_cn`` the true copies there.
    """

    contig: NDArray[np.str_]
    pos: NDArray[np.int64]
    depth: NDArray[np.int64]
    alt_depth: NDArray[np.int64]
    normal_depth: NDArray[np.int64]
    normal_alt_depth: NDArray[np.int64]
    expected: NDArray[np.float64]
    major_cn: NDArray[np.int64]
    minor_cn: NDArray[np.int64]
    multiplicity: NDArray[np.float64]
    ccf: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.pos)


@dataclass(frozen=True, kw_only=True)
class SimulatedCounts:
    """One case at the level of counts, with its truth.

    ``snps`` are heterozygous in the normal; ``bin_segment`` says which true segment a bin is in.
    """

    ratios: CopyRatios
    segments: tuple[TrueSegment, ...]
    bin_segment: NDArray[np.int64]
    snps: AlleleTable
    somatic: AlleleTable
    purity: float
    ploidy: float


@lru_cache(maxsize=8)
def sites_of(seed: int, genes: int, coding_kb: float, backbone_snps: int) -> Sites:
    """Return bins and SNP sites of a panel (one SNP per kilobase of exon beside the backbone)."""
    panel = lay_out(
        SimulateParams(
            seed=seed, genes=genes, coding_kb=coding_kb, backbone_snps=backbone_snps, msi_targets=0
        )
    )
    rows: list[tuple[str, int, int, str]] = []
    snps: list[tuple[str, int]] = []
    for target in panel.targets:
        count = max(1, round((target.end - target.start) / BIN))
        edges = np.linspace(target.start, target.end, count + 1).astype(int).tolist()
        rows += [(target.contig, a, b, target.gene) for a, b in pairwise(edges)]
        steps = 1 if target.kind == "snp" else (target.end - target.start) // 1000
        snps += [
            (target.contig, target.start + (i + 1) * (target.end - target.start) // (steps + 1))
            for i in range(steps)
        ]
    offset = offsets()
    return Sites(
        contig=np.array([r[0] for r in rows]),
        start=np.array([r[1] for r in rows], dtype=np.int64),
        end=np.array([r[2] for r in rows], dtype=np.int64),
        gene=np.array([r[3] for r in rows]),
        linear=np.array([offset[r[0]] + (r[1] + r[2]) // 2 for r in rows], dtype=np.int64),
        snp_contig=np.array([s[0] for s in snps]),
        snp_pos=np.array([s[1] + 1 for s in snps], dtype=np.int64),
        snp_linear=np.array([offset[s[0]] + s[1] for s in snps], dtype=np.int64),
    )


def offsets() -> dict[str, int]:
    """Return where each contig begins if all stand one behind the other."""
    made, at = {}, 0
    for contig in CONTIGS:
        made[contig] = at
        at += GRCH38.lengths[contig]
    return made


def simulate_counts(params: SimulateParams, rng: np.random.Generator) -> SimulatedCounts:
    """Draw one case at the level of counts: copy ratios, SNP counts, somatic counts.

    The panel follows ``params`` (its places do not depend on ``rng``); purity, ploidy, depths,
    numbers of variants and cell fractions are those of ``params``; no exon is deleted.
    ``log2_ratio`` is 0 at the tumour's mean genome, with Poisson and extra noise; allele counts
    are beta-binomial.

    >>> case = simulate_counts(SimulateParams(genes=20, coding_kb=50), np.random.default_rng(1))
    >>> len(case.ratios) == case.bin_segment.size, bool(case.snps.alt_depth.max() > 0)
    (True, True)
    """
    sites = sites_of(params.seed, params.genes, params.coding_kb, params.backbone_snps)
    segments = draw_segments(rng, ploidy=params.ploidy, sex=params.sex, doubled=params.doubled)
    ploidy = mean_copies(segments)
    offset = offsets()
    starts = np.array([offset[s.contig] + s.start for s in segments], dtype=np.int64)
    truth = Truth(
        first=np.array([s.copies(0) for s in segments]),
        second=np.array([s.copies(1) for s in segments]),
        normal=np.array([s.normal_cn for s in segments]),
    )
    bins = np.searchsorted(starts, sites.linear, side="right") - 1
    snp_segment = np.searchsorted(starts, sites.snp_linear, side="right") - 1
    return SimulatedCounts(
        ratios=draw_ratios(params, rng, sites, truth, bins, ploidy),
        segments=segments,
        bin_segment=bins,
        snps=draw_snps(params, rng, sites, truth, snp_segment, ploidy),
        somatic=draw_mutations(params, rng, sites, truth, bins, ploidy),
        purity=params.purity,
        ploidy=ploidy,
    )


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Copies of either haplotype and of normal cells, per segment."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    normal: NDArray[np.int64]

    def relative(
        self, which: NDArray[np.int64], purity: float, ploidy: float
    ) -> NDArray[np.float64]:
        """Return depth over the depth of the mean genome."""
        total = self.first[which] + self.second[which]
        mixed = purity * total + self.normal[which] * (1 - purity)
        return np.asarray(mixed / (purity * ploidy + 2 * (1 - purity)), dtype=np.float64)


def draw_ratios(
    params: SimulateParams,
    rng: np.random.Generator,
    sites: Sites,
    truth: Truth,
    which: NDArray[np.int64],
    ploidy: float,
) -> CopyRatios:
    """Draw the copy ratio of every bin against the matched normal."""
    size = (sites.end - sites.start + params.fragment_length) / params.fragment_length
    efficiency = np.exp(rng.normal(0, 0.2, which.size))
    expected = params.depth * efficiency * truth.relative(which, params.purity, ploidy)
    background = params.normal_depth * efficiency * truth.normal[which] / 2
    tumor = rng.poisson(expected * size) / size
    normal = np.maximum(rng.poisson(background * size), 1) / size
    ratio = (tumor / params.depth) / (normal / params.normal_depth)
    noise = rng.normal(0, NOISE_SD, which.size)
    with np.errstate(divide="ignore"):
        log2 = np.where(ratio > 0, np.log2(ratio) + noise, np.nan)
    precision = size * background * expected / (background + expected)
    return CopyRatios(
        contig=sites.contig,
        start=sites.start,
        end=sites.end,
        log2_ratio=log2,
        weight=precision / precision.max(),
        gene=sites.gene,
        depth=tumor,
        target=np.ones(which.size, dtype=np.bool_),
    )


def draw_snps(
    params: SimulateParams,
    rng: np.random.Generator,
    sites: Sites,
    truth: Truth,
    which: NDArray[np.int64],
    ploidy: float,
) -> AlleleTable:
    """Draw the heterozygous SNPs of this person and their counts in both samples."""
    frequency = rng.uniform(0.25, 0.5, which.size)
    het = (rng.random(which.size) < 2 * frequency * (1 - frequency)) & (truth.normal[which] == 2)
    place = np.flatnonzero(het)
    which = which[place]
    p = params.purity
    alt_second = rng.random(place.size) < 0.5
    alt = np.where(alt_second, truth.second[which], truth.first[which])
    total = truth.first[which] + truth.second[which]
    copies = p * total + 2 * (1 - p)
    # A pure tumour that lost both copies has no reads; any fraction describes them.
    expected = np.divide(p * alt + (1 - p), copies, out=np.full(place.size, 0.5), where=copies > 0)
    depth = rng.poisson(params.depth * truth.relative(which, p, ploidy))
    normal_depth = rng.poisson(params.normal_depth, place.size)
    nothing = np.full(place.size, np.nan)
    return AlleleTable(
        contig=sites.snp_contig[place],
        pos=sites.snp_pos[place],
        depth=depth,
        alt_depth=draw_alt(rng, depth, expected),
        normal_depth=normal_depth,
        normal_alt_depth=draw_alt(rng, normal_depth, np.full(place.size, 0.5)),
        expected=expected,
        major_cn=np.maximum(truth.first, truth.second)[which],
        minor_cn=np.minimum(truth.first, truth.second)[which],
        multiplicity=nothing,
        ccf=nothing,
    )


def draw_alt(
    rng: np.random.Generator, depth: NDArray[np.int64], expected: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Draw beta-binomial counts around an expected fraction."""
    inside = np.clip(expected, 1e-6, 1 - 1e-6)
    strength = 1 / OVERDISPERSION - 1
    fraction = rng.beta(inside * strength, (1 - inside) * strength)
    fraction = np.where((expected <= 0) | (expected >= 1), expected, fraction)
    return np.asarray(rng.binomial(depth, fraction), dtype=np.int64)


def draw_mutations(
    params: SimulateParams,
    rng: np.random.Generator,
    sites: Sites,
    truth: Truth,
    bins: NDArray[np.int64],
    ploidy: float,
) -> AlleleTable:
    """Draw somatic variants in bins that still have a copy, and their counts."""
    total_of = truth.first + truth.second
    candidates = np.flatnonzero(total_of[bins] > 0)
    count = params.snvs + params.indels
    chosen = rng.choice(candidates, size=count)
    which = bins[chosen]
    total = total_of[which]
    second = rng.random(count) < truth.second[which] / total
    copies = np.where(second, truth.second[which], truth.first[which])
    subclonal = rng.random(count) < params.subclonal_fraction
    early = (rng.random(count) < 0.4) & ~subclonal
    multiplicity = np.where(early, copies, 1)
    ccf = np.where(subclonal, params.subclone_ccf, 1.0)
    p = params.purity
    expected = p * multiplicity * ccf / (p * total + truth.normal[which] * (1 - p))
    depth = rng.poisson(params.depth * truth.relative(which, p, ploidy))
    pos = sites.start[chosen] + 1 + rng.integers(0, sites.end[chosen] - sites.start[chosen])
    normal_depth = rng.poisson(params.normal_depth * truth.normal[which] / 2)
    return AlleleTable(
        contig=sites.contig[chosen],
        pos=pos,
        depth=depth,
        alt_depth=draw_alt(rng, depth, expected),
        normal_depth=normal_depth,
        normal_alt_depth=np.asarray(rng.binomial(normal_depth, params.error_rate), dtype=np.int64),
        expected=expected,
        major_cn=np.maximum(truth.first, truth.second)[which],
        minor_cn=np.minimum(truth.first, truth.second)[which],
        multiplicity=multiplicity.astype(np.float64),
        ccf=ccf,
    )
