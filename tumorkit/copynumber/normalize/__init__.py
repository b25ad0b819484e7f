"""Turn target depths into copy ratios: a tumour against its matched normal.

The depth of each target in the tumour is held against the same target in the normal, so capture
and GC effects that both share cancel; the median of the autosomes is then taken as zero.

>>> import numpy as np
>>> from tumorkit.copynumber.normalize import pair_log2
>>> tumor, normal, size = np.array([60.0, 30.0, 0.0]), np.full(3, 30.0), np.full(3, 200)
>>> [float(value) for value in np.round(pair_log2(tumor, normal, size), 2)]
[0.99, 0.0, -6.34]
"""

from tumorkit.copynumber.normalize.analysis import normalize_pair, pair_log2
from tumorkit.copynumber.normalize.result import NormalizeResult

__all__ = ["NormalizeResult", "normalize_pair", "pair_log2"]
