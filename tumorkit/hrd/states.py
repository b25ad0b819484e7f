"""Genomes that could be: states of segments drawn from what levels and a fit leave open."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.build import Build
from tumorkit.genome.segment import Segment
from tumorkit.hrd.scars import Stretch
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

    def likeliest(self, purity: float, ploidy: float, doubled: float) -> NDArray[np.int64]:
        """Return the number of every segment's likeliest state."""
        return np.asarray(self.probabilities(purity, ploidy, doubled).argmax(axis=0))

    def drawn(
        self, purity: float, ploidy: float, doubled: float, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Return the number of a state of every segment, drawn by its probability."""
        below = np.cumsum(self.probabilities(purity, ploidy, doubled), axis=0)
        states = (below < rng.random(below.shape[1]) * below[-1]).sum(axis=0)
        return np.asarray(np.minimum(states, len(self.states) - 1))

    def segments_with(self, states: NDArray[np.int64]) -> list[Segment]:
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

    def stretches_with(
        self, own: Sequence[Stretch], places: Sequence[int], states: NDArray[np.int64]
    ) -> list[Stretch]:
        """Return stretches with these states; ``places`` says which state is whose."""
        majors = self.states.major[states].tolist()
        minors = self.states.minor[states].tolist()
        found = []
        for item, at in zip(own, places, strict=True):
            major, minor = majors[at], minors[at]
            known = item.minor is not None or major + minor <= 1
            found.append(
                Stretch(
                    item.contig, item.start, item.end, major if known else None,
                    minor if known else None, major + minor, major + minor,
                )
            )  # fmt: skip
        return found


@dataclass(frozen=True)
class Borders:
    """Borders of stretches: where they are, and their 95 % intervals (equal ends: none)."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    start_mean: Values
    start_sd: Values
    end_mean: Values
    end_sd: Values
    joint: NDArray[np.bool_]

    @property
    def uncertain(self) -> bool:
        """Whether any border has an interval."""
        return bool((self.start_sd > 0).any() or (self.end_sd > 0).any())


def borders_of(segments: Sequence[Segment]) -> Borders:
    """Return the borders of segments with what the file says of them."""
    start = np.array([item.start for item in segments], dtype=np.int64)
    end = np.array([item.end for item in segments], dtype=np.int64)
    contig = [item.contig for item in segments]
    start_mean, start_sd = spread(
        start, [item.start_low for item in segments], [item.start_high for item in segments]
    )
    end_mean, end_sd = spread(
        end, [item.end_low for item in segments], [item.end_high for item in segments]
    )
    joint = np.array([x == y for x, y in itertools.pairwise(contig)], dtype=np.bool_)
    return Borders(start, end, start_mean, start_sd, end_mean, end_sd, joint)


def spread(
    place: NDArray[np.int64], low: Sequence[int | None], high: Sequence[int | None]
) -> tuple[Values, Values]:
    """Return the middle and the standard deviation of borders; 0 where no interval is given."""
    first = np.array([np.nan if value is None else value for value in low], dtype=np.float64)
    last = np.array([np.nan if value is None else value for value in high], dtype=np.float64)
    told = np.nan_to_num(last - first, nan=0.0) > 0
    middle = np.where(told, (first + last) / 2, place)
    return middle, np.where(told, (last - first) / WIDTH_95, 0.0)


def moved(own: Sequence[Stretch], borders: Borders, rng: np.random.Generator) -> list[Stretch]:
    """Return stretches with borders drawn; the border between two of them moves once."""
    z = rng.normal(size=len(own) + 1)
    start = np.rint(borders.start_mean + borders.start_sd * z[:-1]).astype(np.int64)
    end = np.rint(borders.end_mean + borders.end_sd * z[1:]).astype(np.int64)
    start = np.maximum(start, 0)
    # Neighbours meet: what one gives up the other takes, and no stretch turns over.
    start[1:] = np.where(borders.joint, np.maximum(start[1:], end[:-1]), start[1:])
    end = np.maximum(end, start + 1)
    return [
        Stretch(item.contig, a, b, item.major, item.minor, item.total, item.usual)
        for item, a, b in zip(own, start.tolist(), end.tolist(), strict=True)
    ]
