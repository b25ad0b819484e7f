"""Small variants as the rooms see them: one alternative allele, with what was measured."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class AlleleCounts:
    """Reads at one allele in one sample; None is unknown, never zero.

    ``ref_f1r2`` to ``alt_f2r1`` are read pairs whose first read lies forward (F1R2) or reverse
    (F2R1). ``base_quality`` and ``mapping_quality`` (phred) are those of the reads with the
    allele, the ``ref_`` ones those of the reference's; where the caller has one mapping quality
    for the site, that is ``mapping_quality``.
    """

    depth: int | None = None
    ref_depth: int | None = None
    alt_depth: int | None = None
    vaf: float | None = None
    ref_forward: int | None = None
    ref_reverse: int | None = None
    alt_forward: int | None = None
    alt_reverse: int | None = None
    ref_f1r2: int | None = None
    ref_f2r1: int | None = None
    alt_f1r2: int | None = None
    alt_f2r1: int | None = None
    base_quality: float | None = None
    ref_base_quality: float | None = None
    mapping_quality: float | None = None
    ref_mapping_quality: float | None = None


UNKNOWN_COUNTS = AlleleCounts()


def trimmed(ref: str, alt: str) -> tuple[int, str, str]:
    """Return two alleles without the bases that both share, and how many went in front.

    At least one base of each is left: the anchor of an insertion or deletion.

    >>> trimmed("CTT", "CT"), trimmed("CA", "TA"), trimmed("CAG", "CTG")
    ((0, 'CT', 'C'), (0, 'C', 'T'), (1, 'A', 'T'))
    """
    front, back = 0, 0
    least = min(len(ref), len(alt))
    while back < least - 1 and ref[-1 - back] == alt[-1 - back]:
        back += 1
    while front < least - back - 1 and ref[front] == alt[front]:
        front += 1
    return front, ref[front : len(ref) - back], alt[front : len(alt) - back]


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """What an annotation tool says of one allele on one transcript.

    ``mane_twin`` is the other archive's name of a MANE transcript (RefSeq's of an Ensembl one).
    """

    terms: tuple[str, ...]
    gene: str = ""
    transcript: str = ""
    hgvsc: str = ""
    hgvsp: str = ""
    exon: str = ""
    impact: str = ""
    biotype: str = ""
    canonical: bool = False
    mane_select: bool = False
    picked: bool = False
    clinical_significance: str = ""
    mane_plus_clinical: bool = False
    mane_twin: str = ""
    hgnc_id: str = ""

    @property
    def pathogenic(self) -> bool:
        """Whether the annotation names it (likely) pathogenic, without a conflict.

        >>> [Consequence(terms=(), clinical_significance=said).pathogenic for said in (
        ...     "Pathogenic/Likely_pathogenic", "uncertain_significance&likely_pathogenic",
        ...     "Conflicting_interpretations_of_pathogenicity", "benign", "")]
        [True, True, False, False, False]
        """
        said = self.clinical_significance.lower()
        words = re.split(r"[&/,;|]", said)
        known = any(word.strip() in ("pathogenic", "likely_pathogenic") for word in words)
        return known and "conflicting" not in said


@dataclass(frozen=True, kw_only=True)
class PopulationFrequency:
    """A population frequency in its three states.

    ``declared`` False: no source was asked (unknown). ``declared`` True with ``value`` None: the
    source was asked and has no entry for this allele (absent). ``allele_number`` is how many
    alleles the source looked at, where that is known: an absent allele's frequency is about
    Beta(0.5, allele_number + 0.5).
    """

    declared: bool = False
    value: float | None = None
    allele_number: int | None = None


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One alternative allele of one VCF record; ``pos`` is 1-based, as in VCF.

    ``frequencies`` has one entry per population source, by the field's own name (``gnomAD_AF``,
    ``MAX_AF``); ``population_af`` is the highest of them. ``consequences`` is None where nobody
    annotated, and empty where the annotation says nothing. ``normal`` is None without a normal.
    ``status`` is what the caller says of the allele: ``somatic``, ``likely_somatic``,
    ``germline``, ``likely_germline``, ``loh``, ``likely_loh``, ``reference`` or ``unknown``; None
    where the caller says nothing of the kind. ``p_somatic`` is the probability that the allele is a
    somatic variant of the tumour, where somebody computed it.

    >>> Variant(contig="chr7", pos=55191822, ref="T", alt="G").kind
    'snv'
    """

    contig: str
    pos: int
    ref: str
    alt: str
    tumor: AlleleCounts = UNKNOWN_COUNTS
    normal: AlleleCounts | None = None
    filters: tuple[str, ...] = ()
    quality: float | None = None
    frequencies: dict[str, PopulationFrequency] = field(default_factory=dict, compare=False)
    consequences: tuple[Consequence, ...] | None = None
    callers: tuple[str, ...] = ()
    status: str | None = None
    ids: tuple[str, ...] = ()
    hotspot: bool | None = None
    p_somatic: float | None = None
    info: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def kind(self) -> str:
        """``snv``, ``mnv``, ``insertion``, ``deletion``, ``complex`` or ``symbolic``.

        It is that of the allele by itself: bases that a record of several alternatives adds to
        both sides do not count.

        >>> Variant(contig="chr1", pos=9, ref="CTT", alt="CT").kind
        'deletion'
        """
        ref, alt = self.ref, self.alt
        if alt in ("", ".", "*") or alt.startswith("<") or set(alt) & set("[]"):
            return "symbolic"
        if len(ref) > 1 and len(alt) > 1:
            _, ref, alt = trimmed(ref, alt)
        if len(ref) == len(alt):
            return "snv" if len(ref) == 1 else "mnv"
        if len(ref) == 1 and alt.startswith(ref):
            return "insertion"
        if len(alt) == 1 and ref.startswith(alt):
            return "deletion"
        return "complex"

    @property
    def population_af(self) -> PopulationFrequency:
        """The highest frequency of all sources; not declared where no source was asked."""
        declared = [known for known in self.frequencies.values() if known.declared]
        values = [known.value for known in declared if known.value is not None]
        return PopulationFrequency(declared=bool(declared), value=max(values, default=None))

    @property
    def key(self) -> tuple[str, int, str, str]:
        """Contig, position, reference and alternative allele."""
        return self.contig, self.pos, self.ref, self.alt

    def __str__(self) -> str:
        return f"{self.contig}:{self.pos} {self.ref}>{self.alt}"
