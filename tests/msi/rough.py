"""Panels of microsatellites drawn by rules that are not the model's, one hardship at a time.

The model thinks that stutter grows with a power of the length, steps geometrically and alike at all
sites, and that a site's shift is one profile in one fraction. Here stutter is logistic in the
length, each site has its own step sizes, jackpots of amplification make read shares differ by more
than chance, a site may carry several clones with different shifts, and another person's DNA may be
among the reads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.msi.simulated import GAIN, Drawn
from tumorkit.genome.repeat import Repeat
from tumorkit.msi.sites import site_lengths

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Rough:
    """A tumour of ``purity`` with a share ``unstable`` of its sites shifted.

    ``stutter`` multiplies the chance of a wrong length, ``down`` of it are losses; ``wobble`` is
    the log spread of stutter between sites and ``depth_wobble`` that of depth. ``jackpot`` is the
    overdispersion of read shares. Shifts are of 1 to ``longest`` units, by 1 to ``clones`` clones.
    ``foreign`` is the share of another person's reads, ``long`` the share of sites of 20 to 40
    units, ``heterozygous`` and ``other`` those with two germline lengths or one that is not the
    reference's.
    """

    sites: int = 400
    depth: float = 800
    normal_depth: float = 0
    purity: float = 0.2
    unstable: float = 0.3
    one_allele: bool = False
    stutter: float = 1.0
    down: float = 0.8
    wobble: float = 0.25
    depth_wobble: float = 0.4
    jackpot: float = 0.0005
    longest: int = 6
    clones: int = 2
    foreign: float = 0.0
    long: float = 0.03
    heterozygous: float = 0.05
    other: float = 0.03


def step_shares(rate: float, tail: float, down: float) -> tuple[NDArray[np.int64], Floats]:
    """Read steps against the true length: chance ``rate`` of any, each further one by ``tail``."""
    sizes = np.arange(1, 7)
    fall = (1 - tail) * tail ** (sizes - 1)
    fall /= fall.sum()
    steps = np.concatenate([-sizes, [0], sizes])
    return steps, np.concatenate([rate * down * fall, [1 - rate], rate * (1 - down) * fall])


def wrong_length(length: int, unit: int, case: Rough) -> float:
    """Chance of a wrong length: logistic, near the published simulations' between 8 and 14 units.

    Longer units stutter less, each in its own way.
    """
    odds = np.exp(-4.35 + 0.36 * (min(length, 30) - 8))
    return float(min(case.stutter * {1: 1.0, 2: 0.45, 3: 0.25}.get(unit, 0.15) * odds / (1 + odds),
                     0.6))  # fmt: skip


def alleles_of(rng: np.random.Generator, repeats: int, case: Rough) -> list[int]:
    """Two germline lengths of one person."""
    near = int(rng.choice([-3, -2, -1, 1, 2, 3], p=[0.05, 0.15, 0.35, 0.3, 0.1, 0.05]))
    draw = rng.random()
    if draw < case.heterozygous:
        return [repeats, max(repeats + near, 2)]
    if draw < case.heterozygous + case.other:
        return [max(repeats + near, 2)] * 2
    return [repeats, repeats]


def mixture_of(
    rng: np.random.Generator, alleles: list[int], shifted: bool, case: Rough
) -> list[tuple[float, int]]:
    """Shares of DNA molecules by length: normal cells, clones of the tumour."""
    parts = [((1 - case.purity) / 2, length) for length in alleles]
    if not shifted:
        return parts + [(case.purity / 2, length) for length in alleles]
    clones = int(rng.integers(1, case.clones + 1))
    sizes = rng.dirichlet(np.full(clones, 3.0))
    for number, size in enumerate(sizes.tolist()):
        for side, length in enumerate(alleles):
            longest = max(1, min(case.longest, length - 5 if length > 8 else 2))
            step = int(rng.integers(1, longest + 1))
            gain = rng.random() < 0.12
            moved = length + 1 if gain else max(length - step, 1)
            stays = case.one_allele and side == number % 2
            parts.append((case.purity * size / 2, length if stays else moved))
    return parts


def reads_of(
    rng: np.random.Generator,
    parts: list[tuple[float, int]],
    depth: int,
    noise: tuple[float, float],
    unit: int,
    room: int,
    case: Rough,
) -> NDArray[np.int64]:
    """Reads by length of one site in one library."""
    share = np.zeros(room)
    for weight, length in parts:
        rate = min(noise[0] * wrong_length(length, unit, case), 0.7)
        steps, chances = step_shares(rate, noise[1], case.down)
        np.add.at(share, np.clip(length + steps, 0, room - 1), weight * chances)
    share = share / share.sum()
    if case.jackpot:
        mass = rng.gamma(share * (1 / case.jackpot - 1) + 1e-12)
        share = mass / mass.sum()
    return np.asarray(rng.multinomial(depth, share), dtype=np.int64)


def draw_rough(case: Rough, seed: int, *, person: int = 0) -> Drawn:
    """Draw one case. Another ``person`` has other alleles and reads at the same sites."""
    places = np.random.default_rng(seed)
    rng = np.random.default_rng((seed, 1 + person))
    loci, tumors, normals, truth = [], [], [], []
    for number in range(case.sites):
        unit = int(places.choice([1, 2, 3, 4], p=[0.6, 0.2, 0.15, 0.05]))
        least = 8 if unit == 1 else 5
        repeats = least + min(int(places.geometric(0.25)) - 1, 16)
        if places.random() < case.long:
            repeats = int(places.integers(20, 41)) if unit == 1 else int(places.integers(15, 26))
        loci.append(
            Repeat(contig="chr1", start=1000 + 300 * number, unit="ACGT"[:unit], repeats=repeats,
                   left_flank="TTGAC", right_flank="CAGTC")
        )  # fmt: skip
        alleles = alleles_of(rng, repeats, case)
        shifted = bool(rng.random() < case.unstable)
        parts = mixture_of(rng, alleles, shifted, case)
        strange = [((1 - case.foreign), parts)]
        if case.foreign:
            guest = alleles_of(rng, repeats, case)
            strange.append((case.foreign, [(0.5, guest[0]), (0.5, guest[1])]))
        whole = [(weight * share, length) for weight, rows in strange for share, length in rows]
        noise = (float(np.exp(places.normal(0, case.wobble))), float(places.beta(2, 12)))
        room = repeats + GAIN + 1
        spread = np.exp(rng.normal(0, case.depth_wobble))
        depth = int(rng.poisson(case.depth * spread))
        tumors.append(reads_of(rng, whole, depth, noise, unit, room, case).tolist())
        beside = int(rng.poisson(case.normal_depth * spread)) if case.normal_depth else 0
        own = [(0.5, length) for length in alleles]
        normals.append(reads_of(rng, own, beside, noise, unit, room, case).tolist())
        truth.append(shifted)
    return Drawn(
        tumor=site_lengths(loci, tumors),
        normal=site_lengths(loci, normals) if case.normal_depth else None,
        unstable=np.array(truth),
    )
