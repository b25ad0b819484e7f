"""The alleles of a block of records: columns where all are asked, a variant where one is.

Both readings give the same: a column is read from the bytes of the block, a variant from its
record. What a column cannot say for certain of a record (several alternatives, another annotator)
it leaves to the variant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.variant import Variant
from tumorkit.genome.vcf import VcfRecord
from tumorkit.genome.vcf_block import ABSENT, NUMBER, RecordBlock
from tumorkit.variants.consequence import CALLER_LOOKUPS
from tumorkit.variants.filter.block_columns import columns_of
from tumorkit.variants.filter.evidence_columns import FittedCase
from tumorkit.variants.filter.expression import Name
from tumorkit.variants.filter.quantities import READS
from tumorkit.variants.lazy import NO_TEXT, LazyReader, LazyVariant, number

Rows = NDArray[np.intp]
NAMES = ("Consequence", "SYMBOL", "Gene", "MANE_SELECT", "MANE", "CANONICAL", "PICK")
TOOLS = ("CSQ", "ANN")
UNSURE = -1
# Between a power of ten by numpy and by Python lies less than this.
CLOSE = 1e-9


@dataclass(frozen=True)
class Entries:
    """The entries of the annotation of all records of a block.

    ``counts`` and ``starts`` are by record; ``codes`` has a row for each entry and a column for
    each of ``fields``; ``texts`` is what the codes stand for.
    """

    counts: NDArray[np.int64]
    starts: NDArray[np.int64]
    codes: NDArray[np.int64]
    fields: dict[str, int]
    texts: list[str]

    def flags(self, field: str, wanted: Sequence[bool]) -> NDArray[np.bool_]:
        """Return for each entry whether its text of a field is wanted, by code."""
        if field not in self.fields:
            return np.zeros(len(self.codes), dtype=np.bool_)
        found: NDArray[np.bool_] = np.array(wanted, dtype=np.bool_)[self.column(field)]
        return found

    def column(self, field: str) -> NDArray[np.int64]:
        """Return the codes of one field."""
        return self.codes[:, self.fields[field]]

    def number_of(self, flags: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many entries of each record are flagged."""
        total = np.concatenate(([0], np.cumsum(flags, dtype=np.int64)))
        found: NDArray[np.int64] = total[self.starts + self.counts] - total[self.starts]
        return found

    def first_of(self, flags: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the first flagged entry of each record; UNSURE where none is."""
        places = np.flatnonzero(flags)
        if not len(places):
            return np.full(len(self.counts), UNSURE, dtype=np.int64)
        after = np.searchsorted(places, self.starts)
        found = places[np.minimum(after, len(places) - 1)]
        there = (after < len(places)) & (found < self.starts + self.counts)
        return np.where(there, found, UNSURE)


class AlleleBlock:
    """Alleles of a block of records, each a row.

    ``fitted`` is what a first pass learned; with it P(somatic) is computed.
    """

    def __init__(
        self, records: Sequence[VcfRecord], lazy: LazyReader, fitted: FittedCase | None = None
    ) -> None:
        self.records = records
        self.lazy = lazy
        self.columns = columns_of(records, lazy.reader, fitted)
        self.fitted = fitted is not None
        self.bytes = records if isinstance(records, RecordBlock) else None
        self._variants: dict[int, LazyVariant] = {}

    def __len__(self) -> int:
        return self.columns.size

    def variant(self, row: int) -> LazyVariant:
        """Return one allele."""
        found = self._variants.get(row)
        if found is None:
            owner = int(self.columns.owners[row])
            record = self.records[owner]
            at = row - int(self.columns.first[owner])
            found = self._known(LazyVariant(self.lazy, record, at, record.alts[at]), row)
            self._variants[row] = found
        return found

    def by_record(self) -> Iterator[tuple[VcfRecord, list[LazyVariant]]]:
        """Yield every record with its alleles."""
        row = 0
        for record in self.records:
            alleles = self.lazy(record)
            for allele in alleles:
                self._known(allele, row)
                row += 1
            yield record, alleles

    def _known(self, variant: LazyVariant, row: int) -> LazyVariant:
        variant.know(self._read_lists, row, self._origin_list[row] if self.fitted else None)
        return variant

    @cached_property
    def reads(self) -> list[NDArray[np.float64]]:
        """Depth, reference and alternative depth, and fraction of the tumour; NaN is unknown."""
        return [
            np.asarray(self.columns.column(Name(f"tumor.{part}")).values, dtype=np.float64)
            for part in READS
        ]

    @cached_property
    def origins(self) -> NDArray[np.float64]:
        """P(somatic), where it is computed."""
        return np.asarray(self.columns.column(Name("p_somatic")).values, dtype=np.float64)

    @cached_property
    def _read_lists(self) -> list[list[float]]:
        return [column.tolist() for column in self.reads]

    @cached_property
    def _origin_list(self) -> list[float]:
        found: list[float] = self.origins.tolist()
        return found

    @cached_property
    def single(self) -> NDArray[np.bool_]:
        """Which alleles are the only one of a record that is bytes."""
        if self.bytes is None:
            return np.zeros(len(self), dtype=np.bool_)
        return np.asarray(self.columns.alternatives[self.columns.owners] == 1)

    def grouped(self, column: int) -> tuple[NDArray[np.int64], list[str]] | None:
        """Return the different texts of a column, and which each allele's record has."""
        if self.bytes is None:
            return None
        codes, texts = self.bytes.grouped(column)
        return codes[self.columns.owners], texts

    @cached_property
    def positions(self) -> NDArray[np.int64]:
        """POS of each allele of a block that is bytes."""
        assert self.bytes is not None
        return self.bytes.numbers(1)[0][self.columns.owners].astype(np.int64)

    @cached_property
    def kinds(self) -> tuple[NDArray[np.int64], list[str]] | None:
        """The kinds there are, and which each single allele has."""
        refs, alts = self.grouped(3), self.grouped(4)
        if refs is None or alts is None:
            return None
        pairs = refs[0] * len(alts[1]) + alts[0]
        different, codes = np.unique(pairs, return_inverse=True)
        known: dict[str, int] = {}
        kinds = []
        for pair in different.tolist():
            ref, alt = refs[1][pair // len(alts[1])], alts[1][pair % len(alts[1])]
            kind = Variant(contig="", pos=1, ref=ref, alt=alt).kind
            kinds.append(known.setdefault(kind, len(known)))
        return np.array(kinds, dtype=np.int64)[codes], list(known)

    @cached_property
    def entries(self) -> Entries | None:
        """The annotation's entries; None where only the variant tells."""
        annotations = self.lazy.annotations
        at = annotations.at
        if self.bytes is None or annotations.tool not in TOOLS or "Consequence" not in at:
            return None
        fields = {name: at[name] for name in NAMES if name in at}
        fields.update(annotations.csq_frequencies)
        places = sorted(set(fields.values()))
        counts, codes, texts = self.bytes.entries(annotations.tool, places)
        columns = {name: places.index(place) for name, place in fields.items()}
        return Entries(counts, np.cumsum(counts) - counts, codes, columns, texts)

    @cached_property
    def chosen(self) -> NDArray[np.int64]:
        """The entry of each record's transcript to report; UNSURE where only the variant tells.

        Certain are a single entry, and the only one that is MANE Select, canonical or picked.
        """
        entries = self.entries
        assert entries is not None
        alone = np.where(entries.counts == 1, entries.starts, UNSURE)
        if self.lazy.annotations.transcripts or not self.lazy.flags:
            return alone
        texts = entries.texts
        flagged = (
            entries.flags("MANE_SELECT", [text not in NO_TEXT for text in texts])
            | entries.flags("MANE", ["Select" in text for text in texts])
            | entries.flags("CANONICAL", [text == "YES" for text in texts])
            | entries.flags("PICK", [text == "1" for text in texts])
        )
        only = entries.number_of(flagged) == 1
        return np.where(only, entries.first_of(flagged), alone)

    @cached_property
    def frequency_values(self) -> NDArray[np.float64]:
        """The frequency that each text of the entries stands for; NaN is none."""
        entries = self.entries
        assert entries is not None
        values = np.full(len(entries.texts), np.nan)
        columns = [entries.fields[name] for name, _ in self.lazy.annotations.csq_frequencies]
        for code in np.unique(entries.codes[:, columns]).tolist():
            text = entries.texts[code]
            found = None if text in NO_TEXT else number(text)
            values[code] = np.nan if found is None else found
        return values

    def info_above(self, key: str, limit: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which alleles' INFO source lies above a limit, and of which that is not certain.

        The source is a population frequency that stands in INFO, as
        :meth:`Annotations.frequencies` reads it.
        """
        assert self.bytes is not None
        annotations = self.lazy.annotations
        values, states = self.bytes.tagged(key)
        values, states = values[self.columns.owners], states[self.columns.owners]
        plain = states == NUMBER
        unsure = ~plain & (states != ABSENT)
        if key in CALLER_LOOKUPS:
            if not annotations.mutect_had_resource:
                return np.zeros(len(self), dtype=np.bool_), np.zeros(len(self), dtype=np.bool_)
            # What stands for an absent allele is told by its text, and lies below such limits.
            if limit < 2e-6:
                unsure |= plain
            if key == "POPAF" and annotations.popaf_is_log:
                with np.errstate(over="ignore"):
                    values = np.where(plain, 10.0 ** -np.where(plain, values, 0.0), np.nan)
                unsure |= plain & (np.abs(values - limit) <= CLOSE * limit)
        return plain & ~unsure & (values > limit), unsure
