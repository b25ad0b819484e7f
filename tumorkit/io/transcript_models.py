"""Exons and coding parts of single transcripts from GTF, refFlat or refGene, plain or gzipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.transcript_model import Span, TranscriptModel
from tumorkit.io.text import read_lines

EXPECTED = "expected GTF (exon and CDS rows with transcript_id) or refFlat"
_ID = re.compile(r'transcript_id "([^"]+)"')
_VERSION = re.compile(r'transcript_version "([^"]+)"')
_GENE = re.compile(r'gene_name "([^"]+)"')
CODING = frozenset(("CDS", "stop_codon"))


def read_transcript_models(path: Path) -> tuple[TranscriptModel, ...]:
    """Read every coding transcript, in the order of the file.

    Raises :class:`InputError` with a line number for rows that are neither GTF nor refFlat, and for
    a file without a coding transcript.
    """
    lines = ((n, line) for n, line in read_lines(path) if line.strip() and line[0] != "#")
    first = next(lines, None)
    if first is None:
        raise InputError(path, "holds no transcript", hint=EXPECTED)
    fields = first[1].split("\t")

    def again() -> Iterator[tuple[int, str]]:
        yield first
        yield from lines

    is_table = len(fields) >= 11 and fields[3] in ("+", "-")
    found = read_table(path, again()) if is_table else read_gtf(path, again())
    if not found:
        raise InputError(path, "holds no coding transcript", hint=EXPECTED)
    return tuple(found)


def read_table(path: Path, lines: Iterator[tuple[int, str]]) -> list[TranscriptModel]:
    """Read refFlat (gene and transcript first) or refGene (bin first, gene in column 13)."""
    found = []
    for number, line in lines:
        fields = line.split("\t")
        try:
            coding = (int(fields[6]), int(fields[7]))
            starts, ends = (
                [int(part) for part in fields[at].split(",") if part.strip()] for at in (9, 10)
            )
            exons = tuple(sorted(zip(starts, ends, strict=True)))
        except (ValueError, IndexError) as error:
            raise InputError(
                path, "expected the 11 columns of refFlat", line=number, hint=EXPECTED
            ) from error
        if coding[0] >= coding[1]:
            continue
        found.append(
            TranscriptModel(
                name=fields[1],
                gene=fields[12] if len(fields) >= 16 else fields[0],
                contig=fields[2],
                strand=fields[3],
                exons=exons,
                coding=coding,
            )
        )
    return found


def read_gtf(path: Path, lines: Iterator[tuple[int, str]]) -> list[TranscriptModel]:
    """Read GTF; Ensembl's version of a transcript stands in an attribute of its own."""
    exons: dict[tuple[str, str], list[Span]] = {}
    coding: dict[tuple[str, str], list[Span]] = {}
    about: dict[tuple[str, str], tuple[str, str]] = {}
    for number, line in lines:
        fields = line.split("\t")
        if len(fields) != 9 or not (fields[3].isdigit() and fields[4].isdigit()):
            raise InputError(path, "expected the 9 columns of GTF", line=number, hint=EXPECTED)
        if fields[2] != "exon" and fields[2] not in CODING:
            continue
        named = _ID.search(fields[8])
        if named is None:
            continue
        key = (name_of(named.group(1), fields[8]), fields[0])
        span = (int(fields[3]) - 1, int(fields[4]))
        (exons if fields[2] == "exon" else coding).setdefault(key, []).append(span)
        gene = _GENE.search(fields[8])
        about[key] = (gene.group(1) if gene else "", fields[6])
    return [
        TranscriptModel(
            name=key[0],
            gene=about[key][0],
            contig=key[1],
            strand=about[key][1],
            exons=tuple(sorted(exons[key])),
            coding=(min(start for start, _ in spans), max(end for _, end in spans)),
        )
        for key, spans in coding.items()
        if key in exons
    ]


def name_of(name: str, attributes: str) -> str:
    """Return a transcript with its version, where an attribute has it.

    >>> name_of("ENST1", 'transcript_id "ENST1"; transcript_version "4";')
    'ENST1.4'
    """
    version = _VERSION.search(attributes)
    return f"{name}.{version.group(1)}" if version and "." not in name else name
