"""Purity and ploidy: the share of tumour cells and the mean copies of their genome.

Every absolute copy number, every loss of an allele and every somatic share of cells hangs on both.
They are read off three things at once: how far segments lie from each other in log2, how far
their alleles are out of balance, and in which share of reads somatic variants are. Often more
than one pair fits; the answer is therefore a posterior with its best solution, up to five
alternatives with weights, and ranges. Where nothing tells a tumour from none, or several
solutions fit alike, there is a state with a reason instead of a number. From the best solution
follow the copies of each allele, changes that a part of the tumour has, in which share of tumour
cells each mutation is, and which genes lost both alleles.

>>> from tumorkit.genome.segment import Segment
>>> levels = [(-0.51, 0.65), (0.0, 0.5), (0.38, 0.61), (0.0, 0.5), (-0.51, 0.65), (0.0, 0.5)]
>>> segments = [
...     Segment(contig=f"chr{at}", start=0, end=90_000_000, log2_ratio=level, bins=900,
...             log2_low=level - 0.01, log2_high=level + 0.01, baf=baf, snps=500,
...             baf_low=max(0.5, baf - 0.005), baf_high=baf + 0.005)
...     for at, (level, baf) in enumerate(levels, start=1)
... ]
>>> found = fit_purity(segments)
>>> found.state, round(found.purity.value, 1), round(found.ploidy.value), found.doubling
('solved', 0.6, 2, 'uncertain')
"""

from tumorkit.purity.analysis import fit_purity
from tumorkit.purity.evidence import Mutation
from tumorkit.purity.params import PurityParams
from tumorkit.purity.result import (
    GeneHits,
    GridPoint,
    MutationCopies,
    PurityResult,
    SegmentAlternatives,
    SegmentCopies,
    Solution,
    TumorFraction,
)

__all__ = [
    "GeneHits",
    "GridPoint",
    "Mutation",
    "MutationCopies",
    "PurityParams",
    "PurityResult",
    "SegmentAlternatives",
    "SegmentCopies",
    "Solution",
    "TumorFraction",
    "fit_purity",
]
