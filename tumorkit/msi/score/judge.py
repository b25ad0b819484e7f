"""From lengths to evidence: is a site stable or unstable, and which share of all sites is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.msi.likelihood import (
    Sites,
    effective,
    kernel_of,
    paired_likelihood,
    shifted_reads,
    single_likelihood,
)
from tumorkit.msi.mixture import (
    BLOCK,
    MOST_FITTED,
    Fit,
    Known,
    Model,
    evidence,
    fit_single,
    model_for,
    node_weights,
    updated,
)
from tumorkit.msi.scatter import scatter
from tumorkit.msi.stutter import FRACTIONS, MAX_RATE, NODES, STEPS, Floats, prior_rate

GRID = 2001
HARDLY_LESS = 1.92
# Stutter and shifts are fitted on the same sites and then taken as known; simulations show that
# limits hold when the evidence counts as this share of itself (docs/methods/msi.md).
TAKEN_AS_KNOWN = 0.8
# How many reads the fitted stutter is worth beside the normal's own.
STUTTER_WORTH = 50.0
# Log evidence at which a shift is called seen: twenty to one.
SEEN = np.log(20.0)
FIT_SEED_SHARE = 0.1
OWN_LENGTHS = 0.3


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Evidence by site, the fit behind it, and the share of unstable sites.

    ``share``, ``low`` and ``high`` are the likeliest value and the limits; ``above`` the
    probability that the share is at or above the cut-off.
    """

    ratio: Floats
    probability: Floats
    fraction: Floats
    shift: Floats
    stutter: Floats
    share: float
    low: float
    high: float
    above: float
    fit: Fit


def judge(
    sites: Sites,
    normal: Sites | None,
    known: Known,
    *,
    max_fraction: float,
    overdispersion: float,
    cutoff: float,
    level: float,
) -> Judged:
    """Weigh every site, alone or beside the normal's, and estimate the share of unstable ones."""
    depth = float(np.median(sites.steps.sum(axis=1)))
    model = model_for(max_fraction, overdispersion, depth=depth, paired=normal is not None)
    if normal is None:
        fit = fit_single(sites, known, model)
        blocks = single_blocks(sites, known, model, fit)
    else:
        alone = model_for(max_fraction, overdispersion, depth=depth)
        base = fit_single(normal, known, alone)
        expected = [expected_of(part, some, alone, base) for _, part, some in cut(normal, known)]
        shares = np.concatenate(expected)
        rates = prior_rate(sites.repeats, sites.units) * np.exp(base.rate_offset(sites))
        wild, _ = scatter(sites.steps, rates, base.shape, base.overdispersion)
        model = replace(model, overdispersion=wild)
        fit = fit_paired(sites, normal, shares, model, base)
        blocks = paired_blocks(sites, normal, shares, model, fit)
    ratios, fractions, shifts = [], [], []
    germline = len(model.germline.prior)
    for stable, unstable, weights in blocks:
        ratios.append(unstable - stable)
        fractions.append(weights[:, germline:] @ model.unstable.fraction)
        shifts.append(weights[:, germline:] @ model.unstable.center)
    ratio = np.concatenate(ratios)
    share, low, high, above = share_of(ratio, cutoff, level)
    odds = ratio + np.log(max(share, 1e-6)) - np.log(max(1 - share, 1e-6))
    rate = prior_rate(sites.repeats, sites.units)
    nodes = node_weights(sites, known, fit)
    return Judged(
        ratio=ratio,
        probability=1 / (1 + np.exp(-np.clip(odds, -500, 500))),
        fraction=np.concatenate(fractions),
        shift=np.concatenate(shifts),
        stutter=np.minimum(rate * np.exp(nodes @ NODES), MAX_RATE),
        share=share,
        low=low,
        high=high,
        above=above,
        fit=fit,
    )


def cut(sites: Sites, known: Known) -> Iterator[tuple[NDArray[np.int64], Sites, Known]]:
    """Yield the sites a block at a time, which bounds memory."""
    for start in range(0, len(sites.repeats), BLOCK):
        rows = np.arange(start, min(start + BLOCK, len(sites.repeats)))
        yield rows, sites.taken(rows), known.taken(rows)


