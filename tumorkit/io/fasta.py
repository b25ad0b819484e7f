"""Read sequence from an indexed FASTA."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import pysam

from tumorkit.errors import ContigMismatchError, InputError, MissingIndexError
from tumorkit.genome.contigs import match_names
from tumorkit.io.text import is_bgzf, is_gzip, read_lines, require_file

INDEX_COLUMNS = 5


class Fasta:
    """An indexed FASTA; contigs may be asked for in any spelling."""

    def __init__(self, path: Path, lengths: dict[str, int]) -> None:
        self.path = path
        self.lengths = lengths
        self._file = pysam.FastaFile(str(path))
        self._names: dict[str, str] = {}

    def name_of(self, contig: str) -> str | None:
        """Return the name by which the file knows a contig, None if it does not have it."""
        if contig not in self._names:
            self._names.update(match_names([contig], self.lengths))
        return self._names.get(contig)

    def fetch(self, contig: str, start: int, end: int) -> str:
        """Return bases of a 0-based half-open interval in upper case.

        What lies beyond the end of the contig is left out. Raises
        :class:`ContigMismatchError` for a contig that the file does not have.
        """
        return self.fetch_cased(contig, start, end).upper()

    def fetch_cased(self, contig: str, start: int, end: int) -> str:
        """Return bases as :meth:`fetch` does, in the case of the file (lower is soft-masked)."""
        name = self.name_of(contig)
        if name is None:
            raise ContigMismatchError(
                self.path,
                f"no contig {contig!r} under any spelling",
                hint="give the FASTA that the data were made on",
            )
        end = min(end, self.lengths[name])
        if start >= end:
            return ""
        try:
            sequence: str = self._file.fetch(name, start, end)
        except (OSError, ValueError) as error:
            raise InputError(
                self.path,
                f"cannot read {contig}:{start + 1}-{end}",
                hint=f"samtools faidx {self.path}",
            ) from error
        return sequence

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def open_fasta(path: Path) -> Fasta:
    """Open a FASTA, plain or bgzipped, with its index beside it.

    Raises :class:`InputError` for a missing file, plain gzip or something that is no FASTA, and
    :class:`MissingIndexError` with the command that makes the index.
    """
    require_file(path)
    if is_gzip(path) and not is_bgzf(path):
        raise InputError(
            path,
            "is plain gzip; random access needs BGZF",
            hint=f"gunzip {path} && bgzip {path.with_suffix('')} && samtools faidx {path}",
        )
    for _, line in read_lines(path):
        if not line.startswith(">"):
            raise InputError(
                path,
                "is no FASTA: it does not start with '>'",
                line=1,
                hint="give a reference FASTA",
            )
        break
    else:
        raise InputError(path, "is empty", hint="give a reference FASTA")
    needed = [".fai", ".gzi"] if is_gzip(path) else [".fai"]
    for suffix in needed:
        if not Path(f"{path}{suffix}").exists():
            raise MissingIndexError(
                path, f"no index {path.name}{suffix} beside it", hint=f"samtools faidx {path}"
            )
    return Fasta(path, read_index(Path(f"{path}.fai")))


def read_index(path: Path) -> dict[str, int]:
    """Return contig lengths from a ``.fai`` (five tab-separated columns, samtools faidx)."""
    lengths = {}
    for number, line in read_lines(path):
        fields = line.split("\t")
        if len(fields) < INDEX_COLUMNS or not fields[1].isdigit():
            raise InputError(
                path,
                f"expected {INDEX_COLUMNS} columns, found {len(fields)}",
                line=number,
                hint=f"samtools faidx {path.with_suffix('')}",
            )
        lengths[fields[0]] = int(fields[1])
    return lengths
