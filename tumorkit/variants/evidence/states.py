"""What each origin expects of the allele fraction, as a density on a grid.

An origin's likelihood is the binomial averaged over all its states: purity, copies, multiplicity,
clonal fraction, mapping bias and overdispersion. All alleles with the same surroundings share that
average, so it is taken once, as a density of the fraction; what is left for each allele is one
row of a matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from tumorkit.variants.evidence.fractions import (
    biased,
    blood_fraction,
    germline_fraction,
    somatic_fraction,
)
from tumorkit.variants.evidence.nouns import Values
from tumorkit.variants.evidence.params import EvidenceParams

# Cells of equal width in asin(sqrt(fraction)), where a binomial has the same spread everywhere:
# .5 / sqrt(depth), as wide as a cell at a depth of about 10,000.
CELLS = 320
DEPTH_CAP = 8000.0
EDGES = np.sin(np.linspace(0, np.pi / 2, CELLS + 1)) ** 2
ANGLES = (np.arange(CELLS) + 0.5) * np.pi / 2 / CELLS
FRACTIONS = np.sin(ANGLES) ** 2
ORIGINS = ("het", "hom", "clonal", "subclonal", "blood", "artifact", "foreign_het", "foreign_hom")
HET, HOM, CLONAL, SUBCLONAL, BLOOD, ARTIFACT, FOREIGN_HET, FOREIGN_HOM = range(len(ORIGINS))
# Copies per tumour cell where nothing is known, as LumosVar believes, with a thinner tail at 0,
# where nothing of the tumour is left to be seen.
COPY_PRIOR = {
    2: ((0, 0.02), (1, 0.15), (2, 0.5), (3, 0.18), (4, 0.1), (5, 0.03), (6, 0.02)),
    1: ((0, 0.05), (1, 0.6), (2, 0.25), (3, 0.07), (4, 0.03)),
}
UNKNOWN_PURITY = np.linspace(0.1, 0.95, 18)
CCF = np.linspace(0.05, 0.95, 19)
# A clone of blood cells: allele fraction in blood and share of blood among the normal cells.
BLOOD_VAF = (np.arange(12) + 0.5) / 24
BLOOD_WEIGHT = (1 - BLOOD_VAF) ** 8
BLOOD_SHARE = np.array([0.1, 0.25, 0.5, 1.0])
# Allele fractions of artefacts: GATK's Beta(1, 9), a lower half, and a few anywhere.
ARTIFACT_SHAPES = ((0.6, 1.0, 9.0), (0.35, 1.0, 60.0), (0.05, 1.0, 1.0))
BIAS_NODES = np.array([-1.2247448713915890, 0.0, 1.2247448713915890])  # Gauss-Hermite, times sd
BIAS_WEIGHTS = np.array([1.0, 4.0, 1.0]) / 6
FIRST_SHARE = 0.5  # of clonal mutations on one copy only, where there are more to choose from


@dataclass(frozen=True)
class Expected:
    """Densities of one kind of surroundings, shape (origins, cells).

    ``density``: with overdispersion. ``states``: without, for telling which state fits.
    """

    density: Values
    states: Values


def likelihood_rows(count: Values, depth: Values) -> Values:
    """Return the binomial likelihood of each allele in each cell, the best cell 1.

    Counts deeper than the grid can resolve are scaled down; with overdispersion they say no more.
    """
    scale = np.minimum(1.0, DEPTH_CAP / np.maximum(depth, 1.0))
    k, rest = count * scale, (depth - count) * scale
    logs = np.outer(k, np.log(FRACTIONS))
    logs += np.outer(rest, np.log1p(-FRACTIONS))
    logs -= logs.max(axis=1, keepdims=True)
    return np.exp(logs, out=logs)


@lru_cache(maxsize=8)
def spread_matrix(overdispersion: float) -> Values:
    """Return how a fraction in each cell (row) spreads over the cells: a Beta distribution."""
    size = 1 / overdispersion - 1
    below = special.betainc(
        (FRACTIONS * size)[:, None], ((1 - FRACTIONS) * size)[:, None], EDGES[None, :]
    )
    masses: Values = np.diff(below, axis=1)
    masses.setflags(write=False)
    return masses


def spread_on_grid(fraction: Values, weight: Values) -> Values:
    """Return the weights of fractions on the cells, shared between the two nearest."""
    place = np.arcsin(np.sqrt(np.clip(fraction, 0, 1))) / (np.pi / 2) * CELLS - 0.5
    place = np.clip(place, 0, CELLS - 1)
    left = np.minimum(place.astype(np.int64), CELLS - 2)
    part = place - left
    return np.bincount(left, weights=weight * (1 - part), minlength=CELLS) + np.bincount(
        left + 1, weights=weight * part, minlength=CELLS
    )


def expected(
    purity: Values,
    purity_weight: Values,
    copy_number: float,
    minor_cn: float,
    normal_copies: int,
    mapping_bias: float,
    contamination: float,
    params: EvidenceParams,
) -> Expected:
    """Return the densities of all origins for one kind of surroundings; NaN is unknown."""
    rows = np.zeros((len(ORIGINS), CELLS))
    given = [] if np.isnan(copy_number) else [(max(copy_number, 0.0), minor_cn, 1.0)]
    doubt = params.copy_number_doubt if given else 1.0
    prior = COPY_PRIOR[max(normal_copies, 1)]
    states = [(c, m, w * (1 - doubt)) for c, m, w in given]
    states += [(float(c), np.nan, w * doubt) for c, w in prior]
    bias, weights = _bias(mapping_bias, params)
    p, q = np.repeat(purity, len(bias)), np.repeat(purity_weight, len(bias))
    b = np.tile(bias, len(purity))
    q = q * np.tile(weights, len(purity))
    for copies, minor, weight in states:
        if weight <= 0:
            continue
        for low, share in minor_states(copies, minor, normal_copies):
            _add_states(rows, p, q * weight * share, b, copies, low, normal_copies, params)
    foreign = np.array([contamination / 2, contamination])
    rows[FOREIGN_HET] = spread_on_grid(with_errors(foreign[:1], params), np.ones(1))
    rows[FOREIGN_HOM] = spread_on_grid(with_errors(foreign[1:], params), np.ones(1))
    totals = rows.sum(axis=1, keepdims=True)
    rows = np.divide(rows, totals, out=np.zeros_like(rows), where=totals > 0)
    density = rows @ spread_matrix(params.overdispersion)
    density[ARTIFACT] = artifact_density(params)
    return Expected(density, rows)


def artifact_density(params: EvidenceParams) -> Values:
    """Return the weights of an artefact's fractions on the cells."""
    found = np.zeros(CELLS)
    for weight, a, b in ARTIFACT_SHAPES:
        found += weight * np.diff(special.betainc(a, b, EDGES))
    return found


