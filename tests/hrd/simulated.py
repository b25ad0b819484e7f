"""Genomes with and without failed homologous recombination, sequenced on a panel's markers.

A genome gathers whole-chromosome, arm and interstitial events, of which failed recombination makes
many of 3 to 60 Mb; half of the genomes double in between. The truth is the count of scars on its
own pieces, every base known. A panel sees bins of depth and heterozygous SNPs at random places;
what it sees is segmented and fitted by the real code, nothing of the truth is passed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tests.purity.simulated import Piece, changed, cut
from tumorkit.copynumber.segment import SegmentParams, segment
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import CopyRatios, Segment
from tumorkit.genome.snps import SnpCounts
from tumorkit.hrd import find_scars, pieces_of, stretches_of
from tumorkit.hrd.states import FittedPurity
from tumorkit.purity import fit_purity

CHROMOSOMES = tuple(f"chr{number}" for number in range(1, 23))
LENGTHS = np.array([GRCH38.lengths[name] for name in CHROMOSOMES], dtype=float)
SHORT_ARMS = ("chr13", "chr14", "chr15", "chr21", "chr22")


@dataclass(frozen=True)
class Panel:
    """Bins with their noise, heterozygous SNPs with their depth."""

    bins: int
    sd: float
    snps: int
    depth: int


PANELS = {
    # A backbone of ten thousand SNPs, of which a person is heterozygous at two in five.
    "backbone": Panel(12_000, 0.20, 4_000, 300),
    # Three to five thousand SNPs beside genes.
    "middling": Panel(10_000, 0.20, 1_800, 300),
    "thin": Panel(8_000, 0.20, 1_000, 300),
    # A genes' panel with a thousand SNPs.
    "sparse": Panel(6_000, 0.20, 400, 300),
    "exome": Panel(25_000, 0.22, 16_000, 90),
}


@dataclass
class Genome:
    """Pieces of a tumour's genome and what is true of it."""

    pieces: list[Piece]
    doubled: bool

    def segments(self) -> list[Segment]:
        """Return the truth as segments; where no assay has markers there is nothing.

        That is the inside of centromeres, unless a piece spans it, and the short arms of ribosomal
        DNA.
        """
        found = []
        for piece in self.pieces:
            low, high = GRCH38.centromeres[piece.contig]
            start, end = piece.start, piece.end
            if piece.contig in SHORT_ARMS:
                low = 0
            start = high + 1 if low <= start <= high else start
            end = low - 1 if low <= end <= high else end
            if end <= start:
                continue
            found.append(
                Segment(
                    contig=piece.contig, start=start, end=end, log2_ratio=0.0, bins=1,
                    copy_number=float(sum(piece.clone)), major_cn=max(piece.clone),
                    minor_cn=min(piece.clone),
                )
            )  # fmt: skip
        return found

    def scars(self) -> dict[str, int]:
        """Return the true counts."""
        found = find_scars(pieces_of(stretches_of(self.segments())), GRCH38.centromeres)
        counts = {kind: sum(scar.kind == kind for scar in found) for kind in ("LOH", "TAI", "LST")}
        return {**counts, "sum": len(found)}


def span(rng: np.random.Generator, low: float, high: float) -> tuple[str, int, int]:
    """Return where an interstitial or terminal event lies, log-uniform in length."""
    contig = str(rng.choice(CHROMOSOMES, p=LENGTHS / LENGTHS.sum()))
    length = GRCH38.lengths[contig]
    size = int(min(np.exp(rng.uniform(np.log(low), np.log(high))), length * 0.8))
    if rng.random() < 0.35:
        return (contig, 0, size) if rng.random() < 0.5 else (contig, length - size, length)
    start = int(rng.integers(0, length - size))
    return contig, start, start + size


def arm(rng: np.random.Generator) -> tuple[str, int, int]:
    """Return an arm or a chromosome."""
    contig = str(rng.choice(CHROMOSOMES))
    length, middle = GRCH38.lengths[contig], sum(GRCH38.centromeres[contig]) // 2
    return [(contig, 0, length), (contig, 0, middle), (contig, middle, length)][rng.integers(3)]


def happened(pieces: list[Piece], event: tuple[str, int, int], seed: int) -> list[Piece]:
    """Return pieces after one event, the same for all of them."""
    contig, start, end = event
    pieces = cut(pieces, contig, start, end)
    for piece in pieces:
        if piece.contig == contig and piece.start >= start and piece.end <= end:
            after = changed(piece.clone, np.random.default_rng(seed))
            if sum(after) > 0 or end - start < 3_000_000:
                piece.clone = after
    return pieces


