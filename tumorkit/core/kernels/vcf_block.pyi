from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

def scan(
    content: bytes, start: int, columns: int, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int, int]: ...
def alternatives(content: bytes, offsets: NDArray[np.int64]) -> NDArray[np.int64]: ...
def grouped(
    content: bytes, offsets: NDArray[np.int64], column: int
) -> tuple[NDArray[np.int64], list[bytes]]: ...
def numbers(
    content: bytes, offsets: NDArray[np.int64], column: int
) -> tuple[NDArray[np.float64], NDArray[np.int8]]: ...
def tagged(
    content: bytes, offsets: NDArray[np.int64], key: bytes
) -> tuple[NDArray[np.float64], NDArray[np.int8]]: ...
def entries(
    content: bytes,
    offsets: NDArray[np.int64],
    key: bytes,
    fields: Sequence[int],
    most: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[bytes]]: ...
def repeated(content: bytes, offsets: NDArray[np.int64]) -> NDArray[np.bool_]: ...
def reads(
    content: bytes, offsets: NDArray[np.int64], column: int, places: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]: ...
def substituted(
    content: bytes,
    offsets: NDArray[np.int64],
    choice: NDArray[np.int64],
    filters: Sequence[bytes],
    tags: Sequence[bytes],
    others: Sequence[bytes],
) -> bytes: ...
