"""Fragments of DNA: how many fall on each target, from which cells and which haplotype."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.simulate.copy_number import SegmentIndex
from tumorkit.simulate.nouns import Case, Island, Target
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.randomness import part_rng

REACH = 10  # a fragment is captured when its middle lies this near to its target
PARALOGUE_SHARE = 0.35  # of the fragments on a target of low mappability


@dataclass(frozen=True, kw_only=True)
class SampleSetup:
    """One of the two samples: its name, its share of tumour cells, its depth."""

    name: str
    number: int
    purity: float
    depth: float

    @property
    def prefix(self) -> str:
        """First letter of the names of its reads."""
        return "tn"[self.number]


@dataclass(frozen=True, kw_only=True)
class Fragments:
    """Fragments of an island sorted by start, duplicates among them; arrays of equal length."""

    start: NDArray[np.int64]
    length: NDArray[np.int64]
    tumor: NDArray[np.bool_]
    haplotype: NDArray[np.int64]
    forward_first: NDArray[np.bool_]
    duplicate: NDArray[np.bool_]
    mapping_quality: NDArray[np.int64]
    paralogue: NDArray[np.bool_]
    source: NDArray[np.int64]
    """Number of the fragment that a duplicate copies; a fragment's own number otherwise."""

    def __len__(self) -> int:
        return len(self.start)


def setups(params: SimulateParams) -> tuple[SampleSetup, SampleSetup]:
    """Return the tumour and the normal of a case."""
    return (
        SampleSetup(name=params.tumor_name, number=0, purity=params.purity, depth=params.depth),
        SampleSetup(name=params.normal_name, number=1, purity=0.0, depth=params.normal_depth),
    )


def cell_weights(segments: SegmentIndex, target: Target, purity: float) -> NDArray[np.float64]:
    """Return copies per cell of the mixture: normal A, normal B, tumour A, tumour B."""
    segment = segments.at(target.contig, (target.start + target.end) // 2)
    second = 1.0 if segment.normal_cn == 2 else 0.0
    return np.array(
        [
            1 - purity,
            second * (1 - purity),
            purity * segment.copies(0),
            purity * segment.copies(1),
        ]
    )


def mean_coverage(size: int, fragment: float) -> float:
    """Return the mean depth of a target of ``size`` per fragment whose middle falls on it.

    Middles are uniform over the target and :data:`REACH` bases on either side.
    """
    places = np.arange(size) + 0.5
    low = np.maximum(places - fragment / 2, -REACH)
    high = np.minimum(places + fragment / 2, size + REACH)
    return float(np.maximum(high - low, 0).mean() / (size + 2 * REACH))


def expected_fragments(
    target: Target, efficiency: float, weights: NDArray[np.float64], setup: SampleSetup,
    case: Case, params: SimulateParams,
) -> float:  # fmt: skip
    """Return how many distinct fragments a target is expected to give."""
    mean = setup.purity * case.ploidy + 2 * (1 - setup.purity)
    ratio = float(weights.sum()) / mean
    size = target.end - target.start
    return setup.depth * efficiency * ratio / mean_coverage(size, params.fragment_length)


def draw_fragments(
    case: Case, number: int, setup: SampleSetup, segments: SegmentIndex, params: SimulateParams
) -> Fragments:
    """Draw the fragments of one island in one sample, duplicates included."""
    island = case.panel.islands[number]
    rng = part_rng(params.seed, "fragments", setup.number, number)
    columns = [draw_of_target(case, t, setup, segments, params, rng) for t in island.targets]
    start, length, state, paralogue = (np.concatenate([c[i] for c in columns]) for i in range(4))
    start = np.clip(start, island.start, island.end - length - 50)
    order = np.lexsort((length, start))
    start, length, state, paralogue = (x[order] for x in (start, length, state, paralogue))
    count = start.size
    unsure = rng.random(count) < params.low_mapq_rate
    quality = np.where(unsure, 3, 60)
    # Copies of a repeat elsewhere: half of them cannot be placed at all, half only doubtfully.
    quality = np.where(paralogue, np.where(rng.random(count) < 0.5, 0, 25), quality)
    forward_first = rng.random(count) < 0.5
    extra = int(rng.poisson(params.duplicate_rate * count)) if count else 0
    source = np.concatenate([np.arange(count), np.sort(rng.integers(0, max(1, count), extra))])
    copied = np.argsort(source, kind="stable")
    chosen = source[copied]
    duplicate = (np.arange(source.size) >= count)[copied]
    return Fragments(
        start=start[chosen],
        length=length[chosen],
        tumor=state[chosen] >= 2,
        haplotype=state[chosen] % 2,
        forward_first=forward_first[chosen],
        duplicate=duplicate,
        mapping_quality=quality[chosen],
        paralogue=paralogue[chosen],
        source=first_of(chosen),
    )


def first_of(sources: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each element of a sorted array where its value stands first."""
    return np.searchsorted(sources, sources, side="left")


def draw_of_target(
    case: Case,
    index: int,
    setup: SampleSetup,
    segments: SegmentIndex,
    params: SimulateParams,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Draw start, length, cell-and-haplotype and paralogy of the fragments of one target."""
    target = case.panel.targets[index]
    weights = cell_weights(segments, target, setup.purity)
    mean = expected_fragments(target, float(case.efficiency[index]), weights, setup, case, params)
    count = int(rng.poisson(mean))
    drawn = rng.normal(params.fragment_length, params.fragment_sd, count)
    longest = max(400, params.read_length)
    length = np.clip(np.rint(drawn), params.read_length, longest).astype(np.int64)
    middle = rng.uniform(target.start - REACH, target.end + REACH, count)
    start = np.floor(middle).astype(np.int64) - length // 2
    # Where a pure tumour has lost both copies there is nothing to share out.
    shares = np.cumsum(weights) / (weights.sum() or 1.0)
    state = np.searchsorted(shares, rng.random(count), side="right")
    paralogue = rng.random(count) < (PARALOGUE_SHARE if target.low_mappability else 0.0)
    return start, length, np.minimum(state, 3).astype(np.int64), paralogue


def depth_profile(fragments: Fragments, island: Island, read_length: int) -> NDArray[np.int64]:
    """Return the depth at each base of an island, duplicates and unplaced reads left out.

    Mates that overlap count once; a gap between mates does not count.
    """
    keep = ~fragments.duplicate & (fragments.mapping_quality > 0)
    size = island.end - island.start
    steps = np.zeros(size + 1, dtype=np.int64)
    first = fragments.start[keep] - island.start
    last = first + fragments.length[keep]
    np.add.at(steps, first, 1)
    np.add.at(steps, np.minimum(first + read_length, last), -1)
    np.add.at(steps, np.maximum(last - read_length, np.minimum(first + read_length, last)), 1)
    np.add.at(steps, last, -1)
    return np.cumsum(steps)[:-1]
