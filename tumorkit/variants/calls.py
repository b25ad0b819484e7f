"""One accessor over the dialects of all callers: a variant per alternative allele."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tumorkit.genome.variant import AlleleCounts, Variant
from tumorkit.genome.vcf import VcfHeader, VcfRecord, split_missing, to_float, to_int
from tumorkit.variants.asked import asked_regions
from tumorkit.variants.consequence import Annotations
from tumorkit.variants.counts import (
    Reads,
    added,
    fractions_of,
    read_counts,
    reads_of,
    whole,
)
from tumorkit.variants.qualities import (
    UNKNOWN_QUALITIES,
    Qualities,
    StatusReader,
    read_qualities,
)
from tumorkit.variants.roles import Roles
from tumorkit.variants.strands import (
    PAIRS,
    UNKNOWN_ORIENTATIONS,
    UNKNOWN_STRANDS,
    Orientations,
    Strands,
    read_orientations,
    read_strands,
)
from tumorkit.variants.transcripts import NO_LIST, TranscriptList

HOTSPOT_FIELDS = ("TK_HOTSPOT", "Hotspot", "HOTSPOT", "TIER")
P_SOMATIC = "TK_P_SOMATIC"
CALLER_FIELDS = ("CALLERS", "callers", "called_by", "FOUND_IN")
# Text in ##source, command lines or version lines, and the caller that writes it; first wins.
DIALECTS = (
    ("tnscope", re.compile(r"TNscope", re.I)),
    ("dragen", re.compile(r"##DRAGEN|##source=DRAGEN", re.I)),
    ("mutect2", re.compile(r"##MutectVersion|ID=M(?:utect|uTect)2|##source=Mutect2", re.I)),
    ("mutect", re.compile(r"##MuTect=|##source=mutect\b", re.I)),
    ("vardict", re.compile(r"##source=VarDict", re.I)),
    ("strelka", re.compile(r"##source=strelka|##source=starka", re.I)),
    ("varscan", re.compile(r"##source=VarScan", re.I)),
    ("lofreq", re.compile(r"##source=lofreq", re.I)),
    ("freebayes", re.compile(r"##source=freeBayes", re.I)),
    ("muse", re.compile(r"##source=\"?MuSE|##MuSE_version", re.I)),
    ("deepsomatic", re.compile(r"DeepSomatic", re.I)),
    ("clairs", re.compile(r"##source=ClairS", re.I)),
    ("octopus", re.compile(r"##octopus=|##source=octopus", re.I)),
    ("sage", re.compile(r"##sageVersion", re.I)),
    ("pisces", re.compile(r"##source=Pisces", re.I)),
    ("caveman", re.compile(r"caveman", re.I)),
    ("pindel", re.compile(r"##source=pindel|cgpPindel", re.I)),
    ("scalpel", re.compile(r"##source=scalpel", re.I)),
    ("ion-torrent", re.compile(r"##source=\"?tvc\b", re.I)),
    ("delly", re.compile(r"DELLY", re.I)),
    ("somaticseq", re.compile(r"##source=SomaticSeq|##SomaticSeq", re.I)),
)
# FORMAT fields by which a caller is known whose header does not name it.
DIALECT_FIELDS = (
    ("vardict", {"VD", "ALD"}),
    ("strelka", {"AU", "CU", "GU", "TU"}),
    ("strelka", {"TAR", "TIR"}),
    ("varscan", {"RD", "FREQ"}),
    ("somaticsniper", {"BCOUNT", "JGQ"}),
    ("caveman", {"FAZ", "RAZ"}),
    ("ion-torrent", {"FAO", "FRO"}),
)


class CallReader:
    """Reads records of one file into variants.

    ``dialect`` names the caller, or ``ensemble``, or is ``unknown``; the counts do not depend on
    it: they follow the FORMAT of each record.
    """

    def __init__(
        self, header: VcfHeader, roles: Roles, transcripts: TranscriptList = NO_LIST
    ) -> None:
        self.header = header
        self.roles = roles
        self.annotations = Annotations(header, transcripts)
        self.asked_regions = frozenset(asked_regions(header))
        self.caller_field = next((key for key in CALLER_FIELDS if key in header.info), "")
        self.dialect = dialect_of(header)
        self.alone = len(header.samples) == 1
        self.knows_hotspots = any(key in header.info for key in HOTSPOT_FIELDS)
        self.judged = "TK_FILTER" in header.info
        self.knows_origin = P_SOMATIC in header.info
        self.by_allele = "AS_FilterStatus" in header.info
        self.status = StatusReader(header)

    def __call__(self, record: VcfRecord) -> list[Variant]:
        """Return one variant per alternative allele; none for a site without a variant."""
        alts, roles = record.alts, self.roles
        tumor, normal = self.tumor_reads(record), self.normal_reads(record)
        of_tumor = self.all_counts(record, roles.tumor, tumor, tumor=True)
        of_normal = self.all_counts(record, roles.normal, normal) if normal else None
        callers, filters = self.callers(record), self.allele_filters(record)
        quality, ids = record.quality, record.ids
        status = self.caller_status(record)
        return [
            Variant(
                contig=record.contig,
                pos=record.pos,
                ref=record.ref,
                alt=alt,
                tumor=of_tumor[at],
                normal=of_normal[at] if of_normal else None,
                filters=filters[at],
                quality=quality,
                frequencies=self.annotations.frequencies(record, at),
                consequences=self.annotations.consequences(record, at),
                callers=callers,
                status=status,
                ids=ids,
                hotspot=self.hotspot(record, at),
                p_somatic=self.p_somatic(record, at),
                info=record.info,
            )
            for at, alt in enumerate(alts)
        ]

    def all_counts(
        self, record: VcfRecord, sample: str | None, reads: list[Reads], *, tumor: bool = False
    ) -> list[AlleleCounts]:
        """Return all that is known of one sample's reads at each alternative."""
        strands, pairs = self.strands(record, sample), self.orientations(record, sample)
        qualities = self.qualities(record, sample, reads, tumor=tumor)
        return [counts(*known) for known in zip(reads, strands, pairs, qualities, strict=True)]

    def tumor_reads(self, record: VcfRecord) -> list[Reads]:
        """Return the tumour's reads at each alternative.

        In a file without sample columns (LoFreq) INFO speaks of the tumour.
        """
        if self.roles.tumor is None:
            if self.header.has_format:
                return [Reads()] * len(record.alts)
            return site_reads(record)
        return self.sample_reads(record, self.roles.tumor)

    def normal_reads(self, record: VcfRecord) -> list[Reads] | None:
        """Return the normal's reads at each alternative, None without a normal.

        DeepSomatic and ClairS put the normal's counts into the tumour's column.
        """
        if self.roles.normal is not None:
            return self.sample_reads(record, self.roles.normal)
        keys = record.format
        if self.roles.tumor is None or "NDP" not in keys or "NAF" not in keys:
            return None
        fields = record.sample(self.roles.tumor)
        renamed = {key[1:]: text for key, text in fields.items() if key.startswith("N")}
        # NAF is declared Number=R by DeepSomatic but holds one value per alternative (#102).
        return read_counts(renamed, ":".join(renamed), record, len(record.alts))

    def sample_reads(self, record: VcfRecord, sample: str) -> list[Reads]:
        """Return one sample's reads at each alternative."""
        keys = record.format
        if not keys:
            return [Reads()] * len(record.alts)
        text = record.columns[self.header.sample_columns[sample]]
        fields = dict(zip(keys.split(":"), text.split(":"), strict=False))
        return read_counts(fields, keys, record, len(record.alts))

    def strands(self, record: VcfRecord, sample: str | None) -> list[Strands]:
        """Return one sample's reads by strand at each alternative."""
        alts = len(record.alts)
        if sample is None:
            depths = whole(record.info_text("DP4")) if not self.header.samples else []
            if sample == self.roles.tumor and len(depths) == 4 and alts == 1:
                return [Strands(*depths)]
            return [UNKNOWN_STRANDS] * alts
        return read_strands(record.sample(sample), record, alts, alone=self.alone)

    def orientations(self, record: VcfRecord, sample: str | None) -> list[Orientations]:
        """Return one sample's read pairs by orientation at each alternative."""
        alts = len(record.alts)
        if sample is None or PAIRS[0] not in record.format:
            return [UNKNOWN_ORIENTATIONS] * alts
        return read_orientations(record.sample(sample), alts)

    def qualities(
        self,
        record: VcfRecord,
        sample: str | None,
        reads: list[Reads],
        *,
        tumor: bool = False,
    ) -> list[Qualities]:
        """Return base and mapping qualities of one sample's reads at each alternative."""
        if sample is None:
            return [UNKNOWN_QUALITIES] * len(reads)
        return read_qualities(record.sample(sample), record, reads, tumor=tumor)

    def caller_status(self, record: VcfRecord) -> str | None:
        """Return what the caller says the record is: somatic, germline, loh and so on."""
        status = self.status
        state = ""
        if status.samples and self.roles.tumor is not None and ":SS" in record.format:
            state = record.sample(self.roles.tumor).get("SS", "")
        return status(record, state) if status.knows else None

    def callers(self, record: VcfRecord) -> tuple[str, ...]:
        """Return the callers that found the variant; a single caller's file names its own."""
        if self.caller_field:
            text = record.info_text(self.caller_field)
            names = [name.partition("|")[0] for name in (text or "").split(",")]
            return tuple(name for name in dict.fromkeys(names) if name)
        return (self.dialect,) if self.dialect not in ("unknown", "ensemble") else ()

    def p_somatic(self, record: VcfRecord, at: int) -> float | None:
        """Return P of a somatic variant that an earlier filtering wrote (TK_P_SOMATIC)."""
        text = record.info_text(P_SOMATIC) if self.knows_origin else None
        said = text.split(",") if text else []
        return to_float(said[at]) if at < len(said) else None

    def allele_filters(self, record: VcfRecord) -> list[tuple[str, ...]]:
        """Return the filters of each alternative: tumorkit's verdicts where it has filtered.

        TK_FILTER says for each allele what FILTER can only say of the whole record.
        """
        alts = len(record.alts)
        verdicts = record.info_text("TK_FILTER") if self.judged else None
        parts = verdicts.split(",") if verdicts else []
        if len(parts) != alts:
            return self.caller_filters(record)
        return [with_own(record.filters, part.split("&")) for part in parts]

    def caller_filters(self, record: VcfRecord) -> list[tuple[str, ...]]:
        """Return the caller's own filters of each alternative.

        Mutect2 says in AS_FilterStatus, with ``|`` between alleles, what fails one allele only.
        """
        alts = len(record.alts)
        site = record.filters
        if self.judged and "TK_CALLER_FILTER" in record.info:
            site = split_missing(record.info["TK_CALLER_FILTER"], "&")
        status = record.info_text("AS_FilterStatus") if self.by_allele else None
        parts = status.split("|") if status else []
        if len(parts) != alts:
            return [site] * alts
        return [with_own(site, part.split(",")) for part in parts]

    def hotspot(self, record: VcfRecord, at: int = 0) -> bool | None:
        """Whether the annotation calls an allele a hotspot; None where nobody looked.

        Annotations but TK_HOTSPOT speak of the site.
        """
        info = self.header.info
        if "TK_HOTSPOT" in info:
            classes = (record.info_text("TK_HOTSPOT") or "").split(",")
            return at < len(classes) and classes[at].startswith("1-")
        if "Hotspot" in info:
            # hydra: 1-hotspot is a listed SNV; 2-indel, 3-check and 4-other are not.
            text = record.info_text("Hotspot")
            return text.startswith("1-") if text else None
        if "HOTSPOT" in info:
            return record.info_text("HOTSPOT") is not None
        if "TIER" in info:  # SAGE
            return record.info_text("TIER") == "HOTSPOT"
        return None

    def regions(self, record: VcfRecord) -> tuple[str, ...] | None:
        """Return the labels of the regions that a record touches; None where none was asked."""
        if not self.asked_regions:
            return None
        text = record.info_text("TK_REGIONS")
        return tuple(text.split(",")) if text else ()


