"""Fit how a sample stutters and what share of its sites is unstable, all at once.

Each site is a mixture: stable, heterozygous, or shifted by some step in some fraction of the reads.
The weights of the mixture, the stutter rate (an offset by class of unit, a slope over length, a
spread between sites) and its shape are fitted by expectation and maximisation (Dempster 1977),
each held by a prior. Because rates follow one curve over all lengths, and shifts look otherwise
than stutter, the fit holds where most sites are unstable; a median over "the stable bulk" breaks
there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.msi.likelihood import Sites, single_likelihood
from tumorkit.msi.scatter import scatter
from tumorkit.msi.sites import unit_class
from tumorkit.msi.stutter import (
    BALANCES,
    NODES,
    SHIFTS,
    STEPS,
    Floats,
    Hypotheses,
    Shape,
    germline_hypotheses,
    prior_rate,
    unstable_hypotheses,
)

ROUNDS = 60
SHAPE_ROUNDS, SETTLED = 4, 0.01
CLASSES = 3
# Standard deviations of the priors of offsets and slope; spread between sites and its weight.
OFFSET_SD, SLOPE_SD = 0.7, 0.3
SPREAD, SPREAD_WEIGHT = 0.25, 20.0
HETEROZYGOUS, HETEROZYGOUS_WEIGHT, MOST_HETEROZYGOUS = 0.06, 40.0, 0.12
PROFILE_WEIGHT, BALANCE_WEIGHT = 1.0, 4.0
# Reads' worth of prior on the shape of stutter.
SHAPE_WEIGHT = 400.0
# Between two runs of one site in one laboratory: log of the stutter rate.
RUN_SD = 0.15
MOST_FITTED = 1500
BLOCK = 400
LEAST_READS = 8.0
# Log likelihood by which unstable hypotheses of the sample's own shape must gain.
WORTH_A_SHAPE = 15.0


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a baseline says of sites: log stutter rate against the prior's, and its variance.

    Infinite variance is a site that the baseline does not know.
    """

    mean: Floats
    variance: Floats

    def taken(self, rows: NDArray[np.int64]) -> Known:
        """Return some of the sites."""
        return Known(mean=self.mean[rows], variance=self.variance[rows])


def nothing_known(count: int) -> Known:
    """Return that no baseline was given."""
    return Known(mean=np.zeros(count), variance=np.full(count, np.inf))


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What was fitted: weights of the unstable hypotheses, stutter and heterozygosity.

    ``balance`` are the shares of heterozygotes by ``BALANCES``.
    ``offsets`` (by class of unit) and ``slope`` (per log length) move the log stutter rate from
    the shipped prior; ``spread`` is its standard deviation between sites.
    """

    unstable: float = 0.1
    profile: Floats = field(default_factory=lambda: np.zeros(0))
    heterozygous: float = HETEROZYGOUS
    offsets: Floats = field(default_factory=lambda: np.zeros(CLASSES))
    slope: float = 0.0
    spread: float = SPREAD
    shape: Shape = field(default_factory=Shape)
    overdispersion: float = 0.0
    balance: Floats = field(default_factory=lambda: np.array([*BALANCES.values()]))

    def rate_offset(self, sites: Sites) -> Floats:
        """Return the fitted log rate of sites against the prior's."""
        return np.asarray(self.offsets[unit_class(sites.units)] + self.slope * lengths_of(sites))


def lengths_of(sites: Sites) -> Floats:
    """Return the length covariate: log(L - 6), 0 at ten units."""
    return np.asarray(np.log(np.maximum(sites.repeats - 6, 1)) - np.log(4.0))


@dataclass(frozen=True, kw_only=True)
class Model:
    """The hypotheses that are compared, the germline's before the unstable ones."""

    germline: Hypotheses
    unstable: Hypotheses
    overdispersion: float

    @property
    def hypotheses(self) -> Hypotheses:
        """All hypotheses in one."""
        pairs = {
            name: np.concatenate([getattr(self.germline, name), getattr(self.unstable, name)])
            for name in ("weights", "shifted", "fraction", "prior", "center")
        }
        return Hypotheses(**pairs)

    def prior_of(self, fit: Fit) -> tuple[Floats, Floats]:
        """Return the weights of germline and of unstable hypotheses; each sums to 1."""
        by_gap = self.germline.prior[1:].reshape(-1, len(BALANCES)).sum(axis=1)
        calm = np.zeros_like(self.germline.prior)
        calm[1:] = fit.heterozygous * np.outer(by_gap, fit.balance).ravel()
        calm[0] = 1 - fit.heterozygous
        return calm, fit.profile if fit.profile.size else self.unstable.prior


