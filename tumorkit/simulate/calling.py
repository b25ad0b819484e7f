"""A caller's view of the case: candidate alleles, their counts in both samples, its filters.

The rules are simple and stated; they give a file in the shape of a somatic caller's, with true
variants that are filtered and false ones that pass, as any caller's file has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from tumorkit.simulate.nouns import Counts

MIN_ALT = 3
ERROR = 0.001
MIN_TLOD = 5.3
MIN_NLOD = 2.2
MIN_MAPPING_QUALITY = 30
ONE_SIDED = 0.001  # probability of so lopsided an allele, below which a site is filtered


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An allele that a caller looks at: 1-based ``pos``, what it truly is, its frequency."""

    contig: str
    pos: int
    ref: str
    alt: str
    truth: str
    population_af: float | None = None
    repeat: tuple[str, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Call:
    """A candidate that the caller writes down."""

    candidate: Candidate
    tumor: Counts
    normal: Counts
    tlod: float
    nlod: float
    filters: tuple[str, ...]


def log_odds(counts: Counts) -> float:
    """Return log10 odds of a variant at its own fraction against sequencing error.

    The fraction is integrated out under a uniform prior, as tumour callers do.
    """
    n, k = counts.depth, counts.alt
    if n == 0:
        return 0.0
    null = k * np.log(ERROR / 3) + (n - k) * np.log1p(-ERROR)
    return float((special.betaln(k + 1, n - k + 1) - null) / np.log(10))


def normal_log_odds(counts: Counts) -> float:
    """Return log10 odds of no variant against a heterozygous one in the normal."""
    n, k = counts.depth, counts.alt
    null = k * np.log(ERROR) + (n - k) * np.log1p(-ERROR)
    return float((null - n * np.log(0.5)) / np.log(10))


def one_sided(pair: tuple[int, int], other: tuple[int, int]) -> float:
    """Return how likely an allele is so unevenly split, given how the reference allele is.

    Hypergeometric, both tails; 1 where there is nothing to compare.

    >>> one_sided((10, 10), (0, 0)), one_sided((30, 30), (20, 0)) < 0.001
    (1.0, True)
    """
    from scipy.stats import hypergeom

    forward, total = pair[0] + other[0], sum(pair) + sum(other)
    drawn = sum(other)
    if drawn == 0 or total == 0:
        return 1.0
    law = hypergeom(total, forward, drawn)
    return float(min(1.0, 2 * min(law.cdf(other[0]), law.sf(other[0] - 1))))


def call(candidate: Candidate, tumor: Counts, normal: Counts) -> Call | None:
    """Return the call of a candidate, None if a caller would not mention it."""
    if tumor.alt < MIN_ALT:
        return None
    tlod, nlod = log_odds(tumor), normal_log_odds(normal)
    if tlod < 2:
        return None
    failed = []
    if tlod < MIN_TLOD:
        failed.append("weak_evidence")
    if nlod < MIN_NLOD:
        common = candidate.population_af is not None and candidate.population_af > 0.001
        failed.append("germline" if common or normal.vaf > 0.2 else "normal_artifact")
    rf, rr, af, ar = tumor.strands
    if one_sided((rf, rr), (af, ar)) < ONE_SIDED:
        failed.append("strand_bias")
    r1, a1, r2, a2 = tumor.orientations
    pair = {candidate.ref, candidate.alt}
    if pair in ({"C", "T"}, {"A", "G"}, {"A", "C"}, {"G", "T"}) and (
        one_sided((r1, r2), (a1, a2)) < ONE_SIDED
    ):
        failed.append("orientation")
    if tumor.mapping_quality < MIN_MAPPING_QUALITY:
        failed.append("map_qual")
    if candidate.repeat is not None and len(candidate.repeat[0]) == 1 and tumor.vaf < 0.1:
        failed.append("slippage")
    return Call(
        candidate=candidate,
        tumor=tumor,
        normal=normal,
        tlod=tlod,
        nlod=nlod,
        filters=tuple(sorted(failed)) or ("PASS",),
    )
