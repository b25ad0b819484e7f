"""The background file: a bgzipped table with a commented header and a tabix index.

Rows are sorted by contig and position. Header lines are ``##key=value``, the values JSON; the line
with the columns begins with ``#``. What the columns mean is said by the room that makes the table
(:mod:`tumorkit.variants.background`).
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pysam

from tumorkit.errors import InputError, MissingIndexError
from tumorkit.genome.contigs import match_names
from tumorkit.io.alignment import quiet
from tumorkit.io.atomic import atomic_path
from tumorkit.io.bgzf import BgzfWriter, has_end
from tumorkit.io.text import is_bgzf, require_file

FORMAT = "tumorkit-background-1"
REMAKE = (
    "make it with: tumorkit variants background NORMALS --targets BED --reference FASTA -o FILE"
)
# Positions this near are read in one go.
NEAR = 2_000


def write_background(
    path: Path, header: Mapping[str, Any], columns: Sequence[str], rows: Iterable[str]
) -> None:
    """Write the table and its index, whole or not at all; ``rows`` are texts with line ends."""
    with atomic_path(path) as temporary:
        with temporary.open("wb") as handle:
            writer = BgzfWriter(handle)
            lines = [f"##format={json.dumps(FORMAT)}\n"]
            lines += [f"##{key}={json.dumps(value)}\n" for key, value in header.items()]
            writer.write("".join(lines).encode())
            writer.write(("#" + "\t".join(columns) + "\n").encode())
            for text in rows:
                writer.write(text.encode())
            writer.close()
        made = Path(f"{temporary}.tbi")
        try:
            with quiet():
                pysam.tabix_index(
                    str(temporary), seq_col=0, start_col=1, end_col=1, force=True, index=str(made)
                )
            with atomic_path(Path(f"{path}.tbi")) as index:
                shutil.copyfile(made, index)
        finally:
            made.unlink(missing_ok=True)


class BackgroundFile:
    """A background that was opened: its header, and its rows by place."""

    def __init__(self, path: Path) -> None:
        """Open a file; raise :class:`InputError` for another kind of file or a damaged one."""
        require_file(path)
        if not is_bgzf(path) or not has_end(path):
            raise InputError(path, "is no bgzipped background, or was cut off", hint=REMAKE)
        if not Path(f"{path}.tbi").exists():
            raise MissingIndexError(
                path, "no index beside the file", hint=f"tabix -s 1 -b 2 -e 2 {path}"
            )
        self.path = path
        try:
            with quiet():
                self._file = pysam.TabixFile(str(path))
            lines = [str(line) for line in self._file.header]
        except (OSError, ValueError) as error:
            raise InputError(path, "file or index is damaged", hint=REMAKE) from error
        self.header: dict[str, Any] = {}
        for line in lines:
            if line.startswith("##") and "=" in line:
                key, _, value = line[2:].partition("=")
                with contextlib.suppress(json.JSONDecodeError):
                    self.header[key] = json.loads(value)
        if self.header.get("format") != FORMAT:
            raise InputError(
                path, f"is no background of this version ({FORMAT})", line=1, hint=REMAKE
            )
        self.columns = lines[-1].lstrip("#").split("\t")
        self.contigs: tuple[str, ...] = tuple(self._file.contigs)

    def fetch(self, contig: str, start: int, end: int) -> Iterator[list[str]]:
        """Yield the fields of the rows in a 0-based half-open interval, in any contig spelling."""
        name = match_names([contig], self.contigs).get(contig)
        if name is None:
            return
        try:
            for line in self._file.fetch(name, max(0, start), end):
                yield line.split("\t")
        except (OSError, ValueError) as error:
            raise InputError(
                self.path, f"cannot read {contig}:{start + 1}-{end}", hint=REMAKE
            ) from error

    def at(self, contig: str, positions: Sequence[int]) -> Iterator[list[str]]:
        """Yield the rows at 1-based ``positions``, in ascending order; near ones are read at once.

        Sorted input is thereby merged with the file in one pass.
        """
        wanted = sorted(set(positions))
        texts = {str(pos) for pos in wanted}
        first = 0
        for at in range(1, len(wanted) + 1):
            if at == len(wanted) or wanted[at] - wanted[at - 1] > NEAR:
                for fields in self.fetch(contig, wanted[first] - 1, wanted[at - 1]):
                    if fields[1] in texts:
                        yield fields
                first = at

    def close(self) -> None:
        """Close the file."""
        self._file.close()
