"""What a filter may ask about an allele, and where a file's answers come from."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.genome.variant import Variant
from tumorkit.genome.vcf import VcfRecord, to_float
from tumorkit.variants.calls import CallReader
from tumorkit.variants.counts import Reads, read_columns
from tumorkit.variants.filter.evaluation import FALSE, TRUE, UNKNOWN, Column, Kind, Numbers
from tumorkit.variants.filter.evidence_columns import EvidenceColumns, FittedCase
from tumorkit.variants.filter.evidence_names import EVIDENCE
from tumorkit.variants.filter.expression import Field, Name

READS = ("depth", "ref_depth", "alt_depth", "vaf")
PREPARATION = ("material", "library", "reads")
STRANDS = ("ref_forward", "ref_reverse", "alt_forward", "alt_reverse")
ORIENTATIONS = ("ref_f1r2", "ref_f2r1", "alt_f1r2", "alt_f2r1")
QUALITIES = ("base_quality", "ref_base_quality", "mapping_quality", "ref_mapping_quality")

BASES = frozenset("ACGT")


@dataclass(frozen=True)
class Quantity:
    """A harmonised name: its kind, unit and meaning."""

    kind: Kind
    text: str
    unit: str = ""


def _of_sample(who: str, said: str) -> dict[str, Quantity]:
    return {
        f"{who}.depth": Quantity("number", f"Read depth of {said}.", "reads"),
        f"{who}.ref_depth": Quantity("number", f"Reference reads of {said}.", "reads"),
        f"{who}.alt_depth": Quantity("number", f"Reads of {said} with the change.", "reads"),
        f"{who}.vaf": Quantity("number", f"Variant allele fraction in {said}.", "fraction"),
        f"{who}.ref_forward": Quantity("number", f"Forward reference reads of {said}.", "reads"),
        f"{who}.ref_reverse": Quantity("number", f"Reverse reference reads of {said}.", "reads"),
        f"{who}.alt_forward": Quantity("number", f"Forward reads of {said} with it.", "reads"),
        f"{who}.alt_reverse": Quantity("number", f"Reverse reads of {said} with it.", "reads"),
        f"{who}.ref_f1r2": Quantity("number", f"F1R2 reference pairs of {said}.", "reads"),
        f"{who}.ref_f2r1": Quantity("number", f"F2R1 reference pairs of {said}.", "reads"),
        f"{who}.alt_f1r2": Quantity("number", f"F1R2 pairs of {said} with the change.", "reads"),
        f"{who}.alt_f2r1": Quantity("number", f"F2R1 pairs of {said} with the change.", "reads"),
        f"{who}.base_quality": Quantity(
            "number", f"Base quality of the reads of {said} with the change.", "phred"
        ),
        f"{who}.ref_base_quality": Quantity(
            "number", f"Base quality of the reference reads of {said}.", "phred"
        ),
        f"{who}.mapping_quality": Quantity(
            "number",
            f"Mapping quality of the reads of {said} with the change, or of the site.",
            "phred",
        ),
        f"{who}.ref_mapping_quality": Quantity(
            "number", f"Mapping quality of the reference reads of {said}.", "phred"
        ),
    }


QUANTITIES: dict[str, Quantity] = {
    **_of_sample("tumor", "the tumour"),
    **_of_sample("normal", "the matched normal"),
    "population_af": Quantity("number", "Highest frequency of all population sources.", "fraction"),
    "gnomad_af": Quantity("number", "Highest overall gnomAD frequency.", "fraction"),
    "gnomad_popmax": Quantity(
        "number",
        "Highest frequency in gnomAD or any of its populations (VEP's MAX_AF too).",
        "fraction",
    ),
    "gene": Quantity("text", "Gene of the reported transcript."),
    "consequence": Quantity("set", "Sequence Ontology terms of the reported transcript."),
    "impact": Quantity("text", "Impact of the reported transcript: HIGH to MODIFIER."),
    "biotype": Quantity("text", "Biotype of the reported transcript."),
    "transcript": Quantity("text", "The reported transcript."),
    "hotspot": Quantity("logic", "Whether the annotation lists the change as a hotspot."),
    "regions": Quantity("set", "Labels of the regions that it touches (variants annotate)."),
    "callers": Quantity("set", "Callers that found the change."),
    "caller_status": Quantity(
        "text",
        "What the caller says the change is: somatic, likely_somatic, germline, likely_germline, "
        "loh, likely_loh, reference or unknown.",
    ),
    "caller_filter": Quantity("set", "Filters that the caller set on this allele; PASS is none."),
    "ids": Quantity("set", "Identifiers of the ID column and VEP's Existing_variation."),
    "kind": Quantity("text", "snv, mnv, insertion, deletion, complex or symbolic."),
    "quality": Quantity("number", "QUAL."),
    "contig": Quantity("text", "Contig."),
    "pos": Quantity("number", "Position.", "1-based"),
    "tier": Quantity("text", "Tier of the allele, by the specification."),
    "tumor_only": Quantity("logic", "Whether there is no matched normal."),
    **{name: Quantity(item.kind, item.text) for name, item in EVIDENCE.items()},
    "material": Quantity("text", "Material, if it was said: ffpe, cfdna and so on."),
    "library": Quantity("text", "Library, if it was said: capture, amplicon or wgs."),
    "reads": Quantity("text", "Reads, if it was said: raw or consensus."),
}


class AlleleColumns:
    """Columns of the alleles of a block of records, each read when it is first asked for."""

    def __init__(
        self,
        records: Sequence[VcfRecord],
        reader: CallReader,
        fitted: FittedCase | None = None,
    ) -> None:
        self.reader = reader
        self.sites = records
        self.evidence = EvidenceColumns(self, fitted) if fitted else None
        self._cache: dict[Name | Field, Column] = {}

    @cached_property
    def alternatives(self) -> NDArray[np.int64]:
        """Number of alternative alleles of each record."""
        return np.array([len(record.alts) for record in self.sites], dtype=np.int64)

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """Where the alleles of each record begin."""
        return np.asarray(np.cumsum(self.alternatives) - self.alternatives, dtype=np.int64)

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The record of each allele, as an index into the block."""
        return np.repeat(np.arange(len(self.alternatives), dtype=np.int64), self.alternatives)

    @cached_property
    def records(self) -> list[VcfRecord]:
        """The record of each allele."""
        sites = list(self.sites)
        return [sites[owner] for owner in self.owners.tolist()]

    @cached_property
    def at(self) -> list[int]:
        """Which alternative of its record each allele is."""
        places: list[int] = (np.arange(self.size) - self.first[self.owners]).tolist()
        return places

    @property
    def size(self) -> int:
        """Number of alleles."""
        return len(self.owners)

    def record(self, allele: int) -> VcfRecord:
        """Return the record of one allele."""
        return self.sites[int(self.owners[allele])]

    def put(self, name: str, column: Column) -> None:
        """Give a column from outside: the tier."""
        self._cache[Name(name)] = column

    def column(self, node: Name | Field) -> Column:
        """Return the column of a quantity or a raw field."""
        found = self._cache.get(node)
        if found is None:
            found = self._raw(node) if isinstance(node, Field) else self._quantity(node.name)
            self._cache[node] = found
        return found

    def _quantity(self, name: str) -> Column:
        if name in EVIDENCE:
            return self._computed(name)
        who, _, part = name.partition(".")
        for parts, read in (
            (READS, self._reads),
            (STRANDS, self._strands),
            (ORIENTATIONS, self._orientations),
            (QUALITIES, self._qualities),
        ):
            if part in parts:
                for key, values in zip(parts, read(who), strict=True):
                    self._cache[Name(f"{who}.{key}")] = Column("number", values)
                return self._cache[Name(name)]
        if name in PREPARATION:  # the judge puts what was said in its place
            return Column("text", [None] * self.size)
        values = getattr(self, f"_{name}")()
        asked = self.reader.asked_regions if name == "regions" else None
        return Column(QUANTITIES[name].kind, values, asked=asked)

    def _computed(self, name: str) -> Column:
        if self.evidence is not None:
            return self.evidence.column(name)
        found = self._raw(Field("INFO", EVIDENCE[name].tag))
        if EVIDENCE[name].kind == "number" and found.kind != "number":  # the tag is not declared
            return Column("number", np.full(self.size, math.nan))
        return found

    def _reads(self, who: str) -> NDArray[np.float64]:
        sample = self.reader.roles.tumor if who == "tumor" else self.reader.roles.normal
        if sample is not None:
            column = self.reader.header.sample_columns[sample]
            return read_columns(
                self.sites, column, lambda record: self.reader.sample_reads(record, sample)
            )
        read = self.reader.tumor_reads if who == "tumor" else self.reader.normal_reads
        rows: list[Reads] = []
        for record in self.sites:
            found = read(record)
            rows += [Reads()] * len(record.alts) if found is None else found
        return as_columns(rows, len(READS))

    def _strands(self, who: str) -> NDArray[np.float64]:
        sample = self.reader.roles.tumor if who == "tumor" else self.reader.roles.normal
        rows: list[Any] = []
        for record in self.sites:
            rows += self.reader.strands(record, sample)
        return as_columns(rows, len(STRANDS))

    def _orientations(self, who: str) -> NDArray[np.float64]:
        sample = self.reader.roles.tumor if who == "tumor" else self.reader.roles.normal
        rows: list[Any] = []
        for record in self.sites:
            rows += self.reader.orientations(record, sample)
        return as_columns(rows, len(ORIENTATIONS))

    def _qualities(self, who: str) -> NDArray[np.float64]:
        reader, tumor = self.reader, who == "tumor"
        sample = reader.roles.tumor if tumor else reader.roles.normal
        read = reader.tumor_reads if tumor else reader.normal_reads
        rows: list[Any] = []
        for record in self.sites:
            reads = read(record) or [Reads()] * len(record.alts)
            rows += reader.qualities(record, sample, reads, tumor=tumor)
        return as_columns(rows, len(QUALITIES))

    @cached_property
    def _entries(self) -> list[list[list[str]] | None]:
        """The annotation's entries for each allele."""
        entries_of = self.reader.annotations.entries_of
        return [entries_of(record, at) for record, at in zip(self.records, self.at, strict=True)]

    @cached_property
    def _chosen(self) -> list[list[str] | None]:
        """The entry of the reported transcript; empty where there is none, None if unknown."""
        choose = self.reader.annotations.choose
        return [choose(entries) for entries in self._entries]

    def annotated(self, field: str) -> list[str | None]:
        """Return one field of the reported transcript's entry; nothing is an empty text."""
        index = self.reader.annotations.at.get(field)
        if index is None:
            return [None] * self.size
        return [
            None if entry is None else entry[index] if index < len(entry) else ""
            for entry in self._chosen
        ]

    def _gene(self) -> list[str | None]:
        return self.annotated("SYMBOL")

    def _impact(self) -> list[str | None]:
        return self.annotated("IMPACT")

    def _biotype(self) -> list[str | None]:
        return self.annotated("BIOTYPE")

    def _transcript(self) -> list[str | None]:
        name = self.reader.annotations.transcript
        return [None if entry is None else name(entry) for entry in self._chosen]

    def _consequence(self) -> list[tuple[str, ...] | None]:
        terms = self.reader.annotations.terms
        return [None if text is None else terms(text) for text in self.annotated("Consequence")]

    def _ids(self) -> list[tuple[str, ...] | None]:
        existing = self.annotated("Existing_variation")
        return [
            record.ids + (tuple(text.split("&")) if text else ())
            for record, text in zip(self.records, existing, strict=True)
        ]

    def _population_af(self) -> Numbers:
        return self._frequency(lambda name: True)

    def _gnomad_af(self) -> Numbers:
        return self._frequency(is_overall_gnomad)

    def _gnomad_popmax(self) -> Numbers:
        return self._frequency(is_gnomad)

    def _frequency(self, wanted: Callable[[str], bool]) -> Numbers:
        """Return the highest frequency; absent from all sources counts as 0."""
        highest = self.reader.annotations.highest_frequency
        sources = self.reader.annotations.sources(wanted)
        entries = self._entries if sources.csq else [None] * self.size
        found = [
            highest(record, at, sources, known)
            for record, at, known in zip(self.records, self.at, entries, strict=True)
        ]
        return np.array([math.nan if f is None else f for f in found], dtype=np.float64)

    def _hotspot(self) -> NDArray[np.int8]:
        if not self.reader.knows_hotspots:
            return np.full(self.size, UNKNOWN, dtype=np.int8)
        records = zip(self.records, self.at, strict=True)
        found = [self.reader.hotspot(record, at) for record, at in records]
        return np.array(
            [UNKNOWN if f is None else TRUE if f else FALSE for f in found], dtype=np.int8
        )

    def _regions(self) -> list[tuple[str, ...] | None]:
        return [self.reader.regions(record) for record in self.records]

    def _callers(self) -> list[tuple[str, ...] | None]:
        return [self.reader.callers(record) or None for record in self.records]

    def _caller_status(self) -> list[str | None]:
        said = [self.reader.caller_status(record) for record in self.sites]
        return [said[owner] for owner in self.owners.tolist()]

    def _caller_filter(self) -> list[tuple[str, ...] | None]:
        found = (
            self.reader.caller_filters(record)[at]
            for record, at in zip(self.records, self.at, strict=True)
        )
        return [tuple(name for name in names if name != "PASS") for names in found]

    def _kind(self) -> list[str]:
        return [
            "snv" if record.ref in BASES and record.columns[4] in BASES else kind_of(record, at)
            for record, at in zip(self.records, self.at, strict=True)
        ]

    def _quality(self) -> Numbers:
        return np.array([to_number(record.quality) for record in self.records], dtype=np.float64)

    def _contig(self) -> list[str]:
        return [record.contig for record in self.records]

    def _pos(self) -> Numbers:
        return np.array([record.pos for record in self.records], dtype=np.float64)

    def _tumor_only(self) -> NDArray[np.int8]:
        return np.full(self.size, TRUE if self.reader.roles.tumor_only else FALSE, dtype=np.int8)

    def _tier(self) -> list[str]:
        return ["default"] * self.size

    def _raw(self, node: Field) -> Column:
        header = self.reader.header
        if node.source == "CSQ":
            values = [value or None for value in self.annotated(node.key)]
            declared_csq = node.key in self.reader.annotations.at
            return Column("text", [pick(v, node.index) for v in values], declared_csq)
        if node.source == "INFO":
            declared = header.info.get(node.key)
            texts = [record.info_text(node.key) for record in self.records]
        else:
            declared = header.formats.get(node.key)
            sample = (
                self.reader.roles.normal
                if node.source == "normal.FORMAT"
                else self.reader.roles.tumor
            )
            texts = [
                record.sample(sample).get(node.key) if sample else None for record in self.records
            ]
        kind, number = (declared.type, declared.number) if declared else ("String", ".")
        if kind == "Flag" or (declared and number == "0"):
            flags = [FALSE if text is None else TRUE for text in texts]
            return Column("logic", np.array(flags, dtype=np.int8))
        if node.index is not None:
            texts = [pick(text, node.index) for text in texts]
        elif number in ("A", "R"):
            shift = 0 if number == "A" else 1
            texts = [
                of_allele(text, at + shift, len(record.alts) + shift)
                for text, at, record in zip(texts, self.at, self.records, strict=True)
            ]
        if kind in ("Integer", "Float"):
            return Column("number", np.array([to_number(to_float(t)) for t in texts]))
        return Column("text", [None if t == "." else t for t in texts], declared is not None)


