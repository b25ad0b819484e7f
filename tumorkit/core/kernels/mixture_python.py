"""Search for the components of a mixture in plain Python: oracle and fallback of ``mixture``.

Counts x over channels come from a mixture of known components S with unknown shares w. A set A of
components has the evidence p(x | A) = integral of Prod_c (Sum_k w_k S_kc)^x_c over w with
w ~ Dirichlet(alpha), by Laplace's method in the logarithms of the shares, where it stays good next
to shares of nothing (MacKay 1998, Choice of basis for Laplace approximation, Machine Learning
33:77). The score of a set is the logarithm of its evidence and of its prior odds.

Sets are looked at best first. Around each, sets with one component more, one fewer and another one
are fitted; which are worth fitting, a step of Newton's method from a share of nothing says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Members = tuple[int, ...]
MOST, STEPS, ROOM = 16, 100, 4096
NEVER = -1e300


def search_mixtures(
    counts: Values,
    table: Values,
    odds: Values,
    bonds: Values,
    start: NDArray[np.int64],
    alpha: float,
    most: int,
    keep: int,
    expansions: int,
    window: float,
    wide: int,
    swaps: int,
) -> tuple[NDArray[np.int16], Values, Values]:
    """Return the best sets of components of each sample, their shares and their scores.

    ``counts`` is samples x channels, ``table`` components x channels and positive, with rows of
    sum 1; ``odds`` (samples x components) and ``bonds`` (components x components, symmetric) are
    the logarithms of prior odds of a component and of what two of them add when both are there.
    ``start`` is the first set, empty for all single components. No set has more than ``most``
    (at most 15). The surroundings of at most ``most + expansions`` sets with scores within
    ``window`` of the best are fitted: the ``wide`` most promising components more, and for each
    component left out the ``swaps`` most promising instead. Of the fitted sets the best ``keep``
    come back: members (-1 is none), shares, scores (-inf is none); a sample without counts has
    none.
    """
    most = min(most, MOST - 1)
    members = np.full((len(counts), keep, most), -1, dtype=np.int16)
    weights = np.zeros((len(counts), keep, most))
    scores = np.full((len(counts), keep), -np.inf)
    for n, row in enumerate(counts):
        used = row > 0
        if not used.any():
            continue
        search = Search(row[used], table[:, used], odds[n], bonds, alpha, most)
        search.run([int(k) for k in start], expansions, window, wide, swaps)
        ranked = sorted(search.found.items(), key=lambda item: -item[1][0])[:keep]
        for place, (who, (score, shares)) in enumerate(ranked):
            members[n, place, : len(who)] = who
            weights[n, place, : len(who)] = shares
            scores[n, place] = score
    return members, weights, scores


class Search:
    """The sets that were fitted to one sample, with their scores and shares."""

    def __init__(
        self, counts: Values, table: Values, odds: Values, bonds: Values, alpha: float, most: int
    ) -> None:
        self.counts, self.table, self.odds, self.bonds = counts, table, odds, bonds
        self.alpha, self.most = alpha, most
        self.found: dict[Members, tuple[float, Values]] = {}
        self.grown: set[Members] = set()

    def run(self, start: list[int], expansions: int, window: float, wide: int, swaps: int) -> None:
        """Fit sets from the start on, best first."""
        if start:
            self.place(tuple(sorted(start)), np.full(len(start), 1 / len(start)))
        else:
            for k in range(len(self.table)):
                if self.odds[k] > -1e200:
                    self.place((k,), np.ones(1))
        for _ in range(self.most + expansions):
            best = self.best_ungrown(window)
            if best is None:
                break
            self.grown.add(best)
            self.around(best, wide, swaps)

    def best_ungrown(self, window: float) -> Members | None:
        """Return the best set whose surroundings are not yet fitted, None where all are far."""
        top = max(score for score, _ in self.found.values())
        left = [who for who in self.found if who not in self.grown]
        best = max(left, key=lambda who: self.found[who][0], default=None)
        return best if best is not None and self.found[best][0] >= top - window else None

    def place(self, members: Members, weights: Values) -> bool:
        """Fit a set once; False where there is no room for more."""
        if members not in self.found:
            if len(self.found) >= ROOM:
                return False
            self.found[members] = self.fit(members, weights.copy())
        return True

    def fit(self, members: Members, weights: Values) -> tuple[float, Values]:
        """Return score and shares at the mode, by Newton's method from the weights given."""
        rows, x, alpha, size = self.table[list(members)], self.counts, self.alpha, len(members)
        total = x.sum() + alpha * size
        for _ in range(STEPS):
            fitted = weights @ rows
            gradient = rows @ (x / fitted) + alpha / weights - total
            hessian = (rows * (x / fitted**2)) @ rows.T + np.diag(alpha / weights**2)
            step = np.linalg.solve(hessian, gradient)
            decrement = float(gradient @ step)
            # The damped step of Newton's method, which climbs from anywhere (Nesterov 1994).
            t = 1.0 if decrement < 0.0625 else 1 / (1 + math.sqrt(decrement))
            ratio = step / weights
            if (ratio < 0).any():
                t = min(t, float((-0.9 / ratio[ratio < 0]).min()))
            weights = weights + t * step
            if decrement < 1e-10:
                break
        score = math.lgamma(alpha * size) - size * math.lgamma(alpha)
        score += 0.5 * (size - 1) * math.log(2 * math.pi)
        score -= 0.5 * (np.linalg.slogdet(hessian)[1] - math.log(total))
        score += x @ np.log(weights @ rows) + (alpha - 1) * np.log(weights).sum()
        who = list(members)
        score += self.odds[who].sum() + np.triu(self.bonds[np.ix_(who, who)], 1).sum()
        return float(score), weights

    def around(self, members: Members, wide: int, swaps: int) -> None:
        """Fit the sets that differ from one by a component: more, fewer, another."""
        weights = self.found[members][1]
        self.grow(members, wide)
        if len(members) < 2:
            return
        for at in range(len(members)):
            less = (*members[:at], *members[at + 1 :])
            kept = np.delete(weights, at) / max(1 - weights[at], 1e-3)
            if self.place(less, np.maximum(kept, 1e-4)) and swaps > 0:
                self.grow(less, swaps)

    def grow(self, members: Members, wide: int) -> None:
        """Fit the ``wide`` most promising sets with one component more."""
        if len(members) >= self.most:
            return
        weights = self.found[members][1]
        for k, share in self.promising(members, weights, wide):
            more = tuple(sorted((*members, k)))
            at = more.index(k)
            self.place(more, np.insert(weights * (1 - share), at, share))

    def promising(
        self, members: Members, weights: Values, wide: int
    ) -> Iterator[tuple[int, float]]:
        """Yield the components that promise most, and the share they would have."""
        d = self.table / (weights @ self.table[list(members)]) - 1
        first, second = d @ self.counts, (d * d) @ self.counts
        rises = (first > 0) & (second > 0)
        ratio = np.divide(first, second, out=np.zeros_like(first), where=rises)
        shares = np.where(rises, np.clip(ratio, 0.01, 0.5), 0.05)
        promise = np.where(rises, 0.5 * first * ratio, np.where(first <= 0, first, NEVER))
        promise = promise + self.odds + self.bonds[:, list(members)].sum(axis=1)
        promise[self.odds < -1e200] = NEVER
        promise[list(members)] = NEVER
        for _ in range(wide):
            best = int(np.argmax(promise))
            if promise[best] <= -1e299:
                return
            promise[best] = NEVER
            yield best, float(shares[best])
