"""Pool the lengths of normals, each against its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tumorkit.errors import ParameterError
from tumorkit.genome.repeat import Repeat
from tumorkit.msi.baseline.params import BaselineParams
from tumorkit.msi.baseline.result import BaselineResult, BaselineSite
from tumorkit.msi.mixture import RUN_SD, Known
from tumorkit.msi.peers import pro_shares
from tumorkit.msi.sites import SiteLengths
from tumorkit.msi.stutter import NODES, NOISE, STEPS, prior_rate


def pool_lengths(
    normals: Sequence[SiteLengths], params: BaselineParams | None = None
) -> BaselineResult:
    """Pool counts of the same sites in one or more normals.

    A normal tells of a site where it has ``min_depth`` fragments and one length; its reads are
    counted by the units they differ from that length.
    """
    params = params or BaselineParams()
    if not normals:
        raise ParameterError("a baseline needs at least one normal", "name their BAMs")
    shares = np.array([pro_shares(counts) for counts in normals])
    depths = np.array([counts.depth for counts in normals])
    rows = []
    for number, locus in enumerate(normals[0].loci):
        steps: dict[int, int] = {}
        told = double = 0
        for counts in normals:
            votes = counts.at(number)
            if votes.sum() < params.min_depth:
                continue
            own = int(votes.argmax())
            others = np.delete(votes, own)
            if others.size and others.max() > params.max_second * votes.sum():
                double += 1
                continue
            told += 1
            for units in np.flatnonzero(votes).tolist():
                step = int(np.clip(units - own, STEPS[0], STEPS[-1]))
                steps[step] = steps.get(step, 0) + int(votes[units])
        covered = shares[depths[:, number] >= params.min_depth, number]
        limit = None
        if covered.size > 1:
            limit = float(covered.mean() + params.threshold_sd * covered.std(ddof=1))
        rows.append(
            BaselineSite(
                locus=locus,
                normals=told,
                heterozygous=double,
                covered=int(covered.size),
                steps=dict(sorted(steps.items())),
                threshold=limit,
            )
        )
    counts_of = [row.normals for row in rows]
    return BaselineResult(
        listed=len(rows),
        known=sum(count > 0 for count in counts_of),
        fewest_normals=min(counts_of, default=0),
        most_normals=max(counts_of, default=0),
        sites=tuple(rows),
        params=params,
    )


def known_of(loci: Sequence[Repeat], steps: Sequence[Mapping[int, int] | None]) -> Known:
    """Return each site's log stutter rate against the shipped prior, and how surely it is known.

    The variance is that of the counted events and what two runs of a laboratory differ by; a site
    without reads has an infinite one.
    """
    repeats = np.array([locus.repeats for locus in loci], dtype=np.int64)
    units = np.array([len(locus.unit) for locus in loci], dtype=np.int64)
    mean = np.zeros(len(loci))
    variance = np.full(len(loci), np.inf)
    for number, (row, prior) in enumerate(
        zip(steps, prior_rate(repeats, units).tolist(), strict=True)
    ):
        total = sum(row.values()) if row else 0
        if not row or not total:
            continue
        # What any site shows beside its stutter is no stutter.
        events = max(total - row.get(0, 0) - NOISE * total, 0.5)
        mean[number] = np.clip(np.log(events / total / prior), NODES[0], NODES[-1])
        variance[number] = 1 / events + RUN_SD**2
    return Known(mean=mean, variance=variance)
