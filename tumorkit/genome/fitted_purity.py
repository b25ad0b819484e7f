"""A fitted purity as later steps take it: weighted solutions, each with its own copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

# States of a fit that have a value.
ANSWERED = ("solved", "highly_diploid")
# A 95 % interval reaches so many standard deviations to either side together.
WIDTH_95 = 3.92


@dataclass(frozen=True, kw_only=True)
class FittedSolution:
    """One solution of a fit, its weight, and the copies of each segment if it holds.

    ``points`` are purity, ploidy and weight of the posterior around it, shape (points, 3); the
    weights sum to 1. ``copies`` and ``minor_copies`` of the segments are means over the tumour's
    cells, so those of a change in a part of them are no whole numbers; NaN is unknown.
    ``probability`` is that of these copies.
    """

    purity: float
    ploidy: float
    weight: float
    points: Values
    copies: Values
    minor_copies: Values
    probability: Values


@dataclass(frozen=True, kw_only=True)
class FittedPurity:
    """A fit of purity and ploidy: state, best values with their range, solutions by weight.

    The weights of the solutions sum to 1; ``contig``, ``start`` and ``end`` are those of the
    segments whose copies they hold (0-based half-open). ``purity`` and ``ploidy`` are None where
    the fit has no answer; ``reason`` then says why.
    """

    sample: str
    state: str
    reason: str
    purity: float | None
    purity_low: float | None
    purity_high: float | None
    ploidy: float | None
    solutions: tuple[FittedSolution, ...]
    contig: tuple[str, ...]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    @property
    def answered(self) -> bool:
        """Whether later steps may build on it: the rule is that a state has an answer."""
        return self.state in ANSWERED and self.purity is not None and len(self.solutions) > 0

    @property
    def used(self) -> float | None:
        """The best solution's purity where later steps may build on it, else None."""
        return self.purity if self.answered else None

    def notes(self, given: float | None) -> tuple[str, ...]:
        """Return in words which purity later steps use: the given one, the fitted one, or none."""
        if given is not None:
            fitted = f"{self.purity:.2f}" if self.purity is not None else f"none: {self.reason}"
            return (f"purity {given:g} as given is used; the fitted one ({fitted}) is not",)
        if not self.answered:
            return (f"no purity is used: the fit has none ({self.reason})",)
        more = len(self.solutions) > 1
        over = f", averaged over {len(self.solutions)} solutions" if more else ""
        return (f"purity {self.purity:.2f} as fitted is used{over}",)

    @property
    def purity_sd(self) -> float:
        """Standard deviation that the 95 % range stands for; 0 where there is none."""
        if self.purity_low is None or self.purity_high is None:
            return 0.0
        return max(0.0, self.purity_high - self.purity_low) / WIDTH_95

    def points(self) -> Values:
        """Return purity, ploidy and weight over all solutions, shape (points, 3)."""
        parts = [item.points * [1.0, 1.0, item.weight] for item in self.solutions]
        return np.concatenate(parts) if parts else np.empty((0, 3))


def nearest_solution(points: Values, solutions: Values) -> NDArray[np.int64]:
    """Return the solution that each point of a posterior belongs to.

    Both have purity and ploidy in their first two columns. Distances are taken in purity and in
    half the logarithm of the ploidy, along which solutions lie apart.

    >>> nearest_solution(np.array([[0.6, 2.1], [0.4, 3.9]]), np.array([[0.61, 2.0], [0.41, 4.0]]))
    array([0, 1])
    """
    off = points[:, None, 0] - solutions[None, :, 0]
    far = (np.log(points[:, None, 1]) - np.log(solutions[None, :, 1])) / 2
    return np.asarray((off**2 + far**2).argmin(axis=1), dtype=np.int64)
