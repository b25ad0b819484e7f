"""What a reader is shown of a score: its clearest sites, and how far all lengths moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tumorkit.msi.likelihood import kernel_of
from tumorkit.msi.score.result import LengthRow, MovedSites, ShownSite, SiteCall
from tumorkit.msi.stutter import STEPS, Shape

CLEAREST = 8
# Share of fragments from which a length is told.
SEEN = 0.01
LOWEST, HIGHEST, STEP = -2.0, 1.0, 0.1


def clearest_sites(sites: Sequence[SiteCall], shape: Shape) -> tuple[ShownSite, ...]:
    """Return the judged sites most likely to be unstable, with all their lengths.

    A stable sample has such sites, too: they show how little the clearest ones moved.
    """
    judged = [site for site in sites if site.probability is not None]
    order = sorted(
        judged,
        key=lambda s: (
            -(s.probability or 0.0), -(s.log_likelihood_ratio or 0.0), s.contig, s.location,
        ),
    )  # fmt: skip
    return tuple(shown(site, shape) for site in order[:CLEAREST])


def shown(site: SiteCall, shape: Shape) -> ShownSite:
    """Return a site with the fragments of every length, the normal's, and what stutter expects."""
    tumor, normal = counts_of(site.lengths), counts_of(site.normal_lengths)
    kernel = kernel_of(site.stutter or 0.0, shape).tolist()
    expected = {
        site.repeats + step: share
        for step, share in zip(STEPS.tolist(), kernel, strict=True)
        if share >= SEEN and site.repeats + step >= 0
    }
    units = sorted({*tumor, *normal, *expected})
    return ShownSite(
        contig=site.contig,
        location=site.location,
        unit=site.unit,
        repeats=site.repeats,
        depth=site.depth,
        normal_depth=site.normal_depth,
        call=site.call,
        probability=site.probability,
        fraction=site.fraction,
        shift=site.shift,
        lengths=tuple(
            LengthRow(
                units=number,
                tumor=tumor.get(number, 0),
                normal=None if site.normal_depth is None else normal.get(number, 0),
                stutter=round(expected.get(number, 0.0), 4),
            )
            for number in units
        ),
    )


def counts_of(text: str) -> dict[int, int]:
    """Return fragments by number of units from a table's ``units:fragments``.

    >>> counts_of("9:1,10:3")
    {9: 1, 10: 3}
    """
    pairs = (item.split(":") for item in text.split(",") if item)
    return {int(units): int(count) for units, count in pairs}


def mean_units(text: str) -> float:
    """Return the mean length in units; NaN without fragments.

    >>> mean_units("9:1,10:3")
    9.75
    """
    counts = counts_of(text)
    total = sum(counts.values())
    return sum(units * count for units, count in counts.items()) / total if total else float("nan")


def moved_sites(sites: Sequence[SiteCall], shape: Shape) -> tuple[MovedSites, ...]:
    """Count judged sites by how far the tumour's mean length lies from what is expected.

    Expected is the normal's mean length, without a normal the reference's with its stutter: then
    inherited lengths are in it, too. Steps of a tenth of a unit; both ends are open.
    """
    edges = np.round(np.arange(LOWEST, HIGHEST + STEP / 2, STEP), 6)
    table: dict[str, list[int]] = {
        call: [0] * (edges.size + 1) for call in ("stable", "undetermined", "unstable")
    }
    for site in sites:
        if site.call is None:
            continue
        change = mean_units(site.lengths) - expected_units(site, shape)
        if np.isfinite(change):
            # The middle step is centred on no change.
            at = int(np.searchsorted(edges, round(change + STEP / 2, 9), side="right"))
            table[site.call][at] += 1
    shifted = (edges - STEP / 2).round(6).tolist()
    return tuple(
        MovedSites(
            low=shifted[at - 1] if at else None,
            high=shifted[at] if at < len(shifted) else None,
            stable=table["stable"][at],
            undetermined=table["undetermined"][at],
            unstable=table["unstable"][at],
        )
        for at in range(len(shifted) + 1)
    )


def expected_units(site: SiteCall, shape: Shape) -> float:
    """Return the mean length that a stable site would have, in units."""
    if site.normal_lengths:
        return mean_units(site.normal_lengths)
    kernel = kernel_of(site.stutter or 0.0, shape)
    return site.repeats + float(kernel @ STEPS)
