"""Allele states of a segment, and how likely each is before the data are seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

# Copies beyond this are not told apart; a single broad state holds them.
MOST_COPIES = 8
# Each further copy of one amplification costs less than its first.
FURTHER_COPY = 0.6
# Nobody survives the loss of both copies of this much (PURPLE reports deletions below 10 Mb).
LETHAL_LENGTH = 5_000_000
LETHAL_COST = 4.0


@dataclass(frozen=True)
class States:
    """Copies of the major and minor allele, by total; ``log_prior`` has a row per history.

    Row 0 holds for a genome that was never doubled, row 1 for a doubled one.
    """

    major: NDArray[np.int64]
    minor: NDArray[np.int64]
    log_prior: Values

    @property
    def total(self) -> NDArray[np.int64]:
        """Copies of both alleles."""
        return self.major + self.minor

    def pairs(self) -> list[tuple[int, int]]:
        """Return copies of the major and the minor allele, state by state."""
        return list(zip(self.major.tolist(), self.minor.tolist(), strict=True))

    def __len__(self) -> int:
        return len(self.major)


def step_cost(change: int) -> float:
    """Return the number of events that change an allele by so many copies.

    >>> [step_cost(change) for change in (0, -1, 1, 3)]
    [0.0, 1.0, 1.0, 2.2]
    """
    size = abs(change)
    return 0.0 if size == 0 else 1 + FURTHER_COPY * (size - 1)


def undoubled_events(major: int, minor: int) -> float:
    """Return the events that lead from one copy of each allele to this state."""
    return step_cost(major - 1) + step_cost(minor - 1)


def doubled_events(major: int, minor: int) -> float:
    """Return the fewest events that lead to a state through a doubling of the genome.

    Events come before the doubling, which then doubles their outcome, or after it.

    >>> doubled_events(2, 2), doubled_events(2, 0), doubled_events(3, 2), doubled_events(4, 2)
    (0.0, 1.0, 1.0, 1.0)
    """
    return min(
        undoubled_events(a, b) + step_cost(major - 2 * a) + step_cost(minor - 2 * b)
        for a in range(MOST_COPIES)
        for b in range(MOST_COPIES)
    )


@lru_cache(maxsize=8)
def allele_states(event_cost: float) -> States:
    """Return all states up to eight copies; a state's odds fall with the events it takes."""
    pairs = [
        (total - minor, minor)
        for total in range(MOST_COPIES + 1)
        for minor in range(total // 2 + 1)
    ]
    events = np.array(
        [[rule(*pair) for pair in pairs] for rule in (undoubled_events, doubled_events)]
    )
    log_prior = -event_cost * events
    log_prior -= np.log(np.exp(log_prior).sum(axis=1, keepdims=True))
    return States(
        np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs]), log_prior
    )
