import numpy as np
from numpy.typing import NDArray

def partition(
    values: NDArray[np.float64], weights: NDArray[np.float64], penalty: float, cap: float
) -> NDArray[np.int64]: ...
