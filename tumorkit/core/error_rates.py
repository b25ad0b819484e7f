"""What a panel of samples tells of an error's rate and spread: a posterior on a fixed grid.

Counts of one allele in several samples are beta-binomial with unknown mean and rho
(:mod:`tumorkit.core.beta_binomial`). Over alleles of one kind, log mean and log rho are normal;
that prior is learned from the alleles themselves (empirical Bayes), so what a kind has in common is
used where an allele alone says little, and an allele with its own data goes its own way. All of it
is integrated over, not plugged in: a plug-in p-value is too small, because it forgets that mean and
rho were estimated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.beta_binomial import Floats, beta_shapes
from tumorkit.core.late import special

# Nodes of log mean: coarse where a rate is known to a factor at best, finer where many reads
# show it. The sum over equal steps is as good as exact while a step is below 1.5 posterior
# standard deviations (Trefethen and Weideman, SIAM Review 2014).
LEAST_MEAN, FINE_MEAN, MOST_MEAN = 1e-7, 5e-3, 0.25
COARSE_STEP, FINE_STEP = 0.3, 0.12
LEAST_RHO, MOST_RHO, RHO_STEP = 1e-5, 0.4, 0.75
# A prior narrower than the grid's steps cannot be integrated on it.
LEAST_SD = (0.35, 0.6)
WIDEST = 4.0
ROUNDS = 30
LONGEST = 16.0
SETTLED = 3e-3
TINY = 1e-12
BLOCK = 1000
DROPPED = 1e-13


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Pairs of mean and rho, with their beta shapes and the area that each stands for."""

    log_mean: Floats
    log_rho: Floats
    area: Floats
    alpha: Floats
    beta: Floats

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True, kw_only=True)
class RatePrior:
    """How mean and rho of the errors of one kind are spread: normal on the log scale.

    ``alleles`` is the number that it was learned from.
    """

    log_mean: float
    log_mean_sd: float
    log_rho: float
    log_rho_sd: float
    alleles: float = 0.0


# Where nothing is known: between one error in 100 and one in a million reads.
VAGUE = RatePrior(log_mean=float(np.log(1e-4)), log_mean_sd=2.0, log_rho=-6.9, log_rho_sd=1.0)


@lru_cache(maxsize=1)
def standard_grid() -> Grid:
    """Return the grid that all posteriors live on.

    >>> grid = standard_grid()
    >>> bool(np.isclose(np.exp(grid.log_mean.min()), 1e-7)), len(grid)
    (True, 1020)
    """
    coarse = np.arange(np.log(LEAST_MEAN), np.log(FINE_MEAN), COARSE_STEP)
    fine = np.arange(coarse[-1] + COARSE_STEP, np.log(MOST_MEAN), FINE_STEP)
    means = np.concatenate([coarse, fine])
    rhos = np.arange(np.log(LEAST_RHO), np.log(MOST_RHO), RHO_STEP)
    log_mean, log_rho = (
        axis.ravel() for axis in np.meshgrid(means, rhos, indexing="ij", sparse=False)
    )
    area = np.outer(np.gradient(means), np.full(len(rhos), RHO_STEP)).ravel()
    alpha, beta = beta_shapes(np.exp(log_mean), np.exp(log_rho))
    return Grid(log_mean=log_mean, log_rho=log_rho, area=area, alpha=alpha, beta=beta)


def grid_likelihood(k: NDArray[np.int64], n: NDArray[np.int64], grid: Grid) -> Floats:
    """Return the log-likelihood of rows of counts at every node, up to a constant of the row.

    Columns are samples; ``n`` 0 leaves one out. Log-gamma functions are taken once for every
    distinct count, and looked up.
    """
    k = np.where(n > 0, k, 0)
    depths, number = np.unique(n, return_inverse=True)
    number = number.reshape(n.shape)
    # Of n reads none: lgamma(n + b) - lgamma(b) - lgamma(n + a + b) + lgamma(a + b).
    none = special.betaln(grid.alpha, grid.beta + depths[:, None]) - special.betaln(
        grid.alpha, grid.beta
    )
    total = np.zeros((len(n), len(grid)))
    for start in range(0, len(n), BLOCK):
        block = slice(start, start + BLOCK)
        rows = total[block]
        for sample in range(n.shape[1]):
            rows += none[number[block, sample]]
    row, column = np.nonzero(k)
    if len(row):
        seen, missed = k[row, column], n[row, column] - k[row, column]
        pairs = np.stack([seen, missed], axis=1)
        distinct, where = np.unique(pairs, axis=0, return_inverse=True)
        where = where.reshape(-1)
        for start in range(0, len(distinct), 4 * BLOCK):
            part = distinct[start : start + 4 * BLOCK]
            # Seen instead of missed: lgamma(k + a) - lgamma(a) + lgamma(n - k + b) - lgamma(n + b).
            extra = gamma_steps(part[:, 0], grid.alpha)
            extra -= falling(part[:, 0], part[:, 1], grid.beta)
            inside = np.flatnonzero((where >= start) & (where < start + 4 * BLOCK))
            add_rows(total, row[inside], extra, where[inside] - start)
    return total


def gamma_steps(counts: NDArray[np.int64], shape: Floats) -> Floats:
    """Return lgamma(count + shape) - lgamma(shape) for every count and node."""
    distinct, where = np.unique(counts, return_inverse=True)
    table = special.gammaln(distinct[:, None] + shape) - special.gammaln(shape)
    return np.asarray(table[where.reshape(-1)])


def falling(seen: NDArray[np.int64], missed: NDArray[np.int64], shape: Floats) -> Floats:
    """Return lgamma(seen + missed + shape) - lgamma(missed + shape)."""
    return gamma_steps(seen + missed, shape) - gamma_steps(missed, shape)