def minor_states(copies: float, minor: float, normal_copies: int) -> list[tuple[float, float]]:
    """Return the copies of the minor allele with their weights.

    >>> minor_states(3, np.nan, 2)
    [(0.0, 0.25), (1.0, 0.75)]
    """
    if normal_copies < 2:
        return [(0.0, 1.0)]
    if not np.isnan(minor):
        return [(float(np.clip(minor, 0, copies / 2)), 1.0)]
    whole = max(round(copies), 0)
    if whole < 2:
        return [(0.0, 1.0)]
    if whole == 2:
        return [(0.0, 0.15), (min(1.0, copies / 2), 0.85)]
    levels = [float(m) for m in range(whole // 2 + 1)]
    return [(0.0, 0.25)] + [(m, 0.75 / (len(levels) - 1)) for m in levels[1:]]


def with_errors(fraction: Values, params: EvidenceParams) -> Values:
    """Return the fraction of reads that show the allele, given wrong reads both ways."""
    error = params.error_rate
    return fraction * (1 - error) + (1 - fraction) * error / 3


def _bias(mapping_bias: float, params: EvidenceParams) -> tuple[Values, Values]:
    if not np.isnan(mapping_bias):
        return np.array([mapping_bias]), np.ones(1)
    # Three nodes carry a Gaussian's first moments: sqrt(3) sd.
    nodes = params.mapping_bias + np.sqrt(2) * params.mapping_bias_sd * BIAS_NODES
    return np.clip(nodes, 0.05, 1.6), BIAS_WEIGHTS


def _add_states(
    rows: Values,
    purity: Values,
    weight: Values,
    bias: Values,
    copies: float,
    minor: float,
    normal_copies: int,
    params: EvidenceParams,
) -> None:
    """Add to the densities the states of one copy number."""

    def put(origin: int, fraction: Values, share: Values) -> None:
        kept = ~np.isnan(fraction) & (share > 0)
        seen = with_errors(biased(fraction, bias_of(fraction)), params)
        rows[origin] += spread_on_grid(seen[kept], share[kept])

    def bias_of(fraction: Values) -> Values:
        return bias if fraction.ndim == 1 else bias.reshape(-1, *[1] * (fraction.ndim - 1))

    major = copies - minor
    if normal_copies >= 2:
        for on in (major, minor):
            put(HET, germline_fraction(purity, copies, on), weight / 2)
        put(HOM, germline_fraction(purity, copies, copies, 2.0, 2.0), weight)
    elif normal_copies == 1:
        put(HOM, germline_fraction(purity, copies, copies, 1.0, 1.0), weight)
    n = float(normal_copies)
    for on, share in multiplicities(major, minor):
        put(CLONAL, somatic_fraction(purity, copies, on, 1.0, n), weight * share)
    if copies >= 0.5:
        low = somatic_fraction(purity[:, None], copies, min(1.0, copies), CCF, n)
        put(SUBCLONAL, low, np.broadcast_to(weight[:, None] / len(CCF), low.shape))
    blood = blood_fraction(
        purity[:, None, None], copies, BLOOD_VAF[:, None], BLOOD_SHARE, max(n, 1.0)
    )
    share = weight[:, None, None] * (BLOOD_WEIGHT / BLOOD_WEIGHT.sum())[:, None]
    put(BLOOD, blood, np.broadcast_to(share / len(BLOOD_SHARE), blood.shape))


def multiplicities(major: float, minor: float) -> list[tuple[float, float]]:
    """Return how many copies may carry a clonal mutation, with weights; none without copies.

    One copy, or, if gained before, all copies of the parental allele that it is on.

    >>> multiplicities(2.0, 1.0)
    [(1.0, 0.75), (2.0, 0.25)]
    """
    copies = major + minor
    if copies < 0.5:
        return []
    one = min(1.0, copies)
    shares = {one: FIRST_SHARE}
    present = [on for on in (major, minor) if on >= 0.5]
    for on in present:
        value = on if on > 1 else one
        shares[value] = shares.get(value, 0.0) + (1 - FIRST_SHARE) / len(present)
    return list(shares.items())
