"""Tumours whose purity and ploidy are known, sequenced in counts of reads."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.imbalance import loss_table
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import Segment
from tumorkit.purity.evidence import Mutation

Values = NDArray[np.float64]
CHROMOSOMES = tuple(f"chr{number}" for number in range(1, 23))


@dataclass(frozen=True)
class Assay:
    """Bins and their noise, SNPs and their depth, mutations that a tumour shows."""

    bins: int
    sd: float
    snps: int
    depth: int
    mutations: int


ASSAYS = {
    # A thousand SNPs, of which a person is heterozygous at two in five.
    "panel": Assay(5_000, 0.20, 400, 300, 8),
    "exome": Assay(20_000, 0.22, 16_000, 90, 60),
    "genome": Assay(50_000, 0.12, 60_000, 40, 300),
}
ABERRANT = {"quiet": (0.005, 0.05), "some": (0.05, 0.20), "many": (0.20, 0.95)}


@dataclass
class Piece:
    """A stretch of the genome: copies of both alleles in the clone, and in a part of it."""

    contig: str
    start: int
    end: int
    clone: tuple[int, int]
    part: tuple[int, int] = (1, 1)
    share: float = 0.0

    def mean(self) -> tuple[float, float]:
        """Return the mean copies of each allele over tumour cells."""
        return (
            (1 - self.share) * self.clone[0] + self.share * self.part[0],
            (1 - self.share) * self.clone[1] + self.share * self.part[1],
        )


@dataclass
class Tumor:
    """A tumour and its truth."""

    purity: float
    doubled: bool
    pieces: list[Piece] = field(default_factory=list)

    @property
    def base(self) -> tuple[int, int]:
        """Copies of the alleles where nothing else happened."""
        return (2, 2) if self.doubled else (1, 1)

    def share(self, kind: str) -> float:
        """Return the share of the genome that is aberrant or has a subclonal change."""
        length = np.array([piece.end - piece.start for piece in self.pieces], dtype=float)
        other = [
            piece.share > 0 if kind == "subclonal" else piece.clone != self.base or piece.share > 0
            for piece in self.pieces
        ]
        return float(length[np.array(other)].sum() / length.sum())

    @property
    def ploidy(self) -> float:
        """Mean copies of the autosomes."""
        length = np.array([piece.end - piece.start for piece in self.pieces], dtype=float)
        return float(np.average([sum(piece.mean()) for piece in self.pieces], weights=length))


def changed(state: tuple[int, int], rng: np.random.Generator) -> tuple[int, int]:
    """Return a state after one event: loss, gain, or loss and gain of one allele each."""
    alleles = list(state)
    which = int(rng.integers(2))
    kind = rng.choice(4, p=[0.40, 0.38, 0.12, 0.10])
    if kind == 0 and alleles[which] > 0:
        alleles[which] -= 1
    elif kind == 1 and alleles[which] > 0:
        alleles[which] += 1
    elif kind == 2 and min(alleles) > 0:
        alleles[which] -= 1
        alleles[1 - which] += 1
    elif alleles[which] > 0:
        alleles[which] += int(rng.integers(2, 4))
    return alleles[0], alleles[1]


def event_span(rng: np.random.Generator) -> tuple[str, int, int]:
    """Return where an event lies: a chromosome, an arm, or a part of one."""
    sizes = np.array([GRCH38.lengths[name] for name in CHROMOSOMES], dtype=float)
    contig = str(rng.choice(CHROMOSOMES, p=sizes / sizes.sum()))
    length = GRCH38.lengths[contig]
    middle = sum(GRCH38.centromeres[contig]) // 2
    kind = rng.choice(3, p=[0.3, 0.35, 0.35])
    if kind == 0:
        return contig, 0, length
    if kind == 1:
        return (contig, 0, middle) if rng.random() < 0.5 else (contig, middle, length)
    size = int(min(10 ** rng.uniform(6.3, 8), length * 0.8))
    start = int(rng.integers(0, length - size))
    return contig, start, start + size


def cut(pieces: list[Piece], contig: str, start: int, end: int) -> list[Piece]:
    """Return pieces that begin and end at the ends of an event."""
    found = []
    for piece in pieces:
        edges = [piece.start, *(e for e in (start, end) if piece.start < e < piece.end), piece.end]
        if piece.contig != contig or len(edges) == 2:
            found.append(piece)
            continue
        found += [
            Piece(piece.contig, a, b, piece.clone, piece.part, piece.share)
            for a, b in itertools.pairwise(edges)
        ]
    return found


def tumor(
    rng: np.random.Generator, aberrant: str = "many", *, purity: float | None = None
) -> Tumor:
    """Return a tumour of a class of aberrance, ploidy 1.6 to 5."""
    low, high = ABERRANT[aberrant]
    while True:
        made = Tumor(purity or float(rng.uniform(0.1, 1.0)), bool(rng.random() < 0.35))
        target = float(rng.uniform(low, high))
        made.pieces = [Piece(name, 0, GRCH38.lengths[name], (1, 1), (1, 1)) for name in CHROMOSOMES]
        if made.doubled:
            evolve(made, rng, target * rng.uniform(0.2, 0.8), (1, 1))
            for piece in made.pieces:
                piece.clone = (2 * piece.clone[0], 2 * piece.clone[1])
        evolve(made, rng, target, made.base)
        for piece in made.pieces:
            if rng.random() < 0.12 and (piece.clone != made.base or aberrant != "quiet"):
                if piece.clone == made.base and rng.random() < 0.6:
                    continue
                piece.part = changed(piece.clone, rng)
                piece.share = float(rng.uniform(0.2, 0.8)) if piece.part != piece.clone else 0.0
        if low <= made.share("aberrant") <= high and 1.6 <= made.ploidy <= 5:
            return made


def evolve(made: Tumor, rng: np.random.Generator, target: float, base: tuple[int, int]) -> None:
    """Let events happen until so much of the genome differs from ``base``."""
    for _ in range(400):
        sizes = np.array([p.end - p.start for p in made.pieces], dtype=float)
        other = np.array([p.clone != base for p in made.pieces])
        if sizes[other].sum() >= target * sizes.sum():
            return
        contig, start, end = event_span(rng)
        if (end - start) / sizes.sum() > 1.5 * target:
            continue
        made.pieces = cut(made.pieces, contig, start, end)
        seed = int(rng.integers(2**31))
        for piece in made.pieces:
            if piece.contig == contig and piece.start >= start and piece.end <= end:
                after = changed(piece.clone, np.random.default_rng(seed))
                if sum(after) > 0 or end - start < 3_000_000:
                    piece.clone = after


@dataclass
class Sample:
    """What sequencing of a tumour yields: segments, deviances of SNPs, mutations.

    ``ccf`` is the true share of tumour cells with each mutation, ``spans`` the piece of each
    segment.
    """

    segments: list[Segment]
    curves: dict[int, Values]
    mutations: list[Mutation]
    ccf: list[float] = field(default_factory=list)
    spans: list[Piece] = field(default_factory=list)


def sequenced(
    made: Tumor,
    assay: Assay,
    rng: np.random.Generator,
    *,
    snps: bool = True,
    wave: float = 0.015,
    mutations: int | None = None,
) -> Sample:
    """Count reads of bins and SNPs of each piece, and of mutations."""
    p = made.purity
    size = sum(piece.end - piece.start for piece in made.pieces)
    levels, spans, counted = [], [], []
    for piece in made.pieces:
        bins = int(rng.poisson(assay.bins * (piece.end - piece.start) / size))
        if bins < 3:
            continue
        first, second = piece.mean()
        ratio = (p * (first + second) + 2 * (1 - p)) / 2
        usual = 1 / max(assay.sd**2 - 0.08**2, 1e-4) / np.log(2) ** 2
        rate = usual * ratio * 2 ** (rng.normal(0, wave) + rng.normal(0, 0.08, bins))
        counts = rng.poisson(rate)
        levels.append(np.log2((counts + 0.5) / usual))
        spans.append(piece)
        counted.append(bins)
    center = np.median(np.concatenate(levels))
    found, curves = [], {}
    for at, (piece, values) in enumerate(zip(spans, levels, strict=True)):
        # Half a read more than counted: so the mean of logarithms is that of the ratio.
        mean = float(np.mean(values) - center)
        error = float(np.std(values)) / len(values) ** 0.5
        number = int(rng.poisson(assay.snps * (piece.end - piece.start) / size)) if snps else 0
        if number:
            curves[at] = snp_curve(piece, p, number, assay.depth, rng)
        found.append(
            Segment(
                contig=piece.contig, start=piece.start, end=piece.end, log2_ratio=mean,
                bins=len(values), log2_low=mean - 1.96 * error, log2_high=mean + 1.96 * error,
                snps=number or None,
            )
        )  # fmt: skip
    wanted = int(rng.poisson(assay.mutations)) if mutations is None else mutations
    called, ccf = somatic(made, assay.depth, wanted, rng)
    return Sample(found, curves, called, ccf, spans)


def snp_curve(
    piece: Piece, purity: float, number: int, depth: int, rng: np.random.Generator
) -> Values:
    """Return the summed deviance of heterozygous SNPs, mapping in favour of the reference."""
    first, second = piece.mean()
    share = (purity * first + 1 - purity) / (purity * (first + second) + 2 * (1 - purity))
    phase = rng.random(number) < 0.5
    own = np.where(phase, share, 1 - share)
    odds = own / (1 - own) * (0.505 / 0.495)
    own = rng.beta(200 * odds / (1 + odds) + 1e-3, 200 / (1 + odds) + 1e-3)
    mean = depth * (purity * (first + second) + 2 * (1 - purity)) / 2
    total = np.maximum(rng.poisson(mean, number), 1)
    ref = rng.binomial(total, own)
    table = loss_table(ref, total - ref, center=0.505, concentration=200.0)
    return table.total(0, number)


def somatic(
    made: Tumor, depth: int, number: int, rng: np.random.Generator
) -> tuple[list[Mutation], list[float]]:
    """Return mutations that a caller would find and their shares of tumour cells.

    Three in ten are subclonal.
    """
    sizes = np.array([piece.end - piece.start for piece in made.pieces], dtype=float)
    found, shares = [], []
    p = made.purity
    for at in rng.choice(len(made.pieces), size=number, p=sizes / sizes.sum()):
        piece = made.pieces[int(at)]
        allele = piece.clone[int(rng.integers(2))]
        if allele == 0:
            continue
        copies = allele if rng.random() < 0.5 else 1
        ccf = 1.0 if rng.random() < 0.7 else float(rng.uniform(0.1, 0.9))
        if ccf < 1:
            copies = 1
        total = sum(piece.mean())
        share = p * copies * ccf / (p * total + 2 * (1 - p))
        reads = int(rng.poisson(depth * (p * total + 2 * (1 - p)) / 2))
        alt = int(rng.binomial(max(reads, 1), min(share, 1.0)))
        if alt >= 4 and alt / reads >= 0.02:
            found.append(
                Mutation(
                    contig=piece.contig,
                    pos=int(rng.integers(piece.start, piece.end)),
                    alt_depth=alt,
                    depth=reads,
                )
            )
            shares.append(ccf)
    return found, shares


def normal(assay: Assay, rng: np.random.Generator, wave: float = 0.015) -> Sample:
    """Return a sample without tumour, in as many pieces as noise may make of it."""
    plain = Tumor(0.5, False)
    plain.pieces = [Piece(name, 0, GRCH38.lengths[name], (1, 1), (1, 1)) for name in CHROMOSOMES]
    for _ in range(int(rng.integers(0, 10))):
        plain.pieces = cut(plain.pieces, *event_span(rng))
    return sequenced(plain, assay, rng, wave=wave, mutations=0)


def diploid(assay: Assay, rng: np.random.Generator) -> tuple[Tumor, Sample]:
    """Return a tumour without any change of copies, but with three or more mutations."""
    made = Tumor(float(rng.uniform(0.3, 1.0)), False)
    made.pieces = [Piece(name, 0, GRCH38.lengths[name], (1, 1), (1, 1)) for name in CHROMOSOMES]
    while True:
        sample = sequenced(made, assay, rng, mutations=int(rng.integers(3, 9)))
        if len(sample.mutations) >= 3:
            return made, sample
