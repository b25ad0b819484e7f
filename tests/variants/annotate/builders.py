"""Small VCFs and sources, written in the test that needs them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import pysam
import pysam.bcftools

from tumorkit.genome.vcf import VcfHeader
from tumorkit.io.vcf import VcfSink

META = ("##fileformat=VCFv4.2", "##contig=<ID=chr1,length=10000>", "##contig=<ID=chr2,length=5000>")
AF = '##INFO=<ID=AF,Number=A,Type=Float,Description="x">'
AC = '##INFO=<ID=AC,Number=A,Type=Integer,Description="x">'
AN = '##INFO=<ID=AN,Number=1,Type=Integer,Description="x">'
POPMAX = '##INFO=<ID=AF_popmax,Number=A,Type=Float,Description="x">'
DB = '##INFO=<ID=DB,Number=0,Type=Flag,Description="x">'
FIELDS = (AF, AC, AN, POPMAX)


def row(text: str) -> str:
    """Make a line of ``contig pos ref alt info``; the info may be left out."""
    contig, pos, ref, alt, info = [*text.split(), "."][:5]
    return "\t".join([contig, pos, ".", ref, alt, ".", "PASS", info])


def make_vcf(
    path: Path, rows: Iterable[str], fields: Iterable[str] = (), meta: Iterable[str] = META
) -> Path:
    """Write a VCF without samples; a .vcf.gz has its index."""
    with VcfSink(path, VcfHeader((*meta, *fields), ())) as sink:
        sink.write(map(row, rows))
    return path


def without_index(path: Path) -> Path:
    """Take the index away."""
    Path(f"{path}.tbi").unlink()
    return path


def as_bcf(path: Path) -> Path:
    """Write the same records as an indexed BCF."""
    out = path.with_name(path.name.removesuffix(".vcf.gz") + ".bcf")
    with (
        pysam.VariantFile(str(path)) as source,
        pysam.VariantFile(str(out), "wb", header=source.header) as sink,
    ):
        for record in source:
            sink.write(record)
    pysam.bcftools.index(str(out))
    return out


def lines_of(path: Path) -> list[str]:
    """Return the record lines of a VCF."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [line for line in text.decode().splitlines() if not line.startswith("#")]


def info_of(path: Path) -> list[str]:
    """Return the INFO of every record."""
    return [line.split("\t")[7] for line in lines_of(path)]
