"""What each origin expects of the allele fraction, as a density on a grid.

An origin's likelihood is the binomial averaged over all its states: purity, copies, multiplicity,
clonal fraction, mapping bias and overdispersion. All alleles with the same surroundings share that
average, so it is taken once, as a density of the fraction; what is left for each allele is one
row of a matrix product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tumorkit.core.late import special
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
SMOOTH_SHAPE, SMOOTH_SPREAD = 3.0, 2e-4  # least shape, and least overdispersion: sd > a cell
EDGES = np.sin(np.linspace(0, np.pi / 2, CELLS + 1)) ** 2
ANGLES = (np.arange(CELLS) + 0.5) * np.pi / 2 / CELLS
FRACTIONS = np.sin(ANGLES) ** 2
ORIGINS = ("het", "hom", "clonal", "subclonal", "blood", "artifact", "foreign_het", "foreign_hom")
HET, HOM, CLONAL, SUBCLONAL, BLOOD, ARTIFACT, FOREIGN_HET, FOREIGN_HOM = range(len(ORIGINS))
OF_PERSON = (HET, HOM, CLONAL, SUBCLONAL, BLOOD)  # what purity and copies say something of
# Copies per tumour cell where nothing is known, as LumosVar believes, with a thinner tail at 0,
# where nothing of the tumour is left to be seen.
COPY_PRIOR = {
    2: ((0, 0.02), (1, 0.15), (2, 0.5), (3, 0.18), (4, 0.1), (5, 0.03), (6, 0.02)),
    1: ((0, 0.05), (1, 0.6), (2, 0.25), (3, 0.07), (4, 0.03)),
}
UNKNOWN_PURITY = np.linspace(0.1, 0.95, 35)
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

    ``density``: with overdispersion. ``states``: without, and without doubt of the copy
    number, for telling which fractions are expected.
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


@lru_cache(maxsize=32)
def spread_matrix(overdispersion: float) -> Values:
    """Return how a fraction in each cell (row) spreads over the cells: a Beta distribution.

    Where the distribution is smooth at the width of a cell, its density is as good as the
    incomplete beta function, and much cheaper.
    """
    size = 1 / overdispersion - 1
    a, b = FRACTIONS * size, (1 - FRACTIONS) * size
    masses = np.empty((CELLS, CELLS))
    smooth = np.minimum(a, b) > SMOOTH_SHAPE if overdispersion >= SMOOTH_SPREAD else a < 0
    rough = ~smooth
    below = special.betainc(a[rough, None], b[rough, None], EDGES[None, :])
    masses[rough] = np.diff(below, axis=1)
    # The density of the angle, f^(a - 1/2) (1 - f)^(b - 1/2) up to a constant, at the ends and the
    # middle of each cell; Simpson's rule.
    points = np.sin(np.linspace(0, np.pi / 2, 2 * CELLS + 1)[1:-1]) ** 2
    logs = np.outer(a[smooth] - 0.5, np.log(points))
    logs += np.outer(b[smooth] - 0.5, np.log1p(-points))
    heights = np.zeros((len(logs), 2 * CELLS + 1))
    heights[:, 1:-1] = np.exp(logs - logs.max(axis=1, keepdims=True))
    cells = heights[:, :-1:2] + 4 * heights[:, 1::2] + heights[:, 2::2]
    masses[smooth] = cells / cells.sum(axis=1, keepdims=True)
    masses.setflags(write=False)
    return masses


def spread_on_grid(fraction: Values, weight: Values) -> Values:
    """Return the weights of fractions on the cells, shared between the two nearest.

    The first axis is kept, shape (rows, cells); NaN fractions have no weight.
    """
    rows = len(fraction)
    fraction, weight = fraction.reshape(rows, -1), weight.reshape(rows, -1)
    known = ~np.isnan(fraction)
    weight = np.where(known, weight, 0.0)
    place = np.arcsin(np.sqrt(np.clip(np.where(known, fraction, 0.0), 0, 1))) / (np.pi / 2)
    place = np.clip(place * CELLS - 0.5, 0, CELLS - 1)
    left = np.minimum(place.astype(np.int64), CELLS - 2)
    part = (place - left) * weight
    left += np.arange(rows)[:, None] * CELLS
    size = rows * CELLS
    found = np.zeros(size)
    found += np.bincount(left.ravel(), weights=(weight - part).ravel(), minlength=size)
    found += np.bincount(left.ravel() + 1, weights=part.ravel(), minlength=size)
    return found.reshape(rows, CELLS)


@dataclass(frozen=True)
class Sampling:
    """What is the same for all alleles of a sample: purity and how reads are drawn."""

    purity: Values
    purity_weight: Values
    contamination: float
    params: EvidenceParams


def expected(
    sampling: Sampling,
    copy_number: float,
    minor_cn: float,
    normal_copies: int,
    mapping_bias: float,
    unsure: Values,
) -> Expected:
    """Return the densities of all origins for one kind of surroundings; NaN is unknown.

    ``unsure`` are the states where nothing is known of the copies (:func:`unsure_states`); a
    given copy number is doubted by ``copy_number_doubt``.
    """
    params = sampling.params
    rows = states = unsure.copy()
    if not np.isnan(copy_number):
        states = states_of(sampling, max(copy_number, 0.0), minor_cn, normal_copies, mapping_bias)
        rows *= params.copy_number_doubt
        rows += (1 - params.copy_number_doubt) * states
    for origin, part in ((FOREIGN_HET, 0.5), (FOREIGN_HOM, 1.0)):
        foreign = np.array([[sampling.contamination * part]])
        rows[origin] = spread_on_grid(with_errors(foreign, params), np.ones((1, 1)))[0]
    totals = rows.sum(axis=1, keepdims=True)
    rows = np.divide(rows, totals, out=np.zeros_like(rows), where=totals > 0)
    density = rows @ spread_matrix(params.overdispersion)
    density[ARTIFACT] = artifact_density()
    return Expected(density, states)


def copy_states(normal_copies: int) -> list[tuple[float, float, float]]:
    """Return copies, copies of the minor allele and weight where nothing is known of them.

    >>> copy_states(1)[:2], len(copy_states(2))
    ([(0.0, 0.0, 0.05), (1.0, 0.0, 0.6)], 16)
    """
    return [
        (float(copies), minor, weight * share)
        for copies, weight in COPY_PRIOR[max(normal_copies, 1)]
        for minor, share in minor_states(float(copies), np.nan, normal_copies)
    ]


def unsure_states(
    sampling: Sampling,
    normal_copies: int,
    mapping_bias: float,
    weights: Values | None = None,
    origins: tuple[int, ...] = OF_PERSON,
) -> Values:
    """Return the weights of states where nothing is known of the copies.

    ``weights``, shape (purities, copy states), are those of :func:`copy_states` as a sample shows
    them; None: as they are before it is looked at.
    """
    found = np.zeros((len(ORIGINS), CELLS))
    for at, (copies, minor, weight) in enumerate(copy_states(normal_copies)):
        rows = purity_states(sampling, copies, minor, normal_copies, mapping_bias, origins)
        own = sampling.purity_weight * (weight if weights is None else weights[:, at])
        found += np.einsum("opc,p->oc", rows, own)
    return found


def states_of(
    sampling: Sampling,
    copies: float,
    minor_cn: float,
    normal_copies: int,
    mapping_bias: float,
    origins: tuple[int, ...] = OF_PERSON,
) -> Values:
    """Return the weights on the cells, shape (origins, cells), at one copy number."""
    found = np.zeros((len(ORIGINS), CELLS))
    for low, share in minor_states(copies, minor_cn, normal_copies):
        rows = purity_states(sampling, copies, low, normal_copies, mapping_bias, origins)
        found += share * np.einsum("opc,p->oc", rows, sampling.purity_weight)
    return found


def purity_states(
    sampling: Sampling,
    copies: float,
    minor: float,
    normal_copies: int,
    mapping_bias: float,
    origins: tuple[int, ...] = OF_PERSON,
) -> Values:
    """Return the weights on the cells at each purity, shape (origins, purities, cells)."""
    purity = sampling.purity
    rows = np.zeros((len(ORIGINS), len(purity), CELLS))
    bias, weights = _bias(mapping_bias, sampling.params)
    for origin in origins:
        for fraction, weight in origin_states(origin, purity, copies, minor, normal_copies):
            # Axes: purity, the origin's own, bias.
            seen = biased(fraction[..., None], bias)
            part = np.broadcast_to(np.asarray(weight)[..., None] * weights, seen.shape)
            rows[origin] += spread_on_grid(with_errors(seen, sampling.params), part)
    return rows


@lru_cache(maxsize=1)
def artifact_density() -> Values:
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


def origin_states(
    origin: int, purity: Values, copies: float, minor: float, normal_copies: int
) -> Iterator[tuple[Values, Values | float]]:
    """Yield allele fractions of an origin and their weights; the first axis is purity."""
    n = float(normal_copies)
    if origin == HET and normal_copies >= 2:
        for on in (copies - minor, minor):
            yield germline_fraction(purity, copies, on), 0.5
    elif origin == HOM and normal_copies >= 1:
        yield germline_fraction(purity, copies, copies, n, n), 1.0
    elif origin == CLONAL:
        for on, share in multiplicities(copies - minor, minor):
            yield somatic_fraction(purity, copies, on, 1.0, n), share
    elif origin == SUBCLONAL and copies >= 0.5:
        on = min(1.0, copies)
        yield somatic_fraction(purity[:, None], copies, on, CCF, n), 1 / len(CCF)
    elif origin == BLOOD:
        fraction = blood_fraction(
            purity[:, None, None], copies, BLOOD_VAF[:, None], BLOOD_SHARE, max(n, 1.0)
        )
        yield fraction, (BLOOD_WEIGHT / BLOOD_WEIGHT.sum() / len(BLOOD_SHARE))[:, None]


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
