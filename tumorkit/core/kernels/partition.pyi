import numpy as np
from numpy.typing import NDArray

def partition(
    values: NDArray[np.float64], weights: NDArray[np.float64], penalty: float, cap: float
) -> NDArray[np.int64]: ...
def joint_partition(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    rows: NDArray[np.int64],
    losses: NDArray[np.float64],
    penalty: float,
    cap: float,
) -> NDArray[np.int64]: ...
