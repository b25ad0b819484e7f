"""The tumour's allele-specific copy number, and what purity makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tumorkit.errors import ParameterError
from tumorkit.genome.build import GRCH38
from tumorkit.genome.contigs import AUTOSOMES, order
from tumorkit.simulate.nouns import Transcript, TrueSegment

# (major, minor) and how often an arm has it: gains, losses, copy-neutral LOH, doubled arms.
STATES = (
    ((1, 1), 0.30),
    ((2, 1), 0.25),
    ((1, 0), 0.12),
    ((2, 0), 0.09),
    ((2, 2), 0.12),
    ((3, 1), 0.07),
    ((3, 2), 0.05),
)
ACROCENTRIC = ("chr13", "chr14", "chr15", "chr21", "chr22")
ARM_CUT = 0.35  # share of arms that hold a second breakpoint


@dataclass(frozen=True, kw_only=True)
class Event:
    """A planted stretch: it overrides what the arm has."""

    name: str
    contig: str
    start: int
    end: int
    major_cn: int
    minor_cn: int


# The states that every simulated tumour shows, whatever its seed.
EVENTS = (
    Event(
        name="CDKN2A homozygous deletion",
        contig="chr9",
        start=21_900_000,
        end=22_100_000,
        major_cn=0,
        minor_cn=0,
    ),
    Event(
        name="ERBB2 amplification",
        contig="chr17",
        start=39_300_000,
        end=40_000_000,
        major_cn=13,
        minor_cn=1,
    ),
    Event(
        name="2p loss",  # the second hit of MSH2, whose mutation is planted with it
        contig="chr2",
        start=0,
        end=91_800_000,
        major_cn=1,
        minor_cn=0,
    ),
    Event(
        name="17p copy-neutral LOH",
        contig="chr17",
        start=0,
        end=22_700_000,
        major_cn=2,
        minor_cn=0,
    ),
    Event(
        name="18q loss",
        contig="chr18",
        start=21_500_000,
        end=GRCH38.lengths["chr18"],
        major_cn=1,
        minor_cn=0,
    ),
    Event(
        name="8q gain",
        contig="chr8",
        start=47_200_000,
        end=GRCH38.lengths["chr8"],
        major_cn=3,
        minor_cn=1,
    ),
)
FOCAL = 5_000_000


def draw_segments(
    rng: np.random.Generator,
    *,
    ploidy: float,
    sex: str = "female",
    doubled: bool = False,
    more: Sequence[Event] = (),
) -> tuple[TrueSegment, ...]:
    """Draw the copy number of every autosome and X, with a mean near ``ploidy``.

    Arms get a state each, some a second one behind a breakpoint; arms are then gained or lost by
    one copy until the length-weighted mean is as near as whole copies allow. The planted events
    of :data:`EVENTS` are never moved. ``doubled`` is a genome whose arms, with their events, were
    all copied once; ``more`` are focal events planted beside the others.
    """
    pieces = draw_pieces(rng, sex)
    tune(pieces, rng, ploidy / 2 if doubled else ploidy)
    if doubled:
        for piece in pieces:
            piece.major_cn *= 2
            piece.minor_cn *= 2
    events = (*EVENTS, *more)
    segments = [
        segment
        for contig in (*AUTOSOMES, "chrX")
        for segment in cut_out([p for p in pieces if p.contig == contig], contig, events)
    ]
    return tuple(sorted(segments, key=lambda s: (order(s.contig), s.start)))


def exon_deletion(transcripts: Sequence[Transcript]) -> Event:
    """Return the homozygous deletion of the second and third exon of a gene.

    The gene is the middle one of those with four exons or more on chromosomes without another
    planted event. Raises :class:`ParameterError` where there is none.
    """
    taken = {event.contig for event in EVENTS}
    fit = [
        item
        for item in transcripts
        if len(item.exons) >= 4 and item.contig in AUTOSOMES and item.contig not in taken
    ]
    if not fit:
        raise ParameterError(
            "no gene of the panel has four exons for a deletion of two",
            "ask for more coding bases a gene (--coding-kb)",
        )
    gene = fit[len(fit) // 2]
    (_, before), (start, _), (_, end), (behind, _) = gene.exons[:4]
    return Event(
        name=f"{gene.gene} deletion of two exons",
        contig=gene.contig,
        start=(before + start) // 2,
        end=(end + behind) // 2,
        major_cn=0,
        minor_cn=0,
    )


@dataclass(kw_only=True)
class Piece:
    """A stretch whose state may still change."""

    contig: str
    start: int
    end: int
    major_cn: int
    minor_cn: int
    major_haplotype: int
    normal_cn: int
    fixed: bool = False
    event: str = ""


def draw_pieces(rng: np.random.Generator, sex: str) -> list[Piece]:
    """Draw arms, cut some of them in two, and give each piece a state."""
    weights = np.array([weight for _, weight in STATES])
    pieces: list[Piece] = []
    broad = {(e.contig, e.start): e for e in EVENTS if e.end - e.start > FOCAL}
    for contig in (*AUTOSOMES, "chrX"):
        length = GRCH38.lengths[contig]
        low, high = GRCH38.centromeres[contig]
        # The short arms of chromosomes 13, 14, 15, 21 and 22 hold no genes worth a state.
        arms = ((0, length),) if contig in ACROCENTRIC else ((0, low), (high, length))
        for start, end in arms:
            cut = rng.random() < ARM_CUT and end - start > 30_000_000
            middle = int(rng.uniform(start + (end - start) * 0.25, end - (end - start) * 0.25))
            states = rng.choice(len(STATES), size=2, p=weights / weights.sum())
            sides = rng.integers(0, 2, size=2)
            planted = broad.get((contig, start))
            spans = ((start, middle), (middle, end)) if cut and not planted else ((start, end),)
            for index, (a, b) in enumerate(spans):
                major, minor = STATES[int(states[index])][0]
                if planted is not None:
                    major, minor = planted.major_cn, planted.minor_cn
                male_x = contig == "chrX" and sex == "male"
                pieces.append(
                    Piece(
                        contig=contig,
                        start=a,
                        end=b,
                        major_cn=major,
                        minor_cn=0 if male_x else minor,
                        # The one X of a man is haplotype 0.
                        major_haplotype=0 if male_x else int(sides[index]),
                        normal_cn=1 if male_x else 2,
                        fixed=planted is not None,
                        event=planted.name if planted is not None else "",
                    )
                )
    return pieces


def tune(pieces: list[Piece], rng: np.random.Generator, ploidy: float) -> None:
    """Gain or lose single copies of pieces until the mean is near the wanted ploidy."""
    sizes = np.array([piece.end - piece.start for piece in pieces], dtype=np.float64)
    total = float(sizes.sum())
    excess = total * ploidy - float(
        sum(s * (p.major_cn + p.minor_cn) for s, p in zip(sizes, pieces, strict=True))
    )
    movable = [i for i, piece in enumerate(pieces) if not piece.fixed]
    for _ in range(20):
        for index in rng.permutation(movable).tolist():
            piece, size = pieces[index], float(sizes[index])
            # A change of one copy helps only where the gap is more than half of it.
            if abs(excess) <= size / 2:
                continue
            if excess > 0:
                if piece.major_cn > 3:
                    continue
                piece.major_cn += 1
                excess -= size
            elif piece.major_cn > 1:
                # Of the major copies: what was heterozygous stays so.
                piece.major_cn -= 1
                excess += size
                if piece.major_cn < piece.minor_cn:
                    piece.major_cn, piece.minor_cn = piece.minor_cn, piece.major_cn
                    piece.major_haplotype = 1 - piece.major_haplotype
            elif piece.minor_cn > 0 and piece.normal_cn == 2:
                piece.minor_cn -= 1
                excess += size


def cut_out(pieces: list[Piece], contig: str, events: Sequence[Event]) -> list[TrueSegment]:
    """Put the focal events into a contig's pieces, and join equal neighbours."""
    focal = sorted(
        (e for e in events if e.contig == contig and e.end - e.start <= FOCAL),
        key=lambda e: e.start,
    )
    segments: list[TrueSegment] = []
    previous_end = 0
    for piece in pieces:
        # A segment runs to the next one; the centromere belongs to the q arm's first.
        cursor = previous_end
        for event in focal:
            if piece.start <= event.start < piece.end:
                segments += [
                    segment_of(piece, cursor, event.start),
                    TrueSegment(
                        contig=contig,
                        start=event.start,
                        end=event.end,
                        major_cn=event.major_cn,
                        minor_cn=event.minor_cn,
                        normal_cn=piece.normal_cn,
                        major_haplotype=piece.major_haplotype,
                        event=event.name,
                    ),
                ]
                cursor = event.end
        segments.append(segment_of(piece, cursor, piece.end))
        previous_end = piece.end
    return join_equal(segments)


