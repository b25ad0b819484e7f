"""What the background of normals promises on average, beside the rule of standard deviations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from tumorkit.core.beta_binomial import beta_shapes, mixture_tails, moments
from tumorkit.core.error_rates import (
    fit_prior,
    grid_likelihood,
    log_prior,
    posterior,
    standard_grid,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
SEED = 5101
VAF = 0.01
SAMPLE = 20_000
CHUNK = 20_000


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Normals of one depth whose errors are log-normal by site and beta-distributed by sample.

    ``outliers`` normals make ``factor`` times the errors; ``hot`` of the sites have 30 times the
    errors; ``sample`` is the factor by which the judged sample differs from the normals.
    """

    normals: int = 20
    depth: int = 1000
    outliers: int = 0
    factor: float = 5.0
    hot: float = 0.0
    sample: float = 1.0
    gamma: bool = False

    def chunks(self, size: int) -> Iterator[tuple[Integers, Integers, Integers]]:
        """Yield counts in normals, in a sample without and in one with a variant at 1 %."""
        rng = np.random.default_rng(SEED)
        own = np.ones(self.normals + 1)
        own[: self.outliers] = self.factor
        own[-1] = self.sample
        for _ in range(0, size, CHUNK):
            number = min(size, CHUNK)
            if self.gamma:
                mean = rng.gamma(0.5, 2 * 8e-4, number) + 1e-7
            else:
                mean = np.exp(rng.normal(np.log(5e-4), 1.0, number))
            mean = np.where(rng.random(number) < self.hot, 30 * mean, mean)
            rho = np.clip(np.exp(rng.normal(np.log(1e-3), 0.7, number)), 1e-6, 0.3)
            means = np.minimum(mean[:, None] * own, 0.2)
            alpha, beta = beta_shapes(means, rho[:, None])
            rates = rng.beta(alpha, beta)
            counts = rng.binomial(self.depth, rates)
            mixed = VAF + (1 - VAF) * rates[:, -1]
            yield counts[:, :-1], counts[:, -1], rng.binomial(self.depth, mixed)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """P-values of all sites, randomised to be continuous, without and with a variant."""

    null: Floats
    power: Floats
    plug_in: Floats
    sd_null: Floats
    sd_power: Floats

    def rate(self, level: float) -> float:
        """Share of null sites below a p-value."""
        return float((self.null < level).mean())

    def found(self, false: float) -> float:
        """Share of variants found where ``false`` of the null sites are."""
        return float((self.power < np.quantile(self.null, false)).mean())

    def sd_found(self, false: float) -> float:
        """The same by standard deviations; 0 where no limit gets the false ones so low."""
        limit = np.quantile(self.sd_null, 1 - false)
        while (self.sd_null >= limit).mean() > false:
            above = self.sd_null[self.sd_null > limit]
            if not len(above):
                return 0.0
            limit = above.min()
        return float((self.sd_power >= limit).mean())


def sd_scores(normals: Integers, alt: Integers, depth: int) -> Floats:
    """Deviations above the median: 1000 where all normals are equal and the sample is above."""
    share = normals / depth
    median, sd = np.median(share, axis=1), share.std(axis=1, ddof=1)
    above = alt / depth - median
    return np.where(sd > 0, above / np.where(sd > 0, sd, 1), np.where(above > 0, 1000.0, 0.0))


