"""Coverage: the mean depth of every target of a panel, from a BAM or CRAM.

The depth of a base is the number of DNA fragments seen on it: primary alignments of good mapping
quality, no duplicates, and a fragment whose two reads overlap counts once. The depth of a target
is the mean over its bases. Deleted bases count as not covered, so a tumour's homozygous deletion
shows as the missing depth that it is. The table is CNVkit's ``.cnn`` and is the first step to
copy ratios.

>>> import numpy as np
>>> from tumorkit.genome import Interval
>>> tabulate_coverage([Interval("chr17", 7_668_000, 7_668_200, "TP53")], np.array([64.0])).targets
1
"""

from tumorkit.copynumber.coverage.analysis import tabulate_coverage
from tumorkit.copynumber.coverage.params import CoverageParams
from tumorkit.copynumber.coverage.result import CoverageResult

__all__ = ["CoverageParams", "CoverageResult", "tabulate_coverage"]
