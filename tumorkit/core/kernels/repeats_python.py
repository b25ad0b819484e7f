"""Microsatellites in a stretch of sequence, in plain code: the definition.

The stretch is read from left to right. Where a base is repeated at least ``min_homopolymer`` times,
that is a hit; else the shortest unit of 2 to ``max_unit`` bases that is repeated at least
``min_repeats`` times. Reading goes on behind a hit, whole units only. Only A, C, G and T count,
in either case. The rule is that of msisensor-pro's scan (xjtu-omics/msisensor-pro: cpp/refseq.cpp).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def find_repeats(
    sequence: NDArray[np.uint8],
    first: int,
    *,
    final: bool,
    min_homopolymer: int,
    min_repeats: int,
    max_unit: int,
) -> tuple[NDArray[np.int64], int]:
    """Return hits (start, length of the unit, repeats) from ``first`` on, and where reading ended.

    Reading ends before whatever might go on behind the stretch, unless it is the ``final`` one.

    >>> letters = np.frombuffer(b"GTAAAAAAAACACACACACAG", dtype=np.uint8)
    >>> hits, end = find_repeats(letters, 0, final=True, min_homopolymer=8, min_repeats=5,
    ...                          max_unit=6)
    >>> hits.tolist(), end
    ([[2, 1, 8], [10, 2, 5]], 21)
    """
    text = sequence.tobytes().decode("latin-1").upper()
    size = len(text)
    # A hit of this many bases is seen whole from its first base.
    need = max(min_homopolymer, min_repeats * max_unit)
    hits: list[tuple[int, int, int]] = []
    at = first
    while at < size:
        if not final and at + need > size:
            break
        if text[at] not in "ACGT":
            at += 1
            continue
        for unit in range(1, max_unit + 1):
            end = at + unit
            while end < size and text[end] == text[end - unit]:
                end += 1
            least = min_homopolymer if unit == 1 else min_repeats
            known = all(base in "ACGT" for base in text[at : at + unit])
            repeats = (end - at) // unit
            if known and repeats >= least:
                if end == size and not final:
                    return np.array(hits, dtype=np.int64).reshape(-1, 3), at
                hits.append((at, unit, repeats))
                at += unit * repeats
                break
        else:
            at += 1
    return np.array(hits, dtype=np.int64).reshape(-1, 3), at
