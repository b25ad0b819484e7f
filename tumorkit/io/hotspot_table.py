"""The hotspot table of GMS's pipelines, and the depth of its positions from several sources.

Source: hydra-genetics, hotspot files (``#Chr Start End Gene CDS_mutation_syntax
AA_mutation_syntax Report comment Exon Accession_number``, 1-based, contigs as ``NC_`` names or
others); mosdepth ``per-base.bed``; gVCF (VCF 4.3, INFO/END).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import numpy as np

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.errors import InputError
from tumorkit.genome.contigs import standard
from tumorkit.genome.hotspot import Hotspot, Report
from tumorkit.genome.interval import Interval
from tumorkit.genome.vcf import to_int
from tumorkit.io.alignment import open_alignment, placed_on
from tumorkit.io.coverage import read_depths
from tumorkit.io.depth import groups_of, walk
from tumorkit.io.text import read_lines
from tumorkit.io.vcf import open_vcf

COLUMNS = {
    "chr": "contig", "start": "start", "end": "end", "report": "report", "gene": "gene",
    "cds_mutation_syntax": "coding", "aa_mutation_syntax": "protein", "comment": "comment",
    "exon": "exon", "accession_number": "transcript",
}  # fmt: skip
NEEDED = ("chr", "start", "end", "report")
REPORTS = get_args(Report)
HINT = (
    "begin with #Chr Start End Gene CDS_mutation_syntax AA_mutation_syntax Report comment Exon "
    "Accession_number, parted by tabs"
)
READS, CALLS, TABLES = (".bam", ".cram"), (".vcf", ".bcf"), (".cnn",)
# Reads of the lowest mapping quality that still lie at one place.
MIN_MAPPING_QUALITY = 20


def read_hotspot_table(path: Path, accessions: dict[str, str]) -> tuple[Hotspot, ...]:
    """Read a table; rows that are the same stand in it once, in the order of the file.

    ``accessions`` are the case's RefSeq names by contig: an ``NC_`` name of another version is of
    another build and raises :class:`InputError`, as does a row that cannot be read.
    """
    names: list[str] | None = None
    found: dict[Hotspot, None] = {}
    for line, text in read_lines(path):
        if not text.strip():
            continue
        cells = [cell.strip() for cell in text.rstrip("\r\n").split("\t")]
        if names is None:
            names = [cell.lstrip("#").strip().lower() for cell in cells]
            missing = [name for name in NEEDED if name not in names]
            if missing:
                raise InputError(path, f"no column {missing[0]!r}", line=line, hint=HINT)
        elif not text.startswith("#"):
            row = dict(zip(names, cells, strict=False))
            found[hotspot_of(path, line, row, accessions)] = None
    if not found:
        raise InputError(path, "holds no hotspot", hint=HINT)
    return tuple(found)


def hotspot_of(path: Path, line: int, row: dict[str, str], accessions: dict[str, str]) -> Hotspot:
    """Return one row."""
    start, end, report = (row.get(name, "") for name in ("start", "end", "report"))
    if not (start.isdigit() and end.isdigit()) or not 1 <= int(start) <= int(end):
        raise InputError(
            path, f"expected 1-based start <= end, found {start!r} and {end!r}", line=line
        )
    if report not in REPORTS:
        raise InputError(
            path, f"report {report!r} is not one of {', '.join(REPORTS)}", line=line, hint=HINT
        )
    name = row["chr"]
    contig = standard(name)
    known = accessions.get(contig)
    if name.startswith("NC_") and known and name != known:
        raise InputError(
            path, f"{name} is of another build, the case's is {known}", line=line,
            hint="give the hotspots of the case's build",
        )  # fmt: skip
    said = {
        field: "" if row.get(column, "") == "-" else row.get(column, "")
        for column, field in COLUMNS.items()
        if column not in NEEDED
    }
    return Hotspot(contig=contig, start=int(start), end=int(end), report=report, **said)  # type: ignore[arg-type]


def read_point_depths(
    path: Path,
    places: Sequence[Interval],
    *,
    sample: str = "",
    reference: Path | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
) -> dict[tuple[str, int], float]:
    """Return the depth of the positions of some places, by standard contig and 1-based position.

    From reads (BAM, CRAM; each fragment once, duplicates and mapping quality below 20 left out) a
    position without reads has depth 0. A gVCF, mosdepth's per-base BED or a ``.cnn`` says nothing
    of a position outside its rows: it is not in the answer. A bin's mean stands for its positions.
    """
    stem = path.name.removesuffix(".gz")
    if path.suffix in READS:
        return dict(from_reads(path, places, reference, threads, progress))
    wanted = spans_of(places)
    if stem.endswith(CALLS):
        rows = calls_with_depth(path, sample)
    elif stem.endswith(TABLES):
        rows = bins_with_depth(path)
    else:
        rows = bed_with_depth(path)
    found: dict[tuple[str, int], float] = {}
    for contig, start, end, depth in rows:
        for first, last in wanted.get(contig, ()):
            for position in range(max(start, first), min(end, last)):
                found[contig, position + 1] = depth
    return found


def spans_of(places: Sequence[Interval]) -> dict[str, list[tuple[int, int]]]:
    """Return the 0-based half-open spans of each contig."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for place in places:
        spans.setdefault(standard(place.contig), []).append((place.start, place.end))
    return spans


