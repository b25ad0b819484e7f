"""Turn depths into copy ratios: a sample against a panel of normals, its own normal, or nothing.

What capture, GC content, repeats and DNA quality do to depth is taken off, so that what is left is
the tumour's copy number. Large events of the tumour are told apart from biases before these are
fitted. A target without reads stays: it is the homozygous deletion that one looks for. A bin that
cannot be used is listed with its reason.

>>> import numpy as np
>>> from tumorkit.copynumber.normalize import center_of
>>> values = np.array([0.01, 0.0, 0.02, 0.01, 0.01, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9])
>>> [round(center_of(values, np.ones(11), how), 2) for how in ("median", "mode")]
[0.3, 0.01]
"""

from tumorkit.copynumber.normalize.analysis import (
    center_of,
    normalize,
    normalize_pair,
    reference_of_normal,
)
from tumorkit.copynumber.normalize.params import NormalizeParams
from tumorkit.copynumber.normalize.result import DroppedBin, DropReason, NormalizeResult

__all__ = [
    "DropReason",
    "DroppedBin",
    "NormalizeParams",
    "NormalizeResult",
    "center_of",
    "normalize",
    "normalize_pair",
    "reference_of_normal",
]
