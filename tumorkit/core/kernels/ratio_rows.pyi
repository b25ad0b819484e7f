from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Columns = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], list[bytes], list[bytes]]

def rows(content: bytes, width: int, places: Sequence[int]) -> Columns | None: ...
