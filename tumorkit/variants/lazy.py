"""A variant that reads its record only where it is asked.

Most records of an exome fail the first rule that they meet; reading all their counts, frequencies
and annotations first would be most of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite, isnan
from typing import Any, Generic, TypeVar

from tumorkit.genome.variant import (
    AlleleCounts,
    Consequence,
    PopulationFrequency,
    Variant,
)
from tumorkit.genome.vcf import MISSING, VcfRecord
from tumorkit.variants.calls import CallReader, counts
from tumorkit.variants.consequence import highest
from tumorkit.variants.transcripts import NO_LIST, TranscriptList, choose_consequence

# What a rule or a table asks of a block; HGVS names and exons are left out.
ASKED = (
    "Consequence", "SYMBOL", "Gene", "Feature", "IMPACT", "BIOTYPE", "CANONICAL", "MANE_SELECT",
    "MANE", "PICK",
)  # fmt: skip
FLAGS = ("MANE_SELECT", "MANE", "CANONICAL", "PICK")
CACHED_BLOCKS = 10_000
PASSED = ("PASS",)
NO_TEXT = {"", MISSING}
NOT_ASKED: tuple[str, tuple[Consequence, ...] | None] = ("", None)
ABSENT = PopulationFrequency(declared=True)


Value = TypeVar("Value")


class Once(Generic[Value]):
    """A value that is computed on first use and kept; ``functools.cached_property`` locks."""

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.compute = compute
        self.name = compute.__name__

    def __get__(self, owner: Any, kind: type | None = None) -> Value:
        value = owner.__dict__[self.name] = self.compute(owner)
        return value


class LazyReader:
    """Makes lazy variants of the records of one file."""

    def __init__(self, reader: CallReader) -> None:
        self.reader = reader
        self.annotations = reader.annotations
        at = self.annotations.at
        # A block is split no further than the last field that is asked for.
        self.fields = {name: at[name] for name in ASKED if name in at}
        self.splits = max(self.fields.values(), default=-1) + 1
        self.flags = [at[name] for name in FLAGS if name in at]
        self.terms = at.get("Consequence", 0)
        symbol = at.get("SYMBOL", at.get("Gene", self.terms))
        self.names = (symbol, at.get("Gene", symbol))
        self.term_splits = max((self.terms, *self.names)) + 1
        self.frequency_splits = max((i for _, i in self.annotations.csq_frequencies), default=0) + 1
        self.filters_by_allele = reader.by_allele or reader.judged
        self.by_gene: dict[tuple[str, str], Consequence] = {}

    def __call__(self, record: VcfRecord) -> list[LazyVariant]:
        """Return one variant per alternative allele of a record."""
        alt = record.columns[4]
        if "," not in alt and alt not in (MISSING, ""):
            return [LazyVariant(self, record, 0, alt)]
        return [LazyVariant(self, record, at, alt) for at, alt in enumerate(record.alts)]

    def entries(self, record: VcfRecord) -> list[str] | None:
        """Return the blocks of a record as text; None where only the eager way tells alleles."""
        tool = self.annotations.tool
        if tool not in ("CSQ", "ANN") or "," in record.columns[4]:
            return None
        text = record.info_text(tool)
        return text.split(",") if text else []

    def blocks(self, record: VcfRecord, at: int, transcript: str) -> tuple[Consequence, ...] | None:
        """Return the blocks that are asked: ``first``, ``chosen``, or ``any``.

        With ``any`` each pair of gene and consequences stands once, without its transcript.
        """
        entries = self.entries(record)
        listed = self.annotations.transcripts
        if entries is None or (
            len(entries) > 1 and transcript == "chosen" and (listed or not self.flags)
        ):
            whole = self.annotations.consequences(record, at)
            return whole if whole is None else asked_of(whole, transcript, listed)
        if transcript == "any":
            return self.distinct(entries)
        if transcript == "first" or len(entries) <= 1:
            return tuple(self.block(entry.split("|", self.splits)) for entry in entries[:1])
        flagged = []
        for entry in entries:
            fields = entry.split("|", self.splits)
            if any(fields[at] not in ("", MISSING) for at in self.flags if at < len(fields)):
                block = self.block(fields)
                if block.mane_select or block.canonical or block.picked:
                    flagged.append(block)
        if not flagged:
            flagged = [self.block(entry.split("|", self.splits)) for entry in entries]
        return asked_of(tuple(flagged), "chosen")

    def distinct(self, entries: list[str]) -> tuple[Consequence, ...]:
        """Return each pair of gene and consequences once."""
        known, found = self.by_gene, {}
        terms, splits, (name, other) = self.terms, self.term_splits, self.names
        for entry in entries:
            fields = entry.split("|", splits)
            key = (fields[terms], fields[name] or fields[other])
            if key in found:
                continue
            block = known.get(key)
            if block is None:
                if len(known) >= CACHED_BLOCKS:
                    known.clear()
                block = known[key] = Consequence(terms=tuple(key[0].split("&")), gene=key[1])
            found[key] = block
        return tuple(found.values())

    def block(self, fields: list[str]) -> Consequence:
        """Return the value of a block that was split."""
        size = len(fields)
        get = {
            name: "" if at >= size or fields[at] == MISSING else fields[at]
            for name, at in self.fields.items()
        }.get
        terms = get("Consequence", "")
        return Consequence(
            terms=tuple(terms.split("&")) if terms else (),
            gene=get("SYMBOL") or get("Gene", ""),
            transcript=get("Feature", ""),
            impact=get("IMPACT", ""),
            biotype=get("BIOTYPE", ""),
            canonical=get("CANONICAL") == "YES",
            mane_select=bool(get("MANE_SELECT")) or "Select" in get("MANE", ""),
            picked=get("PICK") == "1",
        )

    def highest_frequency(self, record: VcfRecord, at: int) -> float | None:
        """Return the highest frequency of all sources in the first block; None if there is none."""
        annotations = self.annotations
        entries = self.entries(record)
        if entries is None:
            known = [item.value for item in annotations.frequencies(record, at).values()]
            return max((value for value in known if value is not None), default=None)
        found = None
        if entries:
            fields = entries[0].split("|", self.frequency_splits)
            indices = (index for _, index in annotations.csq_frequencies if index < len(fields))
            found = highest_of({fields[index] for index in indices} - NO_TEXT).value
        for key in annotations.info_frequencies:
            text = record.info_text(key)
            if text is None:  # no number, whether or not the source was asked
                continue
            value = annotations._info_frequency(record, key, at, text).value
            if value is not None and (found is None or value > found):
                found = value
        return found

    def frequencies(self, record: VcfRecord, at: int) -> dict[str, PopulationFrequency]:
        """Return the population frequencies of one alternative by source."""
        annotations = self.annotations
        entries = self.entries(record)
        if entries is None or not annotations.csq_frequencies:
            return annotations.frequencies(record, at)
        split = [entry.split("|", self.frequency_splits) for entry in entries]
        found = {}
        for name, index in annotations.csq_frequencies:
            # VEP repeats an allele's frequency in every block, so few texts differ.
            texts = {fields[index] for fields in split if index < len(fields)}
            found[name] = ABSENT if texts <= NO_TEXT else highest_of(texts)
        for key in annotations.info_frequencies:
            name = f"INFO/{key}" if key in found else key
            found[name] = annotations._info_frequency(record, key, at, record.info_text(key))
        return found


class LazyVariant(Variant):
    """One alternative allele of a record, equal to what :class:`CallReader` makes of it.

    Reads by strand or orientation, qualities and HGVS names are left unknown; ``ids`` holds
    VEP's Existing_variation too.
    """

    # The fields of the frozen base become values that are computed once, on first use.
    _lazy: LazyReader
    _reader: CallReader
    _record: VcfRecord
    _at: int
    _asked: tuple[str, tuple[Consequence, ...] | None]
    _reads: Sequence[Sequence[float]] | None
    _row: int

    def __init__(self, lazy: LazyReader, record: VcfRecord, at: int, alt: str) -> None:
        fields = self.__dict__
        fields["_lazy"] = lazy
        fields["_reader"] = lazy.reader
        fields["_record"] = record
        fields["_at"] = at
        fields["_asked"] = NOT_ASKED
        fields["_reads"] = None
        fields["contig"], _, _, fields["ref"] = record.columns[:4]
        fields["pos"] = record.pos
        fields["alt"] = alt

    def know(
        self, reads: Sequence[Sequence[float]], row: int, p_somatic: float | None = None
    ) -> None:
        """Take what was computed for a whole block: rows of depth, reference, alternative, VAF.

        ``p_somatic`` takes the place of what INFO says, NaN being unknown; None leaves that.
        """
        fields = self.__dict__
        fields["_reads"], fields["_row"] = reads, row
        if p_somatic is not None:
            fields["p_somatic"] = None if isnan(p_somatic) else p_somatic

    def tumor_part(self, part: int) -> float | None:
        """Return depth (0), alternative depth (2) or fraction (3) without making a noun of it."""
        if self._reads is None:
            counts = self.tumor
            return (counts.depth, counts.ref_depth, counts.alt_depth, counts.vaf)[part]
        value = self._reads[part][self._row]
        return None if isnan(value) else value

    @Once
    def tumor(self) -> AlleleCounts:
        """Reads of the tumour."""
        if self._reads is not None:
            depth, ref_depth, alt_depth, vaf = (column[self._row] for column in self._reads)
            return AlleleCounts(
                depth=whole(depth),
                ref_depth=whole(ref_depth),
                alt_depth=whole(alt_depth),
                vaf=None if isnan(vaf) else vaf,
            )
        return counts(self._reader.tumor_reads(self._record)[self._at])

    @Once
    def normal(self) -> AlleleCounts | None:
        """Reads of the normal, None without one."""
        reads = self._reader.normal_reads(self._record)
        return counts(reads[self._at]) if reads else None

    @Once
    def filters(self) -> tuple[str, ...]:
        """The caller's filters."""
        if not self._lazy.filters_by_allele:
            return PASSED if self._record.columns[6] == "PASS" else self._record.filters
        return self._reader.allele_filters(self._record)[self._at]

    @Once
    def quality(self) -> float | None:
        """QUAL."""
        return self._record.quality

    @Once
    def frequencies(self) -> dict[str, PopulationFrequency]:
        """Population frequencies by source."""
        return self._lazy.frequencies(self._record, self._at)

    @Once
    def consequences(self) -> tuple[Consequence, ...] | None:
        """What the annotation says."""
        return self._lazy.annotations.consequences(self._record, self._at)

    def blocks(self, transcript: str) -> tuple[Consequence, ...] | None:
        """Return the annotation blocks that are asked, see :meth:`LazyReader.blocks`."""
        if self._asked[0] != transcript:
            found = self._lazy.blocks(self._record, self._at, transcript)
            self.__dict__["_asked"] = (transcript, found)
        return self._asked[1]

    @property
    def highest_frequency(self) -> float | None:
        """Highest population frequency, None where no source has the allele."""
        return self._lazy.highest_frequency(self._record, self._at)

    @Once
    def callers(self) -> tuple[str, ...]:
        """Callers that found it."""
        return self._reader.callers(self._record)

    @Once
    def status(self) -> str | None:
        """What the caller says it is."""
        return self._reader.caller_status(self._record)

    @Once
    def ids(self) -> tuple[str, ...]:
        """Identifiers: the ID column's, and VEP's Existing_variation."""
        annotations, record = self._reader.annotations, self._record
        index = annotations.at.get("Existing_variation")
        if index is None:
            return record.ids
        entries = annotations.entries_of(record, self._at) or ()
        names = [name for e in entries if index < len(e) for name in e[index].split("&")]
        return tuple(dict.fromkeys((*record.ids, *(n for n in names if n not in ("", ".")))))

    @Once
    def hotspot(self) -> bool | None:
        """Whether it is a known hotspot."""
        return self._reader.hotspot(self._record, self._at)

    @Once
    def p_somatic(self) -> float | None:
        """P of a somatic variant, where somebody computed it."""
        return self._reader.p_somatic(self._record, self._at)

    @Once
    def info(self) -> dict[str, str]:
        """INFO as text."""
        return self._record.info


def whole(value: float) -> int | None:
    """Return a count; NaN is unknown."""
    return None if isnan(value) else int(value)


def highest_of(texts: set[str]) -> PopulationFrequency:
    """Return the highest frequency of several texts."""
    values = [value for value in map(number, texts) if value is not None]
    return PopulationFrequency(declared=True, value=max(values, default=None))


def number(text: str) -> float | None:
    """Return a field's number, the highest where it holds several."""
    try:
        value = float(text)
    except ValueError:
        return highest(text)
    return value if isfinite(value) else None


def asked_of(
    blocks: tuple[Consequence, ...], transcript: str, listed: TranscriptList = NO_LIST
) -> tuple[Consequence, ...]:
    """Return the blocks that ``first``, ``chosen`` or ``any`` stands for."""
    if transcript == "any" or len(blocks) <= 1:
        return blocks
    if transcript == "first":
        return blocks[:1]
    chosen = choose_consequence(blocks, listed)
    return () if chosen is None else (chosen,)