def with_own(site: tuple[str, ...], own: Sequence[str]) -> tuple[str, ...]:
    """Return the filters of a record and of one of its alleles.

    >>> with_own(("PASS",), ["weak_evidence"]), with_own(("PASS",), ["SITE"])
    (('weak_evidence',), ('PASS',))
    """
    named = [name for name in own if name not in ("SITE", "PASS", ".", "")]
    shared = tuple(name for name in site if name != "PASS") if named else site
    return tuple(dict.fromkeys((*shared, *named)))


def site_reads(record: VcfRecord) -> list[Reads]:
    """Return the reads that INFO holds in a file without samples (LoFreq: DP4, AF, DP).

    Without DP4 nothing is known: AF of a sites-only file is a population frequency.
    """
    alts = len(record.alts)
    depths = whole(record.info_text("DP4"))
    if len(depths) != 4 or alts != 1:
        return [Reads()] * alts
    ref, alt = added(*depths[:2]), added(*depths[2:])
    fields = {key: record.info_text(key) or "" for key in ("AF",)}
    said = fractions_of(fields, ("AF",), alts) or [None] * alts
    depth = to_int(record.info_text("DP"))
    return [reads_of(depth, ref, alt, fraction) for fraction in said]


def counts(
    reads: Reads,
    strands: Strands = UNKNOWN_STRANDS,
    pairs: Orientations = UNKNOWN_ORIENTATIONS,
    qualities: Qualities = UNKNOWN_QUALITIES,
) -> AlleleCounts:
    """Put reads, strands, orientations and qualities together as a noun."""
    return AlleleCounts(
        depth=reads.depth,
        ref_depth=reads.ref_depth,
        alt_depth=reads.alt_depth,
        vaf=reads.vaf,
        ref_forward=strands.ref_forward,
        ref_reverse=strands.ref_reverse,
        alt_forward=strands.alt_forward,
        alt_reverse=strands.alt_reverse,
        ref_f1r2=pairs.ref_f1r2,
        ref_f2r1=pairs.ref_f2r1,
        alt_f1r2=pairs.alt_f1r2,
        alt_f2r1=pairs.alt_f2r1,
        base_quality=qualities.base_quality,
        ref_base_quality=qualities.ref_base_quality,
        mapping_quality=qualities.mapping_quality,
        ref_mapping_quality=qualities.ref_mapping_quality,
    )


