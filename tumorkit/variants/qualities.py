"""Base and mapping qualities of an allele's reads, and what a caller says an allele is.

Callers give means, medians or sums, of one sample's reads or of all samples' together. A quality
is that of the reads with the allele where the caller separates them; where it only has one value
for the site, that is the mapping quality of the tumour and says nothing of the reference alone.
Sources: documentation and headers of the callers named beside the fields.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from tumorkit.genome.vcf import VcfHeader, VcfRecord, to_float
from tumorkit.variants.counts import Fields, Reads

Numbers = list[float | None]


class Qualities(NamedTuple):
    """Base and mapping quality (phred) of the reads of an allele; None is unknown."""

    base_quality: float | None = None
    ref_base_quality: float | None = None
    mapping_quality: float | None = None
    ref_mapping_quality: float | None = None


UNKNOWN_QUALITIES = Qualities()
UNKNOWN_PAIR: tuple[float | None, Numbers] = (None, [])
# What FORMAT or INFO must hold for a file to have qualities at all.
BASE_FIELDS = frozenset({"altBQ", "ABQ", "QSS", "QA", "MBQ", "BQ", "QUAL"})
MAPPING_FIELDS = frozenset({"altMQ", "AMQ", "MMQ", "MQ", "MQM"})


def values_of(text: str | None) -> Numbers:
    """Return the numbers of a list; a negative or infinite one is unknown."""
    found = [to_float(item) for item in text.split(",")] if text else []
    return [v if v is not None and 0 <= v < math.inf else None for v in found]


def by_allele(text: str | None, alts: int) -> tuple[float | None, Numbers]:
    """Return the reference's value and the alternatives' of a list with or without the former.

    >>> by_allele("36,37", 1), by_allele("37", 1), by_allele("1,2,3", 1)
    ((36.0, [37.0]), (None, [37.0]), (None, []))
    """
    values = values_of(text)
    if len(values) == alts + 1:
        return values[0], values[1:]
    return (None, values) if len(values) == alts else UNKNOWN_PAIR


def by_genotype(fields: Fields, key: str, alts: int) -> tuple[float | None, Numbers]:
    """Return the values of SomaticSniper, which lists those of the alleles in the genotype."""
    called = sorted({int(one) for one in fields.get("GT", "").split("/") if one.isdigit()})
    values = values_of(fields.get(key))
    if len(values) != len(called):
        return by_allele(fields.get(key), alts) if len(values) == alts + 1 else UNKNOWN_PAIR
    known = dict(zip(called, values, strict=True))
    return known.get(0), [known.get(at) for at in range(1, alts + 1)]


def of_all_and_alternative(text: str | None, alts: int) -> tuple[float | None, Numbers]:
    """Return the value of SAGE: of the alternative's reads, or of all and the alternative's."""
    values = values_of(text)
    return (None, [values[-1]]) if alts == 1 and len(values) in (1, 2) else UNKNOWN_PAIR


def shared(total: str | None, reads: str | None) -> Numbers:
    """Return summed qualities by reads: the mean of each allele."""
    totals, counts = values_of(total), values_of(reads)
    if len(totals) != len(counts):
        return []
    return [t / n if t is not None and n else None for t, n in zip(totals, counts, strict=True)]


def base_qualities(
    fields: Fields, record: VcfRecord, alts: int, *, tumor: bool
) -> tuple[float | None, Numbers]:
    """Return the base quality of the reference's and of each alternative's reads."""
    found = UNKNOWN_PAIR
    if "altBQ" in fields:  # SomaticSeq
        found = _first(fields.get("refBQ")), values_of(fields["altBQ"])
    elif "RC_CNT" in fields:  # SAGE
        found = of_all_and_alternative(fields.get("ABQ"), alts)
    elif "ABQ" in fields:  # VarScan, single sample
        found = _first(fields.get("RBQ")), values_of(fields["ABQ"])
    elif "QA" in fields and "AO" in fields:  # FreeBayes: sums
        ref = shared(fields.get("QR"), fields.get("RO"))
        found = ref[0] if len(ref) == 1 else None, shared(fields["QA"], fields["AO"])
    elif "QSS" in fields:  # TNscope: sums
        means = shared(fields["QSS"], fields.get("AD"))
        found = (means[0], means[1:]) if len(means) == alts + 1 else UNKNOWN_PAIR
    elif "MBQ" in fields:  # Mutect2 of GATK 4.0
        found = by_allele(fields["MBQ"], alts)
    elif "BCOUNT" in fields:  # SomaticSniper
        found = by_genotype(fields, "BQ", alts)
    elif "BQ" in fields:  # MuTect 1: the alternative's; MuSE, RADIA: the reference's too
        found = by_allele(fields["BQ"], alts)
    elif "VD" in fields:  # VarDict: in FORMAT of pairs, in INFO of single samples
        text = fields.get("QUAL") or (record.info_text("QUAL") if tumor else None)
        found = by_allele(text, alts)
    elif tumor:  # Mutect2: medians over the reads of all samples
        found = by_allele(record.info_text("MBQ"), alts)
    return found


def mapping_qualities(
    fields: Fields, record: VcfRecord, alts: int, *, tumor: bool
) -> tuple[float | None, Numbers]:
    """Return the mapping quality of the reference's and of each alternative's reads."""
    found = UNKNOWN_PAIR
    if "altMQ" in fields:  # SomaticSeq
        found = _first(fields.get("refMQ")), values_of(fields["altMQ"])
    elif "RC_CNT" in fields:  # SAGE
        found = of_all_and_alternative(fields.get("AMQ"), alts)
    elif "AMQ" in fields:  # SomaticSniper
        found = by_genotype(fields, "AMQ", alts)
    elif "MMQ" in fields:  # Mutect2 of GATK 4.0
        found = by_allele(fields["MMQ"], alts)
    elif "MQ" in fields:  # VarDict: the alternative's reads; Octopus: all reads
        found = None, _for_each(fields["MQ"], alts)
    elif tumor and record.info_text("MMQ") is not None:  # Mutect2: as MBQ
        found = by_allele(record.info_text("MMQ"), alts)
    elif tumor and record.info_text("MQM") is not None:  # FreeBayes: of the reads of all samples
        found = _first(record.info_text("MQMR")), values_of(record.info_text("MQM"))
    elif tumor:  # VarDict, single sample; Strelka, DRAGEN, TNscope: of all reads at the site
        found = None, _for_each(record.info_text("MQ"), alts)
    return found


def read_qualities(
    fields: Fields, record: VcfRecord, reads: Sequence[Reads], *, tumor: bool
) -> list[Qualities]:
    """Return the qualities of one sample's reads at each alternative allele.

    Values of INFO stand for the tumour. Where the sample has no read of an allele (callers write
    0 there), its quality is unknown.
    """
    alts = len(reads)
    ref_base, bases = base_qualities(fields, record, alts, tumor=tumor)
    ref_mapping, mappings = mapping_qualities(fields, record, alts, tumor=tumor)
    found = []
    for at, known in enumerate(reads):
        some, some_ref = known.alt_depth != 0, known.ref_depth != 0
        found.append(
            Qualities(
                bases[at] if some and len(bases) == alts else None,
                ref_base if some_ref else None,
                mappings[at] if some and len(mappings) == alts else None,
                ref_mapping if some_ref else None,
            )
        )
    return found


def _first(text: str | None) -> float | None:
    values = values_of(text)
    return values[0] if len(values) == 1 else None


def _for_each(text: str | None, alts: int) -> Numbers:
    """Return a site's one value for each alternative."""
    values = values_of(text)
    return values * alts if len(values) == 1 else []


