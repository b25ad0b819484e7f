"""Allele counts at SNPs: VCF, snp-pileup's CSV, and tables of counts or of allele fractions."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.errors import InputError, ParameterError
from tumorkit.genome.snps import SnpCounts
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.sites import read_sites
from tumorkit.io.text import open_binary
from tumorkit.io.vcf import open_vcf

HINT = (
    "give a VCF with AD, snp-pileup's CSV, or a table with columns contig position ref_count "
    "alt_count (and normal_ref_count normal_alt_count), or contig position baf depth"
)
# Names of columns by what they hold, in lower case; the first that is present is used.
COLUMNS: dict[str, tuple[str, ...]] = {
    "contig": ("contig", "chromosome", "chrom", "#chrom"),
    "position": ("position", "pos"),
    "ref": ("ref_count", "ref_reads", "tumor_ref_count", "file2r"),
    "alt": ("alt_count", "alt_reads", "tumor_alt_count", "file2a"),
    "normal_ref": ("normal_ref_count", "file1r"),
    "normal_alt": ("normal_alt_count", "file1a"),
    "baf": ("baf", "tumorbaf", "tumor_baf"),
    "depth": ("depth", "tumordepth", "tumor_depth"),
    "normal_baf": ("normalbaf", "normal_baf"),
    "normal_depth": ("normaldepth", "normal_depth"),
}
FRACTIONS = ("baf", "normal_baf")
Cell = int | float
BASES = frozenset("ACGT")
# A lone sample of such a name is the germline's: its alleles say nothing of the tumour.
NORMAL = re.compile(
    r"(?:^|[^a-z])(?:normal|norm|n\d{0,2}|blood|germline|control)(?:$|[^a-z])", re.IGNORECASE
)
UNKNOWN = (-1, -1)


# AD this far above DP is no count of the same reads, where the share differs, too.
TOO_MANY_READS, OTHER_SHARE = 1.5, 0.02


def read_snp_counts(
    path: Path,
    *,
    tumor: str | None = None,
    normal: str | None = None,
    sites: Path | None = None,
) -> SnpCounts:
    """Read allele counts of SNPs in genome order, each place once.

    Of a VCF all SNVs with one alternative allele and counts of the tumour are read, whatever
    their filter (callers reject germline variants); ``tumor`` and ``normal`` name its samples.
    Positions in tables are 1-based. With ``sites`` (VCF, table or BED of alleles) only SNPs at
    these places are kept. Raises :class:`InputError`, with the line, for counts below 0 and
    allele fractions outside 0 to 1.
    """
    with open_binary(path) as handle:
        start = handle.read(20)
    if not start:
        raise InputError(path, "is empty", hint=HINT)
    vcf = start.startswith((b"##", b"#CHROM\tPOS\tID"))
    snps = _from_vcf(path, tumor, normal) if vcf else _from_table(path)
    if len(snps) == 0:
        raise InputError(path, "holds no SNP with allele counts of the tumour", hint=HINT)
    if sites is not None:
        places = {(site.contig, site.pos - 1) for site in read_sites(sites)}
        pairs = zip(snps.contig.tolist(), snps.position.tolist(), strict=True)
        snps = snps.taken(np.array([pair in places for pair in pairs], dtype=np.bool_))
        if len(snps) == 0:
            raise InputError(
                path, f"none of its SNPs is in {sites.name}", hint="are both of one build?"
            )
    return snps.in_order()


def is_pileup(path: Path) -> bool:
    """Return whether a file is snp-pileup's CSV, by its header."""
    with open_binary(path) as handle:
        return handle.readline(200).replace(b'"', b"").startswith(b"Chromosome,Position,")


def sample_names(
    path: Path, header: VcfHeader, tumor: str | None, normal: str | None
) -> tuple[str, str | None]:
    """Return the names of the tumour's and the normal's column: as given, or as the header says."""
    samples = header.samples
    for name in (tumor, normal):
        if name is not None and name not in samples:
            raise ParameterError(
                f"{path}: no sample {name!r}; samples are {', '.join(samples) or 'none'}"
            )
    tumor = tumor or next((name for name in header.tumor_samples if name in samples), None)
    normal = normal or next((name for name in header.normal_samples if name in samples), None)
    left = [name for name in samples if name not in (tumor, normal)]
    if tumor is None and len(left) == 1 and (normal or not NORMAL.search(left[0])):
        tumor = left.pop()
    if normal is None and tumor is not None and len(samples) == 2:
        normal = next(name for name in samples if name != tumor)
    if tumor is None:
        raise ParameterError(
            f"{path}: which sample is the tumour? samples are {', '.join(samples) or 'none'}",
            hint="name it: --tumor-sample NAME, and --normal-sample NAME where there is one",
        )
    return tumor, normal


