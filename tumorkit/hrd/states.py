"""Genomes that could be: states of segments drawn from what levels, alleles and a fit leave open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.build import Build
from tumorkit.genome.segment import Segment
from tumorkit.purity.copies import state_posterior
from tumorkit.purity.evidence import gather
from tumorkit.purity.likelihood import Likelihood
from tumorkit.purity.params import PurityParams
from tumorkit.purity.result import GridPoint, PurityResult, Solution

Values = NDArray[np.float64]
# A 95 % interval reaches so many standard deviations to either side together.
WIDTH_95 = 3.92


@dataclass(frozen=True, kw_only=True)
class FittedPurity:
    """What a count of scars needs of a fit: its answer, solutions and posterior.

    ``answered`` is whether a purity was found; ``reason`` says why not.
    """

    answered: bool
    reason: str
    solutions: tuple[Solution, ...]
    grid: tuple[GridPoint, ...]
    params: PurityParams

    @classmethod
    def of(cls, result: PurityResult) -> FittedPurity:
        """Take it from a result of :func:`tumorkit.purity.fit_purity`."""
        return cls(
            answered=result.purity.value is not None,
            reason=result.reason_of_state,
            solutions=result.solutions,
            grid=result.grid,
            params=result.params,
        )

    @property
    def points(self) -> tuple[GridPoint, ...]:
        """The posterior's points, else the solutions as such."""
        return self.grid or tuple(
            GridPoint(
                purity=one.purity, ploidy=one.ploidy, weight=one.weight, doubled=one.doubled
            )
            for one in self.solutions
        )  # fmt: skip


class StateModel:
    """Probabilities of allele states of segments at any purity and ploidy."""

    def __init__(self, segments: Sequence[Segment], build: Build, params: PurityParams) -> None:
        self.segments = segments
        evidence = gather(segments, (), params, sex=None, build=build)
        self.rows = evidence.row
        self.measured = evidence.measured
        self.likelihood = Likelihood(evidence, params)
        self.states = self.likelihood.states
        self.cache: dict[tuple[float, float, float], Values] = {}

    def probabilities(self, purity: float, ploidy: float, doubled: float) -> Values:
        """Return the probability of each state, shape (states, segments)."""
        key = (purity, ploidy, doubled)
        if key not in self.cache:
            self.cache[key] = state_posterior(self.likelihood, purity, ploidy, doubled)
        return self.cache[key]

    def likeliest(self, purity: float, ploidy: float, doubled: float) -> list[Segment]:
        """Return the segments with their likeliest copies."""
        return self.with_states(self.probabilities(purity, ploidy, doubled).argmax(axis=0))

    def drawn(
        self, purity: float, ploidy: float, doubled: float, rng: np.random.Generator
    ) -> list[Segment]:
        """Return the segments with copies drawn by their probabilities."""
        below = np.cumsum(self.probabilities(purity, ploidy, doubled), axis=0)
        states = (below < rng.random(below.shape[1]) * below[-1]).sum(axis=0)
        return self.with_states(np.minimum(states, len(self.states) - 1))

    def with_states(self, states: NDArray[np.int64]) -> list[Segment]:
        """Return the segments with these states; alleles that nobody measured stay unknown."""
        found = []
        for row, state, measured in zip(
            self.rows.tolist(), states.tolist(), self.measured.tolist(), strict=True
        ):
            major, minor = int(self.states.major[state]), int(self.states.minor[state])
            found.append(
                replace(
                    self.segments[row],
                    copy_number=float(major + minor),
                    major_cn=major if measured else None,
                    minor_cn=minor if measured else None,
                )
            )
        return found


def moved(segments: Sequence[Segment], rng: np.random.Generator) -> list[Segment]:
    """Return segments with each border moved within the interval that the file gives it.

    A border that two segments share moves once. Borders without an interval stay.
    """
    shifts = rng.normal(size=len(segments) + 1)
    found: list[Segment] = []
    for at, item in enumerate(segments):
        start = item.start + drawn_shift(item.start, item.start_low, item.start_high, shifts[at])
        end = item.end + drawn_shift(item.end, item.end_low, item.end_high, shifts[at + 1])
        if found and found[-1].contig == item.contig and item.start >= segments[at - 1].end:
            start = max(start, found[-1].end)
        else:
            start = max(start, 0)
        found.append(replace(item, start=start, end=max(end, start + 1)))
    return found


def drawn_shift(place: int, low: int | None, high: int | None, z: float) -> int:
    """Return how far a border moves, by a normal draw over its 95 % interval."""
    if low is None or high is None or high <= low:
        return 0
    middle, sd = (low + high) / 2, (high - low) / WIDTH_95
    return round(min(max(middle + z * sd, low), high)) - place


def genomes(
    segments: Sequence[Segment],
    model: StateModel | None,
    points: Sequence[GridPoint],
    draws: int,
    seed: int,
) -> Iterator[list[Segment]]:
    """Yield genomes drawn from the posterior: point, states, borders; without a model, borders."""
    rng = np.random.default_rng(seed)
    weights = np.array([point.weight for point in points])
    for _ in range(draws):
        own: Sequence[Segment] = segments
        if model is not None:
            at = int(rng.choice(len(points), p=weights / weights.sum()))
            point = points[at]
            own = model.drawn(point.purity, point.ploidy, point.doubled, rng)
        yield moved(own, rng)


def is_uncertain(segments: Sequence[Segment]) -> bool:
    """Whether any border has an interval."""
    return any(
        item.start_low is not None and item.start_high is not None and item.start_high > item.start_low
        for item in segments
    )
