"""Synthetic copy-ratio profiles with their truth, and how breakpoints are matched to it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.build import GRCH38
from tumorkit.genome.contigs import AUTOSOMES
from tumorkit.genome.segment import CopyRatios, Segment
from tumorkit.genome.snps import SnpCounts

BROAD = (1, 1, 2, 2, 2, 3, 3, 4)
FOCAL = (0, 4, 5, 6)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Copy ratios with the truth behind them: the index of each first bin of a new level."""

    ratios: CopyRatios
    truth: NDArray[np.float64]
    points: NDArray[np.int64]


def make_ratios(
    log2_ratio: NDArray[np.float64], contig: NDArray[np.str_], *, bin_size: int = 1000
) -> CopyRatios:
    """Bins side by side from the start of each contig."""
    size = len(log2_ratio)
    fresh = np.append(True, contig[1:] != contig[:-1])
    rank = np.arange(size) - np.maximum.accumulate(np.where(fresh, np.arange(size), 0))
    return CopyRatios(
        contig=contig,
        start=rank * bin_size,
        end=(rank + 1) * bin_size,
        log2_ratio=log2_ratio,
        weight=np.ones(size),
        gene=np.full(size, "-"),
        depth=np.full(size, np.nan),
        target=np.ones(size, dtype=np.bool_),
    )


def chromosomes(size: int) -> NDArray[np.str_]:
    """Contig names of ``size`` bins spread over the autosomes by their lengths."""
    lengths = np.array([GRCH38.lengths[name] for name in AUTOSOMES], dtype=float)
    edges = np.round(np.cumsum(lengths) / lengths.sum() * size).astype(int)
    return np.repeat(np.array(AUTOSOMES), np.diff(edges, prepend=0))


