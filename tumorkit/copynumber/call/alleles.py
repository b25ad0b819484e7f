"""Copies of each allele, from copies and the major-allele fraction."""

from __future__ import annotations

from dataclasses import dataclass

from tumorkit.copynumber.call.params import CallParams
from tumorkit.genome.segment import Segment

# An interval of minor copies this wide holds both a lost and a kept allele.
WIDEST = 1.0


@dataclass(frozen=True, kw_only=True)
class AlleleCopies:
    """Copies of the minor allele as computed, their interval, and the nearest whole copies.

    All are None where nothing is known. ``loh`` says whether an allele is lost: fewer than half a
    copy; None where the interval cannot tell none from one.
    """

    minor: float | None = None
    minor_low: float | None = None
    minor_high: float | None = None
    major_cn: int | None = None
    minor_cn: int | None = None
    loh: bool | None = None


NOTHING = AlleleCopies()


def allele_copies(
    copies: float | None,
    baf: tuple[float | None, float | None, float | None],
    purity: float | None,
    normal: int,
    params: CallParams,
) -> AlleleCopies:
    """Split copies into those of the two alleles.

    ``copies`` are the tumour's as computed; ``baf`` is the major-allele fraction of heterozygous
    SNPs with its bounds. Of ``p * copies + 2 * (1 - p)`` copies in the sample the major allele has
    ``p * major + (1 - p)``, for a purity p and one copy of each allele in normal cells. Where a
    normal cell has one copy there is no heterozygous SNP, so nothing is known.

    >>> allele_copies(2.0, (0.8, 0.78, 0.82), 0.6, 2, CallParams()).minor_cn
    0
    >>> allele_copies(3.0, (None, None, None), 0.6, 2, CallParams()).minor_cn is None
    True
    """
    fraction, low, high = baf
    if copies is None or purity is None or fraction is None or normal != 2:
        return NOTHING
    copies = max(0.0, copies)
    sample = purity * copies + 2 * (1 - purity)

    def minor_at(value: float) -> float:
        return copies - (value * sample - (1 - purity)) / purity

    minor = minor_at(fraction)
    # The higher the major allele's fraction, the fewer the copies of the minor one.
    edges = [None if edge is None else minor_at(edge) for edge in (high, low)]
    total = round(copies)
    whole = min(max(round(minor), 0), total // 2)
    wide = None not in edges and (edges[1] or 0.0) - (edges[0] or 0.0) > WIDEST
    faint = purity < params.min_purity
    known = not wide and not faint
    return AlleleCopies(
        minor=minor,
        minor_low=edges[0],
        minor_high=edges[1],
        major_cn=total - whole if known else None,
        minor_cn=whole if known else None,
        # Without any copy there is no heterozygosity to lose.
        loh=minor < params.loh_minor_copies and total > 0 if known else None,
    )


def given_alleles(segment: Segment) -> AlleleCopies:
    """Return the copies that somebody else's segment brought along."""
    major, minor = segment.major_cn, segment.minor_cn
    lost = minor == 0 and (major is None or major > 0)
    return AlleleCopies(major_cn=major, minor_cn=minor, loh=lost)
