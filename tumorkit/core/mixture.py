"""Which of many known components made some counts: a posterior over sets of components.

A spike-and-slab model: each component is in the set with its prior probability, and the shares of
those that are in it are Dirichlet. Sets are averaged, none is taken for the truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.kernels import load_kernel

Values = NDArray[np.float64]
KERNEL = "tumorkit.core.kernels.mixture"


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How far sets of components are searched; see :mod:`tumorkit.core.kernels.mixture_python`."""

    most: int = 9
    keep: int = 64
    expansions: int = 4
    window: float = 3.0
    wide: int = 6
    swaps: int = 4


DEFAULT_EFFORT = Effort()


@dataclass(frozen=True, kw_only=True)
class Sets:
    """The best sets of components of each sample: members (-1 is none), shares, probabilities.

    ``members`` and ``shares`` are samples x sets x places, ``probability`` samples x sets; a
    sample without counts has probability 0 throughout.
    """

    members: NDArray[np.int16]
    shares: Values
    probability: Values
    components: int

    def __len__(self) -> int:
        return len(self.members)

    def _spread(self, values: Values) -> Values:
        """Add values of places up by component."""
        samples = len(self)
        at = np.where(self.members < 0, self.components, self.members).astype(np.int64)
        flat = at + (self.components + 1) * np.arange(samples)[:, None, None]
        size = samples * (self.components + 1)
        found: Values = np.bincount(flat.ravel(), weights=values.ravel(), minlength=size).astype(
            np.float64
        )
        return found.reshape(samples, self.components + 1)[:, : self.components]

    def inclusion(self) -> Values:
        """Return the probability of each component (samples x components)."""
        weights = np.broadcast_to(self.probability[:, :, None], self.members.shape)
        return np.minimum(self._spread(np.ascontiguousarray(weights)), 1.0)

    def mean_shares(self) -> Values:
        """Return the mean share of each component, nothing where it is not in the set."""
        return self._spread(self.shares * self.probability[:, :, None])

    def any_of(self, group: NDArray[np.bool_]) -> Values:
        """Return the probability that at least one component of a group is in the set."""
        member = np.append(group, False)[self.members]
        hit: Values = np.minimum((member.any(axis=2) * self.probability).sum(axis=1), 1.0)
        return hit


def search_sets(
    counts: Values,
    table: Values,
    odds: Values,
    bonds: Values,
    *,
    alpha: float = 1.0,
    effort: Effort = DEFAULT_EFFORT,
) -> Sets:
    """Return the posterior over sets of components for each sample.

    ``counts`` is samples x channels, ``table`` components x channels with positive rows of sum 1,
    ``odds`` the log prior odds of each component, for all samples or samples x components,
    ``bonds`` what pairs add to them. The search starts from the components that are more likely
    than not beforehand (in the first sample's odds).

    >>> table = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    >>> counts = np.array([[70.0, 20.0, 10.0], [40.0, 20.0, 40.0]])
    >>> found = search_sets(counts, table, np.zeros(2), np.zeros((2, 2)))
    >>> (found.inclusion() > 0.5).tolist()
    [[True, False], [True, True]]
    """
    kernel: Any = load_kernel(KERNEL)
    rows = np.ascontiguousarray(np.broadcast_to(odds, (len(counts), len(table))))
    start = np.flatnonzero(rows[0] > 0) if len(rows) else np.zeros(0, dtype=np.int64)
    members, shares, scores = kernel.search_mixtures(
        np.ascontiguousarray(counts, dtype=np.float64),
        np.ascontiguousarray(table, dtype=np.float64),
        rows,
        np.ascontiguousarray(bonds, dtype=np.float64),
        start.astype(np.int64),
        alpha,
        effort.most,
        effort.keep,
        effort.expansions,
        effort.window,
        effort.wide,
        effort.swaps,
    )
    top = scores.max(axis=1, initial=-np.inf, keepdims=True)
    weights = np.exp(scores - np.where(np.isfinite(top), top, 0.0))
    total = weights.sum(axis=1, keepdims=True)
    probability = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return Sets(members=members, shares=shares, probability=probability, components=len(table))


def posterior_shares(
    sets: Sets,
    counts: Values,
    table: Values,
    *,
    alpha: float,
    draws: int,
    seed: int,
) -> Iterator[tuple[NDArray[np.int64], Values]]:
    """Yield for each sample the components that occur, and draws of their shares.

    Draws (draws x components that occur) are stratified over sets by probability; within a set
    they are logistic normal around its shares. All samples see the same random numbers, so that a
    sample's draws do not depend on the others. A sample without counts yields nothing to choose
    from: no components and no draws.
    """
    places = sets.members.shape[2]
    noise = np.random.default_rng(seed).standard_normal((draws, places))
    # An order of strata that has nothing to do with that of the noise.
    steps = (np.random.default_rng(seed + 1).permutation(draws) + 0.5) / draws
    for n in range(len(sets)):
        if not sets.probability[n].any():
            yield np.zeros(0, dtype=np.int64), np.zeros((0, 0))
            continue
        edges = np.cumsum(sets.probability[n])
        chosen = np.minimum(np.searchsorted(edges, steps * edges[-1]), len(edges) - 1)
        used, which = np.unique(chosen, return_inverse=True)
        roots = inverse_roots(sets.members[n, used], sets.shares[n, used], counts[n], table, alpha)
        logs = np.einsum("dij,dj->di", roots[which], noise)
        members, modes = sets.members[n, chosen], sets.shares[n, chosen]
        there = members >= 0
        raw = np.where(there, np.exp(np.clip(logs, -30, 30)) * modes, 0.0)
        raw /= raw.sum(axis=1, keepdims=True)
        listed = np.unique(sets.members[n, used])
        listed = listed[listed >= 0].astype(np.int64)
        shares = np.zeros((draws, len(listed)))
        rows = np.broadcast_to(np.arange(draws)[:, None], members.shape)
        shares[rows[there], np.searchsorted(listed, members[there])] = raw[there]
        yield listed, shares


def inverse_roots(
    members: NDArray[np.int16], shares: Values, counts: Values, table: Values, alpha: float
) -> Values:
    """Return square roots of the covariances of log shares, one matrix a set.

    The inverse of diag(alpha) + Sum_c x_c r_c r_c', r_c the shares of the components in channel c:
    MacKay's Hessian with the total left free, which changes no ratio of shares.
    """
    used = counts > 0
    there = members >= 0
    rows = table[:, used][np.maximum(members, 0)] * (shares * there)[:, :, None]
    fitted = rows.sum(axis=1, keepdims=True)
    scaled = rows / fitted * np.sqrt(counts[used])
    precision = scaled @ scaled.transpose(0, 2, 1)
    places = np.arange(members.shape[1])
    precision[:, places, places] += np.where(there, alpha, 1.0)
    lower = np.linalg.cholesky(precision)
    roots: Values = np.linalg.inv(lower).transpose(0, 2, 1)
    return roots