def dialect_of(header: VcfHeader) -> str:
    """Return the caller that wrote a file, ``ensemble`` where records name theirs."""
    if any(key in header.info for key in CALLER_FIELDS):
        return "ensemble"
    meta = "\n".join(header.meta)
    for name, pattern in DIALECTS:
        if pattern.search(meta):
            return name
    names = {name for name, fields in DIALECT_FIELDS if fields <= header.formats.keys()}
    return "ensemble" if len(names) > 1 else next(iter(names), "unknown")


class _SameObject:
    """Compares by identity, so that a reader can be kept for a header without hashing its text."""

    def __init__(self, header: VcfHeader) -> None:
        self.header = header

    def __hash__(self) -> int:
        return id(self.header)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameObject) and self.header is other.header


@lru_cache(maxsize=8)
def _reader(key: _SameObject, roles: Roles) -> CallReader:
    return CallReader(key.header, roles)


def variants_of(record: VcfRecord, roles: Roles, header: VcfHeader | None = None) -> list[Variant]:
    """Return one variant per alternative allele of a record.

    >>> from tumorkit.variants.roles import assign_roles
    >>> header = VcfHeader((), ("NORMAL", "TUMOR"))
    >>> line = "1\\t8\\t.\\tT\\tG\\t.\\tPASS\\t.\\tGT:AD:DP\\t0/0:28,1:29\\t0/1:0,44:44"
    >>> hit, = variants_of(VcfRecord(line, header), assign_roles(header))
    >>> hit.tumor.alt_depth, hit.normal.ref_depth, hit.tumor.vaf
    (44, 28, 1.0)
    """
    return _reader(_SameObject(header or record.header), roles)(record)
