"""Kinds of errors: which alleles are alike in how often they are read by mistake.

A substitution is known by the bases around it, on the strand where the reference is C or T: 96
kinds. An insertion or deletion is known by its repeat unit, by how often the unit stands in the
reference behind the anchor, and by how many units come or go: polymerase slips in long repeats.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BASES = "ACGT"
# More copies than this slip so often that length tells no more.
MOST_COPIES, MOST_UNITS, LONGEST_UNIT = 12, 3, 3
SUBSTITUTION = "substitution"
CODES = np.full(256, 4, dtype=np.int64)
for _code, _base in enumerate(BASES):
    CODES[ord(_base)] = CODES[ord(_base.lower())] = _code


def base_codes(sequence: str) -> NDArray[np.int64]:
    """Return A, C, G, T as 0 to 3, everything else as 4.

    >>> base_codes("ACGTN").tolist()
    [0, 1, 2, 3, 4]
    """
    return np.asarray(CODES[np.frombuffer(sequence.encode("ascii", "replace"), dtype=np.uint8)])


def substitution_kinds(
    before: NDArray[np.int64],
    ref: NDArray[np.int64],
    after: NDArray[np.int64],
    alt: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the kind, 0 to 95, of substitutions given as codes; 96 where a base is not known.

    >>> kinds = substitution_kinds(*(base_codes(text) for text in ("AT", "CG", "GT", "TA")))
    >>> [SUBSTITUTION_NAMES[kind] for kind in kinds.tolist()]
    ['A[C>T]G', 'A[C>T]A']
    """
    known = (np.maximum(before, after) < 4) & (np.maximum(ref, alt) < 4) & (ref != alt)
    flip = (ref == 0) | (ref == 2)
    left, right = np.where(flip, 3 - after, before), np.where(flip, 3 - before, after)
    ref, alt = np.where(flip, 3 - ref, ref), np.where(flip, 3 - alt, alt)
    rank = alt - (alt > ref)
    kind = (((ref == 3) * 3 + rank) * 4 + left) * 4 + right
    return np.where(known, kind, 96)


def _names() -> tuple[str, ...]:
    names = [
        f"{left}[{ref}>{alt}]{right}"
        for ref in "CT"
        for alt in BASES.replace(ref, "")
        for left in BASES
        for right in BASES
    ]
    return (*names, SUBSTITUTION)


SUBSTITUTION_NAMES = _names()


def repeat_unit(bases: str) -> str:
    """Return the shortest unit that bases are copies of.

    >>> repeat_unit("ATATAT"), repeat_unit("AAA"), repeat_unit("ACG")
    ('AT', 'A', 'ACG')
    """
    for size in range(1, len(bases) // 2 + 1):
        if len(bases) % size == 0 and bases[:size] * (len(bases) // size) == bases:
            return bases[:size]
    return bases


def indel_kind(ref: str, alt: str, following: str) -> str:
    """Return the kind of a left-aligned insertion or deletion.

    ``following`` is the reference behind the anchor, about 40 bases of it.

    >>> indel_kind("CA", "C", "AAAAAG"), indel_kind("G", "GTCTC", "TCTCTCAA")
    ('deletion:A:x5:1', 'insertion:2:x3:2')
    >>> indel_kind("G", "GT", "CCA")
    'insertion:A:x0:1'
    """
    deleted = len(ref) > len(alt)
    bases = (ref if deleted else alt)[1:]
    unit = repeat_unit(bases)
    copies = 0
    while copies < MOST_COPIES and following.startswith(unit, copies * len(unit)):
        copies += 1
    if len(unit) == 1:
        word = "A" if unit in "AT" else "C"
    else:
        word = str(len(unit)) if len(unit) <= LONGEST_UNIT else f"{LONGEST_UNIT + 1}+"
    units = min(len(bases) // len(unit), MOST_UNITS)
    return f"{'deletion' if deleted else 'insertion'}:{word}:x{copies}:{units}"


def opportunities(codes: NDArray[np.int64], first: int, last: int) -> dict[str, float]:
    """Return how many alleles of each kind anchors ``first`` to ``last`` of a sequence allow.

    For one unit that comes or goes, and units of up to three bases: each anchor before a run of
    the unit allows one deletion and one insertion of it, and insertions of all other units. These
    are the alleles that were not seen but could have been.

    >>> found = opportunities(base_codes("CAAAAG"), 0, 1)
    >>> found["deletion:A:x4:1"], found["insertion:A:x4:1"], found["insertion:C:x0:1"]
    (1.0, 1.0, 2.0)
    """
    found: dict[str, float] = {}
    number = len(codes)
    anchors = np.arange(first, min(last, number - 1))
    for size in range(1, LONGEST_UNIT + 1):
        same = np.zeros(number, dtype=bool)
        same[: max(0, number - size)] = codes[size:] == codes[:-size]
        # Length of the stretch from each place on in which every base equals the one a unit later.
        breaks = np.flatnonzero(~same)
        run = breaks[np.searchsorted(breaks, np.arange(number))] - np.arange(number)
        inside = anchors[anchors + size < number]
        copies = np.minimum(1 + run[inside + 1] // size, MOST_COPIES)
        # The unit could be moved to the left: another anchor speaks for it.
        leftmost = ~same[inside]
        if size > 1:
            # Copies of one base are no unit of two or three.
            leftmost &= np.any(
                [codes[inside + 1] != codes[inside + 1 + k] for k in range(1, size)], axis=0
            )
        word = codes[inside + 1]
        for value, mask in (
            (("A", (word == 0) | (word == 3)), ("C", (word == 1) | (word == 2)))
            if size == 1
            else ((str(size), np.ones(len(inside), dtype=bool)),)
        ):
            tally = np.bincount(copies[leftmost & mask], minlength=MOST_COPIES + 1)
            for copy in np.flatnonzero(tally).tolist():
                for kind in ("deletion", "insertion"):
                    name = f"{kind}:{value}:x{copy}:1"
                    found[name] = found.get(name, 0.0) + float(tally[copy])
            new = f"insertion:{value}:x0:1"
            other = 4.0**size - (2 if size > 1 else 1)
            share = 2.0 * len(inside) - float(mask.sum()) if size == 1 else other * len(inside)
            found[new] = found.get(new, 0.0) + share
    return found
