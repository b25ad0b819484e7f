"""Copy ratios of a pair, and the targets that could not be used."""

from __future__ import annotations

from dataclasses import dataclass

from tumorkit.genome.segment import CopyRatios


@dataclass(frozen=True, kw_only=True)
class NormalizeResult:
    """Copy ratios, with the targets left out and why.

    ``only_tumor`` and ``only_normal`` count targets that the other sample lacks, ``no_normal``
    those (almost) without reads in the normal, which say nothing about the tumour, ``unknown``
    those whose depth in the tumour is not known.
    """

    ratios: CopyRatios
    only_tumor: int
    only_normal: int
    no_normal: int
    unknown: int = 0