def model_for(
    max_fraction: float, overdispersion: float, *, depth: float, paired: bool = False
) -> Model:
    """Return the hypotheses for a tumour alone, or beside its normal (which shows the germline).

    ``depth`` is the sample's middling one: fractions that it shows in fewer than ``LEAST_READS``
    reads would only explain noise.
    """
    germline = germline_hypotheses()
    if paired:
        first = {n: getattr(germline, n)[:1] for n in vars(germline)}
        germline = Hypotheses(**first)
    return Model(
        germline=germline,
        unstable=unstable_hypotheses(max_fraction, min(LEAST_READS / max(depth, 1.0), 0.3)),
        overdispersion=overdispersion,
    )


def node_weights(sites: Sites, known: Known, fit: Fit) -> Floats:
    """Return the prior of each site's stutter rate over ``NODES``."""
    precision = 1 / fit.spread**2 + 1 / known.variance
    mean = (fit.rate_offset(sites) / fit.spread**2 + known.mean / known.variance) / precision
    weights = np.exp(-0.5 * precision[:, None] * (NODES - mean[:, None]) ** 2) + 1e-12
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def evidence(
    logs: NDArray[np.float32], model: Model, nodes: Floats, fit: Fit
) -> tuple[Floats, Floats, Floats]:
    """Return log evidence for stable and for unstable, and the weights of all hypotheses by site.

    The weights sum to 1 within the unstable hypotheses, and within the others.
    """
    top = logs.max(axis=(1, 2))
    scaled = np.exp(logs - top[:, None, None])
    by_hypothesis = np.matmul(nodes[:, None, :].astype(np.float32), scaled)[:, 0, :].astype(float)
    calm, profile = model.prior_of(fit)
    joint = by_hypothesis * np.concatenate([calm, profile])
    count = calm.size
    stable = joint[:, :count].sum(axis=1) + 1e-300
    unstable = joint[:, count:].sum(axis=1) + 1e-300
    joint[:, :count] /= stable[:, None]
    joint[:, count:] /= unstable[:, None]
    return np.log(stable) + top, np.log(unstable) + top, joint


def fit_single(sites: Sites, known: Known, model: Model) -> Fit:
    """Fit a sample without a normal, on at most ``MOST_FITTED`` of its sites, evenly taken."""
    if len(sites.repeats) > MOST_FITTED:
        rows = np.linspace(0, len(sites.repeats) - 1, MOST_FITTED).astype(np.int64)
        sites, known = sites.taken(rows), known.taken(rows)
    fit = Fit(profile=model.unstable.prior, overdispersion=model.overdispersion)
    for _ in range(SHAPE_ROUNDS):
        before = fit
        logs = single_likelihood(sites, model.hypotheses, fit.shape, fit.overdispersion)
        free, stable, gained = maximize(logs, sites, known, model, fit)
        # Heterozygous sites could shape unstable hypotheses after themselves; a shape of the
        # sample's own has to explain much more than the shipped one does.
        held, calm, plain = maximize(
            logs, sites, known, model, replace(fit, unstable=0.01), held=True
        )
        if gained - plain < WORTH_A_SHAPE:
            free, stable = held, calm
        fit = replace(free, shape=refit_shape(sites, stable))
        rates = prior_rate(sites.repeats, sites.units) * np.exp(fit.rate_offset(sites))
        wild, stray = scatter(sites.steps, rates, fit.shape, model.overdispersion)
        fit = replace(fit, overdispersion=wild, shape=replace(fit.shape, noise=stray))
        if settled(before, fit):
            break
    return fit


def settled(before: Fit, after: Fit) -> bool:
    """Whether another round with the shape that was found would change nothing that matters."""
    return (
        before.overdispersion == after.overdispersion
        and abs(before.shape.down - after.shape.down) < SETTLED
        and abs(before.shape.tail_down - after.shape.tail_down) < SETTLED
    )


def maximize(
    logs: NDArray[np.float32],
    sites: Sites,
    known: Known,
    model: Model,
    fit: Fit,
    *,
    held: bool = False,
) -> tuple[Fit, Floats, float]:
    """Return the fit after some rounds, how surely each site is stable, and the log likelihood.

    ``held`` keeps the shipped profile of unstable hypotheses.
    """
    top = logs.max(axis=(1, 2), keepdims=True)
    scaled = np.exp(logs - top)
    count = len(model.germline.prior)
    kinds, length = unit_class(sites.units), lengths_of(sites)
    share = np.zeros((0, 0))
    total = -np.inf
    if held:
        fit = replace(fit, profile=model.unstable.prior)
    for _ in range(ROUNDS):
        nodes = node_weights(sites, known, fit)
        calm, profile = model.prior_of(fit)
        prior = np.concatenate([(1 - fit.unstable) * calm, fit.unstable * profile])
        joint = np.matmul(nodes[:, None, :].astype(np.float32), scaled)[:, 0, :] * prior
        sums = np.maximum(joint.sum(axis=1, keepdims=True), 1e-300)
        total = float(np.log(sums).sum() + top.sum())
        share = joint / sums
        rates = nodes * np.matmul(scaled, prior.astype(np.float32))
        rates /= np.maximum(rates.sum(axis=1, keepdims=True), 1e-300)
        before = fit.unstable
        fit = updated(fit, model, share, count)
        if held:
            fit = replace(fit, profile=model.unstable.prior)
        fit = refit_rates(fit, rates, kinds, length)
        if abs(fit.unstable - before) < 1e-5:
            break
    return fit, share[:, 0], total


