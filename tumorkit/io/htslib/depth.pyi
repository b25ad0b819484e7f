from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

class DepthCounter:
    def __init__(self, path: str, reference: str = "") -> None: ...
    def block_depths(
        self,
        contig: str,
        starts: NDArray[np.int64] | Sequence[int],
        ends: NDArray[np.int64] | Sequence[int],
        min_mapping_quality: int,
    ) -> NDArray[np.int32]: ...
    def block_sums(
        self,
        contig: str,
        starts: NDArray[np.int64] | Sequence[int],
        ends: NDArray[np.int64] | Sequence[int],
        min_mapping_quality: int,
    ) -> NDArray[np.int64]: ...
