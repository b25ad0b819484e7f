"""A hotspot of a laboratory's list: a place that is reported with or without a variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Report = Literal["hotspot", "indel", "region", "region_all"]
# Depth by contig (as ``standard`` names it) and 1-based position; what is not in it is unknown.
Depths = Mapping[tuple[str, int], float]


@dataclass(frozen=True, kw_only=True)
class Hotspot:
    """One row of a list: 1-based inclusive ends, and what the laboratory says of the place.

    ``contig`` is as ``standard`` names it. Every position of a ``hotspot`` or ``region_all`` is
    reported, of a ``region`` only those with a variant, of ``indel`` only insertions and deletions.
    """

    contig: str
    start: int
    end: int
    report: Report
    gene: str = ""
    coding: str = ""
    protein: str = ""
    comment: str = ""
    exon: str = ""
    transcript: str = ""

    @property
    def always(self) -> bool:
        """Whether a position without a variant is reported, too."""
        return self.report in ("hotspot", "region_all")
