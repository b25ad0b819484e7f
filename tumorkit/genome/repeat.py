"""Microsatellites: places where a short unit is repeated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """A tract of ``repeats`` copies of ``unit`` from ``start`` (0-based) and what stands beside it.

    ``name`` is the list's own, if it has one.

    >>> bat = Repeat(contig="chr2", start=100, unit="A", repeats=26, left_flank="GGTAA",
    ...              right_flank="GGGTT")
    >>> bat.end, str(bat)
    (126, 'chr2:101 (A)26')
    """

    contig: str
    start: int
    unit: str
    repeats: int
    left_flank: str
    right_flank: str
    name: str = ""

    @property
    def end(self) -> int:
        """End of the tract, 0-based and exclusive."""
        return self.start + len(self.unit) * self.repeats

    def __str__(self) -> str:
        return f"{self.contig}:{self.start + 1} ({self.unit}){self.repeats}"
