"""The alleles of a block of records: one spelling for each, and the bases that it touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.alleles import Fetch, left_aligned
from tumorkit.genome.vcf_block import RecordBlock

# Position (1-based), reference and alternative allele, without shared bases.
Key = tuple[int, bytes, bytes]
Spell = Callable[[str, int, bytes, bytes], Key]
BASES = frozenset((b"A", b"C", b"G", b"T"))
NO_ALTS = (b".", b"")


@dataclass
class Places:
    """The alleles of one contig's records in a block.

    ``rows`` are the records in the block, ``owners`` index into ``rows`` for each allele. A key is
    None for what cannot be looked up by its bases: symbolic alleles, breakends, ``*``. A record
    without an alternative has one place without a key. ``starts`` and ``ends`` bound the touched
    bases, 0-based and half-open; see :func:`touched`.
    """

    contig: str
    rows: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    bases: list[bytes] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    keys: list[Key | None] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, owner: int, key: Key | None, touches: tuple[int, int]) -> None:
        """Add one allele."""
        self.owners.append(owner)
        self.keys.append(key)
        self.starts.append(touches[0])
        self.ends.append(touches[1])

    @property
    def intervals(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the touched bases of each allele begin and end."""
        return np.array(self.starts, dtype=np.int64), np.array(self.ends, dtype=np.int64)


def speller(fetch: Fetch | None) -> Spell:
    """Return what spells alleles: without shared bases, and leftmost where there is a reference.

    >>> speller(None)("chr1", 100, b"GAC", b"GTC")
    (101, b'A', b'T')
    """

    def shortest(_contig: str, pos: int, ref: bytes, alt: bytes) -> Key:
        while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
            ref, alt = ref[:-1], alt[:-1]
        while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
            ref, alt, pos = ref[1:], alt[1:], pos + 1
        return pos, ref, alt

    def leftmost(contig: str, pos: int, ref: bytes, alt: bytes) -> Key:
        if len(ref) == len(alt):
            return shortest(contig, pos, ref, alt)
        assert fetch is not None
        pos, left, right = left_aligned(contig, pos, ref.decode(), alt.decode(), fetch)
        return pos, left.encode(), right.encode()

    return shortest if fetch is None else leftmost


def touched(pos: int, ref: str, alt: str) -> tuple[int, int]:
    """Return the bases that an allele touches, 0-based half-open.

    A substitution touches the bases that it changes, a deletion those that it takes away, and an
    insertion the two bases between which it stands.

    >>> touched(100, "A", "T"), touched(100, "AGG", "A"), touched(100, "A", "AGG")
    ((99, 100), (100, 102), (99, 101))
    """
    if len(ref) != len(alt) and ref[:1] == alt[:1]:  # the base before an insertion or deletion
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    if not ref:
        return max(0, pos - 2), pos
    return pos - 1, pos - 1 + len(ref)


def is_symbolic(alt: bytes) -> bool:
    """Whether an alternative is no sequence: ``<DEL>``, a breakend, ``*``."""
    return alt == b"*" or alt[:1] == b"<" or b"[" in alt or b"]" in alt or alt[:1] == b"."


def symbolic_bases(pos: int, ref: bytes, alt: bytes, info: str | None) -> tuple[int, int]:
    """Return the bases that a symbolic allele touches; ``info`` is the record's END.

    >>> symbolic_bases(100, b"N", b"<DEL>", "250"), symbolic_bases(100, b"N", b"G]chr2:9]", None)
    ((100, 250), (99, 100))
    """
    if alt[:1] == b"<":
        if alt.startswith(b"<INS"):
            return pos - 1, pos + 1
        if info is not None and info.isdigit() and int(info) > pos:
            return pos, int(info)
        return pos - 1, pos
    return pos - 1, pos - 1 + (len(ref) if alt == b"*" else 1)


def places_of(block: RecordBlock, spell: Spell) -> list[Places]:
    """Return the alleles of a block by contig, contigs in the order of their appearance."""
    content = block.content
    codes, names = block.grouped(0)
    found = [Places(name) for name in names]
    numbers = block.numbers(1)[0].astype(np.int64).tolist()
    bounds = block.offsets[:, 3:6].tolist()
    for row, (code, pos, (start, middle, end)) in enumerate(
        zip(codes.tolist(), numbers, bounds, strict=True)
    ):
        here = found[code]
        ref, alt = content[start : middle - 1], content[middle : end - 1]
        owner = len(here.rows)
        here.rows.append(row)
        here.positions.append(pos)
        here.bases.append(ref)
        if ref in BASES and alt in BASES:
            # Nine of ten alleles come this way: no call for each of them.
            here.owners.append(owner)
            here.keys.append((pos, ref, alt))
            here.starts.append(pos - 1)
            here.ends.append(pos)
        elif alt in NO_ALTS:
            here.add(owner, None, (pos - 1, pos - 1 + len(ref)))
        else:
            ref = ref.upper()
            for one in alt.split(b","):
                if is_symbolic(one):
                    info = block[row].info_text("END")
                    here.add(owner, None, symbolic_bases(pos, ref, one, info))
                else:
                    one = one.upper()  # noqa: PLW2901 - the allele in the case of its key
                    key = spell(here.contig, pos, ref, one)
                    here.add(owner, key, touched(pos, ref.decode(), one.decode()))
    return found
