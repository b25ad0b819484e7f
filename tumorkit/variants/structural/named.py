"""Events that a pathologist knows by name, told by where both breakpoints lie.

Exons are those of the MANE Select transcripts (FLT3 ENST00000241453, EGFR ENST00000275493, KMT2A
ENST00000534358, MET ENST00000397752; GENCODE 44) on GRCh38; on GRCh37 the whole gene lies at a
constant distance. Definitions: FLT3-ITD, duplication within exons 14 and 15 (Döhner, Blood 2022);
KMT2A-PTD, duplication from intron 1 to 3 to intron 8 to 11; EGFRvIII, loss of exons 2 to 7; MET
exon 14 skipping, loss of exon 14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from tumorkit.genome.contigs import standard
from tumorkit.genome.structural import Kind, StructuralEvent

Window = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class NamedEvent:
    """A name: kinds, both windows on GRCh38 (1-based, both ends in), and lengths that fit."""

    name: str
    gene: str
    contig: str
    kinds: tuple[Kind, ...]
    first: Window
    second: Window
    min_length: int = 1
    max_length: int = 1_000_000
    in_exon: bool = False


# How far GRCh37 lies before GRCh38 in the gene.
DISTANCE: Mapping[str, int] = MappingProxyType(
    {"FLT3": 574_137, "EGFR": -67_693, "KMT2A": 129_285, "MET": 359_946}
)
NAMED = (
    NamedEvent(
        name="FLT3-ITD",
        gene="FLT3",
        contig="chr13",
        kinds=("duplication", "insertion"),
        first=(28_033_887, 28_034_214),
        second=(28_033_887, 28_034_214),
        min_length=3,
        max_length=1_000,
        in_exon=True,
    ),
    NamedEvent(
        name="EGFRvIII",
        gene="EGFR",
        contig="chr7",
        kinds=("deletion", "fusion"),
        first=(55_019_365, 55_142_286),
        second=(55_154_152, 55_155_830),
    ),
    NamedEvent(
        name="KMT2A-PTD",
        gene="KMT2A",
        contig="chr11",
        kinds=("duplication",),
        first=(118_436_944, 118_476_805),
        second=(118_482_495, 118_489_792),
    ),
    NamedEvent(
        name="MET exon 14 skipping",
        gene="MET",
        contig="chr7",
        kinds=("deletion", "fusion"),
        first=(116_771_654, 116_771_849),
        second=(116_771_989, 116_774_881),
    ),
)
OFFSETS = {"GRCh38": 0, "GRCh37": 1}


def named(event: StructuralEvent, build: str) -> StructuralEvent:
    """Return the event with its name, where it has one on this build.

    The gene's name is set, too. A duplication inside one exon is in frame by its length, where the
    caller does not say.
    """
    for known in NAMED if build in OFFSETS else ():
        if fits(event, known, build):
            frame, source = event.frame, event.frame_source
            if frame is None and known.in_exon and event.length is not None:
                frame = "in-frame" if event.length % 3 == 0 else "out-of-frame"
                source = "length"
            return replace(
                event,
                name=known.name,
                first=replace(event.first, gene=known.gene),
                second=replace(event.second, gene=known.gene),
                frame=frame,
                frame_source=source,
            )
    return event


def fits(event: StructuralEvent, known: NamedEvent, build: str) -> bool:
    """Return whether kind, both breakpoints and length are those of a known event."""
    ends = (event.first, event.second)
    if event.kind not in known.kinds or None in (ends[0].pos, ends[1].pos):
        return False
    if any(standard(end.contig) != known.contig for end in ends):
        return False
    if event.length is not None and not known.min_length <= event.length <= known.max_length:
        return False
    lower, upper = sorted(ends, key=lambda end: end.pos or 0)
    if "deletion" in known.kinds and (lower.keeps == "after" or upper.keeps == "before"):
        # The junction of a circular transcript joins an exon's end to its own beginning.
        return False
    shift = DISTANCE[known.gene] * OFFSETS[build]
    places = sorted(end.pos or 0 for end in ends)
    return all(
        window[0] - shift <= place <= window[1] - shift
        for place, window in zip(places, (known.first, known.second), strict=True)
    )


# The intron's bases next to MET exon 14 (NM_000245.4, c.2942-3082) on GRCh38: acceptor and donor.
MET_SPLICE_SITES: tuple[Window, ...] = ((116_771_847, 116_771_848), (116_771_990, 116_771_991))
MET_SPLICE = "MET exon 14 splice variant (by position)"


def met_splice_variant(contig: str, pos: int, ref: str, alt: str, build: str) -> bool:
    """Return whether a small variant changes the splice acceptor or donor of MET's exon 14.

    Only the two bases of the intron on either side count, substituted or deleted: these are needed
    for splicing. ``pos`` is 1-based. Variants that change the site's surroundings, and insertions,
    may skip the exon too; their position alone does not tell.

    >>> met_splice_variant("chr7", 116771990, "G", "A", "GRCh38")
    True
    >>> met_splice_variant("7", 116412043, "G", "A", "GRCh37")
    False
    """
    if standard(contig) != "chr7" or build not in OFFSETS:
        return False
    while ref and alt and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    start = pos + DISTANCE["MET"] * OFFSETS[build]
    last = start + len(ref) - 1
    return any(start <= high and low <= last for low, high in MET_SPLICE_SITES)
