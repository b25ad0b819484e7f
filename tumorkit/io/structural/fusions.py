"""Fusions of transcripts from the tables of Arriba, STAR-Fusion and GMS's fusion report.

Sources: Arriba documentation, "Output files"; STAR-Fusion wiki, "Output from STAR-Fusion"; the
columns of Twist Solid's fusion report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.genome.structural import Breakpoint, Keeps, Kind, StructuralEvent
from tumorkit.io.text import read_lines

Cells = Mapping[str, str]
ARRIBA, STAR_FUSION, GMS = "arriba", "star-fusion", "gms"
NEEDED = {
    ARRIBA: ("gene1", "gene2", "breakpoint1", "breakpoint2", "type", "split_reads1",
             "split_reads2", "discordant_mates", "confidence", "reading_frame"),
    STAR_FUSION: ("FusionName", "JunctionReadCount", "SpanningFragCount", "LeftBreakpoint",
                  "RightBreakpoint"),
    GMS: ("gene1", "gene2", "predicted_effect", "breakpoint1", "breakpoint2"),
}  # fmt: skip
MARKS = {ARRIBA: "reading_frame", STAR_FUSION: "FusionName", GMS: "predicted_effect"}
# Sequences and read names are long and belong to the caller's own file.
LONG = ("fusion_transcript", "peptide_sequence", "read_identifiers", "JunctionReads",
        "SpanningFrags")  # fmt: skip
UNKNOWN = ("", ".", "NA")
# Where Arriba says that the partner is joined; the other side is kept.
DIRECTIONS: Mapping[str, Keeps] = {"downstream": "before", "upstream": "after"}
ARRIBA_KINDS: tuple[tuple[str, Kind], ...] = (
    ("deletion", "deletion"), ("duplication", "duplication"), ("inversion", "inversion"),
)  # fmt: skip


def fusion_format(path: Path) -> str | None:
    """Return which table of fusions a file is, None where it is none."""
    for _, line in read_lines(path):
        if line.strip():
            names = set(line.lstrip("#").split("\t"))
            return next((form for form, mark in MARKS.items() if mark in names), None)
    return None


def read_fusions(path: Path, form: str) -> list[StructuralEvent]:
    """Return the fusions of a table; raises :class:`InputError` that names line and column."""
    columns: list[str] = []
    events = []
    for number, line in read_lines(path):
        if not line.strip():
            continue
        fields = line.split("\t")
        if not columns:
            columns = [name.strip() for name in line.lstrip("#").split("\t")]
            missing = [name for name in NEEDED[form] if name not in columns]
            if missing:
                raise InputError(path, f"no column {', '.join(missing)}", line=number)
            continue
        cells = dict.fromkeys(columns, "") | dict(zip(columns, fields, strict=False))
        try:
            events.append(READERS[form](cells))
        except ValueError as error:
            raise InputError(path, str(error), line=number) from error
    return events


def arriba(cells: Cells) -> StructuralEvent:
    """Read a row of Arriba; its intergenic partners carry distances, which are kept."""
    split = total(count(cells, "split_reads1"), count(cells, "split_reads2"))
    said = cells["type"]
    own: Kind = next((kind for word, kind in ARRIBA_KINDS if word in said), "fusion")
    depths = [count(cells, name) for name in ("coverage1", "coverage2")]
    known = [depth for depth in depths if depth is not None]
    filters = tuple(f for f in cells.get("filters", "").split(",") if f not in UNKNOWN)
    return StructuralEvent(
        kind="fusion" if cells["gene1"] != cells["gene2"] else own,
        first=replace(
            partner(cells["gene1"], cells["breakpoint1"]),
            keeps=DIRECTIONS.get(cells.get("direction1", ""), "unknown"),
        ),
        second=replace(
            partner(cells["gene2"], cells["breakpoint2"]),
            keeps=DIRECTIONS.get(cells.get("direction2", ""), "unknown"),
        ),
        caller=ARRIBA,
        material="RNA",
        frame=frame(cells["reading_frame"]),
        frame_source=ARRIBA if frame(cells["reading_frame"]) else None,
        split_reads=split,
        spanning_pairs=count(cells, "discordant_mates"),
        depth=max(known, default=None),
        confidence=cells["confidence"],
        # Filters count the reads that were taken away, they do not fail the fusion.
        filters=("PASS",),
        evidence=evidence(cells) | ({"filters": ",".join(filters)} if filters else {}),
    )


def star_fusion(cells: Cells) -> StructuralEvent:
    """Read a row of STAR-Fusion."""
    first, _, second = cells["FusionName"].partition("--")
    said = cells.get("PROT_FUSION_TYPE", "")
    known = {"INFRAME": "in-frame", "FRAMESHIFT": "out-of-frame"}.get(said)
    return StructuralEvent(
        kind="fusion",
        first=replace(
            partner(first, cells["LeftBreakpoint"]), keeps=kept(cells["LeftBreakpoint"], "+")
        ),
        second=replace(
            partner(second, cells["RightBreakpoint"]), keeps=kept(cells["RightBreakpoint"], "-")
        ),
        caller=STAR_FUSION,
        material="RNA",
        frame=known,
        frame_source=STAR_FUSION if known else None,
        split_reads=count(cells, "JunctionReadCount"),
        spanning_pairs=count(cells, "SpanningFragCount"),
        filters=("PASS",),
        evidence=evidence(cells),
    )


def gms(cells: Cells) -> StructuralEvent:
    """Read a row of GMS's report, in which one to three callers stand side by side."""
    effects = {frame(word.strip()) for word in cells["predicted_effect"].split(",")}
    effects.discard(None)
    agreed = effects.pop() if len(effects) == 1 else None
    callers = [c.strip() for c in cells.get("callers", cells.get("caller", "")).split(",")]
    letters = ("A", "SF", "FC")
    split = most([count(cells, f"{letter}_split_reads") for letter in letters])
    pairs = most([count(cells, f"{letter}_spanning_pairs") for letter in letters])
    return StructuralEvent(
        kind="fusion",
        first=partner(cells["gene1"], cells["breakpoint1"], cells.get("exon1", "")),
        second=partner(cells["gene2"], cells["breakpoint2"], cells.get("exon2", "")),
        caller="+".join(filter(None, callers)) or GMS,
        material="RNA",
        frame=agreed,
        frame_source=GMS if agreed else None,
        split_reads=split,
        spanning_pairs=pairs,
        confidence=cells.get("confidence", ""),
        filters=("PASS",),
        evidence=evidence(cells),
    )