def planted(
    rng: np.random.Generator,
    contig: NDArray[np.str_],
    *,
    broad: int = 76,
    focal: int = 12,
    apart: int = 5,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return copies of each bin and the change-points: broad steps and focal pairs."""
    size = len(contig)
    ends = np.flatnonzero(contig[1:] != contig[:-1]) + 1
    taken = [0, size, *ends.tolist()]
    pairs: list[tuple[int, int]] = []
    while len(pairs) < focal:
        start = int(rng.integers(5, size - 60))
        end = start + int(rng.integers(5, 51))
        if all(
            abs(at - edge) >= 5 and not start < edge < end for edge in taken for at in (start, end)
        ):
            pairs.append((start, end))
            taken += [start, end]
    steps: list[int] = []
    while len(steps) < broad:
        at = int(rng.integers(5, size - 5))
        inside = any(start < at < end for start, end in pairs)
        if not inside and all(abs(at - edge) >= apart for edge in taken):
            steps.append(at)
            taken.append(at)
    copies = np.empty(size, dtype=np.int64)
    edges = sorted({0, size, *ends.tolist(), *steps})
    before = -1
    for start, end in itertools.pairwise(edges):
        before = int(rng.choice([c for c in BROAD if c != before]))
        copies[start:end] = before
    for start, end in pairs:
        copies[start:end] = rng.choice([c for c in FOCAL if c != copies[start]])
    points = np.array(sorted([*steps, *(at for pair in pairs for at in pair)]), dtype=np.int64)
    return copies, points


def expected_log2(copies: NDArray[np.int64], purity: float) -> NDArray[np.float64]:
    expected: NDArray[np.float64] = np.log2((purity * copies + 2 * (1 - purity)) / 2)
    return expected


def easy(seed: int, size: int) -> Profile:
    """Purity .7, Gaussian noise of .2, 100 change-points, 24 of them of focal events."""
    rng = np.random.default_rng(seed)
    contig = chromosomes(size)
    copies, points = planted(rng, contig)
    truth = expected_log2(copies, 0.7)
    noisy = truth + rng.normal(0, 0.2, size)
    return Profile(ratios=make_ratios(noisy, contig), truth=truth, points=points)


def tails_and_wave(
    rng: np.random.Generator, size: int, *, wave_sd: float = 0.05, period: int = 300
) -> NDArray[np.float64]:
    """Noise with four degrees of freedom (sd .25), half a per cent outliers, a slow wave."""
    noise = rng.standard_t(4, size) * 0.25 / np.sqrt(2)
    wild = rng.random(size) < 0.005
    noise[wild] += rng.choice([-1, 1], wild.sum()) * rng.uniform(1, 2, wild.sum())
    wave = np.convolve(rng.normal(size=size), np.hanning(period), mode="same")
    summed: NDArray[np.float64] = noise + wave / wave.std() * wave_sd
    return summed


def hard(seed: int, size: int = 30_000) -> Profile:
    """Purity .5, heavy tails, outliers and a wave; change-points as in :func:`easy`."""
    rng = np.random.default_rng(seed)
    contig = chromosomes(size)
    copies, points = planted(rng, contig)
    truth = expected_log2(copies, 0.5)
    noisy = truth + tails_and_wave(rng, size)
    return Profile(ratios=make_ratios(noisy, contig), truth=truth, points=points)


def null(seed: int, size: int = 30_000, *, wave_sd: float = 0.05, period: int = 300) -> Profile:
    """A genome without events, with the noise of :func:`hard`."""
    rng = np.random.default_rng(seed)
    noisy = tails_and_wave(rng, size, wave_sd=wave_sd, period=period)
    ratios = make_ratios(noisy, chromosomes(size))
    return Profile(ratios=ratios, truth=np.zeros(size), points=np.empty(0, dtype=np.int64))


def breakpoints(segments: tuple[Segment, ...], ratios: CopyRatios) -> NDArray[np.int64]:
    """Return the index of the first bin of each segment that does not start a contig."""
    place = {
        (contig, start): at
        for at, (contig, start) in enumerate(
            zip(ratios.contig.tolist(), ratios.start.tolist(), strict=True)
        )
    }
    found = []
    for left, right in itertools.pairwise(segments):
        if left.contig == right.contig:
            found.append(place[right.contig, right.start])
    return np.array(found, dtype=np.int64)


def f1(found: NDArray[np.int64], truth: NDArray[np.int64], within: int) -> float:
    """Breakpoint F1: one-to-one, nearest pairs first."""
    pairs = sorted(
        (abs(int(a) - int(b)), i, j)
        for i, a in enumerate(found)
        for j, b in enumerate(truth)
        if abs(int(a) - int(b)) <= within
    )
    left: set[int] = set()
    right: set[int] = set()
    for _, i, j in pairs:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
    total = len(found) + len(truth)
    return 1.0 if total == 0 else 2 * len(left) / total


# (copies, copies of the minor allele) of the joint model.
STATES = ((0, 0), (1, 0), (2, 1), (2, 0), (3, 1), (4, 2), (4, 1))


@dataclass(frozen=True, kw_only=True)
class JointProfile:
    """Copy ratios and SNPs with their truth; ``neutral`` marks change-points of BAF alone."""

    ratios: CopyRatios
    snps: SnpCounts
    copies: NDArray[np.int64]
    minor: NDArray[np.int64]
    purity: float
    points: NDArray[np.int64]
    neutral: NDArray[np.int64]


def joint(
    seed: int,
    size: int = 30_000,
    *,
    purity: float = 0.5,
    outliers: bool = False,
    steps: int = 100,
    apart: int = 25,
) -> JointProfile:
    """Purity .5, depth 100, a SNP in 35 % of the bins, changes of copies or of alleles alone.

    Change-points lie ``apart`` bins from each other and from ends of chromosomes; a segment of 25
    bins holds nine SNPs on average, one of five bins too few to tell anything. With
    ``outliers``: half a per cent of wild bins, noise with four degrees of freedom, and 2 %
    of SNPs with an allele fraction that says nothing (wrong genotypes, paralogues).
    """
    rng = np.random.default_rng(seed)
    contig = chromosomes(size)
    _, points = planted(rng, contig, broad=steps, focal=0, apart=apart)
    ends = np.flatnonzero(contig[1:] != contig[:-1]) + 1
    copies, minor = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    state = (2, 1)
    for start, end in itertools.pairwise(sorted({0, size, *ends.tolist(), *points.tolist()})):
        # Half of the changes keep the copies where another allele state has as many.
        same = [s for s in STATES if s[0] == state[0] and s != state]
        other = [s for s in STATES if s[0] != state[0]]
        state = same[0] if same and rng.random() < 0.8 else other[int(rng.integers(len(other)))]
        copies[start:end], minor[start:end] = state
    if outliers:
        noise = rng.standard_t(4, size) * 0.2 / np.sqrt(2)
        wild = rng.random(size) < 0.005
        noise[wild] += rng.choice([-1, 1], wild.sum()) * rng.uniform(1, 2, wild.sum())
    else:
        noise = rng.normal(0, 0.2, size)
    ratios = make_ratios(expected_log2(copies, purity) + noise, contig)
    rows = np.flatnonzero(rng.random(size) < 0.35)
    share = (purity * minor + 1 - purity) / (purity * copies + 2 * (1 - purity))
    share = np.where(rng.random(len(rows)) < 0.5, share[rows], 1 - share[rows])
    if outliers:
        wrong = rng.random(len(rows)) < 0.02
        share[wrong] = rng.random(wrong.sum())
    depth = rng.poisson(100, len(rows))
    alt = rng.binomial(depth, share)
    normal = rng.binomial(60, 0.5, len(rows))
    snps = SnpCounts(
        contig=contig[rows],
        position=ratios.start[rows] + rng.integers(0, 1000, len(rows)),
        ref=depth - alt,
        alt=alt,
        normal_ref=60 - normal,
        normal_alt=normal,
    )
    silent = [at for at in points.tolist() if copies[at] == copies[at - 1]]
    return JointProfile(
        ratios=ratios,
        snps=snps,
        copies=copies,
        minor=minor,
        purity=purity,
        points=points,
        neutral=np.array(silent, dtype=np.int64),
    )
