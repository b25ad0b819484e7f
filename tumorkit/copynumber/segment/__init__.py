"""Segments: stretches of the genome with one copy number.

Copy ratios of bins are noisy, some bins are wild, and the baseline drifts in slow waves. The main
pass finds the change-points that minimise a capped squared loss exactly, arm by arm, with one
noise scale for the genome; a step is kept only if it is sharper than the waves of this sample.
Events of a few bins cannot be seen by such a loss, so a focal pass looks for them in what is left
over; its segments are marked ``focal``.

>>> import numpy as np
>>> from tumorkit.genome.segment import CopyRatios
>>> level = np.repeat([0.0, 0.58, 0.0], 40) + np.tile([0.05, -0.05, 0.02, -0.02], 30)
>>> ratios = CopyRatios(
...     contig=np.full(120, "chr1"), start=np.arange(120) * 1000, end=np.arange(1, 121) * 1000,
...     log2_ratio=level, weight=np.ones(120), gene=np.full(120, "-"),
...     depth=np.full(120, np.nan), target=np.ones(120, dtype=bool),
... )
>>> [(s.start, s.end, round(s.log2_ratio, 2)) for s in segment(ratios).segments]
[(0, 40000, 0.0), (40000, 80000, 0.58), (80000, 120000, 0.0)]
"""

from tumorkit.copynumber.segment.analysis import segment
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.copynumber.segment.result import DroppedBins, Noise, PathPoint, SegmentResult

__all__ = ["DroppedBins", "Noise", "PathPoint", "SegmentParams", "SegmentResult", "segment"]