def genome(rng: np.random.Generator, kind: str) -> Genome:
    """Return a genome: ``high`` with 25 to 90 events of 3 to 60 Mb, ``low`` with 0 to 12."""
    pieces = [Piece(name, 0, GRCH38.lengths[name], (1, 1)) for name in CHROMOSOMES]
    doubled = bool(rng.random() < 0.4)
    arms = int(rng.integers(2, 14))
    events = int(rng.integers(25, 90)) if kind == "high" else int(rng.integers(0, 12))
    plan = [arm(rng) for _ in range(arms)]
    plan += [span(rng, 3e6, 60e6) for _ in range(events)]
    plan += [span(rng, 2e5, 3e6) for _ in range(int(rng.integers(0, 20)))]
    order = rng.permutation(len(plan)).tolist()
    half = int(rng.uniform(0.3, 0.9) * len(order)) if doubled else len(order) + 1
    for at, number in enumerate(order):
        if at == half:
            for piece in pieces:
                piece.clone = (2 * piece.clone[0], 2 * piece.clone[1])
        pieces = happened(pieces, plan[number], int(rng.integers(2**31)))
    return Genome(pieces, doubled)


def sequenced(
    made: Genome, panel: Panel, purity: float, rng: np.random.Generator
) -> tuple[CopyRatios, SnpCounts]:
    """Count a panel's reads in bins and at heterozygous SNPs of tumour and normal."""
    chosen: dict[str, list[np.ndarray]] = {"bins": [], "snps": []}
    contigs: dict[str, list[np.ndarray]] = {"bins": [], "snps": []}
    for name, length in zip(CHROMOSOMES, LENGTHS, strict=True):
        low, high = GRCH38.centromeres[name]
        for kind, number in (("bins", panel.bins), ("snps", panel.snps)):
            places = np.sort(rng.integers(0, int(length), int(number * length / LENGTHS.sum())))
            away = (places < low) | (places > high)
            if name in SHORT_ARMS:
                away &= places > high
            chosen[kind].append(places[away])
            contigs[kind].append(np.full(int(away.sum()), name))
    start = np.concatenate(chosen["bins"])
    contig = np.concatenate(contigs["bins"])
    major, minor = copies_at(made.pieces, contig, start)
    ratio = (purity * (major + minor) + 2 * (1 - purity)) / 2
    log2 = np.log2(np.maximum(ratio, 0.03)) + rng.normal(0, panel.sd, len(start))
    log2 -= np.median(log2)
    size = len(start)
    ratios = CopyRatios(
        contig=contig, start=start, end=start + 200, log2_ratio=log2, weight=np.ones(size),
        gene=np.full(size, "-"), depth=np.full(size, float(panel.depth)),
        target=np.ones(size, dtype=bool),
    )  # fmt: skip
    place = np.concatenate(chosen["snps"])
    where = np.concatenate(contigs["snps"])
    major, minor = copies_at(made.pieces, where, place)
    total = purity * (major + minor) + 2 * (1 - purity)
    share = (purity * np.where(rng.random(len(place)) < 0.5, major, minor) + 1 - purity) / total
    odds = share / (1 - share) * (0.505 / 0.495)
    own = rng.beta(200 * odds / (1 + odds) + 1e-3, 200 / (1 + odds) + 1e-3)
    depth = np.maximum(rng.poisson(panel.depth * total / 2), 1)
    ref = rng.binomial(depth, own)
    normal = np.maximum(rng.poisson(panel.depth, len(place)), 20)
    normal_ref = rng.binomial(normal, 0.505)
    snps = SnpCounts(
        contig=where, position=place, ref=ref, alt=depth - ref, normal_ref=normal_ref,
        normal_alt=normal - normal_ref,
    )  # fmt: skip
    return ratios, snps


def copies_at(
    pieces: Iterable[Piece], contig: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the copies of both alleles at places."""
    first, second = np.ones(len(place)), np.ones(len(place))
    for piece in pieces:
        inside = (contig == piece.contig) & (place >= piece.start) & (place < piece.end)
        first[inside], second[inside] = piece.clone
    return first, second


def measured(ratios: CopyRatios, snps: SnpCounts) -> tuple[list[Segment], FittedPurity]:
    """Segment a sample and fit its purity, as a user would."""
    found = segment(ratios, SegmentParams(), build=GRCH38, snps=snps)
    fit = fit_purity(list(found.segments), build=GRCH38, fractions=False)
    return list(found.segments), FittedPurity.of(fit)
