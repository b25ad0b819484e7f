"""Reference: what a panel of normal samples looks like, bin by bin.

A tumour's depth means something only beside what the same bin gives in normal samples. Each
normal is freed of its own GC, repeat and edge effects; the usual log2 and its spread are robust,
so that a normal with a germline deletion does not move them. X counts as of two copies in men and
women alike, Y as of one. Shapes that normals share to differing degree (DNA quality, batch) become
components; how many is decided by normals left out. The table is CNVkit's ``.cnn`` with columns
of our own behind.

>>> import numpy as np
>>> from tumorkit.copynumber.reference import flat_reference
>>> from tumorkit.genome.bins import Bins
>>> one, unknown = np.array([1]), np.array([np.nan])
>>> bins = Bins(contig=np.array(["chrY"]), start=one, end=one + 200,
...             gene=np.array(["SRY"], dtype=object), target=one > 0, gc=unknown,
...             repeat=unknown, mappability=unknown)
>>> flat_reference(bins).reference.log2_ratio.tolist()
[-1.0]
"""

from tumorkit.copynumber.reference.analysis import flat_reference, pool_normals
from tumorkit.copynumber.reference.params import ReferenceParams
from tumorkit.copynumber.reference.result import ComponentFit, Normal, ReferenceResult

__all__ = [
    "ComponentFit",
    "Normal",
    "ReferenceParams",
    "ReferenceResult",
    "flat_reference",
    "pool_normals",
]
