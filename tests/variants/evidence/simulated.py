"""Tumours with known origins of their alleles, made by other rules than the model's.

The model believes in a grid of purities, a prior over copy numbers, overdispersion by one number
and a uniform clonal fraction. Here segments come from histories of losses and genome doubling,
frequencies fall as 1 / q, every site has its own mapping bias around .95 and its own
overdispersion, subclones have one clonal fraction each, and only what a caller would list is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tumorkit.variants.evidence import AlleleEvidence, Surroundings

GERMLINE, SOMATIC, BLOOD, ARTIFACT = range(4)
SEGMENTS = 40


@dataclass(frozen=True)
class Sample:
    """Evidence with its truth; ``segment`` is that of each allele, ``major``, ``minor`` theirs."""

    evidence: AlleleEvidence
    origin: NDArray[np.int64]
    homozygous: NDArray[np.bool_]
    purity: float
    copy_number: NDArray[np.float64]
    minor_cn: NDArray[np.float64]
    tumor_in_normal: float
    segment: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    major: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    minor: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def surroundings(self) -> Surroundings:
        """Purity and copies as they are."""
        return Surroundings.of(
            len(self.evidence),
            purity=self.purity,
            copy_number=self.copy_number,
            minor_cn=self.minor_cn,
        )

    def uncertain(self, rng: np.random.Generator, sd: float = 0.05) -> Surroundings:
        """Purity missed by ``sd`` and known to be so; a twentieth of the copies is wrong."""
        center = self.purity + rng.normal(0, sd)
        grid = np.clip(center + np.linspace(-2.5, 2.5, 21) * sd, 0.05, 1.0)
        weight = np.exp(-0.5 * np.linspace(-2.5, 2.5, 21) ** 2)
        wrong = rng.random(len(self.copy_number)) < 0.05
        copies = np.where(wrong, rng.integers(1, 5, len(wrong)), self.copy_number)
        minor = np.where(wrong, np.minimum(self.minor_cn, copies // 2), self.minor_cn)
        return Surroundings.of(
            len(self.evidence), purity=grid, purity_weight=weight, copy_number=copies,
            minor_cn=minor,
        )  # fmt: skip


def make_sample(
    seed: int,
    *,
    purity: float | None = None,
    depth: float | None = None,
    private: float | None = None,
    tumor_in_normal: float = 0.0,
    paired: bool = False,
    burden: float | None = None,
    size: float = 1.0,
) -> Sample:
    """Return an exome-like sample; what is not given is drawn.

    ``burden`` is the number of somatic variants of one exome, ``size`` the number of exomes.
    """
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.2, 0.9) if purity is None else purity
    mean = 50 * 20 ** rng.random() if depth is None else depth
    rare = float(rng.choice([15, 250])) if private is None else private
    major, minor = copy_states(rng)
    counts = {
        "common": int(rng.poisson(1500 * size)),
        "private": int(rng.poisson(rare * size)),
        "somatic": int(20 * 10 ** rng.uniform(0, 1.2) if burden is None else burden * size),
        "blood": int(rng.poisson(1.5 * size)),
        "artifact": int(rng.poisson(rng.uniform(2, 40) * size)),
    }
    kind = np.repeat(np.arange(5), list(counts.values()))
    n = len(kind)
    place = rng.integers(0, SEGMENTS, n)
    high, low = major[place], minor[place]
    copies = high + low
    frequency = np.zeros(n)
    is_common = kind == 0
    frequency[is_common] = spectrum(rng, int(is_common.sum()))
    origin = np.array([GERMLINE, GERMLINE, SOMATIC, BLOOD, ARTIFACT])[kind]
    homozygous = (origin == GERMLINE) & (rng.random(n) < frequency / (2 - frequency))
    cells = p * copies + 2 * (1 - p)
    on = np.where(rng.random(n) < 0.5, high, low)
    germline = np.where(homozygous, 1.0, (p * on + (1 - p)) / cells)
    early = rng.random(n) < 0.4
    carried = np.where(early & (on > 0), on, 1.0)
    subclones = rng.uniform(0.1, 0.8, 3)
    clonal = rng.random(n) < rng.uniform(0.5, 0.95)
    ccf = np.where(clonal, 1.0, subclones[rng.integers(0, 3, n)])
    carried = np.where(clonal, carried, 1.0)
    somatic = np.where(copies > 0, p * carried * ccf / cells, 0.0)
    in_blood = rng.beta(1.2, 8, n) / 1.3
    blood = 2 * (1 - p) * in_blood * rng.uniform(0.2, 1) / cells
    artifact = rng.gamma(1.0, 0.05, n).clip(0.01, 0.6)
    truth = np.choose(origin, [germline, somatic, blood, artifact])
    bias = np.clip(rng.normal(0.95, 0.03, n), 0.7, 1.05) / 2
    odds = np.where(origin == ARTIFACT, 1.0, bias / (1 - bias))
    seen = truth * odds / (truth * odds + 1 - truth)
    seen = seen * 0.9995 + (1 - seen) * 0.0002
    depths = np.maximum(rng.negative_binomial(8, 8 / (8 + mean * cells / 2)), 4)
    alt = overdispersed(rng, depths, seen)
    one_sided = (origin == ARTIFACT) & (rng.random(n) < 0.5)
    forward = rng.binomial(alt, np.where(one_sided, rng.choice([0.02, 0.98], n), 0.5))
    ref_forward = rng.binomial(depths - alt, 0.5)
    normal_depth = np.maximum(rng.negative_binomial(8, 8 / (8 + 80.0), n), 2)
    blood_level = np.where(rng.random(n) < 0.4, artifact, 0.0005)
    normal_truth = np.choose(
        origin,
        [np.where(homozygous, 0.999, bias), tumor_in_normal * seen, in_blood, blood_level],
    )
    normal_alt = overdispersed(rng, normal_depth, normal_truth + 0.0005 * (normal_truth < 0.9))
    observed_af = np.where(frequency > 0, rng.binomial(150_000, frequency) / 150_000, 0.0)
    listed = (alt >= 3) & (alt >= 0.02 * depths)
    evidence = AlleleEvidence.of(
        n,
        tumor_depth=depths,
        tumor_alt_depth=alt,
        tumor_alt_forward=forward,
        tumor_alt_reverse=alt - forward,
        tumor_ref_forward=ref_forward,
        tumor_ref_reverse=depths - alt - ref_forward,
        normal_depth=normal_depth if paired else np.nan,
        normal_alt_depth=normal_alt if paired else np.nan,
        population_af=observed_af,
        chip_gene=(origin == BLOOD) | (rng.random(n) < 0.002),
    ).take(listed)
    return Sample(
        evidence, origin[listed], homozygous[listed], p, copies[listed].astype(float),
        low[listed].astype(float), tumor_in_normal, place[listed], major, minor,
    )  # fmt: skip


def copy_states(rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Copies of both parental alleles by segment: losses, perhaps a doubling, gains."""
    one, other = np.ones(SEGMENTS, dtype=np.int64), np.ones(SEGMENTS, dtype=np.int64)
    other[rng.random(SEGMENTS) < rng.uniform(0, 0.4)] = 0
    if rng.random() < 0.35:
        one, other = one * 2, other * 2
        other[rng.random(SEGMENTS) < 0.15] -= 1
    gained = rng.random(SEGMENTS) < rng.uniform(0, 0.4)
    one[gained] += rng.integers(1, 3, int(gained.sum()))
    other = np.maximum(other, 0)
    return np.maximum(one, other), np.minimum(one, other)


def spectrum(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Frequencies of the variants one person carries: sites as 1 / q, carried as 2q - q^2."""
    grid = np.geomspace(1e-5, 0.99, 2000)
    # A density 1 / q is even in log q: only the chance to be carried weighs.
    weight = 2 * grid - grid**2
    return rng.choice(grid, count, p=weight / weight.sum())


def overdispersed(
    rng: np.random.Generator, depth: NDArray[np.int64], mean: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Counts around a mean with an overdispersion of their own, between 5e-4 and 5e-3."""
    size = 1 / rng.uniform(5e-4, 5e-3, len(depth))
    safe = np.clip(mean, 1e-5, 1 - 1e-5)
    return rng.binomial(depth, rng.beta(safe * size, (1 - safe) * size))
