"""Put arrays aside in a temporary file, and take them back in the same order."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Arrays = list[NDArray[Any]]


class Spool:
    """Lists of arrays of whole numbers, compressed, on disk for as long as it is open.

    >>> with Spool() as spool:
    ...     spool.add([np.array([[1, 2]]), np.array([], dtype=np.int64)])
    ...     [[a.tolist() for a in arrays] for arrays in spool]
    [[[[1, 2]], []]]
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._entries: list[list[tuple[int, str, str, tuple[int, ...]]]] = []

    def add(self, arrays: Sequence[NDArray[Any]]) -> None:
        """Put arrays aside, in the smallest type that holds them."""
        entry = []
        for array in arrays:
            small = array.astype(np.min_scalar_type(array.max())) if array.size else array
            # A negative number needs the type it has.
            small = array if array.size and array.min() < 0 else small
            packed = zlib.compress(np.ascontiguousarray(small).tobytes(), 1)
            self._file.write(packed)
            entry.append((len(packed), small.dtype.str, array.dtype.str, array.shape))
        self._entries.append(entry)

    def __iter__(self) -> Iterator[Arrays]:
        self._file.seek(0)
        for entry in self._entries:
            yield [
                np.frombuffer(zlib.decompress(self._file.read(size)), dtype=small)
                .astype(kind)
                .reshape(shape)
                for size, small, kind, shape in entry
            ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()
