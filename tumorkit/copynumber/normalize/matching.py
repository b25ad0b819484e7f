"""Which bins a sample and its reference share, and which of them can be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.normalize.params import NormalizeParams
from tumorkit.copynumber.normalize.result import DroppedBin, DropReason
from tumorkit.errors import TumorkitError
from tumorkit.genome.bins import Bins, ReferenceBins, sex_linked
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import CopyRatios

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
Place = tuple[str, int, int]

NOT_IN_REFERENCE = "not in the reference"
NOT_IN_SAMPLE = "not in the sample"


@dataclass(frozen=True)
class Matched:
    """Shared bins: the sample's rows, the reference's rows in the same order, the lost ones."""

    rows: NDArray[np.int64]
    reference_rows: NDArray[np.int64]
    reference: ReferenceBins
    dropped: tuple[DroppedBin, ...]
    only_reference: int


def places_of(bins: CopyRatios | Bins) -> list[Place]:
    """Return contig, however it is spelled, start and end of every bin."""
    names = {name: standard(name) for name in dict.fromkeys(bins.contig.tolist())}
    contigs = [names[name] for name in bins.contig.tolist()]
    return list(zip(contigs, bins.start.tolist(), bins.end.tolist(), strict=True))


def matched(sample: CopyRatios, reference: ReferenceBins, least: float, against: str) -> Matched:
    """Return the bins that both have; raise where they are of different panels.

    Raises :class:`TumorkitError` where the reference has less than ``least`` of the sample's
    bins: what is left would be chance.
    """
    known = {place: at for at, place in enumerate(places_of(reference))}
    own = places_of(sample)
    pairs = [(at, known.get(place)) for at, place in enumerate(own)]
    both = [(at, there) for at, there in pairs if there is not None]
    if not both or len(both) < least * len(own):
        raise TumorkitError(
            f"{against} has {len(both)} of the sample's {len(own)} bins: it is of another panel "
            f"or bin set (at least {least:.0%} must be shared)",
            "measure both on the same bins: tumorkit cnv coverage --targets",
        )
    lost = [at for at, there in pairs if there is None]
    dropped = [dropped_bin(sample, at, NOT_IN_REFERENCE) for at in lost]
    taken = {there for _, there in both}
    missing = [at for at in range(len(reference)) if at not in taken]
    dropped += [dropped_bin(reference, at, NOT_IN_SAMPLE) for at in missing]
    there = np.array([there for _, there in both], dtype=np.int64)
    return Matched(
        rows=np.array([at for at, _ in both], dtype=np.int64),
        reference_rows=there,
        reference=reference.taken(there),
        dropped=tuple(dropped),
        only_reference=len(missing),
    )


def dropped_bin(
    bins: CopyRatios | Bins,
    at: int,
    reason: str,
    value: float | None = None,
    limit: float | None = None,
) -> DroppedBin:
    """Describe a bin that is left out."""
    return DroppedBin(
        contig=str(bins.contig[at]),
        start=int(bins.start[at]),
        end=int(bins.end[at]),
        gene=str(bins.gene[at]),
        reason=reason,
        value=value,
        limit=limit,
    )


def usable(
    depth: Values, reference: ReferenceBins, params: NormalizeParams
) -> tuple[Mask, tuple[DroppedBin, ...]]:
    """Return which shared bins can be used, and the others with reason, value and limit.

    Nothing here looks at how many reads the sample has: a bin without reads stays.
    """
    rules: tuple[tuple[str, Values, Mask, float | None], ...] = (
        ("depth unknown", depth, np.isnan(depth), None),
        (
            "reference unknown",
            reference.log2_ratio,
            np.isnan(reference.log2_ratio) | np.isnan(reference.spread),
            None,
        ),
        (
            "not captured in normals",
            reference.log2_ratio,
            reference.log2_ratio < params.min_reference_log2,
            params.min_reference_log2,
        ),
        (
            "differs too much among normals",
            reference.spread,
            reference.spread > params.max_spread,
            params.max_spread,
        ),
        ("GC too low", reference.gc, reference.gc < params.min_gc, params.min_gc),
        ("GC too high", reference.gc, reference.gc > params.max_gc, params.max_gc),
        (
            "mappability too low",
            reference.mappability,
            reference.mappability < params.min_mappability,
            params.min_mappability,
        ),
    )
    left = np.ones(len(depth), dtype=np.bool_)
    dropped = []
    for reason, column, bad, limit in rules:
        for at in np.flatnonzero(left & bad).tolist():
            value = float(column[at])
            dropped.append(
                dropped_bin(reference, at, reason, value if np.isfinite(value) else None, limit)
            )
        left &= ~bad
    return left, tuple(dropped)


def without_y(bins: Bins, left: Mask, build: Build | None) -> tuple[Mask, tuple[DroppedBin, ...]]:
    """Leave out Y outside the pseudo-autosomal regions, of a woman."""
    y = sex_linked(bins.contig, bins.start, bins.end, "chrY", build) & left
    dropped = tuple(dropped_bin(bins, at, "Y of a woman") for at in np.flatnonzero(y).tolist())
    return left & ~y, dropped


def counted(dropped: Sequence[DroppedBin], off_target: frozenset[str]) -> tuple[DropReason, ...]:
    """Count dropped bins by reason, in the order in which reasons first occur."""
    found: dict[str, list[int]] = {}
    for item in dropped:
        found.setdefault(item.reason, [0, 0])[item.gene in off_target] += 1
    return tuple(
        DropReason(reason=reason, targets=on, off_targets=off)
        for reason, (on, off) in found.items()
    )