def as_columns(rows: Sequence[Sequence[float | None]], width: int) -> NDArray[np.float64]:
    """Turn rows with None into columns of numbers with NaN."""
    if not rows:
        return np.empty((width, 0))
    return np.array(rows, dtype=np.float64).T


def to_number(value: float | None) -> float:
    """Return NaN for None."""
    return math.nan if value is None else value


def pick(text: str | None, index: int | None) -> str | None:
    """Return one value of a list; lists are separated by commas or bars."""
    if text is None or index is None:
        return text
    parts = text.split("," if "," in text else "|")
    return parts[index] if index < len(parts) and parts[index] != "." else None


def of_allele(text: str | None, index: int, expected: int) -> str | None:
    """Return an allele's value; a list of the wrong arity is unknown."""
    parts = text.split(",") if text else []
    return parts[index] if len(parts) == expected else None


def kind_of(record: VcfRecord, at: int) -> str:
    """Return the kind of one alternative."""
    return Variant(contig="", pos=0, ref=record.ref, alt=record.alts[at]).kind


def is_overall_gnomad(name: str) -> bool:
    """Whether a source is gnomAD as a whole, not one of its populations.

    >>> [is_overall_gnomad(n) for n in ("gnomAD_AF", "gnomADe_AF", "gnomAD_NFE_AF", "MAX_AF")]
    [True, True, False, False]
    """
    return name.lower() in {
        "gnomad_af", "gnomade_af", "gnomadg_af", "gnomadexomes_af", "gnomadgenomes_af", "gnomadaf",
    }  # fmt: skip


def is_gnomad(name: str) -> bool:
    """Whether a source is gnomAD or made of it: its populations, VEP's maximum, Mutect2's resource.

    >>> [is_gnomad(n) for n in ("gnomAD_NFE_AF", "GNOMADAF_popmax", "MAX_AF", "SWEGENAF")]
    [True, True, True, False]
    """
    return name.lower().startswith(("gnomad", "max_af", "popaf", "pop_af"))