READERS = {ARRIBA: arriba, STAR_FUSION: star_fusion, GMS: gms}


def partner(gene: str, place: str, exon: str = "") -> Breakpoint:
    """Return one partner from its gene and ``contig:pos[:strand]``.

    >>> partner("ALK", "chr2:29223528:-")
    Breakpoint(contig='chr2', pos=29223528, keeps='unknown', gene='ALK', exon='')
    """
    parts = place.split(":")
    if len(parts) < 2 or not parts[1].isdigit():
        raise ValueError(f"expected a breakpoint contig:pos, found {place!r}")
    return Breakpoint(contig=parts[0], pos=int(parts[1]), gene=gene, exon=exon)


def kept(place: str, before: str) -> Keeps:
    """Return the kept side of a partner from its strand; ``before`` is the strand of that side.

    The 5' partner is kept up to its breakpoint, the 3' partner from it on, along the transcript.

    >>> kept("chr2:42295516:+", "+"), kept("chr2:29223528:-", "-"), kept("chr2:29223528", "-")
    ('before', 'before', 'unknown')
    """
    strand = place.rpartition(":")[2]
    if strand not in ("+", "-"):
        return "unknown"
    return "before" if strand == before else "after"


def frame(said: str) -> str | None:
    """Return a reading frame in our words, None where the caller does not know it.

    >>> frame("in-frame"), frame("out-of-frame"), frame("."), frame("INFRAME")
    ('in-frame', 'out-of-frame', None, 'in-frame')
    """
    word = said.casefold().replace("_", "-")
    if word in ("in-frame", "inframe"):
        return "in-frame"
    return "out-of-frame" if word in ("out-of-frame", "frameshift", "stop-codon") else None


def count(cells: Cells, name: str) -> int | None:
    """Return a number of reads, None where it is not known."""
    text = cells.get(name, "").strip()
    if text in UNKNOWN:
        return None
    try:
        return int(float(text))
    except ValueError as error:
        raise ValueError(f"{name}: expected a number, found {text!r}") from error


def total(*counts: int | None) -> int | None:
    """Return a sum of what is known, None where nothing is."""
    known = [number for number in counts if number is not None]
    return sum(known) if known else None


def most(counts: list[int | None]) -> int | None:
    """Return the largest known number: callers count the same reads."""
    return max((number for number in counts if number is not None), default=None)


def evidence(cells: Cells) -> dict[str, str]:
    """Return the caller's own fields but its sequences and names of reads."""
    return {k: v for k, v in cells.items() if k not in LONG and v not in UNKNOWN}
