import numpy as np
from numpy.typing import NDArray

def search_mixtures(
    counts: NDArray[np.float64],
    table: NDArray[np.float64],
    odds: NDArray[np.float64],
    bonds: NDArray[np.float64],
    start: NDArray[np.int64],
    alpha: float,
    most: int,
    keep: int,
    expansions: int,
    window: float,
    wide: int,
    swaps: int,
) -> tuple[NDArray[np.int16], NDArray[np.float64], NDArray[np.float64]]: ...
