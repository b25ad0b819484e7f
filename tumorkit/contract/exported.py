"""Files that an export made, and the short table of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tumorkit.contract.summary import Summary


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    """A file: format, path below its folder, number of records, what was left out by reason."""

    format: str
    name: str
    records: int
    left_out: Mapping[str, int]


def summary_of_files(
    files: Iterable[ExportedFile], *, sample: str, source: str, notes: tuple[str, ...]
) -> Summary:
    """Return the short table: each file, its records, what it could not say.

    >>> one = ExportedFile(format="seg", name="a.seg", records=3, left_out={"without a level": 1})
    >>> summary_of_files([one], sample="a", source="a.cns", notes=()).rows
    (('seg', 'a.seg', '3', '1 without a level'),)
    """
    rows = tuple(
        (
            item.format,
            item.name,
            str(item.records),
            "; ".join(f"{count} {reason}" for reason, count in item.left_out.items()),
        )
        for item in files
    )
    return Summary(
        title=f"{sample}: {len(rows)} files from {source}",
        columns=("format", "file", "records", "left out"),
        rows=rows,
        notes=notes,
    )
