"""Many records of a VCF as the bytes they stand in; a record is made when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.kernels import load_kernel
from tumorkit.genome.vcf import VcfHeader, VcfRecord

KERNEL = "tumorkit.core.kernels.vcf_block"
# States of a value that was read from bytes, and choices of a line; see vcf_block_python.
ABSENT, NUMBER, OTHER = 0, 1, 2
AS_IS, DROPPED, FIRST_OTHER = -1, -2, -3


class RecordBlock(Sequence[VcfRecord]):
    """Records that follow each other in a file, with the offsets of their columns.

    ``offsets`` has a row for each record, see :mod:`tumorkit.core.kernels.vcf_block_python`;
    ``numbers`` are the numbers of their lines.

    >>> header = VcfHeader((), ())
    >>> block, end, passed = first_block(b"1\\t8\\t.\\tA\\tC,G\\t.\\t.\\tDP=9\\n", 0, header, 10)
    >>> block.alternatives.tolist(), block.tagged("DP")[0].tolist(), block[0].ref
    ([2], [9.0], 'A')
    """

    def __init__(
        self,
        content: bytes,
        offsets: NDArray[np.int64],
        numbers: NDArray[np.int64],
        header: VcfHeader,
    ) -> None:
        self.content = content
        self.offsets = offsets
        self.header = header
        self._numbers = numbers
        self._grouped: dict[int, tuple[NDArray[np.int64], list[str]]] = {}
        self._kernel: Any = load_kernel(KERNEL)

    def __len__(self) -> int:
        return len(self.offsets)

    @overload
    def __getitem__(self, at: int) -> VcfRecord: ...
    @overload
    def __getitem__(self, at: slice) -> list[VcfRecord]: ...
    def __getitem__(self, at: int | slice) -> VcfRecord | list[VcfRecord]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        start, end = int(self.offsets[at, 0]), int(self.offsets[at, -1]) - 1
        line = self.content[start:end].decode("utf-8")
        return VcfRecord(line, self.header, int(self._numbers[at]))

    def __iter__(self) -> Iterator[VcfRecord]:
        return (self[at] for at in range(len(self)))

    @cached_property
    def alternatives(self) -> NDArray[np.int64]:
        """Number of alternative alleles of each record."""
        counts: NDArray[np.int64] = self._kernel.alternatives(self.content, self.offsets)
        return counts

    @property
    def line_numbers(self) -> NDArray[np.int64]:
        """Number of each record's line in the file."""
        return self._numbers

    def repeated_keys(self) -> NDArray[np.bool_]:
        """Return which records have an INFO key more than once."""
        found: NDArray[np.bool_] = self._kernel.repeated(self.content, self.offsets)
        return found

    def text(self, at: int, column: int) -> str:
        """Return one column of one record."""
        start, end = int(self.offsets[at, column]), int(self.offsets[at, column + 1]) - 1
        return self.content[start:end].decode("utf-8")

    def grouped(self, column: int) -> tuple[NDArray[np.int64], list[str]]:
        """Return the different texts of a column, and which of them each record has."""
        found = self._grouped.get(column)
        if found is None:
            codes, texts = self._kernel.grouped(self.content, self.offsets, column)
            found = self._grouped[column] = (codes, [text.decode("utf-8") for text in texts])
        return found

    def numbers(self, column: int) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Return a column's numbers; state OTHER is no plain number."""
        found: tuple[NDArray[np.float64], NDArray[np.int8]] = self._kernel.numbers(
            self.content, self.offsets, column
        )
        return found

    def tagged(self, key: str) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Return the numbers of an INFO field; state OTHER is no single plain number."""
        found: tuple[NDArray[np.float64], NDArray[np.int8]] = self._kernel.tagged(
            self.content, self.offsets, key.encode("utf-8")
        )
        return found

    def entries(
        self, key: str, fields: Sequence[int], most: int = 0
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
        """Return some fields of an annotation's entries: counts by record, codes, and texts.

        See :func:`tumorkit.core.kernels.vcf_block_python.entries`.
        """
        counts, codes, texts = self._kernel.entries(
            self.content, self.offsets, key.encode("utf-8"), fields, most
        )
        return counts, codes, [text.decode("utf-8") for text in texts]

    def reads(
        self, column: int, places: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return depth, reference and alternative depth and fraction, and which were read."""
        found: tuple[NDArray[np.float64], NDArray[np.bool_]] = self._kernel.reads(
            self.content, self.offsets, column, places
        )
        return found

    def substituted(
        self, choice: NDArray[np.int64], changes: Sequence[tuple[str, str]], others: Sequence[str]
    ) -> bytes:
        """Return the lines with FILTER replaced and INFO extended, or whole other lines.

        ``choice`` is an index into ``changes``, AS_IS, DROPPED, or FIRST_OTHER - k.
        """
        content: bytes = self._kernel.substituted(
            self.content,
            self.offsets,
            choice,
            [one.encode("utf-8") for one, _ in changes],
            [two.encode("utf-8") for _, two in changes],
            [line.encode("utf-8") for line in others],
        )
        return content


def first_block(
    content: bytes, start: int, header: VcfHeader, most: int, before: int = 0
) -> tuple[RecordBlock, int, int]:
    """Return the records of whole lines from ``start`` on, where they end, and lines passed.

    ``before`` lines came earlier in the file. The block ends before a line that is not as usual:
    another number of columns, or a POS that is no number of up to 15 digits.
    """
    kernel: Any = load_kernel(KERNEL)
    offsets, lines, end, passed = kernel.scan(content, start, len(header.columns), most)
    return RecordBlock(content, offsets, lines + (before + 1), header), int(end), int(passed)
