"""Whether a listed variant is there, judged against the errors of normals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tumorkit.variants.background.model import Background
from tumorkit.variants.count.params import CountParams
from tumorkit.variants.count.result import SiteCount


def judge_sites(
    sites: Sequence[SiteCount], background: Background, params: CountParams
) -> tuple[SiteCount, ...]:
    """Say of every site whether the variant is present, absent, or not to be known.

    Present: at least ``min_alt_depth`` fragments, and errors alone would give so many with at most
    ``max_background_p``. Absent: not present, and a variant at ``min_vaf`` would have been with a
    chance of ``min_power``. Everything else is not evaluable, with the reason.
    """
    evidence = background.evidence(
        [row.contig for row in sites],
        [row.pos for row in sites],
        [row.ref for row in sites],
        [row.alt for row in sites],
    )
    depths = [row.depth for row in sites]
    tail, _ = background.tails(evidence, [row.alt_depth for row in sites], depths)
    least, power = background.detection(
        evidence,
        depths,
        vaf=params.min_vaf,
        max_p=params.max_background_p,
        min_alt_depth=params.min_alt_depth,
    )
    answers = zip(
        sites, tail.tolist(), least.tolist(), power.tolist(), evidence.reasons, strict=True
    )
    return tuple(
        judged(row, p, needed, chance, why, params) for row, p, needed, chance, why in answers
    )


def judged(
    row: SiteCount, p: float, needed: int, chance: float, unknown: str, params: CountParams
) -> SiteCount:
    """Return a site with its verdict."""
    if row.status != "ok" or unknown or np.isnan(p):
        reason = row.reason or unknown
        return replace(row, detection="not_evaluable", detection_reason=reason)
    if p <= params.max_background_p and (row.alt_depth or 0) >= params.min_alt_depth:
        return replace(row, background_p=p, detection="present")
    said = (
        f"a variant at {params.min_vaf:.3g} would show the {needed} fragments needed "
        f"with a chance of {chance:.2g}"
    )
    return replace(
        row,
        background_p=p,
        detection="absent" if chance >= params.min_power else "not_evaluable",
        detection_reason=said,
    )
