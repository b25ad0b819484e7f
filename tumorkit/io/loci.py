"""Lists of microsatellites: msisensor's and msisensor-pro's, old and new, their baselines, ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.repeat import Repeat
from tumorkit.io.text import read_lines

NEEDED = ("chromosome", "location", "repeat_times", "repeat_unit_bases")
FLANKS = ("left_flank_bases", "right_flank_bases")
# msisensor and msisensor-pro up to 1.2; 1.3 leaves the columns called "binary" out.
COLUMNS = (
    "chromosome", "location", "repeat_unit_length", "repeat_unit_binary", "repeat_times",
    "left_flank_binary", "right_flank_binary", "repeat_unit_bases", *FLANKS,
)  # fmt: skip
OURS = "lengths"
BASES = "ACGT"


@dataclass(frozen=True, kw_only=True, slots=True)
class Normals:
    """What a baseline knows of one site.

    ``threshold`` is msisensor-pro's for contractions, ``count`` the normals behind it (None where
    the file does not say). ``steps`` are reads of normals by units gained (+) or lost (-) against
    the normal's own length; only our baselines have them.
    """

    threshold: float | None = None
    count: int | None = None
    steps: Mapping[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class LociFile:
    """A list as it was read: sites in the file's order, and the baseline if the file is one."""

    path: Path
    loci: tuple[Repeat, ...]
    normals: tuple[Normals, ...] | None


def is_list(path: Path) -> bool:
    """Whether a file has the header of a list of microsatellites (else it may be a BED)."""
    for _, line in read_lines(path):
        return set(NEEDED) <= {name.strip() for name in line.split("\t")}
    return False


def read_loci(path: Path) -> LociFile:
    """Read a list of microsatellites or a baseline, by the names in its header.

    Raises :class:`InputError` for a file without the needed columns, a row that does not fit them,
    a unit that is no DNA or an empty list.
    """
    names: list[str] = []
    loci: list[Repeat] = []
    normals: list[Normals] = []
    for number, line in read_lines(path):
        if not line.strip():
            continue
        fields = line.split("\t")
        if not names:
            names = [name.strip() for name in fields]
            absent = [name for name in (*NEEDED, *FLANKS) if name not in names]
            if absent:
                raise InputError(
                    path,
                    f"the header lacks {', '.join(absent)}",
                    line=number,
                    hint="make a list with `tumorkit msi scan`, or give msisensor-pro's",
                )
            continue
        if len(fields) < len(names):
            raise InputError(
                path, f"expected {len(names)} columns, found {len(fields)}", line=number
            )
        row = dict(zip(names, (field.strip() for field in fields), strict=False))
        loci.append(locus_of(path, number, row))
        normals.append(normals_of(path, number, row))
    if not loci:
        raise InputError(path, "holds no microsatellite", hint="expected a header and rows")
    baseline = "threshold" in names or OURS in names
    return LociFile(path=path, loci=tuple(loci), normals=tuple(normals) if baseline else None)


def locus_of(path: Path, number: int, row: Mapping[str, str]) -> Repeat:
    """Return the site of one row; ``location`` is 0-based in all these files."""
    unit = row["repeat_unit_bases"].upper()
    start, repeats = whole(path, number, row, "location"), whole(path, number, row, "repeat_times")
    flanks = [row[name].upper() for name in FLANKS]
    if not unit or set(unit) - set(BASES) or repeats < 1 or not all(flanks):
        raise InputError(
            path, f"no microsatellite: {row['repeat_times']} x {unit or 'nothing'}", line=number
        )
    if start < len(flanks[0]):
        raise InputError(path, f"location {start} leaves no room for the left flank", line=number)
    return Repeat(
        contig=row["chromosome"],
        start=start,
        unit=unit,
        repeats=repeats,
        left_flank=flanks[0],
        right_flank=flanks[1],
    )


def normals_of(path: Path, number: int, row: Mapping[str, str]) -> Normals:
    """Return what a row says of normals; -1 and empty fields are not known."""
    count = row.get("supportSamples", row.get("support_num", ""))
    told = row.get(OURS, "")
    try:
        threshold = float(row.get("threshold", "") or -1)
        pairs = [item.split(":") for item in told.split(",") if item]
        steps = {int(step): int(reads) for step, reads in pairs}
        return Normals(
            threshold=threshold if threshold >= 0 else None,
            count=int(float(count)) if count not in ("", "-1") else None,
            steps=steps if OURS in row else None,
        )
    except ValueError as error:
        raise InputError(path, f"a number is expected: {error}", line=number) from error


def whole(path: Path, number: int, row: Mapping[str, str], name: str) -> int:
    """Return a whole number of a row."""
    if not row[name].isdigit():
        raise InputError(path, f"{name}: expected a whole number, found {row[name]!r}", line=number)
    return int(row[name])


def binary(bases: str) -> int:
    """Return bases as msisensor counts them: two bits each, A 0, C 1, G 2, T 3.

    >>> binary("GCTCG")
    630
    """
    code = 0
    for base in bases:
        code = code << 2 | max(BASES.find(base), 0)
    return code


def loci_text(loci: Iterable[Repeat], more: Mapping[str, Iterable[object]] | None = None) -> str:
    """Return a list in the old form, which msisensor, msisensor-pro up to 1.2 and we read.

    ``more`` are further columns, such as those of a baseline.
    """
    extra = more or {}
    lines = ["\t".join((*COLUMNS, *extra))]
    values = zip(*extra.values(), strict=True) if extra else iter(())
    for locus in loci:
        row = (
            locus.contig, locus.start, len(locus.unit), binary(locus.unit), locus.repeats,
            binary(locus.left_flank), binary(locus.right_flank), locus.unit, locus.left_flank,
            locus.right_flank, *(next(values) if extra else ()),
        )  # fmt: skip
        lines.append("\t".join(map(str, row)))
    return "\n".join(lines) + "\n"
