"""Genes from BED, interval list, GTF, GFF3, refFlat or refGene, plain or gzipped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.contigs import order
from tumorkit.genome.interval import merge
from tumorkit.genome.segment import Gene
from tumorkit.io.text import read_lines

# The longest human introns are about 1.2 Mb, so pieces of one name that lie farther apart on a
# contig are two loci.
MAX_INTRON = 1_500_000
NO_NAME = frozenset(("", ".", "-", "CGH", "Antitarget", "Background"))
GTF_ATTRIBUTE = re.compile(r'\s*([^\s;"]+)\s+("[^"]*"|[^;]*)\s*;?')
EXON_FEATURES = frozenset(("exon", "CDS", "stop_codon", "start_codon"))
CODING_FEATURES = frozenset(("CDS", "stop_codon", "start_codon"))
# An interval list begins with @ lines and has no names of columns; its positions are 1-based.
PICARD = ["contig", "start", "end", "strand", "gene"]
EXPECTED = "expected BED (contig, start, end, name), GTF, GFF3 or refFlat"


@dataclass
class _Parts:
    """What has been read of one gene so far."""

    spans: list[tuple[int, int]] = field(default_factory=list)
    exons: list[tuple[int, int]] = field(default_factory=list)
    coding: list[tuple[int, int]] = field(default_factory=list)


_Key = tuple[str, str, str]  # name, contig, identifier (empty where the format has none)


def read_genes(path: Path) -> list[Gene]:
    """Read genes with their exons and coding parts, in genome order.

    Exons and coding parts are the union over transcripts, 0-based half-open and sorted. Coding
    parts include the stop codon. A format without exons (BED4) gives each row as an exon: rows of
    one name that lie near each other are one gene, the same name elsewhere is another gene.
    ``coding`` is empty where the file does not say what is coding. Names such as ``.`` or
    ``Antitarget`` are no genes. Raises :class:`InputError` with line number and expectation.
    """
    lines = ((number, line) for number, line in read_lines(path) if line.strip())
    first, rest, header = _peek(path, lines)
    fields = first[1].split("\t")
    if _is_gff(fields):
        parts = _read_gff(path, rest)
    elif _is_gene_table(fields):
        parts = _read_gene_table(path, rest)
    else:
        parts = _read_bed(path, rest, header)
    genes = [gene for key, found in parts.items() for gene in _genes(key, found)]
    if not genes:
        raise InputError(path, "holds no gene", hint=EXPECTED)
    return sorted(genes, key=lambda gene: (order(gene.contig), gene.start, gene.end, gene.name))


def _peek(
    path: Path, lines: Iterator[tuple[int, str]]
) -> tuple[tuple[int, str], Iterator[tuple[int, str]], list[str]]:
    """Return the first row of data, all rows including it, and the names in a header line."""
    header: list[str] = []
    for number, line in lines:
        if line.startswith("#"):
            names = line.lstrip("#").strip().split("\t")
            header = names if "gene_name" in names or "gene" in names else header
            continue
        if line.startswith("@"):
            header = PICARD
            continue
        if line.startswith(("track", "browser")):
            continue
        fields = line.split("\t")
        if not header and len(fields) > 2 and fields[1].strip().lower() in ("start", "chromstart"):
            header = fields
            continue

        def again(head: tuple[int, str] = (number, line)) -> Iterator[tuple[int, str]]:
            yield head
            yield from (item for item in lines if not item[1].startswith("#"))

        return (number, line), again(), header
    raise InputError(path, "holds no gene", hint=EXPECTED)


def _is_gff(fields: list[str]) -> bool:
    return len(fields) == 9 and fields[3].isdigit() and fields[4].isdigit() and fields[6] in "+-.?"


def _is_gene_table(fields: list[str]) -> bool:
    """Whether a row is refFlat (11 columns) or UCSC's refGene with its leading bin column."""
    return len(fields) >= 11 and fields[3] in ("+", "-") and fields[4].isdigit()


def _read_gff(path: Path, lines: Iterable[tuple[int, str]]) -> dict[_Key, _Parts]:
    """Read GTF and GFF3; in GFF3 the gene of an exon is found through its parents."""
    parts: dict[_Key, _Parts] = {}
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    waiting: list[tuple[str, str, str, tuple[int, int]]] = []
    for number, line in lines:
        fields = line.split("\t")
        if len(fields) != 9 or not (fields[3].isdigit() and fields[4].isdigit()):
            if line.startswith(">"):
                break
            raise InputError(
                path,
                f"expected 9 columns with start and end in 4 and 5, found {len(fields)}",
                line=number,
            )
        contig, feature = fields[0], fields[2]
        span = (int(fields[3]) - 1, int(fields[4]))
        _check(path, number, span)
        attributes = _attributes(fields[8])
        if "gene_id" in attributes and "ID" not in attributes and "Parent" not in attributes:
            name = attributes.get("gene_name") or attributes["gene_id"]
            _add(parts, (name, contig, attributes["gene_id"]), feature, span)
            continue
        identifier = attributes.get("ID", "")
        if identifier:
            parents[identifier] = attributes.get("Parent", "").partition(",")[0]
            if feature.endswith("gene") or not parents[identifier]:
                names[identifier] = (
                    attributes.get("gene_name")
                    or attributes.get("gene")
                    or attributes.get("Name")
                    or identifier.removeprefix("gene:").removeprefix("gene-")
                )
        if feature.endswith("gene"):
            waiting.append((identifier, contig, "gene", span))
        elif feature in EXON_FEATURES:
            above = attributes.get("Parent", "").partition(",")[0] or identifier
            waiting.append((above, contig, feature, span))
    for identifier, contig, feature, span in waiting:
        top = _top(identifier, parents)
        if top in names:
            _add(parts, (names[top], contig, top), feature, span)
    return parts