def _from_vcf(path: Path, tumor: str | None, normal: str | None) -> SnpCounts:
    contigs: list[str] = []
    columns: list[tuple[int, int, int, int, int]] = []
    odd = 0
    with open_vcf(path) as source:
        first, second = sample_names(path, source.header, tumor, normal)
        for record in source:
            alts = record.alts
            if len(alts) != 1 or len(record.ref) != 1 or alts[0].upper() not in BASES:
                continue
            counted = allele_reads(path, record, first)
            if counted == UNKNOWN:
                continue
            other = allele_reads(path, record, second) if second else UNKNOWN
            odd += contradicted(
                record.sample(first), record.sample(first).get("AD", ".").split(",")
            )
            contigs.append(record.contig)
            columns.append((record.pos - 1, *counted, *other))
    if odd:
        said = f"{odd} of {len(contigs)} SNPs have more reads in AD than in DP, and another share"
        warnings.warn(f"{path}: {said}: FA and DP are taken there", UserWarning, stacklevel=3)
    table = np.array(columns, dtype=np.int64).reshape(-1, 5)
    known = second is not None and bool((table[:, 3] >= 0).any())
    # A SNP that the normal does not tell about has no reads there, so it is not heterozygous.
    matched = np.maximum(table[:, 3:], 0)
    return SnpCounts(
        contig=np.array(contigs, dtype=np.str_),
        position=table[:, 0],
        ref=table[:, 1],
        alt=table[:, 2],
        normal_ref=matched[:, 0] if known else None,
        normal_alt=matched[:, 1] if known else None,
    )


def allele_reads(path: Path, record: VcfRecord, name: str) -> tuple[int, int]:
    """Return reads of both alleles: AD, RO and AO, RD and AD (VarScan), or AF and DP."""
    values = record.sample(name)
    depths = values.get("AD", ".").split(",")
    try:
        if contradicted(values, depths):
            share, reads = float(values["FA"]), int(values["DP"])
            return reads - round(share * reads), round(share * reads)
        if len(depths) >= 2:
            pair = (int(depths[0]), int(depths[1])) if "." not in depths[:2] else UNKNOWN
            return _checked_pair(path, record, pair, known="." not in depths[:2])
        ref, alt = (values.get("RO"), values.get("AO")) if "RO" in values else (
            values.get("RD"), values.get("AD"),
        )  # fmt: skip
        if ref not in (None, ".") and alt not in (None, "."):
            return _checked_pair(path, record, (int(str(ref)), int(str(alt))), known=True)
        fraction, depth = values.get("AF", "."), values.get("DP", ".")
        if "." in (fraction, depth):
            return UNKNOWN
        share, reads = float(fraction), int(depth)
    except ValueError:
        raise InputError(
            path,
            f"counts of {name} must be whole numbers, found {record.sample_text(name)!r}",
            line=record.number,
        ) from None
    if not 0 <= share <= 1:
        raise InputError(
            path, f"allele fraction must lie in 0 to 1, found {fraction}", line=record.number
        )
    alt_reads = round(share * reads)
    return _checked_pair(path, record, (reads - alt_reads, alt_reads), known=True)


def contradicted(values: Mapping[str, str], depths: Sequence[str]) -> bool:
    """Whether AD counts far more reads than DP and another share of them than FA (MuTect).

    In PureCN's example AD of the tumour sums to twice DP, and only FA fits the levels of the
    segments: AD holds reads of something else as well.

    >>> contradicted({"FA": "0.755", "DP": "184"}, ["177", "189"])
    True
    >>> contradicted({"FA": "0.53", "DP": "134"}, ["63", "71"])
    False
    """
    share, reads = values.get("FA", "."), values.get("DP", ".")
    if len(depths) != 2 or "." in (share, reads, *depths):
        return False
    ref, alt, total = int(depths[0]), int(depths[1]), int(reads)
    if ref + alt <= TOO_MANY_READS * max(total, 1):
        return False
    return abs(float(share) - alt / (ref + alt)) > OTHER_SHARE


def _checked_pair(
    path: Path, record: VcfRecord, pair: tuple[int, int], *, known: bool
) -> tuple[int, int]:
    if known and min(pair) < 0:
        raise InputError(
            path, f"allele counts must be 0 or more, found {min(pair)}", line=record.number
        )
    return pair