def segment_of(piece: Piece, start: int, end: int) -> TrueSegment:
    """Return a stretch in the state of a piece."""
    return TrueSegment(
        contig=piece.contig,
        start=start,
        end=end,
        major_cn=piece.major_cn,
        minor_cn=piece.minor_cn,
        normal_cn=piece.normal_cn,
        major_haplotype=piece.major_haplotype,
        event=piece.event,
    )


def join_equal(segments: list[TrueSegment]) -> list[TrueSegment]:
    """Join neighbours in the same state; a change of the major haplotype is a breakpoint."""
    joined: list[TrueSegment] = []
    for segment in segments:
        last = joined[-1] if joined else None
        balanced = segment.major_cn == segment.minor_cn
        if (
            last is not None
            and (last.major_cn, last.minor_cn) == (segment.major_cn, segment.minor_cn)
            and (balanced or last.major_haplotype == segment.major_haplotype)
        ):
            joined[-1] = TrueSegment(
                **{**vars(last), "end": segment.end, "event": last.event or segment.event}
            )
        else:
            joined.append(segment)
    return joined


def mean_copies(segments: tuple[TrueSegment, ...]) -> float:
    """Return the length-weighted mean copy number: the tumour's ploidy."""
    total = sum(s.end - s.start for s in segments)
    return sum((s.end - s.start) * s.copy_number for s in segments) / total