def add_rows(total: Floats, rows: NDArray[np.intp], table: Floats, where: NDArray[np.intp]) -> None:
    """Add ``table[where]`` to ``total[rows]``; rows may repeat, but lie in ascending order."""
    for start in range(0, len(rows), BLOCK):
        at = rows[start : start + BLOCK]
        first = np.flatnonzero(np.diff(at, prepend=-1))
        sums = np.add.reduceat(table[where[start : start + BLOCK]], first, axis=0)
        total[at[first]] += sums


def log_prior(prior: RatePrior, grid: Grid) -> Floats:
    """Return the log of a prior's mass at every node."""
    logs = (
        np.log(grid.area)
        - 0.5 * ((grid.log_mean - prior.log_mean) / prior.log_mean_sd) ** 2
        - 0.5 * ((grid.log_rho - prior.log_rho) / prior.log_rho_sd) ** 2
    )
    logs -= logs.max()
    return np.asarray(logs - np.log(np.exp(logs).sum()))


def posterior(likelihood: Floats, prior: Floats) -> Floats:
    """Return the posterior weights of rows; ``prior`` is one log mass per node, or one row each.

    Weights below 1e-13 are 0: they can change no p-value above that.
    """
    logs = likelihood + prior
    logs -= logs.max(axis=1, keepdims=True)
    weights = np.exp(logs)
    weights /= weights.sum(axis=1, keepdims=True)
    weights[weights < DROPPED] = 0.0
    return weights


def fit_prior(
    likelihood: Floats,
    counts: Floats,
    grid: Grid,
    *,
    start: RatePrior = VAGUE,
    towards: RatePrior | None = None,
    prior_alleles: float = 0.0,
) -> RatePrior:
    """Return the prior under which the alleles of one kind are most probable.

    ``likelihood`` has a row for each allele (:func:`grid_likelihood`), ``counts`` how many alleles
    a row stands for. Expectation and maximisation in turn; ``towards`` counts as much as
    ``prior_alleles`` alleles, so that a kind with few of them stays near what all kinds show.
    """
    number = float(counts.sum())
    pseudo = prior_alleles if towards is not None else 0.0
    if number + pseudo <= 0:
        return start
    # Single precision halves the time, and a prior needs no seventh digit.
    likelihood = np.exp(likelihood - likelihood.max(axis=1, keepdims=True)).astype(np.float32)
    lean = centres(towards)

    def improved(at: Floats) -> Floats:
        """Return the next numbers by one round of expectation and maximisation."""
        mass = np.exp(log_prior(unpacked(at, number), grid))
        share = counts / (likelihood @ mass.astype(np.float32))
        node = (share.astype(np.float32) @ likelihood) * mass
        values = []
        for axis, least, (middle, sd) in zip(
            (grid.log_mean, grid.log_rho), LEAST_SD, lean, strict=True
        ):
            mean = float(node @ axis + pseudo * middle) / (number + pseudo)
            spread = float(node @ (axis - mean) ** 2) + pseudo * (sd**2 + (middle - mean) ** 2)
            values += [mean, float(np.log(max(least, (spread / (number + pseudo)) ** 0.5)))]
        return np.array(values)

    now = packed(start)
    for _ in range(ROUNDS):
        first = improved(now)
        second = improved(first)
        step, bend = first - now, second - 2 * first + now
        # Where rounds creep in one direction, go further in it (SQUAREM: Varadhan and Roland,
        # Scand J Stat 2008), and let one more round mend what was too far.
        ratio = float(step @ step) / max(float(bend @ bend), TINY)
        stride = min(max(ratio**0.5, 1.0), LONGEST)
        before, now = now, improved(held(now + 2 * stride * step + stride**2 * bend, grid))
        if np.abs(now - before).max() < SETTLED:
            break
    return unpacked(now, number)


def packed(prior: RatePrior) -> Floats:
    """Return a prior as numbers without bounds: means, and logs of standard deviations."""
    return np.array(
        [prior.log_mean, np.log(prior.log_mean_sd), prior.log_rho, np.log(prior.log_rho_sd)]
    )


def unpacked(values: Floats, alleles: float) -> RatePrior:
    """Return the prior of such numbers."""
    return RatePrior(
        log_mean=float(values[0]),
        log_mean_sd=float(np.exp(values[1])),
        log_rho=float(values[2]),
        log_rho_sd=float(np.exp(values[3])),
        alleles=alleles,
    )


def held(values: Floats, grid: Grid) -> Floats:
    """Return numbers within what the grid can hold."""
    low = [grid.log_mean[0], np.log(LEAST_SD[0]), grid.log_rho[0], np.log(LEAST_SD[1])]
    high = [grid.log_mean[-1], np.log(WIDEST), grid.log_rho[-1], np.log(WIDEST)]
    return np.clip(values, low, high)


def centres(prior: RatePrior | None) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return middle and spread of both axes of a prior; any numbers where there is none."""
    if prior is None:
        return (0.0, 0.0), (0.0, 0.0)
    return (prior.log_mean, prior.log_mean_sd), (prior.log_rho, prior.log_rho_sd)


def priors_document(priors: Mapping[str, RatePrior]) -> dict[str, list[float]]:
    """Return priors as lists of numbers with 6 digits: log mean, sd, log rho, sd, alleles."""
    return {
        name: [
            float(f"{value:.6g}")
            for value in (p.log_mean, p.log_mean_sd, p.log_rho, p.log_rho_sd, p.alleles)
        ]
        for name, p in sorted(priors.items())
    }
