"""A variant that reads its record only where it is asked.

Most records of an exome fail the first rule that they meet; reading all their counts, frequencies
and annotations first would be most of the work.
"""

from __future__ import annotations

from functools import cached_property

from tumorkit.genome.variant import (
    AlleleCounts,
    Consequence,
    PopulationFrequency,
    Variant,
)
from tumorkit.genome.vcf import MISSING, VcfRecord
from tumorkit.variants.calls import CallReader, counts
from tumorkit.variants.counts import UNKNOWN_STRANDS

# What a rule or a table asks of a block; HGVS names are left out.
ASKED = (
    "Consequence", "SYMBOL", "Gene", "Feature", "IMPACT", "BIOTYPE", "CANONICAL", "MANE_SELECT",
    "MANE", "PICK",
)  # fmt: skip
CACHED_BLOCKS = 50_000


class LazyReader:
    """Makes lazy variants of the records of one file, and keeps the blocks that recur.

    A transcript carries the same few consequences again and again, so a block's value is made
    once.
    """

    def __init__(self, reader: CallReader) -> None:
        self.reader = reader
        self.annotations = reader.annotations
        self.asked = [self.annotations.at.get(name) for name in ASKED]
        # A block is split no further than the last field that is asked for.
        self.splits = max((at for at in self.asked if at is not None), default=-1) + 1
        self.known: dict[tuple[str, ...], Consequence] = {}

    def __call__(self, record: VcfRecord) -> list[LazyVariant]:
        """Return one variant per alternative allele of a record."""
        return [LazyVariant(self, record, at, alt) for at, alt in enumerate(record.alts)]

    def consequences(self, record: VcfRecord, at: int) -> tuple[Consequence, ...] | None:
        """Return what the annotation says of one alternative, without HGVS names and exons."""
        annotations = self.annotations
        if annotations.tool not in ("CSQ", "ANN"):
            return annotations.consequences(record, at)
        if "," in record.columns[4]:
            entries = annotations.entries_of(record, at)
            return None if entries is None else tuple(self.block(entry) for entry in entries)
        text = record.info_text(annotations.tool)
        if not text:
            return ()
        return tuple(self.block(entry.split("|", self.splits)) for entry in text.split(","))

    def block(self, entry: list[str]) -> Consequence:
        """Return the value of a block."""
        size = len(entry)
        key = tuple(
            entry[at] if at is not None and at < size and entry[at] != MISSING else ""
            for at in self.asked
        )
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= CACHED_BLOCKS:
                self.known.clear()
            found = self.known[key] = consequence_of(key)
        return found


def consequence_of(values: tuple[str, ...]) -> Consequence:
    """Return a consequence from the values of the fields in ``ASKED``."""
    terms, symbol, gene, feature, impact, biotype, canonical, mane_select, mane, pick = values
    return Consequence(
        terms=tuple(terms.split("&")) if terms else (),
        gene=symbol or gene,
        transcript=feature,
        impact=impact,
        biotype=biotype,
        canonical=canonical == "YES",
        mane_select=bool(mane_select) or "Select" in mane,
        picked=pick == "1",
    )


class LazyVariant(Variant):
    """One alternative allele of a record, equal to what :class:`CallReader` makes of it.

    Reads by strand and HGVS names are left unknown; ``ids`` holds VEP's Existing_variation too.
    """

    # The fields of the frozen base become values that are computed once, on first use.
    _lazy: LazyReader
    _reader: CallReader
    _record: VcfRecord
    _at: int

    def __init__(self, lazy: LazyReader, record: VcfRecord, at: int, alt: str) -> None:
        columns = record.columns
        self.__dict__.update(
            _lazy=lazy,
            _reader=lazy.reader,
            _record=record,
            _at=at,
            contig=columns[0],
            pos=record.pos,
            ref=columns[3],
            alt=alt,
        )

    @cached_property
    def tumor(self) -> AlleleCounts:
        """Reads of the tumour."""
        return counts(self._reader.tumor_reads(self._record)[self._at], UNKNOWN_STRANDS)

    @cached_property
    def normal(self) -> AlleleCounts | None:
        """Reads of the normal, None without one."""
        reads = self._reader.normal_reads(self._record)
        return counts(reads[self._at], UNKNOWN_STRANDS) if reads else None

    @cached_property
    def filters(self) -> tuple[str, ...]:
        """The caller's filters."""
        return self._reader.allele_filters(self._record)[self._at]

    @cached_property
    def quality(self) -> float | None:
        """QUAL."""
        return self._record.quality

    @cached_property
    def frequencies(self) -> dict[str, PopulationFrequency]:
        """Population frequencies by source."""
        return self._reader.annotations.frequencies(self._record, self._at)

    @cached_property
    def consequences(self) -> tuple[Consequence, ...] | None:
        """What the annotation says."""
        return self._lazy.consequences(self._record, self._at)

    @cached_property
    def callers(self) -> tuple[str, ...]:
        """Callers that found it."""
        return self._reader.callers(self._record)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Identifiers: the ID column's, and VEP's Existing_variation."""
        annotations, record = self._reader.annotations, self._record
        index = annotations.at.get("Existing_variation")
        if index is None:
            return record.ids
        entries = annotations.entries_of(record, self._at) or ()
        names = [name for e in entries if index < len(e) for name in e[index].split("&")]
        return tuple(dict.fromkeys((*record.ids, *(n for n in names if n not in ("", ".")))))

    @cached_property
    def hotspot(self) -> bool | None:
        """Whether it is a known hotspot."""
        return self._reader.hotspot(self._record)

    @cached_property
    def info(self) -> dict[str, str]:
        """INFO as text."""
        return self._record.info
