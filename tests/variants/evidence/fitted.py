"""A tumour without its normal whose purity nobody gave, and what a fit of its segments finds."""

from __future__ import annotations

import numpy as np

from tests.variants.evidence.simulated import SEGMENTS, Sample
from tumorkit.contract.result import to_document
from tumorkit.genome.build import GRCH38
from tumorkit.genome.fitted_purity import FittedPurity
from tumorkit.genome.segment import Segment
from tumorkit.genome.snps import SnpCounts
from tumorkit.io.fitted_purity import fitted_purity
from tumorkit.purity import fit_purity
from tumorkit.purity.alleles import segment_alleles
from tumorkit.variants.evidence import Surroundings
from tumorkit.variants.evidence.case import Case, solutions_of

LENGTH = 50_000_000
BINS = 400
COMMON = 0.01


def place(segment: int) -> tuple[str, int]:
    """Return contig and start of a segment: two to a chromosome."""
    return f"chr{segment // 2 + 1}", (segment % 2) * LENGTH


def fitted(sample: Sample, seed: int, *, alleles: bool = True) -> FittedPurity:
    """Fit the purity to levels with noise and waves, and to common variants of the tumour alone.

    Without ``alleles`` to levels only, which leaves more open.
    """
    rng = np.random.default_rng(seed)
    copies = (sample.major + sample.minor).astype(float)
    ratio = (sample.purity * copies + 2 * (1 - sample.purity)) / 2
    level = (
        np.log2(ratio) + rng.normal(0, 0.015, SEGMENTS) + rng.normal(0, 0.2 / BINS**0.5, SEGMENTS)
    )
    level -= np.median(level)
    error = 0.2 / BINS**0.5
    segments = []
    for at in range(SEGMENTS):
        contig, start = place(at)
        segments.append(
            Segment(
                contig=contig, start=start, end=start + LENGTH, log2_ratio=float(level[at]),
                bins=BINS, log2_low=float(level[at] - 1.96 * error),
                log2_high=float(level[at] + 1.96 * error),
            )
        )  # fmt: skip
    common = sample.evidence.population_af >= COMMON
    rows = np.flatnonzero(common)
    rows = rows[np.argsort(sample.segment[rows], kind="stable")]
    own = sample.segment[rows]
    within = np.arange(len(rows)) - np.searchsorted(own, own)
    names = np.array([place(at)[0] for at in own.tolist()])
    starts = np.array([place(at)[1] for at in own.tolist()], dtype=np.int64)
    alt = sample.evidence.tumor_alt_depth[rows].astype(np.int64)
    depth = sample.evidence.tumor_depth[rows].astype(np.int64)
    snps = SnpCounts(
        contig=names, position=starts + 10_000 * (within + 1), ref=depth - alt, alt=alt
    )
    curves = segment_alleles(snps, segments).curves if alleles else None
    found = fit_purity(segments, curves=curves, build=GRCH38, fractions=False)
    return fitted_purity(to_document(found))


def scenarios(sample: Sample, fit: FittedPurity) -> list[tuple[float, Surroundings]]:
    """Return purity and copies around the alleles at each solution; unknown without an answer."""
    spots = [place(at) for at in sample.segment.tolist()]
    case = Case(solutions=solutions_of(fit))
    contigs, positions = [name for name, _ in spots], [start + 5_000_001 for _, start in spots]
    return [(weight, one.surroundings(contigs, positions)) for weight, one in case.scenarios()]
