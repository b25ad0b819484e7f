"""A transcript's exons and coding part, and where a position lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class TranscriptModel:
    """A coding transcript: exons in genome order, coding part with the stop codon.

    Positions are 0-based half-open; exons are numbered from 1 in the order of transcription.

    >>> model = TranscriptModel(name="T1", gene="G", contig="chr1", strand="-",
    ...     exons=((100, 200), (300, 360)), coding=(150, 340))
    >>> model.exon_at(310), model.exon_at(150), model.exon_at(250)
    (1, 2, None)
    >>> model.coding_position(340), model.coding_length
    (1, 90)
    """

    name: str
    gene: str
    contig: str
    strand: str
    exons: tuple[Span, ...]
    coding: Span

    @cached_property
    def ordered(self) -> tuple[Span, ...]:
        """Exons in the order of transcription."""
        return self.exons if self.strand != "-" else self.exons[::-1]

    def coding_part(self, exon: int) -> int:
        """Return how many coding bases an exon has."""
        start, end = self.ordered[exon - 1]
        return max(0, min(end, self.coding[1]) - max(start, self.coding[0]))

    @cached_property
    def coding_length(self) -> int:
        """Length of the coding part in bases, with the stop codon."""
        return sum(self.coding_part(exon + 1) for exon in range(len(self.exons)))

    @property
    def residues(self) -> int:
        """Residues of the protein."""
        return max(0, self.coding_length // 3 - 1)

    def exon_at(self, pos: int) -> int | None:
        """Return the exon of a 1-based position, None between exons."""
        for number, (start, end) in enumerate(self.ordered, 1):
            if start < pos <= end:
                return number
        return None

    def coding_position(self, pos: int) -> int | None:
        """Return the 1-based place of a 1-based position in the coding part, None outside."""
        if not self.coding[0] < pos <= self.coding[1]:
            return None
        before = 0
        for number, (start, end) in enumerate(self.ordered, 1):
            if start < pos <= end:
                low, high = max(start, self.coding[0]), min(end, self.coding[1])
                return before + (pos - low if self.strand != "-" else high - pos + 1)
            before += self.coding_part(number)
        return None

    @cached_property
    def last_junction(self) -> int:
        """Coding bases before the last exon-exon junction.

        Junctions behind the stop codon count the bases of the exons between; one exon has none (0).
        """
        if len(self.exons) < 2:
            return 0
        before = 0
        for start, end in self.ordered[:-1]:
            if self.strand != "-":
                before += max(0, end - max(start, self.coding[0]))
            else:
                before += max(0, min(end, self.coding[1]) - start)
        return before

    def coding_start(self, exon: int) -> int:
        """Return how many coding bases lie before an exon."""
        return sum(self.coding_part(number) for number in range(1, exon))