def single_blocks(
    sites: Sites, known: Known, model: Model, fit: Fit
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Yield the evidence of sites without a normal."""
    for _, part, some in cut(sites, known):
        logs = single_likelihood(part, model.hypotheses, fit.shape, fit.overdispersion)
        yield evidence(logs, model, node_weights(part, some, fit), fit)


def expected_of(part: Sites, known: Known, model: Model, fit: Fit) -> Floats:
    """Return read shares that a normal's sites show, drawn towards its fitted stutter.

    A second length with a third of the longest peak's reads belongs to a heterozygote.
    """
    rate = prior_rate(part.repeats, part.units) * np.exp(node_weights(part, known, fit) @ NODES)
    shares = np.empty(part.steps.shape)
    for row, (steps, r) in enumerate(zip(part.steps, rate.tolist(), strict=True)):
        kernel = kernel_of(r, fit.shape)
        peaks = steps >= max(OWN_LENGTHS * steps.max(), 1)
        own = np.zeros(STEPS.size)
        total = max(float(steps[peaks].sum()), 1.0)
        for step in STEPS[peaks].tolist():
            moved = shifted_reads(kernel[None, :], -step)[0]
            own += moved * float(steps[step == STEPS][0]) / total
        if not peaks.any():
            own = kernel
        shares[row] = (steps + STUTTER_WORTH * own) / (steps.sum() + STUTTER_WORTH * own.sum())
    return shares


def fit_paired(sites: Sites, normal: Sites, shares: Floats, model: Model, base: Fit) -> Fit:
    """Return the normal's fit with the weights of the tumour's unstable hypotheses."""
    rows = np.arange(len(sites.repeats))
    if rows.size > MOST_FITTED:
        rows = np.linspace(0, rows.size - 1, MOST_FITTED).astype(np.int64)
    logs = paired_likelihood(
        sites.steps[rows],
        shares[rows],
        normal.steps[rows].sum(axis=1) + STUTTER_WORTH,
        model.hypotheses,
        model.overdispersion,
    )[:, 0, :].astype(float)
    scaled = np.exp(logs - logs.max(axis=1, keepdims=True))
    fit = Fit(
        unstable=FIT_SEED_SHARE,
        profile=model.unstable.prior,
        heterozygous=0.0,
        offsets=base.offsets,
        slope=base.slope,
        spread=base.spread,
        shape=base.shape,
        overdispersion=model.overdispersion,
    )
    for _ in range(60):
        prior = np.concatenate([[1 - fit.unstable], fit.unstable * fit.profile])
        joint = scaled * prior
        before = fit.unstable
        fit = updated(fit, model, joint / joint.sum(axis=1, keepdims=True), 1)
        if abs(fit.unstable - before) < 1e-5:
            break
    return fit


def paired_blocks(
    sites: Sites, normal: Sites, shares: Floats, model: Model, fit: Fit
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Yield the evidence of sites beside their normal's."""
    for start in range(0, len(sites.repeats), BLOCK):
        some = slice(start, start + BLOCK)
        logs = paired_likelihood(
            sites.steps[some],
            shares[some],
            normal.steps[some].sum(axis=1) + STUTTER_WORTH,
            model.hypotheses,
            model.overdispersion,
        )
        yield evidence(logs, model, np.ones((logs.shape[0], 1)), fit)


def share_of(ratio: Floats, cutoff: float, level: float) -> tuple[float, float, float, float]:
    """Return the likeliest share of unstable sites, its limits, and P(share >= cutoff).

    The likelihood of a share s is the product over sites of (1 - s) + s exp(ratio); limits come
    from the posterior under Jeffreys' prior for a proportion, Beta(1/2, 1/2).

    >>> share, low, high, above = share_of(np.array([50.0] * 10 + [-50.0] * 90), 0.2, 0.95)
    >>> round(share, 3), round(low, 3), round(high, 3), above < 0.01
    (0.1, 0.048, 0.18, True)
    """
    # Even in the arc sine, where a proportion's error is the same everywhere.
    angle = (np.arange(GRID) + 0.5) / GRID * np.pi / 2
    grid = np.sin(angle) ** 2
    logs = np.zeros(GRID)
    for part in np.array_split(np.clip(ratio, -600, 600), max(len(ratio) // BLOCK, 1)):
        logs += np.logaddexp(np.log1p(-grid), np.log(grid) + part[:, None]).sum(axis=0)
    # Even steps of the angle are Jeffreys' prior.
    weight = np.exp(TAKEN_AS_KNOWN * (logs - logs.max()))
    total = np.cumsum(weight) / weight.sum()
    low, high = np.interp([(1 - level) / 2, (1 + level) / 2], total, grid).tolist()
    best = float(grid[logs.argmax()])
    share = 0.0 if logs.argmax() == 0 else best
    # No unstable site at all is within the limits where it is hardly less likely (Wilks 1938).
    if logs.max() - logs[0] < HARDLY_LESS:
        low = 0.0
    above = float(weight[grid >= cutoff].sum() / weight.sum())
    return share, min(low, share), max(high, share), above


def detectable(sites: Sites, stutter: Floats, fit: Fit) -> float:
    """Return the smallest share of reads shifted by one unit that a middling site would show.

    Shown is what would on average be twenty times as likely shifted as stable. Returns infinity
    where no share up to .9 would.
    """
    depth = effective(sites.steps.sum(axis=1).astype(float), fit.overdispersion)
    least = np.full(depth.size, np.inf)
    for row, (reads, rate) in enumerate(zip(depth.tolist(), stutter.tolist(), strict=True)):
        stable = kernel_of(rate, fit.shape)
        moved = shifted_reads(stable[None, :], 1)[0]
        for fraction in FRACTIONS:
            shares = (1 - fraction) * stable + fraction * moved
            if reads * float((shares * np.log(shares / stable)).sum()) >= SEEN:
                least[row] = fraction
                break
    return float(np.median(least)) if least.size else float("inf")
