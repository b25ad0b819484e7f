"""Lists of alleles to look at: VCF, tables with a header, BED with alleles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.build import Build, detect_build
from tumorkit.genome.variant import Variant
from tumorkit.io import bcf
from tumorkit.io.text import open_binary, read_lines
from tumorkit.io.vcf import open_vcf

CONTIG_NAMES = ("contig", "chrom", "#chrom", "chromosome", "chr")
VCF_HEADS = (b"##", bcf.MAGIC, b"#CHROM\tPOS\tID")
HINT = (
    "give a VCF, a table with columns contig pos ref alt, "
    "or a BED with ref and alt as columns 4 and 5"
)


def read_sites(path: Path) -> list[Variant]:
    """Read alleles in the order of the file; a record with several alternatives gives several.

    Raises :class:`InputError` for files that are none of the known forms, and for empty ones.
    """
    sites = list(_from_vcf(path) if is_vcf(path) else _from_table(path))
    if not sites:
        raise InputError(path, "holds no site", hint=HINT)
    return sites


def read_sites_build(path: Path) -> Build | None:
    """Return the build that a VCF's header tells of; None for other forms and where it does not."""
    if not is_vcf(path):
        return None
    with open_vcf(path) as source:
        return detect_build(source.header.contig_lengths)


def is_vcf(path: Path) -> bool:
    """Whether a file begins like a VCF or BCF; raises for an empty one."""
    with open_binary(path) as handle:
        head = handle.read(len(VCF_HEADS[-1]))
    if not head:
        raise InputError(path, "is empty", hint=HINT)
    return head.startswith(VCF_HEADS)


def _from_vcf(path: Path) -> Iterator[Variant]:
    with open_vcf(path) as source:
        for record in source:
            for alt in record.alts or (".",):
                yield Variant(contig=record.contig, pos=record.pos, ref=record.ref, alt=alt)


def _from_table(path: Path) -> Iterator[Variant]:
    columns: dict[str, int] | None = None
    first = True
    for number, line in read_lines(path):
        fields = line.split("\t")
        if first:
            first = False
            columns = _named(fields)
            if columns is not None:
                continue
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        yield _row(path, number, fields, columns)


def _named(fields: list[str]) -> dict[str, int] | None:
    """Return where the columns of a table stand, None where there is no such header."""
    lower = [field.strip().lower() for field in fields]
    contig = next((lower.index(name) for name in CONTIG_NAMES if name in lower), None)
    if contig is None or not {"pos", "ref", "alt"} <= set(lower):
        return None
    return {"contig": contig} | {name: lower.index(name) for name in ("pos", "ref", "alt")}


def _row(path: Path, number: int, fields: list[str], columns: dict[str, int] | None) -> Variant:
    at = columns or {"contig": 0, "pos": 1, "ref": 3, "alt": 4}
    if len(fields) <= max(at.values()):
        raise InputError(
            path,
            f"expected at least {max(at.values()) + 1} columns, found {len(fields)}",
            line=number,
            hint=HINT,
        )
    pos, ref, alt = (fields[at[name]].strip() for name in ("pos", "ref", "alt"))
    if columns is None and not fields[2].isdigit():
        raise InputError(
            path,
            f"column 3 must be the end of a BED interval, found {fields[2]!r}",
            line=number,
            hint=f"{HINT}; a VCF without its header cannot be told from a BED",
        )
    if columns is None and pos.isdigit() and int(fields[2]) < int(pos):
        raise InputError(
            path,
            f"end {fields[2]} is before start {pos}",
            line=number,
            hint="BED is 0-based and half-open: start < end",
        )
    if not pos.isdigit() or not (ref + alt).isalpha():
        raise InputError(
            path,
            f"expected a position and two alleles, found {pos!r}, {ref!r}, {alt!r}",
            line=number,
            hint=HINT,
        )
    # A BED counts from 0.
    return Variant(contig=fields[at["contig"]], pos=int(pos) + (columns is None), ref=ref, alt=alt)
