"""Allele fractions that origins expect, given purity and copies."""

from __future__ import annotations

from typing import Any

import numpy as np

from tumorkit.variants.evidence.nouns import Values


def germline_fraction(
    purity: Any, copy_number: Any, multiplicity: Any, normal_copies: Any = 2.0, carried: Any = 1.0
) -> Values:
    """Return the allele fraction of a germline variant.

    ``multiplicity`` of the ``copy_number`` copies of a tumour cell carry it, ``carried`` of the
    ``normal_copies`` of a normal cell: (p M + g (1 - p)) / (p C + N (1 - p)); NaN without any copy.

    >>> float(germline_fraction(0.6, 2, 1)), round(float(germline_fraction(0.6, 1, 0)), 4)
    (0.5, 0.2857)
    """
    purity = np.asarray(purity, dtype=float)
    return _ratio(
        purity * multiplicity + carried * (1 - purity), purity, copy_number, normal_copies
    )


def somatic_fraction(
    purity: Any, copy_number: Any, multiplicity: Any, ccf: Any = 1.0, normal_copies: Any = 2.0
) -> Values:
    """Return the allele fraction of a somatic variant in a share ``ccf`` of the tumour's cells.

    p M ccf / (p C + N (1 - p)); NaN without any copy.

    >>> round(float(somatic_fraction(0.6, 2, 1)), 6), float(somatic_fraction(0.5, 2, 2))
    (0.3, 0.5)
    """
    purity = np.asarray(purity, dtype=float)
    return _ratio(purity * multiplicity * ccf, purity, copy_number, normal_copies)


def blood_fraction(
    purity: Any, copy_number: Any, blood_vaf: Any, share: Any, normal_copies: Any = 2.0
) -> Values:
    """Return the allele fraction, in the tumour's sample, of a clone of blood cells.

    ``share`` of the normal cells in the sample are blood cells, in which the allele fraction is
    ``blood_vaf``: N (1 - p) share v / (p C + N (1 - p)).

    >>> round(float(blood_fraction(0.5, 2, 0.2, 0.5)), 6)
    0.05
    """
    purity = np.asarray(purity, dtype=float)
    reads = np.asarray(normal_copies, dtype=float) * (1 - purity) * share * blood_vaf
    return _ratio(reads, purity, copy_number, normal_copies)


def biased(fraction: Any, bias: Any) -> Values:
    """Return the fraction that is seen if reads with the allele map less often.

    ``bias`` is what a heterozygous site shows over .5; 0 and 1 stay.

    >>> round(float(biased(0.5, 0.95)), 6), float(biased(1.0, 0.95))
    (0.475, 1.0)
    """
    fraction = np.asarray(fraction, dtype=float)
    half = np.asarray(bias, dtype=float) / 2
    odds = half / (1 - half)
    found: Values = fraction * odds / (fraction * odds + 1 - fraction)
    return found


def _ratio(reads: Any, purity: Any, copy_number: Any, normal_copies: Any) -> Values:
    copies = purity * copy_number + np.asarray(normal_copies, dtype=float) * (1 - purity)
    reads, copies = np.broadcast_arrays(np.asarray(reads, dtype=float), copies)
    found: Values = np.divide(reads, copies, out=np.full(copies.shape, np.nan), where=copies > 0)
    return found
