"""One spelling for each change: alleles without shared bases, as far left as they go."""

from __future__ import annotations

from collections.abc import Callable

Fetch = Callable[[str, int, int], str]


def trimmed(pos: int, ref: str, alt: str) -> tuple[int, str, str]:
    """Return an allele without the bases that both sides share; each keeps at least one.

    Shared bases go from the right first, so that indels keep the base before them.

    >>> trimmed(100, "GAAC", "GAC"), trimmed(100, "GAC", "GTC")
    ((100, 'GA', 'G'), (101, 'A', 'T'))
    """
    while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
        ref, alt, pos = ref[1:], alt[1:], pos + 1
    return pos, ref, alt


def left_aligned(contig: str, pos: int, ref: str, alt: str, fetch: Fetch) -> tuple[int, str, str]:
    """Return an allele in its leftmost, shortest spelling (Tan, Bioinformatics 2015).

    ``pos`` is 1-based; ``fetch`` returns the reference's bases of a 0-based half-open interval.

    >>> sequence = "GCACACAT"
    >>> left_aligned("chr1", 5, "ACA", "A", lambda _contig, start, end: sequence[start:end])
    (1, 'GCA', 'G')
    """
    if ref == alt:
        return pos, ref, alt
    while ref[-1] == alt[-1]:
        if min(len(ref), len(alt)) > 1:
            ref, alt = ref[:-1], alt[:-1]
            continue
        before = fetch(contig, pos - 2, pos - 1) if pos > 1 else ""
        if not before:
            break
        pos, ref, alt = pos - 1, before + ref[:-1], before + alt[:-1]
    return trimmed(pos, ref, alt)