# VarScan, MuSE, SomaticSniper and RADIA number the states alike up to 3, the TCGA's VCF 1.1;
# 4 is an edited transcript (MuSE, RADIA) or unknown (SomaticSniper), 5 unknown.
SOMATIC_STATES = {
    "0": "reference", "1": "germline", "2": "somatic", "3": "loh", "4": "unknown", "5": "unknown",
}  # fmt: skip
STATUS_WORDS = {
    # VarDict
    "StrongSomatic": "somatic", "LikelySomatic": "likely_somatic", "Germline": "germline",
    "StrongLOH": "loh", "LikelyLOH": "likely_loh", "AFDiff": "unknown",
    "SampleSpecific": "unknown", "Deletion": "unknown",
    # DRAGEN, tumour-only: known from a population, or like its known neighbours
    "Somatic": "somatic", "Germline_DB": "germline", "Germline_Proxi": "likely_germline",
}  # fmt: skip
# Strelka's genotype of the normal, under its most likely hypothesis.
NORMAL_TYPES = {"ref": "somatic", "het": "loh", "hom": "unknown", "conflict": "unknown"}
FILTER_WORDS = {
    "GERMLINE": "germline", "Germline": "germline", "NonSomatic": "germline",
    "RefCall": "reference",
}  # fmt: skip
STATUSES = (
    "somatic", "likely_somatic", "germline", "likely_germline", "loh", "likely_loh", "reference",
    "unknown",
)  # fmt: skip
STATUS_FIELDS = (
    ("STATUS", STATUS_WORDS),
    ("GermlineStatus", STATUS_WORDS),
    ("SS", SOMATIC_STATES),
    ("NT", NORMAL_TYPES),
)


class StatusReader:
    """Reads what the callers of one file say an allele is: one of :data:`STATUSES`, or None.

    >>> header = VcfHeader(('##INFO=<ID=STATUS,Number=1,Type=String,Description="x">',), ())
    >>> line = "1\\t5\\t.\\tA\\tC\\t.\\tPASS\\tSTATUS=StrongSomatic"
    >>> StatusReader(header)(VcfRecord(line, header), "")
    'somatic'
    """

    def __init__(self, header: VcfHeader) -> None:
        self.fields = [(key, words) for key, words in STATUS_FIELDS if key in header.info]
        self.samples = "SS" in header.formats
        self.words = {name: FILTER_WORDS[name] for name in FILTER_WORDS if name in header.filters}
        self.flag = "SOMATIC" in header.info

    @property
    def knows(self) -> bool:
        """Whether the file says anything of the kind."""
        return bool(self.fields or self.samples or self.words or self.flag)

    def __call__(self, record: VcfRecord, state: str) -> str | None:
        """Return a record's status; ``state`` is FORMAT/SS of the tumour."""
        for key, words in self.fields:
            said = words.get(record.info_text(key) or "")
            if said:
                return said
        if self.samples and state in SOMATIC_STATES:
            return SOMATIC_STATES[state]
        if self.words:
            for name in record.filters:
                if name in self.words:
                    return self.words[name]
        return "somatic" if self.flag and record.info_text("SOMATIC") is not None else None
