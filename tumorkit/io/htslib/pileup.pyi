from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

class PileupCounter:
    def __init__(self, path: str, reference: str = "") -> None: ...
    def block_alleles(
        self,
        contig: str,
        starts: NDArray[np.int64] | Sequence[int],
        ends: NDArray[np.int64] | Sequence[int],
        min_mapping_quality: int,
        min_base_quality: int,
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]: ...
