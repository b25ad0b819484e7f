"""The place that somebody asks about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from tumorkit.errors import ParameterError
from tumorkit.genome.alleles import trimmed
from tumorkit.genome.contigs import standard
from tumorkit.genome.vcf import VcfRecord

_LOCUS = re.compile(
    r"(?P<contig>\S+?):(?P<pos>[\d,]+)(?:[: ](?P<ref>[ACGTN]+)[>:/](?P<alt>[ACGTN]+))?", re.I
)


@dataclass(frozen=True)
class Locus:
    """A contig, a position (1-based) and perhaps the alleles."""

    contig: str
    pos: int
    ref: str = ""
    alt: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``chr17:7675088`` or ``chr17:7675088:C>T``.

        >>> Locus.parse("chr17-7675088")
        Traceback (most recent call last):
            ...
        tumorkit.errors.ParameterError: 'chr17-7675088' is no locus
        """
        found = _LOCUS.fullmatch(text.strip())
        pos = int(found["pos"].replace(",", "") or 0) if found else 0
        if found is None or pos < 1:
            raise ParameterError(
                f"{text!r} is no locus", "write contig:position or contig:position:REF>ALT"
            )
        return cls(found["contig"], pos, (found["ref"] or "").upper(), (found["alt"] or "").upper())

    def on_contig(self, record: VcfRecord) -> bool:
        """Whether a record is on the contig, under any of its names."""
        return record.contig == self.contig or standard(record.contig) == standard(self.contig)

    def match(self, record: VcfRecord, alt: str) -> str:
        """Say how an allele of a record on the contig answers to the locus.

        ``asked``: it is the variant, in any spelling that trimming makes equal, or it stands at
        the position where no alleles were given; ``same site``: another change there;
        ``covers``: it begins before, but its REF reaches the position; else nothing.
        """
        here = record.pos == self.pos
        if self.ref:
            mine = trimmed(self.pos, self.ref, self.alt)
            if trimmed(record.pos, record.ref.upper(), alt.upper()) == mine:
                return "asked"
        elif here:
            return "asked"
        if here:
            return "same site"
        return "covers" if record.pos < self.pos < record.pos + len(record.ref) else ""

    def __str__(self) -> str:
        alleles = f":{self.ref}>{self.alt}" if self.ref else ""
        return f"{self.contig}:{self.pos}{alleles}"
