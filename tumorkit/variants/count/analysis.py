"""From counts of fragments to a verdict per site."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.variant import Variant
from tumorkit.variants.count.params import CountParams
from tumorkit.variants.count.result import CountResult, SiteCount

NOT_COUNTABLE = "the allele is symbolic or complex: it cannot be counted read by read"
NO_DEPTH = "no fragment of sufficient quality covers the site"


def tabulate_counts(
    variants: Sequence[Variant],
    counts: NDArray[np.int32],
    reasons: Sequence[str],
    params: CountParams | None = None,
) -> CountResult:
    """Turn counts into rows.

    ``counts`` has a row per variant: classes (ref, alt, other, deletion, discordant) by strands
    (forward, reverse). ``reasons`` says why a variant was not counted, empty where it was.

    >>> seen = np.array([[[6, 2], [1, 1], [0, 0], [0, 0], [1, 0]]], dtype=np.int32)
    >>> row = tabulate_counts([Variant(contig="7", pos=5, ref="T", alt="G")], seen, [""]).sites[0]
    >>> row.depth, row.alt_depth, row.vaf, row.discordant_depth
    (10, 2, 0.2, 1)
    """
    rows = tuple(
        row_of(variant, found, reason)
        for variant, found, reason in zip(variants, counts.tolist(), reasons, strict=True)
    )
    return CountResult(
        sites=rows,
        evaluable=sum(row.status == "ok" for row in rows),
        params=params or CountParams(),
    )


def row_of(variant: Variant, counts: Sequence[Sequence[int]], reason: str) -> SiteCount:
    """Turn the counts of one variant into a row."""
    contig, pos, ref, alt = variant.key
    if reason:
        return SiteCount(
            contig=contig, pos=pos, ref=ref, alt=alt, status="not_evaluable", reason=reason
        )
    ref_depth, alt_depth, other, deletion, discordant = (sum(strands) for strands in counts)
    depth = ref_depth + alt_depth + other + deletion
    return SiteCount(
        contig=contig,
        pos=pos,
        ref=ref,
        alt=alt,
        depth=depth,
        ref_depth=ref_depth,
        alt_depth=alt_depth,
        other_depth=other,
        deletion_depth=deletion,
        discordant_depth=discordant,
        ref_forward=counts[0][0],
        ref_reverse=counts[0][1],
        alt_forward=counts[1][0],
        alt_reverse=counts[1][1],
        vaf=alt_depth / depth if depth else None,
        status="ok" if depth else "not_evaluable",
        reason=None if depth else NO_DEPTH,
    )
