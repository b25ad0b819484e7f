import numpy as np
from numpy.typing import NDArray

def find_repeats(
    sequence: NDArray[np.uint8],
    first: int,
    *,
    final: bool,
    min_homopolymer: int,
    min_repeats: int,
    max_unit: int,
) -> tuple[NDArray[np.int64], int]: ...
