"""Genomic scars of failed repair: losses of an allele, imbalanced ends, large transitions.

Rules: loss of heterozygosity (Abkevich 2012), telomeric allelic imbalance (Birkbak 2012),
large-scale state transitions (Popova 2012), in the form that sztup/scarHRD gives them. Lengths are
distances from a stretch's first base to its last, as scarHRD measures them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tumorkit.genome.contigs import is_autosome, standard
from tumorkit.genome.segment import Segment

Kind = Literal["LOH", "TAI", "LST"]
Centromeres = Mapping[str, tuple[int, int]]

# A loss of an allele longer than this, yet not of the whole chromosome, is a scar.
LOH_LENGTH = 15_000_000
# Shorter stretches take no part in the search for imbalanced ends.
TAI_LENGTH = 1_000_000
# Stretches below the first are passed over; both sides of a transition have the second at least,
# and less than the first lies between them.
LST_SHORT, LST_LENGTH = 3_000_000, 10_000_000


class Stretch(NamedTuple):
    """A segment of an autosome, 0-based half-open, with its whole copies.

    ``major`` and ``minor`` are None where the alleles are unknown: ``total`` then speaks alone.
    ``usual`` is the number whose longest share of a chromosome tells what is balanced there.
    """

    contig: str
    start: int
    end: int
    major: int | None
    minor: int | None
    total: int
    usual: int


class Piece(NamedTuple):
    """Neighbours of equal copies as one; ``first`` and ``last`` are the outer bases, 1-based.

    ``unknown`` counts the bases whose alleles are unknown.
    """

    contig: str
    first: int
    last: int
    major: int | None
    minor: int | None
    total: int
    usual: int
    unknown: int = 0

    @property
    def length(self) -> int:
        """Distance from the first base to the last."""
        return self.last - self.first

    @property
    def state(self) -> str:
        """Copies in words: ``2+1``, or ``3`` where the alleles are unknown.

        >>> Piece("chr1", 0, 9, 2, 1, 3, 3).state
        '2+1'
        """
        return str(self.total) if self.minor is None else f"{self.major}+{self.minor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scar:
    """One scar, 0-based half-open: its kind, place, chromosome arm and copies.

    ``state`` are the copies within, several if they change there, or those on both sides of a
    transition; ``arm`` is ``p``, ``q`` or ``pq`` for what reaches over the centromere.
    """

    kind: Kind
    contig: str
    start: int
    end: int
    arm: str
    state: str


def same_state(left: Piece, right: Piece) -> bool:
    """Whether two pieces have the same copies; unknown alleles part only if the total changes."""
    if left.minor is None or right.minor is None:
        return left.total == right.total
    return left.major == right.major and left.minor == right.minor


def joined(left: Piece, right: Piece) -> Piece:
    """Return two neighbours as one; the first one's usual copies stand for both."""
    known = right if left.minor is None else left
    return Piece(
        left.contig, left.first, max(left.last, right.last), known.major, known.minor,
        left.total, left.usual, left.unknown + right.unknown,
    )  # fmt: skip


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Merge neighbours of one chromosome that have the same copies, whatever lies between."""
    found: list[Piece] = []
    for piece in pieces:
        if found and same_state(found[-1], piece):
            found[-1] = joined(found[-1], piece)
        else:
            found.append(piece)
    return found


def stretches_of(
    segments: Iterable[Segment], first_cn: Sequence[int | None] | None = None
) -> list[Stretch]:
    """Return the autosomes' segments with their copies; those without any are left out.

    ``first_cn`` are the copies of what a file calls allele A, per segment: with them the usual
    copies are those, as in scarHRD's text mode; without them the total is.
    """
    names: dict[str, str] = {}
    found = []
    for at, item in enumerate(segments):
        contig = item.contig
        if contig not in names:
            names[contig] = standard(contig) if is_autosome(contig) else ""
        name, copies = names[contig], alleles_of(item)
        if not name or copies is None:
            continue
        major, minor, total = copies
        usual = total if first_cn is None else first_cn[at]
        found.append(
            Stretch(
                name, item.start, item.end, major, minor, total, total if usual is None else usual
            )
        )
    return found


def pieces_of(stretches: Iterable[Stretch]) -> dict[str, list[Piece]]:
    """Return pieces by chromosome, in the order given, equal neighbours merged."""
    rows: dict[str, list[Piece]] = {}
    for name, start, end, major, minor, total, usual in stretches:
        unknown = end - start if minor is None else 0
        piece = Piece(name, start + 1, end, major, minor, total, usual, unknown)
        listed = rows.setdefault(name, [])
        if listed and same_state(listed[-1], piece):
            listed[-1] = joined(listed[-1], piece)
        else:
            listed.append(piece)
    return rows


def alleles_of(item: Segment) -> tuple[int | None, int | None, int] | None:
    """Return a segment's major, minor and total copies; None where not even the total is known.

    A total of 0 or 1 tells its alleles; any other does not: unknown is never taken as one copy.

    >>> base = {"contig": "chr1", "start": 0, "end": 9, "log2_ratio": 0.0, "bins": 1}
    >>> alleles_of(Segment(**base, copy_number=4)), alleles_of(Segment(**base, copy_number=1))
    ((None, None, 4), (1, 0, 1))
    """
    major, minor = item.major_cn, item.minor_cn
    if major is not None and minor is not None:
        total = major + minor if item.copy_number is None else round(item.copy_number)
        return max(major, minor), min(major, minor), total
    if item.copy_number is None:
        return None
    total = round(item.copy_number)
    if minor is not None and minor <= total:
        return max(minor, total - minor), min(minor, total - minor), total
    return (total, 0, total) if total <= 1 else (None, None, total)


def loh_scars(rows: Mapping[str, Sequence[Piece]], centromeres: Centromeres) -> list[Scar]:
    """Return losses of an allele longer than 15 Mb on chromosomes that kept it somewhere.

    Copies of the major allele above one count as one. Bases of unknown alleles within a loss do
    not lengthen it.
    """
    found = []
    for name, pieces in rows.items():
        known = [piece for piece in pieces if piece.minor is not None]
        if all(piece.minor == 0 for piece in known):
            continue
        for piece in merged(capped(piece) for piece in pieces):
            lost = piece.minor == 0 and piece.major != 0
            if lost and piece.length - piece.unknown > LOH_LENGTH:
                within = dict.fromkeys(
                    one.state
                    for one in known
                    if one.minor == 0 and piece.first <= one.first and one.last <= piece.last
                )
                found.append(scar_at("LOH", name, piece, centromeres, ",".join(within)))
    return found


def capped(piece: Piece) -> Piece:
    """Return a piece whose major allele has one copy at most."""
    if piece.major is None or piece.major <= 1:
        return piece
    return piece._replace(major=1)


def tai_scars(rows: Mapping[str, Sequence[Piece]], centromeres: Centromeres) -> list[Scar]:
    """Return chromosome ends out of balance: the outermost stretch, short of the centromere.

    What is balanced depends on the copies that most of the chromosome has: where these are 1 or
    even, equal alleles; where odd, any state of that total with both alleles. A chromosome of one
    stretch has no end of its own.
    """
    long = {
        name: merged(piece for piece in pieces if piece.length >= TAI_LENGTH)
        for name, pieces in rows.items()
    }
    values = list(dict.fromkeys(piece.usual for pieces in long.values() for piece in pieces))
    found = []
    for name, pieces in long.items():
        if len(pieces) < 2 or name not in centromeres:
            continue
        usual = usual_copies(pieces, values)
        start, end = centromeres[name]
        first, last = pieces[0], pieces[-1]
        if first.last < start and imbalanced(first, usual):
            found.append(scar_at("TAI", name, first, centromeres, first.state))
        if last.first > end and imbalanced(last, usual):
            found.append(scar_at("TAI", name, last, centromeres, last.state))
    return found


def usual_copies(pieces: Sequence[Piece], values: Sequence[int]) -> int | None:
    """Return the copies with the greatest length; the earlier of ``values`` wins a tie."""
    lengths = dict.fromkeys((value for value in values if value != 0), 0)
    for piece in pieces:
        if piece.usual in lengths:
            lengths[piece.usual] += piece.length
    return max(lengths, key=lambda value: lengths[value]) if lengths else None


def imbalanced(piece: Piece, usual: int | None) -> bool:
    """Whether a piece's alleles are out of balance; unknown alleles are not said to be."""
    if piece.major is None or piece.minor is None:
        return False
    if usual is not None and (usual == 1 or (usual % 2 == 0 and usual >= 2)):
        return piece.major != piece.minor
    return not (piece.major + piece.minor == usual and piece.minor != 0)


