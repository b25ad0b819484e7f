"""Find repeats in sequence that comes in pieces of any size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from tumorkit.core.kernels import load_kernel
from tumorkit.genome.repeat import Repeat
from tumorkit.msi.scan.params import ScanParams

KNOWN = frozenset(b"ACGT")


def scan_sequence(
    contig: str,
    pieces: Iterable[str],
    params: ScanParams | None = None,
    *,
    start: int = 0,
    lead: int = 0,
) -> Iterator[Repeat]:
    """Yield the microsatellites of a contig whose sequence comes in ``pieces``.

    ``start`` is the position of the first base; the first ``lead`` bases are only looked at as
    flanks (:mod:`tumorkit.msi.scan.stretches` says where reading may begin).

    The same sites come out however the sequence is cut. Only the piece at hand is held, and what
    of the last one may still belong to a repeat. A repeat with an unknown base or the contig's end
    among its flanks, or of more than ``max_bases``, is left out.

    >>> text = "GGTCA" + 9 * "T" + "CAGCT"
    >>> whole = list(scan_sequence("1", [text]))
    >>> whole == list(scan_sequence("1", iter(text))) and whole[0].start
    5
    """
    params = params or ScanParams()
    kernel = load_kernel("tumorkit.core.kernels.repeats")
    flank = params.flank
    text = b""
    offset, at = start, lead
    waiting: list[tuple[int, int, int]] = []
    last = False
    source = iter(pieces)
    while not last:
        piece = next(source, None)
        last = piece is None
        text += (piece or "").encode("latin-1", "replace").upper()
        hits, at = kernel.find_repeats(
            np.frombuffer(text, dtype=np.uint8),
            at,
            final=last,
            min_homopolymer=params.min_homopolymer,
            min_repeats=params.min_repeats,
            max_unit=params.max_unit,
        )
        waiting += [(int(hit) + offset, int(unit), int(n)) for hit, unit, n in hits]
        kept = []
        for hit in waiting:
            first, unit, repeats = hit[0] - offset, hit[1], hit[2]
            end = first + unit * repeats
            if end + flank > len(text):
                kept.append(hit)
                continue
            found = locus_of(contig, text, first, offset, unit, repeats, params)
            if found is not None:
                yield found
        waiting = kept
        # Flanks of what is still to be read reach back; the sequence before is forgotten.
        keep = max(min([at, *(hit[0] - offset for hit in waiting)]) - flank, 0)
        text, offset, at = text[keep:], offset + keep, at - keep


def locus_of(
    contig: str, text: bytes, start: int, offset: int, unit: int, repeats: int, params: ScanParams
) -> Repeat | None:
    """Return one hit as a site, None where its flanks are not known or it is too long."""
    end = start + unit * repeats
    left = text[max(start - params.flank, 0) : start]
    right = text[end : end + params.flank]
    whole = len(left) == len(right) == params.flank and set(left + right) <= KNOWN
    if not whole or unit * repeats > params.max_bases:
        return None
    return Repeat(
        contig=contig,
        start=start + offset,
        unit=text[start : start + unit].decode("ascii"),
        repeats=repeats,
        left_flank=left.decode("ascii"),
        right_flank=right.decode("ascii"),
    )
