"""Bins: the stretches of the genome in which reads are counted.

Targets of a capture panel are cut into equal parts, so that a long exon does not weigh less than a
short one; between them lie off-target bins, large enough for the few reads that fall there, which
show the chromosomes that the panel does not target. Amplicon panels have targets alone, genomes
have windows. Each bin carries its GC content, its share of repeats and its mappability.

>>> from tumorkit.copynumber.bins import BinsParams, make_bins
>>> from tumorkit.genome import Interval
>>> targets = [Interval("chr1", 400_000, 400_200, "EGFR")]
>>> made = make_bins(targets, [Interval("chr1", 0, 800_000)], BinsParams())
>>> made.target_bins, made.off_target_bins
(1, 6)
"""

from tumorkit.copynumber.bins.analysis import make_bins
from tumorkit.copynumber.bins.params import BinsParams
from tumorkit.copynumber.bins.result import BinsResult

__all__ = ["BinsParams", "BinsResult", "make_bins"]