def updated(fit: Fit, model: Model, share: Floats, count: int) -> Fit:
    """Return the fit with new weights of the mixture."""
    shifted = share[:, count:].sum(axis=0)
    calm = share[:, :count].sum(axis=0)
    # A shorter second length may be instability, a longer one hardly ever is. Germline has as many
    # of either: heterozygotes are counted, and their balance is seen, by the longer ones. Where
    # a tumour gains units, too, it is not believed to have more of them than is usual.
    longer = (model.germline.weights[:, SHIFTS > 0] > 0).any(axis=1)
    certain = 2 * calm[longer].sum()
    double = certain + 2 * shifted[model.unstable.center > 0].sum()
    double = (double + HETEROZYGOUS * HETEROZYGOUS_WEIGHT) / (share.sum() + HETEROZYGOUS_WEIGHT)
    most = np.clip(certain / share.sum(), MOST_HETEROZYGOUS, 0.5)
    tilted = calm[longer].reshape(-1, len(BALANCES)).sum(axis=0)
    prior = np.array([*BALANCES.values()])
    return replace(
        fit,
        balance=(tilted + BALANCE_WEIGHT * prior) / (tilted.sum() + BALANCE_WEIGHT),
        unstable=float((shifted.sum() + 0.5) / (share.sum() + 1)),
        heterozygous=float(min(double, most)),
        profile=product_of(shifted, model.unstable),
    )


def product_of(shifted: Floats, unstable: Hypotheses) -> Floats:
    """Return weights of the unstable hypotheses: a share by fraction times a share by profile.

    How many cells carry a shift does not depend on its step, so that a few heterozygous sites
    cannot make a hypothesis of their own.
    """
    fractions = np.unique(unstable.fraction).size
    table = shifted.reshape(fractions, -1)
    prior = unstable.prior.reshape(fractions, -1)
    sides = [
        (table.sum(axis=k) + PROFILE_WEIGHT * prior.sum(axis=k)) / (table.sum() + PROFILE_WEIGHT)
        for k in (1, 0)
    ]
    return np.asarray(np.outer(*sides).ravel(), dtype=np.float64)


def refit_rates(fit: Fit, rates: Floats, kinds: NDArray[np.int64], length: Floats) -> Fit:
    """Return the fit with offsets, slope and spread of the stutter rate, held by their priors."""
    mean = rates @ NODES
    variance = rates @ NODES**2 - mean**2
    design = np.zeros((mean.size, CLASSES + 1))
    design[np.arange(mean.size), kinds] = 1
    design[:, CLASSES] = length
    held = np.array([1 / OFFSET_SD**2] * CLASSES + [1 / SLOPE_SD**2]) * fit.spread**2
    found = np.linalg.solve(design.T @ design + np.diag(held), design.T @ mean)
    left = variance + (mean - design @ found) ** 2
    spread = (left.sum() + SPREAD_WEIGHT * SPREAD**2) / (mean.size + SPREAD_WEIGHT)
    return replace(
        fit,
        offsets=np.asarray(found[:CLASSES], dtype=np.float64),
        slope=float(found[CLASSES]),
        spread=float(np.clip(np.sqrt(spread), 0.08, 1.0)),
    )


def refit_shape(sites: Sites, stable: Floats) -> Shape:
    """Return direction and step sizes of stutter at the sites that are surely stable."""
    own = sites.steps.argmax(axis=1)
    sure = (stable > 0.9) & (STEPS[own] == 0)
    reads = sites.steps[sure].sum(axis=0).astype(float)
    prior = Shape()
    below, above = reads[STEPS < 0], reads[STEPS > 0]
    # Only the first three steps: what lies beyond is noise, not stutter.
    near, far = below[-1], below[-3:-1].sum()
    up, further = above[0], above[1:3].sum()
    weight = SHAPE_WEIGHT
    down = (near + far + weight * prior.down) / (near + far + up + further + weight)
    return Shape(
        down=float(np.clip(down, 0.5, 0.97)),
        tail_down=float(tail(near, far, prior.tail_down)),
        tail_up=float(tail(up, further, prior.tail_up)),
    )


def tail(near: float, far: float, prior: float) -> float:
    """Return how likely a step is followed by another, held by the prior."""
    weight = SHAPE_WEIGHT / 2
    return float(np.clip((far + weight * prior) / (near + far + weight), 0.02, 0.5))
