"""How likely the lengths of a site are, whatever it is and however much it stutters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tumorkit.msi.stutter import (
    NODES,
    REACH,
    SHIFTS,
    STEPS,
    TAILS,
    Floats,
    Hypotheses,
    Shape,
    base_prior,
    expected,
    prior_rate,
    stutter_kernel,
)

Number = TypeVar("Number", np.int64, np.float64)
# Share of reads from which a length may be the person's own.
OWN_SHARE = 0.2


@dataclass(frozen=True, kw_only=True)
class Sites:
    """Sites to be judged: reads by ``STEPS``, units of the reference and bases of the unit."""

    steps: NDArray[np.int64]
    repeats: NDArray[np.int64]
    units: NDArray[np.int64]

    def taken(self, rows: NDArray[np.int64]) -> Sites:
        """Return some of the sites."""
        return Sites(steps=self.steps[rows], repeats=self.repeats[rows], units=self.units[rows])


def effective(depth: Floats, overdispersion: float) -> Floats:
    """Return how many independent reads a depth is worth.

    A multinomial at a panel's depth is surer than any model of stutter deserves; reads count as
    n / (1 + (n - 1) rho), as in the variance of a Dirichlet-multinomial (Mosimann 1962).

    >>> effective(np.array([1.0, 1001.0]), 0.001).round(1).tolist()
    [1.0, 500.5]
    """
    return np.asarray(depth / (1 + np.maximum(depth - 1, 0) * overdispersion))


def single_likelihood(
    sites: Sites, hypotheses: Hypotheses, shape: Shape, overdispersion: float
) -> NDArray[np.float32]:
    """Return log likelihoods of sites without a normal: site, rate (``NODES``), hypothesis.

    The person's own length is the reference's, or any that a fifth of the reads have, with its
    prior; both are summed over, and so is the size of the site's steps (``TAILS``).
    """
    depth = sites.steps.sum(axis=1)
    scale = effective(depth.astype(float), overdispersion) / np.maximum(depth, 1)
    log_total = np.full((len(depth), NODES.size, len(hypotheses.prior)), -np.inf, dtype=np.float32)
    own = sites.steps >= np.maximum(OWN_SHARE * depth, 1)[:, None]
    own[:, STEPS == 0] = True
    site, column = np.nonzero(own)
    bases = STEPS[column]
    length = np.maximum(sites.repeats[site] + bases, 1)
    shapes = [(shape.tailed(factor), np.float32(np.log(share))) for factor, share in TAILS]
    tables: dict[float, list[NDArray[np.float32]]] = {}
    for base, count, unit in sorted({*zip(bases.tolist(), length.tolist(),
                                          sites.units[site].tolist(), strict=True)}):  # fmt: skip
        here = site[(bases == base) & (length == count) & (sites.units[site] == unit)]
        rate = float(prior_rate(np.array([count]), np.array([unit]))[0])
        if rate not in tables:
            tables[rate] = [log_table(rate, one, hypotheses) for one, _ in shapes]
        moved = (shifted_reads(sites.steps[here], base) * scale[here, None]).astype(np.float32)
        for table, (_, log_share) in zip(tables[rate], shapes, strict=True):
            found = (moved @ table).reshape(len(here), NODES.size, -1)
            found += np.float32(np.log(base_prior(base))) + log_share
            log_total[here] = np.logaddexp(log_total[here], found)
    return log_total


def log_table(rate: float, shape: Shape, hypotheses: Hypotheses) -> NDArray[np.float32]:
    """Return log read shares: ``STEPS`` by rate (``NODES``) and hypothesis in one."""
    shares = expected(stutter_kernel(rate * np.exp(NODES), shape), hypotheses.weights)
    return np.log(shares.astype(np.float32)).reshape(-1, STEPS.size).T.copy()


def shifted_reads(steps: NDArray[Number], base: int) -> NDArray[Number]:
    """Return reads by step against a length ``base`` units from the reference's."""
    if base == 0:
        return steps
    moved = np.zeros_like(steps)
    target = np.clip(np.arange(STEPS.size) - base, 0, STEPS.size - 1)
    np.add.at(moved.T, target, steps.T)
    return moved


def paired_likelihood(
    steps: NDArray[np.int64],
    normal: Floats,
    normal_reads: Floats,
    hypotheses: Hypotheses,
    overdispersion: float,
) -> NDArray[np.float32]:
    """Return log likelihoods of a tumour beside what its normal shows: site, 1, hypothesis.

    ``normal`` are read shares over ``STEPS``, known as well as ``normal_reads`` tell them. The
    normal's own errors weaken the evidence as if the tumour had fewer reads.
    """
    depth = steps.sum(axis=1).astype(float)
    known = effective(normal_reads, overdispersion)
    own = effective(depth, overdispersion)
    scale = own * known / np.maximum(own + known, 1e-9) / np.maximum(depth, 1)
    at = STEPS[None, :] - SHIFTS[:, None] - STEPS[0]
    inside = (at >= 0) & (at < STEPS.size)
    moved = np.where(inside, normal[:, np.clip(at, 0, STEPS.size - 1)], 0.0)
    shares = np.einsum("hj,sjd->shd", hypotheses.weights, moved, optimize=True)
    shares = np.maximum(shares, 1e-6)
    shares /= shares.sum(axis=2, keepdims=True)
    found = np.einsum("shd,sd->sh", np.log(shares), steps * scale[:, None], optimize=True)
    return np.asarray(found[:, None, :], dtype=np.float32)


def kernel_of(rate: float, shape: Shape) -> Floats:
    """Return read shares over ``STEPS`` of a stable site that stutters at ``rate``."""
    row: Floats = stutter_kernel(np.array([rate]), shape)[0][STEPS + REACH]
    return np.asarray(row / row.sum(), dtype=np.float64)
