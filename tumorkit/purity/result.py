"""Purity and ploidy with what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, Self

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import InputFile, Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.purity.grid import Surface
from tumorkit.purity.params import PurityParams

State = Literal["solved", "highly_diploid", "no_tumor_signal", "not_identifiable"]


@dataclass(frozen=True, kw_only=True)
class Solution:
    """One solution: a hill of the posterior, its weight and its 95 % ranges.

    ``doubled`` is the probability that the genome was doubled, if this solution holds.
    """

    purity: float
    ploidy: float
    weight: float
    purity_low: float
    purity_high: float
    ploidy_low: float
    ploidy_high: float
    doubled: float


@dataclass(frozen=True, kw_only=True)
class GridPoint:
    """A point of the posterior; the weights of all points sum to 1."""

    purity: float
    ploidy: float
    weight: float
    doubled: float


@dataclass(frozen=True, kw_only=True)
class TumorFraction:
    """A tumour fraction in its two meanings, from one kind of evidence.

    ``cells`` is the share of tumour cells (the purity), ``dna`` the share of the DNA that is
    theirs: a tumour cell with more chromosomes sheds more of it.
    """

    source: str
    cells: Estimate
    dna: Estimate


@dataclass(frozen=True, kw_only=True)
class SegmentCopies:
    """A segment's copies at the best solution.

    ``copies`` is as computed, perhaps below 0; ``total_cn``, ``major_cn`` and ``minor_cn`` are
    the likeliest whole copies, those of alleles None where alleles were not measured.
    ``loh_probability`` is taken over the whole posterior. Where a change is in a part of the
    tumour cells, ``part`` is that share and ``part_major``, ``part_minor`` the copies there.
    """

    contig: str
    start: int
    end: int
    log2_ratio: float
    baf: float | None
    normal_copies: int
    copies: float
    minor_copies: float | None
    total_cn: int
    major_cn: int | None
    minor_cn: int | None
    probability: float
    loh: bool | None
    loh_probability: float | None
    subclonal: bool
    part: float | None
    part_low: float | None
    part_high: float | None
    part_major: int | None
    part_minor: int | None


@dataclass(frozen=True, kw_only=True)
class SegmentAlternatives:
    """A segment's copies at each solution, in the order of the solutions.

    ``copies`` and ``minor_copies`` are means over the tumour's cells: no whole numbers where a
    part of them differs; the latter None where alleles were not measured. ``probability`` is that
    of these copies, if the solution holds.
    """

    contig: str
    start: int
    end: int
    copies: tuple[float, ...]
    minor_copies: tuple[float | None, ...]
    probability: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class MutationCopies:
    """A somatic variant: in which share of tumour cells (``ccf``), on how many copies; 1-based."""

    contig: str
    pos: int
    ref: str
    alt: str
    gene: str
    vaf: float
    depth: int
    total_cn: int | None
    multiplicity: int | None
    ccf: float | None
    ccf_low: float | None
    ccf_high: float | None
    clonal_probability: float | None


@dataclass(frozen=True, kw_only=True)
class GeneHits:
    """Whether a gene lost both alleles, and by what.

    ``status`` is ``two hits``, ``one hit``, ``no hit`` or ``not evaluable``; ``hits`` lists what
    was found, ``germline`` says whether germline variants were looked at.
    """

    gene: str
    contig: str
    start: int
    end: int
    total_cn: int | None
    minor_cn: int | None
    loh: bool | None
    somatic: int
    germline: str
    hits: tuple[str, ...]
    status: str


@dataclass(frozen=True, kw_only=True)
class Used:
    """What spoke: segments, alleles, variants, and the share of the autosomes that is changed."""

    segments: int
    segments_used: int
    segments_with_alleles: int
    snps: int
    mutations: int
    mutations_used: int
    aberrant: float
    loh: float | None
    subclonal: float


@dataclass(frozen=True, kw_only=True)
class PairCheck:
    """Whether tumour and normal are of one person, by sites where the normal has one allele.

    ``foreign`` is the share of them where the tumour has the other allele at all, ``other`` where
    it is a quarter of the reads or more; each with the share above which it is another person
    whose DNA it is. None where too few sites tell.
    """

    foreign: float | None
    foreign_limit: float
    other: float | None
    other_limit: float


SOLUTION_SCHEMA = TableSchema(
    "purity_solutions",
    "Solutions of purity and ploidy, the best first.",
    (
        Column("rank", int, "1 is the best.", optional=False),
        Column("purity", float, "Share of tumour cells.", optional=False),
        Column("ploidy", float, "Mean copies of the autosomes.", optional=False),
        Column("weight", float, "Posterior probability.", optional=False),
        Column("purity_low", float, "Lower end of the 95 % range.", optional=False),
        Column("purity_high", float, "Upper end of the 95 % range.", optional=False),
        Column("ploidy_low", float, "Lower end of the 95 % range.", optional=False),
        Column("ploidy_high", float, "Upper end of the 95 % range.", optional=False),
        Column("doubled", float, "Probability of a doubled genome.", optional=False),
    ),
)
SEGMENT_SCHEMA = TableSchema(
    "purity_segments",
    "Copies of segments at the best solution; 0-based half-open; unknown is empty.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("start", int, "First base.", optional=False),
        Column("end", int, "Base after the last.", optional=False),
        Column("log2_ratio", float, "Level as given.", optional=False),
        Column("baf", float, "Major-allele fraction as given."),
        Column("normal_copies", int, "Copies of a normal cell.", optional=False),
        Column("copies", float, "Copies as computed, perhaps below 0.", optional=False),
        Column("minor_copies", float, "Copies of the minor allele as computed."),
        Column("total_cn", int, "Likeliest whole copies.", optional=False),
        Column("major_cn", int, "Of the major allele."),
        Column("minor_cn", int, "Of the minor allele."),
        Column("probability", float, "Of these copies, if the solution holds.", optional=False),
        Column("loh", bool, "Whether an allele is lost; empty where nobody can tell."),
        Column("loh_probability", float, "Over all solutions."),
        Column("subclonal", bool, "Whether a part of the tumour differs.", optional=False),
        Column("part", float, "Share of tumour cells that differ."),
        Column("part_low", float, "Lower end of its interval."),
        Column("part_high", float, "Upper end of its interval."),
        Column("part_major", int, "Copies of the major allele in them."),
        Column("part_minor", int, "Copies of the minor allele in them."),
    ),
)
MUTATION_SCHEMA = TableSchema(
    "purity_mutations",
    "Somatic variants: share of tumour cells and copies; 1-based; unknown is empty.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("pos", int, "Position.", optional=False),
        Column("ref", str, "Reference allele.", optional=False),
        Column("alt", str, "Variant allele.", optional=False),
        Column("gene", str, "Gene."),
        Column("vaf", float, "Share of reads.", optional=False),
        Column("depth", int, "Reads.", optional=False),
        Column("total_cn", int, "Copies of the segment."),
        Column("multiplicity", int, "Likeliest number of copies with the variant."),
        Column("ccf", float, "Share of tumour cells with the variant."),
        Column("ccf_low", float, "Lower end of its 95 % interval."),
        Column("ccf_high", float, "Upper end of its 95 % interval."),
        Column("clonal_probability", float, "That nearly all tumour cells have it."),
    ),
)
GENE_SCHEMA = TableSchema(
    "purity_genes",
    "Genes: copies, loss of an allele, and whether both alleles are hit; 0-based half-open.",
    (
        Column("gene", str, "Name.", optional=False),
        Column("contig", str, "Contig.", optional=False),
        Column("start", int, "First base.", optional=False),
        Column("end", int, "Base after the last.", optional=False),
        Column("total_cn", int, "Fewest copies of its segments."),
        Column("minor_cn", int, "Fewest copies of the minor allele."),
        Column("loh", bool, "Whether an allele is lost."),
        Column("somatic", int, "Somatic variants that may change the protein.", optional=False),
        Column("germline", str, "Germline variants, or that none were looked at."),
        Column("hits", str, "What was found."),
        Column("status", str, "Two hits, one hit, no hit, not evaluable.", optional=False),
    ),
)


@dataclass(frozen=True, kw_only=True)
class PurityResult(Result):
    """Purity and ploidy: state, solutions, posterior, and the copies that follow.

    ``purity`` and ``ploidy`` have the best solution's value and the 95 % range over all
    solutions; they are not evaluable where ``state`` says so, and ``solutions`` then still tells
    what was found. ``pathology_purity`` is the estimate that was given: it stands beside the
    fitted one. ``alternatives`` has the copies at each
    solution. ``log_odds`` weighs tumour against no tumour (natural logarithm). ``grid`` is the
    posterior, thinned, for whatever has to be integrated over it. ``pair`` is None where nobody
    counted reads of SNPs.
    """

    schema_name: ClassVar[str] = "purity"
    main: ClassVar[str] = "purity"

    purity: Estimate
    ploidy: Estimate
    state: State
    reason_of_state: str
    source: str
    doubling: str
    doubling_probability: float | None
    pathology_purity: float | None
    solutions: tuple[Solution, ...]
    log_odds: float
    fractions: tuple[TumorFraction, ...]
    used: Used
    sex: str | None
    segments: tuple[SegmentCopies, ...]
    alternatives: tuple[SegmentAlternatives, ...]
    mutations: tuple[MutationCopies, ...]
    genes: tuple[GeneHits, ...]
    grid: tuple[GridPoint, ...]
    notes: tuple[str, ...]
    params: PurityParams
    pair: PairCheck | None = None
    surface: Surface | None = field(
        default=None, repr=False, compare=False, metadata={"document": False}
    )

    def labelled(self, sample: str, inputs: tuple[InputFile, ...]) -> Self:
        """Return the same result with the sample's name and its inputs."""
        return replace(self, sample=sample, inputs=inputs)
