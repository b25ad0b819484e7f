"""Tables with one row a bin, read by the names of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.errors import InputError
from tumorkit.genome.contigs import order
from tumorkit.io.text import not_text, open_binary

UNKNOWN = frozenset((b"", b"NA", b"NaN", b"nan", b".", b"-nan"))
PLACE = {"contig": ("chromosome", "contig", "chrom"), "start": ("start",), "end": ("end",)}
TARGET_NAME = b"Target"

Values = NDArray[np.float64]


class BinTable:
    """Places and columns of text of one table, rows in genome order."""

    def __init__(self, path: Path, names: list[str], cells: list[bytes], first_line: int) -> None:
        self.path = path
        self.header = names
        names = [name.lower() for name in names]
        self.names = names
        self._columns = {name: cells[at :: len(names)] for at, name in enumerate(names)}
        self._first_line = first_line
        contig, self.start, self.end = self._places()
        self.contig = contig
        bad = np.flatnonzero((self.start < 0) | (self.end <= self.start))
        if len(bad):
            at = int(bad[0])
            raise InputError(
                path,
                f"bin {contig[at]}:{self.start[at]}-{self.end[at]}: end must be after start >= 0",
                line=first_line + at,
            )
        ranks = {name: rank for rank, name in enumerate(sorted(set(contig.tolist()), key=order))}
        rank = np.array([ranks[name] for name in contig.tolist()], dtype=np.int64)
        self.rows = np.lexsort((self.end, self.start, rank))
        self.contig = contig[self.rows]
        self.start, self.end = self.start[self.rows], self.end[self.rows]
        self._check_overlap()

    def _places(self) -> tuple[NDArray[np.str_], NDArray[np.int64], NDArray[np.int64]]:
        if "target" in self._columns:
            return self._regions()
        found = {}
        for meaning, known in PLACE.items():
            name = next((name for name in known if name in self._columns), None)
            if name is None:
                raise InputError(
                    self.path,
                    f"no column {known[0]}; columns present: {', '.join(self.names)[:200]}",
                    line=self._first_line - 1,
                )
            found[meaning] = self._columns[name]
        whole = []
        for meaning in ("start", "end"):
            try:
                whole.append(np.array(list(map(int, found[meaning])), dtype=np.int64))
            except ValueError:
                raise self._not_a_number(meaning, found[meaning], int) from None
        return np.array([cell.decode() for cell in found["contig"]]), whole[0], whole[1]

    def _regions(self) -> tuple[NDArray[np.str_], NDArray[np.int64], NDArray[np.int64]]:
        """Read PureCN's ``contig:start-end``, 1-based."""
        contig, start, end = [], [], []
        for at, cell in enumerate(self._columns["target"]):
            name, _, span = cell.decode().strip('"').rpartition(":")
            first, _, last = span.partition("-")
            if not (name and first.isdigit() and last.isdigit()):
                raise InputError(
                    self.path,
                    f"expected contig:start-end, found {cell.decode()!r}",
                    line=self._first_line + at,
                )
            contig.append(name)
            start.append(int(first) - 1)
            end.append(int(last))
        return np.array(contig), np.array(start, dtype=np.int64), np.array(end, dtype=np.int64)

    def _check_overlap(self) -> None:
        shared = np.minimum(self.end[:-1], self.end[1:]) - self.start[1:]
        shorter = np.minimum(self.end[:-1] - self.start[:-1], self.end[1:] - self.start[1:])
        # Neighbouring amplicons and probes may share an edge; more means two panels in one file.
        bad = np.flatnonzero((self.contig[1:] == self.contig[:-1]) & (shared > shorter / 2))
        if len(bad):
            at = int(bad[0])
            more = f" ({len(bad)} such bins)" if len(bad) > 1 else ""
            raise InputError(
                self.path,
                f"bin {self.contig[at]}:{self.start[at]}-{self.end[at]}: overlaps the next bin "
                f"by more than half{more}",
                hint="make bins of the targets: tumorkit cnv bins",
            )

    def _not_a_number(self, name: str, cells: Sequence[bytes], kind: type) -> InputError:
        for at, cell in enumerate(cells):
            try:
                if not (kind is float and cell.strip() in UNKNOWN):
                    kind(cell)
            except ValueError:
                return InputError(
                    self.path,
                    f"{name} must be a number, found {cell.decode('utf-8', 'replace')!r}",
                    line=self._first_line + at,
                )
        raise AssertionError("all cells are numbers")

    def has(self, name: str) -> bool:
        """Whether there is a column of that name (lower case)."""
        return name in self._columns

    def numbers(self, name: str) -> Values:
        """Return a column as numbers, unknown cells and a missing column as NaN."""
        cells = self._columns.get(name)
        if cells is None:
            return np.full(len(self.rows), np.nan)
        try:
            values = np.array(list(map(float, cells)))
        except ValueError:
            try:
                values = np.array(
                    [np.nan if cell.strip() in UNKNOWN else float(cell) for cell in cells]
                )
            except ValueError:
                raise self._not_a_number(name, cells, float) from None
        return values[self.rows]

    def words(self, name: str, otherwise: str = "-") -> NDArray[np.object_]:
        """Return a column as text."""
        cells = self._columns.get(name)
        if cells is None:
            return np.full(len(self.rows), otherwise, dtype=object)
        known = {cell: cell.decode().strip('"') or otherwise for cell in dict.fromkeys(cells)}
        return np.array([known[cell] for cell in cells], dtype=object)[self.rows]


def read_bin_table(path: Path) -> BinTable:
    """Read a table of bins in any column order, into genome order.

    Columns are separated by tabs or (PureCN) blanks. Positions are 0-based half-open; a column
    ``Target`` of 1-based regions is PureCN's. Raises :class:`InputError` for missing columns, rows
    of other lengths, bins that lie in one another.
    """
    with open_binary(path) as handle:
        data = handle.read().replace(b"\r\n", b"\n")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_text(path) from error
    skipped = 0
    # A header may begin with one #; what comes before it are comments.
    while data.startswith((b"##", b"@")):
        data = data.partition(b"\n")[2]
        skipped += 1
    head, _, body = data.removeprefix(b"#").partition(b"\n")
    if not body.strip():
        raise InputError(path, "holds no bin", hint="expected a header and rows of bins")
    separator = b"\t" if b"\t" in head else b" "
    if separator == b" ":
        body = body.replace(b"\t", b" ")
    names = [name.decode().strip().strip('"') for name in head.split(separator)]
    body = body.rstrip(b"\n")
    cells = body.replace(b"\n", separator).split(separator)
    if len(cells) != len(names) * (body.count(b"\n") + 1):
        for number, line in enumerate(body.split(b"\n"), skipped + 2):
            width = len(line.split(separator))
            if width != len(names):
                raise InputError(path, f"expected {len(names)} columns, found {width}", line=number)
    return BinTable(path, names, cells, skipped + 2)
