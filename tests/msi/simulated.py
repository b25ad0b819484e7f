"""Panels of microsatellites drawn from known truth, at the level of counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.repeat import Repeat
from tumorkit.msi.sites import SiteLengths, site_lengths

GAIN = 20


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A tumour whose repeats shifted with chance ``unstable``, in ``fraction`` of the reads.

    ``one_allele`` halves the fraction, as of a heterozygous change in a diploid genome; ``ccf`` are
    the least and largest share of tumour cells. Stutter is ``scale`` times the shipped prior's,
    grows with the power ``power``, and differs between sites by ``spread`` (log).
    """

    sites: int = 400
    depth: float = 800
    unstable: float = 0.3
    purity: float = 0.2
    one_allele: bool = False
    ccf: tuple[float, float] = (1.0, 1.0)
    scale: float = 1.0
    power: float = 1.5
    spread: float = 0.2
    down: float = 0.8
    heterozygous: float = 0.05
    normal_depth: float = 0
    depth_sd: float = 0.3


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What was drawn: tumour, perhaps the normal, and which sites are unstable."""

    tumor: SiteLengths
    normal: SiteLengths | None
    unstable: NDArray[np.bool_]

    @property
    def share(self) -> float:
        return float(self.unstable.mean())


def stutter_rate(repeats: int, unit: int, panel: Panel) -> float:
    rate = panel.scale * 0.004 * max(1, repeats - 6) ** panel.power
    return float(min(0.5, rate if unit == 1 else rate / 3))


def reads_of(
    rng: np.random.Generator, depth: int, length: int, rate: float, panel: Panel
) -> NDArray[np.int64]:
    """Lengths of reads of one allele: 70 % of stutter one unit less, 20 % more, 10 % two less."""
    down = panel.down
    shares = [rate * down * 0.875, rate * (1 - down), rate * down * 0.125, 1 - rate]
    counts = rng.multinomial(depth, shares)
    return np.repeat(np.maximum(length + np.array([-1, 1, -2, 0]), 0), counts)


def draw_panel(panel: Panel, seed: int) -> Drawn:
    """Draw one case."""
    rng = np.random.default_rng(seed)
    loci, tumors, normals, truth = [], [], [], []
    for number in range(panel.sites):
        unit = int(rng.choice([1, 2, 3, 4], p=[0.6, 0.2, 0.15, 0.05]))
        least = 8 if unit == 1 else 5
        # Short tracts are the most frequent, as in any genome.
        repeats = least + min(int(rng.geometric(0.25)) - 1, 16)
        loci.append(
            Repeat(contig="chr1", start=1000 + 200 * number, unit="ACGT"[:unit], repeats=repeats,
                   left_flank="TTGAC", right_flank="CAGTC")
        )  # fmt: skip
        alleles = [repeats, repeats]
        if rng.random() < panel.heterozygous:
            alleles[int(rng.random() < 0.5)] += int(
                rng.choice([-2, -1, 1, 2], p=[0.15, 0.35, 0.35, 0.15])
            )
        shifted = bool(rng.random() < panel.unstable)
        truth.append(shifted)
        longest = max(1, min(6, (repeats - 5) // 2)) if unit == 1 else max(1, min(3, repeats - 3))
        step = 1 + int(rng.integers(longest))
        shift = -step if rng.random() < 0.9 else 1
        fraction = panel.purity * rng.uniform(*panel.ccf) * (0.5 if panel.one_allele else 1.0)
        noise = float(np.exp(rng.normal(0, panel.spread)))
        rows = []
        for mean, moved in ((panel.depth, fraction if shifted else 0.0), (panel.normal_depth, 0.0)):
            depth = int(rng.poisson(mean * np.exp(rng.normal(0, panel.depth_sd)))) if mean else 0
            changed = int(rng.binomial(depth, moved))
            first = int(rng.binomial(depth - changed, 0.5))
            parts = [(first, alleles[0]), (depth - changed - first, alleles[1])]
            if changed and not panel.one_allele:
                half = int(rng.binomial(changed, 0.5))
                parts += [(half, alleles[0] + shift), (changed - half, alleles[1] + shift)]
            else:
                parts += [(changed, alleles[0] + shift)]
            lengths = np.concatenate(
                [
                    reads_of(
                        rng, n, length, min(0.6, noise * stutter_rate(length, unit, panel)), panel
                    )
                    for n, length in parts
                ]
            )
            rows.append(
                np.bincount(np.clip(lengths, 0, repeats + GAIN), minlength=repeats + GAIN + 1)
            )
        tumors.append(rows[0].tolist())
        normals.append(rows[1].tolist())
    return Drawn(
        tumor=site_lengths(loci, tumors),
        normal=site_lengths(loci, normals) if panel.normal_depth else None,
        unstable=np.array(truth),
    )