def _from_table(path: Path) -> SnpCounts:
    """Read a table with a header, separated by commas or tabs."""
    with open_binary(path) as handle:
        lines = handle.read().split(b"\n")
    number = 0
    while number < len(lines) and (not lines[number].strip() or lines[number][:1] in b"@"):
        number += 1
    if number == len(lines):
        raise InputError(path, "holds no SNP", hint=HINT)
    head = lines[number].rstrip(b"\r")
    separator = b"," if head.count(b",") > head.count(b"\t") else b"\t"
    names = [cell.strip(b' "').decode("utf-8", "replace") for cell in head.split(separator)]
    at = _places(path, names, number + 1)
    body = [line for line in lines[number + 1 :] if line.strip()]
    cells = separator.join(body).replace(b"\r", b"").split(separator)
    if len(cells) != len(body) * len(names):
        _refuse_row(path, lines, number, separator, at, len(names))
    try:
        text = {name: cells[place :: len(names)] for name, place in at.items()}
        columns = {name: _column(name, found) for name, found in text.items()}
        _in_range(columns)
    except ValueError:
        _refuse_row(path, lines, number, separator, at, len(names))
        raise
    return _counts(columns)


def _places(path: Path, names: Sequence[str], line: int) -> dict[str, int]:
    lower = [name.lower() for name in names]
    at = {
        meaning: next((lower.index(name) for name in known if name in lower), -1)
        for meaning, known in COLUMNS.items()
    }
    found = {meaning: place for meaning, place in at.items() if place >= 0}
    counted = {"ref", "alt"} <= set(found)
    if not {"contig", "position"} <= set(found) or not (counted or {"baf", "depth"} <= set(found)):
        raise InputError(
            path,
            f"no columns of allele counts; columns present: {', '.join(names)[:200]}",
            line=line,
            hint=HINT,
        )
    unused = ("baf", "depth", "normal_baf", "normal_depth") if counted else ("ref", "alt")
    return {meaning: place for meaning, place in found.items() if meaning not in unused}


def _column(name: str, cells: list[bytes]) -> NDArray[np.generic]:
    if name == "contig":
        return np.array(cells).astype(np.str_)
    if name in FRACTIONS:
        return np.array(list(map(float, cells)))
    try:
        return np.array(list(map(int, cells)), dtype=np.int64)
    except ValueError:
        return np.array(list(map(_whole, cells)), dtype=np.int64)


def _whole(cell: bytes | str) -> int:
    """Return a whole number; R writes 154000000 as 1.54e+08."""
    try:
        return int(cell)
    except ValueError:
        value = float(cell)
        if not value.is_integer():
            raise
        return int(value)


def _in_range(columns: dict[str, NDArray[np.generic]]) -> None:
    for name, found in columns.items():
        if name == "contig":
            continue
        lowest = 1 if name == "position" else 0
        if len(found) and found.min() < lowest:
            raise ValueError(name)
        if name in FRACTIONS and not bool((np.asarray(found, dtype=float) <= 1).all()):
            raise ValueError(name)


def _refuse_row(
    path: Path, lines: list[bytes], header: int, separator: bytes, at: dict[str, int], width: int
) -> None:
    """Raise for the first row that cannot be read, naming what is wrong with it."""
    for number, raw in enumerate(lines[header + 1 :], header + 2):
        if not raw.strip():
            continue
        cells = raw.rstrip(b"\r").split(separator)
        if len(cells) != width:
            raise InputError(
                path, f"expected {width} columns as in the header, found {len(cells)}", line=number
            )
        for name, place in at.items():
            if name == "contig":
                continue
            shown, said = cells[place].decode("utf-8", "replace"), COLUMNS[name][0]
            try:
                value: Cell = float(shown) if name in FRACTIONS else _whole(shown)
            except ValueError:
                raise InputError(
                    path, f"{said} must be a number, found {shown!r}", line=number
                ) from None
            if name in FRACTIONS and not 0 <= value <= 1:
                raise InputError(path, f"{said} must lie in 0 to 1, found {shown}", line=number)
            if value < (name == "position"):
                raise InputError(path, f"{said} must not be {shown}", line=number)


def _counts(columns: dict[str, NDArray[np.generic]]) -> SnpCounts:
    """Return the noun; allele fractions become the whole reads nearest to them."""
    whole = {
        name: np.asarray(found, dtype=np.int64)
        for name, found in columns.items()
        if name not in ("contig", *FRACTIONS)
    }
    for fraction, depth, ref, alt in (
        ("baf", "depth", "ref", "alt"),
        ("normal_baf", "normal_depth", "normal_ref", "normal_alt"),
    ):
        if fraction in columns and depth in whole:
            share = np.asarray(columns[fraction], dtype=np.float64)
            whole[alt] = np.round(share * whole[depth]).astype(np.int64)
            whole[ref] = whole[depth] - whole[alt]
    return SnpCounts(
        contig=np.asarray(columns["contig"], dtype=np.str_),
        position=whole["position"] - 1,
        ref=whole["ref"],
        alt=whole["alt"],
        normal_ref=whole.get("normal_ref"),
        normal_alt=whole.get("normal_alt") if "normal_ref" in whole else None,
    )