def lst_scars(rows: Mapping[str, Sequence[Piece]], centromeres: Centromeres) -> list[Scar]:
    """Return breaks within an arm between stretches of 10 Mb or more, once short ones are out.

    Short stretches go one by one from the arm's start; their neighbours merge if they are alike.
    """
    found = []
    for name, pieces in rows.items():
        if len(pieces) < 2 or name not in centromeres:
            continue
        start, end = centromeres[name]
        p_arm = merged(piece for piece in pieces if piece.first <= start)
        q_arm = merged(piece for piece in pieces if piece.last >= end)
        if p_arm:
            p_arm[-1] = p_arm[-1]._replace(last=start)
        if q_arm:
            q_arm[0] = q_arm[0]._replace(first=end)
        for arm, own in (("p", p_arm), ("q", q_arm)):
            found += transitions(name, arm, smoothed(own))
    return found


def smoothed(pieces: list[Piece]) -> list[Piece]:
    """Take out the first stretch below 3 Mb and merge, again and again until none is left."""
    # After a removal only what stands next to it can merge, so the search goes on from there.
    own = list(pieces)
    at = 0
    while at < len(own):
        if own[at].length >= LST_SHORT:
            at += 1
            continue
        del own[at]
        if 0 < at < len(own) and same_state(own[at - 1], own[at]):
            own[at - 1] = joined(own[at - 1], own[at])
            del own[at]
            at -= 1
    return own


