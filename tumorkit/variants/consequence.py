"""Consequences and population frequencies, from VEP (CSQ), SnpEff (ANN) and bcftools (BCSQ).

Sources: the VEP and SnpEff documentation ("Variant annotations in VCF format", 1.0); the manual
of bcftools csq.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from tumorkit.genome.variant import Consequence, PopulationFrequency
from tumorkit.genome.vcf import INFO_COLUMN, MISSING, VcfHeader, VcfRecord, to_float, to_int
from tumorkit.variants.asked import AN, UNCOVERED, asked_populations, source_of, usual_name
from tumorkit.variants.entries import csq_fields, told_elsewhere, vep_alleles
from tumorkit.variants.transcripts import (
    LIST,
    NO_LIST,
    OTHER_VERSION,
    TranscriptList,
    choose_consequence,
    first_rung,
    graveness,
    with_version,
)

__all__ = ["Annotations", "Sources", "choose_consequence", "csq_fields", "highest", "value"]

ANN_FIELDS = (
    "Allele", "Consequence", "IMPACT", "SYMBOL", "Gene", "Feature_type", "Feature", "BIOTYPE",
    "EXON", "HGVSc", "HGVSp",
)  # fmt: skip
BCSQ_FIELDS = ("Consequence", "SYMBOL", "Feature", "BIOTYPE", "STRAND", "protein", "dna")
# bcftools csq shortens Sequence Ontology terms.
BCSQ_TERMS = {
    "missense": "missense_variant",
    "synonymous": "synonymous_variant",
    "frameshift": "frameshift_variant",
    "splice_acceptor": "splice_acceptor_variant",
    "splice_donor": "splice_donor_variant",
    "splice_region": "splice_region_variant",
    "intron": "intron_variant",
    "5_prime_utr": "5_prime_UTR_variant",
    "3_prime_utr": "3_prime_UTR_variant",
    "non_coding": "non_coding_transcript_variant",
    "coding_sequence": "coding_sequence_variant",
    "start_retained": "start_retained_variant",
    "stop_retained": "stop_retained_variant",
}
TOOLS = {"CSQ": "VEP (CSQ)", "ANN": "SnpEff (ANN)", "BCSQ": "bcftools csq (BCSQ)"}

_CSQ_FREQUENCY = re.compile(r"^(?:.*_)?AF(?:_1000G)?$|^(?:gnomad|exac).*_?AF(?:_|$)", re.I)
_INFO_FREQUENCY = re.compile(
    r"^(?:gnomad\w*af(?:_\w+)?|popaf|pop_af|max_af|swegen\w*|exac_?\w*af|esp_?\w*af"
    r"|(?:\w{2,3}_)?af_1000g|1000g\w*|kgp?_af)$",
    re.I,
)
# Looked up by the caller (Mutect2), not by an annotation of the whole file.
CALLER_LOOKUPS = ("POPAF", "POP_AF")
# What Mutect2 writes for an allele that its germline resource does not have.
_POPAF_ABSENT = {"6.00", "7.30", "7.3", "6"}
_POP_AF_ABSENT = {5e-8, 1e-6}
VERSION_FIELDS = ("Feature_version", "FEATURE_VERSION", "TRANSCRIPT_VERSION", "transcript_version")
# Where annotations put ClinVar's word: VEP itself, its ClinVar plug-ins.
CLINICAL_FIELDS = ("CLIN_SIG", "ClinVar_CLNSIG", "CLNSIG", "CLN_CLINICAL_SIGNIFICANCE")


@dataclass(frozen=True)
class Sources:
    """Population sources: columns of CSQ and keys of INFO."""

    csq: tuple[int, ...] = ()
    info: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is a source at all."""
        return bool(self.csq or self.info)

    @cached_property
    def has_table(self) -> bool:
        """Whether any INFO source was looked up for every record, whoever called it."""
        return any(key not in CALLER_LOOKUPS for key in self.info)

    @cached_property
    def local(self) -> frozenset[str]:
        """Names of the sources that :mod:`tumorkit.variants.annotate` read."""
        return frozenset(source_of(key) for key in self.info) - {""}

    def has_table_at(self, uncovered: str | None) -> bool:
        """Whether a source looked at a record; ``uncovered`` are those that did not."""
        if not uncovered:
            return self.has_table
        names = uncovered.split(",")
        return any(key not in CALLER_LOOKUPS and source_of(key) not in names for key in self.info)

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds all INFO sources of a record in one pass."""
        keys = "|".join(re.escape(key) for key in sorted(self.info, key=len, reverse=True))
        return re.compile(f"(?:^|;)({keys})=([^;]*)") if keys else None


class Annotations:
    """Reads the annotation of records as their header declares it.

    ``tool`` is ``CSQ``, ``ANN``, ``BCSQ``, or empty where nobody annotated.
    """

    def __init__(self, header: VcfHeader, transcripts: TranscriptList = NO_LIST) -> None:
        self.transcripts = transcripts
        self.tool = next((key for key in TOOLS if key in header.info), "")
        self.fields: tuple[str, ...] = ()
        if self.tool == "CSQ":
            self.fields = csq_fields(header.info["CSQ"].description)
        elif self.tool == "ANN":
            self.fields = ANN_FIELDS
        elif self.tool == "BCSQ":
            self.fields = BCSQ_FIELDS
        self.at = {name: index for index, name in enumerate(self.fields)}
        self.csq_frequencies = [
            (name, index)
            for name, index in self.at.items()
            if self.tool == "CSQ" and _CSQ_FREQUENCY.match(name)
        ]
        self.info_frequencies = [
            key
            for key in header.info
            if (_INFO_FREQUENCY.match(key) and header.info[key].type != "Flag") or source_of(key)
        ]
        self.populations = asked_populations(header)
        self.knows_uncovered = UNCOVERED in header.info
        self.popaf_is_log = (
            "log" in header.info["POPAF"].description.lower() if ("POPAF" in header.info) else False
        )
        self.mutect_had_resource = had_germline_resource(header)

    @property
    def described(self) -> str:
        """Name of the annotating tool, empty where there is none."""
        return TOOLS.get(self.tool, "")

    def entries(self, record: VcfRecord) -> list[list[str]]:
        """Return the fields of every entry, one per allele and transcript."""
        text = record.info_text(self.tool) if self.tool else None
        return [entry.split("|") for entry in text.split(",")] if text else []

    def entries_of(self, record: VcfRecord, at: int) -> list[list[str]] | None:
        """Return the entries of one alternative; None where they cannot be told apart."""
        found = self.entries(record)
        alts = record.alts
        if not found:
            return found
        if len(alts) == 1:
            return self.own_entries(record, found)
        if "ALLELE_NUM" in self.at:
            index, wanted = self.at["ALLELE_NUM"], str(at + 1)
            return [entry for entry in found if value(entry, index) == wanted]
        if self.tool == "BCSQ":
            # Without its last column (introns, untranslated regions) an entry is of the record.
            dna = re.compile(f">{re.escape(alts[at])}(?:\\+|$)")
            return [e for e in found if len(e) < len(BCSQ_FIELDS) or dna.search(e[-1])]
        if "Allele" not in self.at:
            return None
        names = {alts[at]} if self.tool == "ANN" else vep_alleles(record.ref, alts, at)
        return [entry for entry in found if entry[0].split("-")[0] in names or entry[0] in names]

    def own_entries(self, record: VcfRecord, found: list[list[str]]) -> list[list[str]]:
        """Return the entries of the only alternative.

        A record that was split from one with several keeps the entries of all. Where no entry
        names the alternative, its spelling is another one, and all are its own.
        """
        first = found[0][0]
        if "Allele" not in self.at or all(entry[0] == first for entry in found):
            return found
        names = vep_alleles(record.ref, record.alts, 0) | {record.alts[0]}
        own = [entry for entry in found if entry[0].split("-")[0] in names or entry[0] in names]
        return own or found

    def consequences(self, record: VcfRecord, at: int = 0) -> tuple[Consequence, ...] | None:
        """Return what the annotation says of one alternative, on all transcripts."""
        if not self.tool:
            return None
        entries = self.entries_of(record, at)
        if entries is None or told_elsewhere(entries):
            return None
        return tuple(self.described_by(e) for e in entries if not e[0].startswith("@"))

    def described_by(self, entry: list[str]) -> Consequence:
        """Return one entry as a noun."""
        at = self.at

        def get(name: str) -> str:
            return value(entry, at.get(name))

        transcript = self.transcript(entry)
        hgvsc, hgvsp = unquote(get("HGVSc")), unquote(get("HGVSp"))
        return Consequence(
            terms=self.terms(get("Consequence")),
            gene=get("SYMBOL") or get("Gene"),
            transcript=transcript,
            hgvsc=with_version(hgvsc, transcript),
            hgvsp=with_version(hgvsp, get("ENSP")) if ":" in hgvsp else hgvsp,
            exon=get("EXON"),
            impact=get("IMPACT"),
            biotype=get("BIOTYPE"),
            canonical=self._is_canonical(entry),
            mane_select=self._is_mane(entry),
            picked=self._is_picked(entry),
            clinical_significance=next(filter(None, map(get, CLINICAL_FIELDS)), ""),
            mane_plus_clinical=self._is_plus_clinical(entry),
            mane_twin=get("MANE_SELECT") or get("MANE_PLUS_CLINICAL"),
            hgnc_id=get("HGNC_ID").rpartition(":")[2],
        )

    def transcript(self, entry: Sequence[str]) -> str:
        """Return an entry's transcript, with its version where any field has it.

        VEP leaves the version out of Feature unless asked, and bcftools csq always; the name in
        HGVSc or a version field of its own may still have it.
        """
        name = value(entry, self.at.get("Feature"))
        if not name or name.rpartition(".")[2].isdigit():
            return name
        version = next(
            (said for key in VERSION_FIELDS if (said := value(entry, self.at.get(key)))), ""
        )
        if version:
            return f"{name}.{version}"
        accession = value(entry, self.at.get("HGVSc")).partition(":")[0]
        return accession if accession.startswith(f"{name}.") else name

    def frequencies(self, record: VcfRecord, at: int = 0) -> dict[str, PopulationFrequency]:
        """Return the population frequencies of one alternative by source, in three states."""
        found: dict[str, PopulationFrequency] = {}
        if self.csq_frequencies:
            entries = self.entries_of(record, at)
            for name, index in self.csq_frequencies:
                values = [
                    highest(value(entry, index)) for entry in entries or () if value(entry, index)
                ]
                found[name] = PopulationFrequency(
                    declared=entries is not None,
                    value=max((v for v in values if v is not None), default=None),
                )
        for key in self.info_frequencies:
            name = f"INFO/{key}" if key in found else key
            found[name] = self._info_frequency(record, key, at, record.info_text(key))
        return found

    def sources(self, wanted: Callable[[str], bool]) -> Sources:
        """Return the population sources whose names are wanted."""
        return Sources(
            tuple(index for name, index in self.csq_frequencies if wanted(name)),
            tuple(key for key in self.info_frequencies if wanted(usual_name(key))),
        )

    def highest_frequency(
        self,
        record: VcfRecord,
        at: int,
        sources: Sources,
        entries: list[list[str]] | None,
    ) -> float | None:
        """Return the highest frequency of the sources: 0 if absent from all, None if unknown.

        ``entries`` are those of :meth:`entries_of` for the same alternative.
        """
        uncovered = record.info_text(UNCOVERED) if self.knows_uncovered else None
        found: float | None = 0.0 if sources.has_table_at(uncovered) else None
        if sources.csq and entries is not None:
            found = 0.0
            for entry in entries:
                for index in sources.csq:
                    text = entry[index] if index < len(entry) else ""
                    if text:
                        found = max(found, highest(text) or 0.0)
        if sources.pattern is not None:
            for key, text in sources.pattern.findall(record.columns[INFO_COLUMN]):
                frequency = self._info_frequency(record, key, at, text)
                if frequency.declared:
                    found = max(found or 0.0, frequency.value or 0.0)
        return found

    def choose(self, entries: list[list[str]] | None) -> list[str] | None:
        """Return the entry of the transcript to report, as :func:`choose_consequence` chooses.

        Empty where the annotation says nothing, None where nobody annotated or the entries of
        several alternatives cannot be told apart, or the consequence stands at another record.
        """
        if not entries or not self.tool:
            return None if entries is None or not self.tool else []
        told = self.readable(entries)
        return (
            told[0]
            if len(told) == 1
            else first_rung(
                told, self.rungs, self.order, lambda entry: repr((self.described_by(entry), entry))
            )
        )

    def readable(self, entries: list[list[str]]) -> list[list[str]]:
        """Return the entries that say something themselves."""
        if self.tool != "BCSQ":
            return entries
        return [entry for entry in entries if not entry[0].startswith("@")]

    @cached_property
    def rungs(self) -> tuple[Callable[[list[str]], bool], ...]:
        """The rungs of :func:`choose_consequence`, asked of entries."""
        own: tuple[Callable[[list[str]], bool], ...] = (
            self._is_mane,
            self._is_canonical,
            self._is_picked,
        )
        if not self.transcripts:
            return own
        listed = self.transcripts
        return (
            lambda entry: listed.fit(self.transcript(entry)) == LIST,
            lambda entry: self.fit(entry) == LIST,
            lambda entry: listed.fit(self.transcript(entry)) == OTHER_VERSION,
            lambda entry: self.fit(entry) == OTHER_VERSION,
            *own,
        )

    def fit(self, entry: list[str]) -> str:
        """Return how an entry's transcript fits the laboratory's list."""
        twin = value(entry, self.at.get("MANE_SELECT")) or value(
            entry, self.at.get("MANE_PLUS_CLINICAL")
        )
        return self.transcripts.fit(self.transcript(entry), twin)

    def order(self, entry: list[str]) -> tuple[object, ...]:
        """Return the key by which equal entries are ordered, from the most severe."""
        at = self.at

        def get(name: str) -> str:
            return value(entry, at.get(name))

        terms, gene = self.terms(get("Consequence")), get("SYMBOL") or get("Gene")
        transcript = self.transcript(entry)
        names = gene, transcript, with_version(unquote(get("HGVSc")), transcript)
        return graveness(get("IMPACT"), terms, get("BIOTYPE"), *names)

    def _is_mane(self, entry: list[str]) -> bool:
        if value(entry, self.at.get("MANE_SELECT")):
            return True
        return "Select" in value(entry, self.at.get("MANE"))

    def _is_plus_clinical(self, entry: list[str]) -> bool:
        if value(entry, self.at.get("MANE_PLUS_CLINICAL")):
            return True
        return "Plus_Clinical" in value(entry, self.at.get("MANE"))

    def _is_canonical(self, entry: list[str]) -> bool:
        return value(entry, self.at.get("CANONICAL")) == "YES"

    def _is_picked(self, entry: list[str]) -> bool:
        return value(entry, self.at.get("PICK")) == "1"

    def terms(self, text: str) -> tuple[str, ...]:
        """Return the Sequence Ontology terms of a consequence field."""
        if self.tool == "BCSQ":
            return tuple(BCSQ_TERMS.get(t, t) for t in text.lstrip("*").split("&") if t)
        return tuple(text.split("&")) if text else ()

    def _info_frequency(
        self, record: VcfRecord, key: str, at: int, text: str | None
    ) -> PopulationFrequency:
        if text == MISSING:
            text = None
        if key in CALLER_LOOKUPS and (text is None or not self.mutect_had_resource):
            # Only Mutect2 looks these up: a record of another caller in the same file was never
            # asked, and without a germline resource nobody was.
            return PopulationFrequency()
        name = source_of(key)
        number = self._allele_number(record, name) if name else None
        if text is None:
            if name and self.knows_uncovered:
                uncovered = record.info_text(UNCOVERED)
                if uncovered and name in uncovered.split(","):
                    return PopulationFrequency()
            return PopulationFrequency(declared=True, allele_number=number)
        items = text.split(",")
        item = items[at] if len(items) == len(record.alts) else text
        if key == "POPAF" and self.popaf_is_log:
            if item in _POPAF_ABSENT:
                return PopulationFrequency(declared=True)
            log10 = to_float(item)
            return PopulationFrequency(
                declared=True, value=10**-log10 if log10 is not None else None
            )
        frequency = highest(item)
        if key == "POP_AF" and frequency in _POP_AF_ABSENT:
            frequency = None
        return PopulationFrequency(declared=True, value=frequency, allele_number=number)

    def _allele_number(self, record: VcfRecord, name: str) -> int | None:
        """Return the alleles that a source looked at: at the site, else at most."""
        here = to_int(record.info_text(f"{AN}{name}"))
        return here if here is not None else self.populations.get(name)


def value(entry: Sequence[str], index: int | None) -> str:
    """Return a field of an entry; trailing fields may be left out."""
    if index is None or index >= len(entry) or entry[index] == MISSING:
        return ""
    return entry[index]


def highest(text: str) -> float | None:
    """Return the highest number in a field that may hold several (``0.1&0.2``, ``T:0.1``).

    >>> highest("A:0.01&0.5"), highest(".")
    (0.5, None)
    """
    try:
        return float(text) if text[0] not in "nN" else None
    except (ValueError, IndexError):
        numbers = [to_float(part.rpartition(":")[2]) for part in re.split(r"[&|,]", text)]
    return max((n for n in numbers if n is not None), default=None)


def had_germline_resource(header: VcfHeader) -> bool:
    """Whether Mutect2 was given a germline resource; True where its command line is not there."""
    lines = [line for line in header.meta if line.startswith("##GATKCommandLine=<ID=Mutect2")]
    return not lines or any("--germline-resource" in line for line in lines)