def _top(identifier: str, parents: dict[str, str]) -> str:
    """Return the ancestor without a parent; a circle of parents ends where it began."""
    seen = {identifier}
    while parents.get(identifier) and parents[identifier] not in seen:
        identifier = parents[identifier]
        seen.add(identifier)
    return identifier


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of column 9, of GTF or GFF3.

    >>> _attributes('gene_id "G1"; gene_name "TP53";')["gene_name"], _attributes("ID=a;Name=b")
    ('TP53', {'ID': 'a', 'Name': 'b'})
    """
    head = text.split(";", 1)[0]
    if "=" in head and '"' not in head:
        pairs = (item.partition("=") for item in text.split(";") if "=" in item)
        return {key.strip(): value.strip() for key, _, value in pairs}
    return {key: value.strip().strip('"') for key, value in GTF_ATTRIBUTE.findall(text)}


def _add(parts: dict[_Key, _Parts], key: _Key, feature: str, span: tuple[int, int]) -> None:
    if key[0] in NO_NAME:
        return
    found = parts.setdefault(key, _Parts())
    if feature in EXON_FEATURES:
        found.exons.append(span)
        found.spans.append(span)
    elif feature == "gene":
        found.spans.append(span)
    if feature in CODING_FEATURES:
        found.coding.append(span)


def _read_gene_table(path: Path, lines: Iterable[tuple[int, str]]) -> dict[_Key, _Parts]:
    """Read refFlat, or refGene with its bin column first and the gene's name in column 13."""
    parts: dict[_Key, _Parts] = {}
    for number, line in lines:
        fields = line.split("\t")
        if len(fields) < 11 or not all(fields[at].isdigit() for at in (4, 5, 6, 7)):
            raise InputError(path, "expected the 11 columns of refFlat", line=number, hint=EXPECTED)
        contig = fields[2]
        name = fields[12] if len(fields) >= 16 else fields[0]
        transcript = (int(fields[4]), int(fields[5]))
        coding = (int(fields[6]), int(fields[7]))
        _check(path, number, transcript)
        starts = [int(at) for at in fields[9].split(",") if at.strip()]
        ends = [int(at) for at in fields[10].split(",") if at.strip()]
        if len(starts) != len(ends):
            raise InputError(
                path, f"{len(starts)} exon starts but {len(ends)} exon ends", line=number
            )
        if name in NO_NAME:
            continue
        found = parts.setdefault((name, contig, ""), _Parts())
        found.spans.append(transcript)
        found.exons += zip(starts, ends, strict=True)
        found.coding += _clipped(zip(starts, ends, strict=True), coding)
    return parts


def _read_bed(
    path: Path, lines: Iterable[tuple[int, str]], header: list[str]
) -> dict[_Key, _Parts]:
    """Read BED4 to BED12 and interval lists; a header may say which column holds the name."""
    parts: dict[_Key, _Parts] = {}
    at = 3
    for name in ("gene_name", "gene"):
        if name in header:
            at = header.index(name)
            break
    for number, line in lines:
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) <= at or not (fields[1].isdigit() and fields[2].isdigit()):
            raise InputError(
                path,
                f"expected contig, start, end and a gene's name, found {len(fields)} columns: "
                f"{line[:60]!r}",
                line=number,
                hint=EXPECTED,
            )
        span = (int(fields[1]) - (header is PICARD), int(fields[2]))
        _check(path, number, span)
        exons, coding = _blocks(path, number, fields, span)
        for name in fields[at].split(","):
            if name not in NO_NAME:
                found = parts.setdefault((name, fields[0], ""), _Parts())
                found.spans.append(span)
                found.exons += exons
                found.coding += coding
    return parts


def _blocks(
    path: Path, number: int, fields: list[str], span: tuple[int, int]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return exons and coding parts of a BED12 row; the row itself is the exon of a shorter one."""
    if len(fields) < 12:
        return [span], []
    try:
        sizes = [int(size) for size in fields[10].split(",") if size.strip()]
        starts = [span[0] + int(at) for at in fields[11].split(",") if at.strip()]
        exons = [(start, start + size) for start, size in zip(starts, sizes, strict=True)]
        return exons, _clipped(exons, (int(fields[6]), int(fields[7])))
    except ValueError as error:
        raise InputError(
            path, "block sizes and starts of BED12 do not agree", line=number
        ) from error


def _clipped(spans: Iterable[tuple[int, int]], limit: tuple[int, int]) -> list[tuple[int, int]]:
    clipped = ((max(start, limit[0]), min(end, limit[1])) for start, end in spans)
    return [(start, end) for start, end in clipped if start < end]


def _check(path: Path, number: int, span: tuple[int, int]) -> None:
    if span[0] < 0 or span[1] <= span[0]:
        raise InputError(
            path,
            f"end {span[1]} is not after start {span[0]}",
            line=number,
            hint="BED and refFlat are 0-based half-open, GTF and GFF3 1-based inclusive",
        )


def _genes(key: _Key, found: _Parts) -> Iterator[Gene]:
    """Yield one gene per locus of a name."""
    name, contig, _ = key
    spans = merge(found.spans)
    exons, coding = merge(found.exons), merge(found.coding)
    start, end = spans[0]
    loci: list[tuple[int, int]] = []
    for low, high in spans[1:]:
        if low - end > MAX_INTRON:
            loci.append((start, end))
            start = low
        end = max(end, high)
    loci.append((start, end))
    for low, high in loci:
        yield Gene(
            name=name,
            contig=contig,
            start=low,
            end=high,
            exons=tuple(span for span in exons if low <= span[0] < high),
            coding=tuple(span for span in coding if low <= span[0] < high),
        )