def outcome(panel: Panel, size: int) -> Outcome:
    """Learn from the normals and judge the samples."""
    grid = standard_grid()
    first, *_ = next(iter(panel.chunks(size)))
    k = first[:SAMPLE]
    n = np.full_like(k, panel.depth)
    prior = log_prior(fit_prior(grid_likelihood(k, n, grid), np.ones(len(k)), grid), grid)
    rng = np.random.default_rng(SEED + 1)
    parts: list[tuple[Floats, ...]] = []
    for normals, null, variant in panel.chunks(size):
        over = np.full_like(normals, panel.depth)
        p_values = []
        for at in range(0, len(normals), 2000):
            rows = slice(at, at + 2000)
            weights = posterior(grid_likelihood(normals[rows], over[rows], grid), prior)
            depth = np.full(len(weights), panel.depth)
            both = []
            for alt in (null[rows], variant[rows]):
                tail, equal = mixture_tails(alt, depth, weights, grid.alpha, grid.beta)
                both.append(tail - rng.random(len(tail)) * equal)
            p_values.append(np.stack(both))
        p = np.concatenate(p_values, axis=1)
        mean, rho = moments(normals, over)
        alpha, beta = beta_shapes(np.maximum(mean, 1e-6), np.nan_to_num(rho, nan=1e-5))
        plug = np.asarray(stats.betabinom.sf(null - 1, panel.depth, alpha, beta))
        plug -= rng.random(len(plug)) * stats.betabinom.pmf(null, panel.depth, alpha, beta)
        scores = (sd_scores(normals, alt, panel.depth) for alt in (null, variant))
        parts.append((p[0], p[1], plug, *scores))
    null_p, power, plug_in, sd_null, sd_power = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    return Outcome(null=null_p, power=power, plug_in=plug_in, sd_null=sd_null, sd_power=sd_power)


def show(name: str, found: Outcome) -> None:
    """Print one row of the table of docs/methods/background.md."""
    ks = stats.kstest(found.null, "uniform")
    cells = [
        f"D {ks.statistic:.4f} (p {ks.pvalue:.2g})",
        *(f"{found.rate(level):.2g}" for level in (1e-2, 1e-3, 1e-4)),
        *(f"{found.found(false):.3f}" for false in (0.06, 0.02, 0.01, 0.001)),
        *(f"{found.sd_found(false):.3f}" for false in (0.06, 0.02, 0.01, 0.001)),
        *(f"{(found.plug_in < level).mean():.2g}" for level in (1e-2, 1e-3, 1e-4)),
    ]
    print(f"\n| {name} | {' | '.join(cells)} |", end="")


@pytest.mark.calibration
def test_null_sites_are_uniform_and_variants_are_found(full_calibration: bool) -> None:
    size = 1_000_000 if full_calibration else 40_000
    found = outcome(Panel(), size)
    show(f"20 normals, depth 1000, {size:,} sites", found)
    assert stats.kstest(found.null, "uniform").pvalue > 0.001
    # At a twentieth 1e-4 is expected four times: the limit is met by chance or missed by chance.
    assert found.rate(1e-4) < (2e-4 if full_calibration else 4e-4)
    assert found.rate(1e-3) < 1.5e-3
    assert found.found(0.06) >= 0.98
    assert found.found(0.01) >= 0.87
    assert found.found(0.001) >= 0.45
    for false in (0.06, 0.01, 0.001):
        assert found.found(false) > found.sd_found(false)


@pytest.mark.calibration
@pytest.mark.parametrize(
    ("name", "panel", "most"),
    [
        ("5 normals", Panel(normals=5), 1.5),
        ("50 normals", Panel(normals=50), 1.5),
        ("depth 200", Panel(depth=200), 1.5),
        ("2 of 20 normals with 5 times the errors", Panel(outliers=2), 1.5),
        ("1 % of sites with 30 times the errors", Panel(hot=0.01), 2.0),
        ("errors gamma-distributed (shape .5)", Panel(gamma=True), 2.0),
        # What a panel cannot know of a new sample: that it is noisier as a whole.
        ("the sample makes 1.5 times the errors", Panel(sample=1.5), 4.0),
    ],
)
def test_panels_off_the_model_do_no_harm(
    name: str, panel: Panel, most: float, full_calibration: bool
) -> None:
    size = 200_000 if full_calibration else 10_000
    found = outcome(panel, size)
    show(f"{name}, {size:,} sites", found)
    # Chance adds to the expected number: three standard deviations of it are allowed.
    for level in (1e-2, 1e-3):
        assert found.rate(level) < most * level + 3 * (level / size) ** 0.5
    if panel.depth == 1000:
        assert found.found(0.01) > found.sd_found(0.01)