def from_reads(
    path: Path,
    places: Sequence[Interval],
    reference: Path | None,
    threads: int,
    progress: Progress,
) -> Iterator[tuple[tuple[str, int], float]]:
    """Yield the depth of every position of the places."""
    alignment = open_alignment(path, reference=reference)
    placed = placed_on(alignment, places, source=path, progress=progress)
    for (name, starts, ends), depth in walk(
        alignment, groups_of(placed), MIN_MAPPING_QUALITY, threads, progress
    ):
        positions = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
        contig = standard(name)
        for position, value in zip(positions.tolist(), depth.tolist(), strict=True):
            yield (contig, position + 1), float(value)


def calls_with_depth(path: Path, sample: str) -> Iterator[tuple[str, int, int, float]]:
    """Yield the records of a gVCF with FORMAT/DP of the sample, else of the only one there is."""
    with open_vcf(path) as source:
        names = source.header.sample_columns
        name = sample if sample in names else next(iter(names), "")
        if not name or (name != sample and len(names) > 1):
            raise InputError(path, f"has no sample {sample!r}", hint=f"samples: {', '.join(names)}")
        for record in source:
            depth = to_int(record.sample(name).get("DP"))
            if depth is not None:
                end = to_int(record.info_text("END")) or record.pos + len(record.ref) - 1
                yield standard(record.contig), record.pos - 1, end, float(depth)


def bins_with_depth(path: Path) -> Iterator[tuple[str, int, int, float]]:
    """Yield the bins of a coverage."""
    bins = read_depths(path)
    columns = (bins.contig, bins.start, bins.end, bins.depth)
    for contig, start, end, depth in zip(*(item.tolist() for item in columns), strict=True):
        yield standard(contig), start, end, depth


def bed_with_depth(path: Path) -> Iterator[tuple[str, int, int, float]]:
    """Yield the rows of a BED whose fourth column is a depth."""
    for line, text in read_lines(path):
        if not text.strip() or text.startswith(("#", "track", "browser")):
            continue
        cells = text.rstrip("\r\n").split("\t")
        try:
            yield standard(cells[0]), int(cells[1]), int(cells[2]), float(cells[3])
        except (IndexError, ValueError) as error:
            raise InputError(
                path, "expected contig, start, end and depth", line=line,
                hint="give a BAM, CRAM, gVCF, .cnn or mosdepth's per-base.bed.gz",
            ) from error  # fmt: skip