def expected_log2(segment: TrueSegment, *, purity: float, ploidy: float) -> float:
    """Return log2 of the segment's depth over a normal's, centred at the mean genome.

    Against a matched normal, whose own copies cancel: (p nT + N (1-p)) / (p psi + 2 (1-p)) * 2/N.

    >>> normal = TrueSegment(contig="chr1", start=0, end=9, major_cn=1, minor_cn=1, normal_cn=2,
    ...                      major_haplotype=0)
    >>> expected_log2(normal, purity=0.5, ploidy=2.0)
    0.0
    """
    n = segment.normal_cn
    mean = purity * ploidy + 2 * (1 - purity)
    ratio = (purity * segment.copy_number + n * (1 - purity)) / mean * 2 / n
    return math.log2(ratio) if ratio > 0 else -math.inf


def expected_baf(segment: TrueSegment, *, purity: float) -> float | None:
    """Return the expected major-allele fraction at heterozygous SNPs, None where none can be."""
    if segment.normal_cn != 2:
        return None
    total = purity * segment.copy_number + 2 * (1 - purity)
    return (purity * segment.major_cn + 1 - purity) / total if total > 0 else None


class SegmentIndex:
    """Finds the segment of a position."""

    def __init__(self, segments: tuple[TrueSegment, ...]) -> None:
        self._by_contig: dict[str, tuple[np.ndarray, list[TrueSegment]]] = {}
        for contig in dict.fromkeys(s.contig for s in segments):
            rows = [s for s in segments if s.contig == contig]
            self._by_contig[contig] = (np.array([s.start for s in rows]), rows)

    def at(self, contig: str, position: int) -> TrueSegment:
        """Return the segment that holds a 0-based position."""
        starts, rows = self._by_contig[contig]
        return rows[int(np.searchsorted(starts, position, side="right")) - 1]
