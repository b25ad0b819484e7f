from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

class LengthCounter:
    def __init__(self, path: str, reference: str = "") -> None: ...
    def site_lengths(
        self,
        contig: str,
        starts: NDArray[np.int64],
        repeats: NDArray[np.int64],
        units: Sequence[str],
        left_flanks: Sequence[str],
        right_flanks: Sequence[str],
        rooms: NDArray[np.int64],
        min_mapping_quality: int,
        min_base_quality: int,
        max_mismatches: int,
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]: ...
