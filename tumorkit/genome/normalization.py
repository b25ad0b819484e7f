"""Alleles as haplotypes: cut into their smallest changes, put together again, compared.

Two callers write one change in many ways: elsewhere in a repeat, as one replacement of several
bases or as several substitutions. What they mean is a sequence, so sequences are compared.
Sources: Tan et al., Bioinformatics 2015 (normalisation); the VCF specification, section 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tumorkit.genome.alleles import Fetch, left_aligned, trimmed

BLOCK = 1 << 16
KEPT_BLOCKS = 4
# With more substitutions than this a replacement is taken as one change: pairing its bases with
# those of the reference says nothing any more.
MAX_SUBSTITUTIONS = 10


class Allele(NamedTuple):
    """A change of the reference; ``pos`` is 1-based, as in VCF.

    >>> str(Allele(7, "G", "GA")), Allele(7, "GAT", "G").end
    ('7:G>GA', 10)
    """

    pos: int
    ref: str
    alt: str

    @property
    def end(self) -> int:
        """Position behind the last base of ``ref``."""
        return self.pos + len(self.ref)

    @property
    def compound(self) -> bool:
        """Whether it replaces several bases, or bases by another number of bases."""
        return (len(self.ref) > 1 and len(self.alt) > 1) or (
            len(self.ref) != len(self.alt) and self.ref[0] != self.alt[0]
        )

    def __str__(self) -> str:
        return f"{self.pos}:{self.ref}>{self.alt}"


class ReferenceBlocks:
    """Fetches the reference in large blocks and keeps the last ones.

    >>> fetch = ReferenceBlocks(lambda _contig, start, end: "GATTACA"[start:end], size=4)
    >>> fetch("chr1", 2, 6), fetch("chr1", 6, 9)
    ('TTAC', 'A')
    """

    def __init__(self, fetch: Fetch, size: int = BLOCK) -> None:
        self._fetch = fetch
        self._size = size
        self._kept: dict[tuple[str, int], str] = {}

    def __call__(self, contig: str, start: int, end: int) -> str:
        """Return bases of a 0-based half-open interval."""
        first, last = start // self._size, (end - 1) // self._size
        offset = start - first * self._size
        if first == last:
            return self._block(contig, first)[offset : offset + end - start]
        text = "".join(self._block(contig, at) for at in range(first, last + 1))
        return text[offset : offset + end - start]

    def _block(self, contig: str, at: int) -> str:
        key = (contig, at)
        text = self._kept.get(key)
        if text is None:
            while len(self._kept) >= KEPT_BLOCKS:
                del self._kept[next(iter(self._kept))]
            text = self._fetch(contig, at * self._size, (at + 1) * self._size)
            self._kept[key] = text
        return text


def normalized(contig: str, allele: Allele, fetch: Fetch, max_shift: int) -> Allele:
    """Return an allele in its leftmost, shortest spelling, moved by ``max_shift`` bases at most.

    >>> sequence = "GCACACAT"
    >>> def fetch(_contig, start, end):
    ...     return sequence[start:end]
    >>> str(normalized("chr1", Allele(5, "ACA", "A"), fetch, 100))
    '1:GCA>G'
    >>> str(normalized("chr1", Allele(5, "ACA", "A"), fetch, 2))
    '3:ACA>A'
    """
    pos, ref, alt = allele
    if len(ref) == len(alt):
        return allele if len(ref) == 1 else Allele(*trimmed(pos, ref, alt))
    first = pos - 1 - max_shift

    def bounded(name: str, start: int, end: int) -> str:
        return fetch(name, start, end) if start >= first else ""

    return Allele(*left_aligned(contig, pos, ref, alt, bounded))


def atoms_of(allele: Allele) -> tuple[Allele, ...]:
    """Return the smallest changes that together make an allele, in order of position.

    Replacements of equal length become substitutions. Where lengths differ, one gap is placed so
    that the fewest bases are substituted, leftmost among equals and never before the first base;
    an insertion or deletion is anchored at the base before it. An allele that would need more
    than :data:`MAX_SUBSTITUTIONS` substitutions stays whole.

    >>> [str(atom) for atom in atoms_of(Allele(10, "TTAA", "CTAC"))]
    ['10:T>C', '13:A>C']
    >>> [str(atom) for atom in atoms_of(Allele(10, "GAAC", "TC"))]
    ['10:G>T', '10:GAA>G']
    """
    pos, ref, alt = allele
    gap = len(alt) - len(ref)
    shared = min(len(ref), len(alt))
    differs_front = [a != b for a, b in zip(ref, alt, strict=False)]
    differs_back = [a != b for a, b in zip(reversed(ref), reversed(alt), strict=False)]
    if not gap:
        cut = shared
    else:
        # With the gap behind `cut` bases: substitutions in front of it and behind it.
        behind = sum(differs_back[: shared - 1])
        wrong = behind + differs_front[0]
        cut, best = 1, wrong
        for k in range(1, shared):
            wrong += differs_front[k] - differs_back[shared - 1 - k]
            if wrong < best:
                cut, best = k + 1, wrong
    found = [Allele(pos + k, ref[k], alt[k]) for k in range(cut) if differs_front[k]]
    if gap:
        anchor = ref[cut - 1]
        if gap > 0:
            found.append(Allele(pos + cut - 1, anchor, anchor + alt[cut : cut + gap]))
        else:
            found.append(Allele(pos + cut - 1, ref[cut - 1 : cut - gap], anchor))
        left, right = cut + max(0, -gap), cut + max(0, gap)
        found += [
            Allele(pos + left + k, ref[left + k], alt[right + k])
            for k in range(shared - cut)
            if ref[left + k] != alt[right + k]
        ]
    if len(found) - bool(gap) > MAX_SUBSTITUTIONS:
        return (allele,)
    return tuple(found)


def effect(allele: Allele) -> tuple[int, str, str]:
    """Return what an allele changes without its anchor: position, bases out, bases in.

    >>> effect(Allele(7, "GAT", "G")), effect(Allele(7, "G", "T"))
    ((8, 'AT', ''), (7, 'G', 'T'))
    """
    pos, ref, alt = allele
    if len(ref) != len(alt) and ref[0] == alt[0]:
        return pos + 1, ref[1:], alt[1:]
    return pos, ref, alt


def joined(contig: str, alleles: Iterable[Allele], fetch: Fetch) -> Allele | None:
    """Return alleles that lie on one haplotype as one allele, trimmed but not moved.

    None where two of them change the same base, or insert at the same place.

    >>> def fetch(_contig, start, end):
    ...     return "GATTACA"[start:end]
    >>> str(joined("chr1", [Allele(2, "A", "C"), Allele(4, "T", "G")], fetch))
    '2:ATT>CTG'
    >>> joined("chr1", [Allele(2, "A", "C"), Allele(2, "A", "G")], fetch) is None
    True
    """
    changes = sorted(effect(allele) for allele in alleles)
    if not changes:
        return None
    start = min(pos for pos, _, _ in changes)
    anchored = any(not out or not put for _, out, put in changes)
    begin = max(1, start - 1) if anchored else start
    pieces, at = [], begin
    last_was_insertion = False
    for pos, out, put in changes:
        insertion = not out
        if pos < at or (insertion and last_was_insertion and pos == at):
            return None
        pieces += [fetch(contig, at - 1, pos - 1) if pos > at else "", put]
        at = pos + len(out)
        last_was_insertion = insertion
    ref = fetch(contig, begin - 1, at - 1)
    return Allele(*trimmed(begin, ref, "".join(pieces)))
