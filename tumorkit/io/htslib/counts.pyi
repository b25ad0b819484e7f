from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

class AlleleCounter:
    def __init__(self, path: str, reference: str = "") -> None: ...
    def site_counts(
        self,
        contig: str,
        positions: NDArray[np.int64] | Sequence[int],
        kinds: NDArray[np.int8] | Sequence[int],
        refs: Sequence[str],
        alts: Sequence[str],
        min_mapping_quality: int,
        min_base_quality: int,
    ) -> NDArray[np.int32]: ...
