"""Columns of alleles straight from the bytes of a block; any unusual record the common way.

Every column equals that of :class:`AlleleColumns` on the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.vcf import FORMAT_COLUMN, VcfRecord, split_missing, to_float
from tumorkit.genome.vcf_block import ABSENT, NUMBER, OTHER, RecordBlock
from tumorkit.variants.asked import UNCOVERED
from tumorkit.variants.calls import CallReader
from tumorkit.variants.consequence import CALLER_LOOKUPS
from tumorkit.variants.counts import completed, quick_places
from tumorkit.variants.filter.evaluation import Column, Numbers
from tumorkit.variants.filter.evidence_columns import FittedCase
from tumorkit.variants.filter.expression import Field
from tumorkit.variants.filter.quantities import AlleleColumns, as_columns, to_number

# ClinVar's word first; then severity as VEP and SnpEff write it, and bcftools csq's terms that
# change a protein.
SEVERITY = (
    ("|pathogenic", "|Pathogenic", "|likely_pathogenic", "|Likely_pathogenic", "&pathogenic"),
    ("|HIGH|",),
    ("|MODERATE|", "BCSQ=missense", "BCSQ=stop", "BCSQ=frameshift", "BCSQ=splice_", "BCSQ=inframe"),
    ("|LOW|",),
)
UNUSUAL = (-1, -1, -1)


def columns_of(
    records: Sequence[VcfRecord], reader: CallReader, fitted: FittedCase | None = None
) -> AlleleColumns:
    """Return the columns of a block's alleles, by the shortest way."""
    if isinstance(records, RecordBlock):
        return BlockColumns(records, reader, fitted)
    return AlleleColumns(records, reader, fitted)


def severities(columns: AlleleColumns, chosen: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the severity of some alleles' records."""
    sites = columns.sites
    # All marks hold one of these; to look for few is quicker than to look for every mark.
    if isinstance(sites, RecordBlock) and not any(
        part in sites.content for part in (b"|", b"&pathogenic", b"BCSQ=")
    ):
        return np.full(chosen.size, len(SEVERITY), dtype=np.int64)
    found = [severity(columns.record(at)) for at in chosen.tolist()]
    return np.array(found, dtype=np.int64)


def severity(record: VcfRecord) -> int:
    """Return how severe a record's annotation is, 0 being the most; last without annotation."""
    line = record.line
    for rank, marks in enumerate(SEVERITY):
        if any(mark in line for mark in marks):
            return rank
    return len(SEVERITY)


class BlockColumns(AlleleColumns):
    """Columns of the alleles of a block that is bytes."""

    def __init__(
        self, block: RecordBlock, reader: CallReader, fitted: FittedCase | None = None
    ) -> None:
        super().__init__(block, reader, fitted)
        self.block = block
        self.__dict__["alternatives"] = block.alternatives

    def _reads(self, who: str) -> NDArray[np.float64]:
        sample = self.reader.roles.tumor if who == "tumor" else self.reader.roles.normal
        if sample is None:
            return super()._reads(who)
        codes, formats = self.block.grouped(FORMAT_COLUMN)
        known = [quick_places(text) or UNUSUAL for text in formats]
        places = np.array(known, dtype=np.int64).reshape(-1, 3)[codes]
        places[self.alternatives != 1] = UNUSUAL
        values, read = self.block.reads(self.reader.header.sample_columns[sample], places)
        rows = np.full((4, self.size), np.nan)
        rows[:, self.first[read]] = values[:, read]
        for at in np.nonzero(~read & (self.alternatives > 0))[0].tolist():
            found = as_columns(self.reader.sample_reads(self.block[at], sample), 4)
            start = int(self.first[at])
            rows[:, start : start + found.shape[1]] = found
        return completed(rows) if self.size else rows

    def _frequency(self, wanted: Callable[[str], bool]) -> Numbers:
        annotations = self.reader.annotations
        sources = annotations.sources(wanted)
        if sources.csq:
            return super()._frequency(wanted)
        highest = np.full(len(self.block), 0.0 if sources.has_table else np.nan)
        unusual = np.zeros(len(self.block), dtype=np.bool_)
        if sources.local and annotations.knows_uncovered:
            unusual |= self.block.tagged(UNCOVERED)[1] != ABSENT
        for key in sources.info:
            values, states = self.block.tagged(key)
            if key in CALLER_LOOKUPS:  # absence is a number there, or the scale is another
                unusual |= states != ABSENT
                continue
            plain = states == NUMBER
            highest[plain] = np.fmax(highest[plain], np.fmax(values[plain], 0.0) + 0.0)
            unusual |= states == OTHER
        found: Numbers = highest[self.owners]
        for allele in np.nonzero(unusual[self.owners])[0].tolist():
            record = self.record(allele)
            value = annotations.highest_frequency(record, self.at[allele], sources, None)
            found[allele] = to_number(value)
        return found

    def _caller_filter(self) -> list[tuple[str, ...] | None]:
        if self.reader.judged or self.reader.by_allele:
            return super()._caller_filter()
        codes, texts = self.block.grouped(6)
        names = [tuple(n for n in split_missing(text, ";") if n != "PASS") for text in texts]
        return [names[code] for code in codes[self.owners].tolist()]

    def _quality(self) -> Numbers:
        values, states = self.block.numbers(5)
        for at in np.nonzero(states == OTHER)[0].tolist():
            values[at] = to_number(to_float(self.block.text(at, 5)))
        return np.asarray(values[self.owners], dtype=np.float64)

    def _pos(self) -> Numbers:
        return np.asarray(self.block.numbers(1)[0][self.owners], dtype=np.float64)

    def _contig(self) -> list[str]:
        codes, texts = self.block.grouped(0)
        return [texts[code] for code in codes[self.owners].tolist()]

    def _raw(self, node: Field) -> Column:
        declared = self.reader.header.info.get(node.key) if node.source == "INFO" else None
        if (
            declared is None
            or node.index is not None
            or declared.type not in ("Integer", "Float")
            or declared.number != "1"
        ):
            return super()._raw(node)
        values, states = self.block.tagged(node.key)
        for at in np.nonzero(states == OTHER)[0].tolist():
            values[at] = to_number(to_float(self.block[at].info_text(node.key)))
        return Column("number", np.asarray(values[self.owners], dtype=np.float64))
