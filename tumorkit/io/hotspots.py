"""Hotspot lists: alleles (VCF, or a table of them), or places with a class (hydra-genetics)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.interval import Interval
from tumorkit.io.text import read_lines
from tumorkit.io.vcf import open_vcf

REPORTS = ("hotspot", "indel", "region", "region_all")
PLACE_COLUMNS = {
    "contig": ("chr", "contig", "chrom", "chromosome"),
    "start": ("start",),
    "end": ("end", "stop"),
    "report": ("report", "class"),
}
ALLELE_COLUMNS = {
    "contig": ("chr", "contig", "chrom", "chromosome"),
    "pos": ("pos", "position"),
    "ref": ("ref", "reference_allele"),
    "alt": ("alt", "tumor_seq_allele2"),
}
HINT = (
    "give a VCF, a table with columns contig pos ref alt (with or without these names), or a table "
    "with columns Chr Start End Report (1-based; Report is hotspot, indel, region or region_all)"
)
BASES = frozenset("ACGTNacgtn")


@dataclass(frozen=True, kw_only=True)
class HotspotRows:
    """The rows of a list: alleles (contig, position, ref, alt) or places with their class.

    An allele without bases on one side (``-`` in MAF) has an empty text there; its position is
    that of the first base deleted, or of the base behind an insertion.
    """

    alleles: list[tuple[str, int, str, str]] = field(default_factory=list)
    places: list[tuple[str, Interval]] = field(default_factory=list)


def read_hotspots(path: Path) -> HotspotRows:
    """Read a list of hotspots in any of the known forms.

    Raises :class:`InputError` for what is none of them, with the line.
    """
    head = [line for _, line in islice(read_lines(path), 1)]
    if not head:
        raise InputError(path, "is empty", hint=HINT)
    if head[0].startswith(("##fileformat", "#CHROM\tPOS\tID")):
        return HotspotRows(alleles=list(_from_vcf(path)))
    names = [name.strip().lower().lstrip("#") for name in head[0].split("\t")]
    places = _columns(names, PLACE_COLUMNS)
    if places is not None:
        return HotspotRows(places=list(_places(path, places)))
    columns = _columns(names, ALLELE_COLUMNS)
    skip = columns is not None
    at = columns or {"contig": 0, "pos": 1, "ref": 2, "alt": 3}
    return HotspotRows(alleles=list(_alleles(path, at, skip=skip)))


def _from_vcf(path: Path) -> Iterator[tuple[str, int, str, str]]:
    with open_vcf(path) as source:
        for record in source:
            for alt in record.alts:
                if set(alt) <= BASES:
                    yield record.contig, record.pos, record.ref, alt


def _columns(names: list[str], wanted: dict[str, tuple[str, ...]]) -> dict[str, int] | None:
    found = {}
    for key, spellings in wanted.items():
        at = next((names.index(name) for name in spellings if name in names), None)
        if at is None:
            return None
        found[key] = at
    return found


def _rows(path: Path, at: dict[str, int], *, skip: bool) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in read_lines(path):
        if (number == 1 and skip) or not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) <= max(at.values()):
            raise InputError(
                path,
                f"expected at least {max(at.values()) + 1} columns, found {len(fields)}",
                line=number,
                hint=HINT,
            )
        yield number, {key: fields[index].strip() for key, index in at.items()}


def _places(path: Path, at: dict[str, int]) -> Iterator[tuple[str, Interval]]:
    for number, row in _rows(path, at, skip=True):
        start, end, report = row["start"], row["end"], row["report"].lower()
        if not (start.isdigit() and end.isdigit()) or not 1 <= int(start) <= int(end):
            raise InputError(
                path,
                f"expected 1-based start <= end, found {start!r} and {end!r}",
                line=number,
            )
        if report not in REPORTS:
            raise InputError(
                path, f"class {row['report']!r} is not one of {', '.join(REPORTS)}", line=number
            )
        yield report, Interval(row["contig"], int(start) - 1, int(end))


def _alleles(path: Path, at: dict[str, int], *, skip: bool) -> Iterator[tuple[str, int, str, str]]:
    for number, row in _rows(path, at, skip=skip):
        pos = row["pos"]
        ref, alt = ("" if row[key] == "-" else row[key] for key in ("ref", "alt"))
        if not pos.isdigit() or not (ref or alt) or not set(ref + alt) <= BASES:
            raise InputError(
                path,
                f"expected a position and two alleles, found {pos!r}, {ref!r}, {alt!r}",
                line=number,
                hint=HINT,
            )
        # MAF gives the base before an insertion.
        yield row["contig"], int(pos) + (not ref), ref, alt