def transitions(name: str, arm: str, pieces: Sequence[Piece]) -> list[Scar]:
    """Return the transitions among the long stretches of an arm."""
    found = []
    for left, right in itertools.pairwise(pieces):
        if min(left.length, right.length) >= LST_LENGTH and right.first - left.last < LST_SHORT:
            start, end = sorted((left.last, right.first))
            state = f"{left.state}>{right.state}"
            found.append(
                Scar(
                    kind="LST", contig=name, start=start, end=max(end - 1, start + 1), arm=arm,
                    state=state,
                )
            )  # fmt: skip
    return found


def scar_at(kind: Kind, name: str, piece: Piece, centromeres: Centromeres, state: str) -> Scar:
    """Return a piece as a scar."""
    start, end = centromeres.get(name, (piece.last, piece.last))
    arm = "p" if piece.last < end else "q" if piece.first > start else "pq"
    return Scar(kind=kind, contig=name, start=piece.first - 1, end=piece.last, arm=arm, state=state)


RULES: Mapping[Kind, Callable[[Mapping[str, Sequence[Piece]], Centromeres], list[Scar]]] = {
    "LOH": loh_scars,
    "TAI": tai_scars,
    "LST": lst_scars,
}


def find_scars(
    rows: Mapping[str, Sequence[Piece]],
    centromeres: Centromeres,
    kinds: Sequence[Kind] = ("LOH", "TAI", "LST"),
) -> list[Scar]:
    """Return the scars of these kinds, by kind and in the order of the chromosomes given."""
    return [scar for kind in kinds for scar in RULES[kind](rows, centromeres)]
