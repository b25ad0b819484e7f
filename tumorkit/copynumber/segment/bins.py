"""Which bins take part in segmentation, in which arms, and what a bin without reads stands for."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.segment.noise import balanced_weights
from tumorkit.copynumber.segment.result import DroppedBins
from tumorkit.errors import TumorkitError
from tumorkit.genome.build import BUILDS, Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import LOG2_FLOOR, CopyRatios, floored

Values = NDArray[np.float64]
Groups = NDArray[np.int64]


@dataclass(frozen=True)
class UsedBins:
    """The bins that take part: rows of the input, values from ``floor`` up, weights, arms."""

    rows: Groups
    values: Values
    weights: Values
    arms: Groups
    floor: float

    @property
    def walls(self) -> list[int]:
        """Index of the first bin of each arm but the first."""
        return [int(at) + 1 for at in np.flatnonzero(np.diff(self.arms))]


def only_build(ratios: CopyRatios) -> Build | None:
    """Return the one build whose contigs are long enough for all bins, None unless it is one."""
    ends: dict[str, int] = {}
    for name, first, last in ratios.runs():
        ends[name] = max(ends.get(name, 0), int(ratios.end[first:last].max()))
    fitting = [
        build
        for build in BUILDS.values()
        if any(build.length(name) for name in ends)
        and all(end <= (build.length(name) or end) for name, end in ends.items())
    ]
    return fitting[0] if len(fitting) == 1 else None


def usable(
    ratios: CopyRatios, build: Build | None
) -> tuple[UsedBins, tuple[DroppedBins, ...], float, float]:
    """Return the bins that take part, the others counted by reason, and the noise of both kinds."""
    values = floored(ratios.log2_ratio)
    empty = values <= LOG2_FLOOR
    mitochondrial = np.zeros(len(values), dtype=np.bool_)
    for name, first, last in ratios.runs():
        mitochondrial[first:last] = standard(name) == "chrM"
    reasons = (
        ("log2 ratio unknown", np.isnan(values)),
        ("weight is 0", ~(ratios.weight > 0)),
        ("mitochondrial", mitochondrial),
        ("off-target bin without reads", ~ratios.target & empty),
    )
    left = np.ones(len(values), dtype=np.bool_)
    dropped = []
    for reason, bad in reasons:
        count = int((left & bad).sum())
        if count:
            dropped.append(DroppedBins(reason=reason, count=count))
        left &= ~bad
    rows = np.flatnonzero(left)
    if len(rows) == 0:
        raise TumorkitError(
            f"none of {len(values)} bins has a log2 ratio that can be used",
            hint="check the step that made the copy ratios",
        )
    arms = arm_numbers(ratios, build)[rows]
    floor = floor_of(int(empty[rows].sum()), len(rows))
    kept = np.maximum(values[rows], floor)
    weights, on, off = balanced_weights(kept, ratios.weight[rows], ratios.target[rows], arms)
    bins = UsedBins(rows=rows, values=kept, weights=weights, arms=arms, floor=floor)
    return bins, tuple(dropped), on, off


def floor_of(empty: int, bins: int) -> float:
    """Return the log2 ratio at which bins without reads stand: half a read over the expected.

    Were all bins alike, the share of empty ones would be ``exp(-reads per bin)``. Where reads are
    few, an empty bin says little, and its floor is high; events make empty bins too, so the floor
    is never too low.

    >>> [round(floor_of(empty, 1000), 2) for empty in (0, 1, 136)]
    [-5.0, -3.79, -2.0]
    """
    if empty == 0:
        return LOG2_FLOOR
    reads = max(-log(empty / bins), 0.5)
    return max(LOG2_FLOOR, log(0.5 / reads) / log(2))


def arm_numbers(ratios: CopyRatios, build: Build | None) -> Groups:
    """Number the arms (or contigs, where centromeres are unknown) in the order of the bins."""
    fresh = np.zeros(len(ratios), dtype=np.int64)
    for name, first, last in ratios.runs():
        fresh[first] = 1
        centromere = build.centromeres.get(standard(name)) if build else None
        if centromere is not None:
            middle = (ratios.start[first:last] + ratios.end[first:last]) // 2
            beyond = np.flatnonzero(middle >= (centromere[0] + centromere[1]) // 2)
            if len(beyond):
                fresh[first + int(beyond[0])] = 1
    return np.cumsum(fresh)
