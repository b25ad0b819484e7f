"""Calls of segments and genes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from tumorkit.contract.result import InputFile, Result
from tumorkit.copynumber.call.params import CallParams
from tumorkit.copynumber.call.sexes import SexEvidence
from tumorkit.copynumber.segment.result import Noise
from tumorkit.genome.segment import Segment
from tumorkit.genome.table import Column, TableSchema

NEUTRAL = "neutral"
GAIN = "gain"
LOSS = "loss"
DEEP_LOSS = "deep loss (log2)"
HIGH_GAIN = "high gain (log2)"
HOMOZYGOUS_DELETION = "homozygous deletion"
AMPLIFICATION = "amplification"
NOT_CALLABLE = "not callable"
STATES = (
    NEUTRAL,
    GAIN,
    LOSS,
    DEEP_LOSS,
    HIGH_GAIN,
    HOMOZYGOUS_DELETION,
    AMPLIFICATION,
    NOT_CALLABLE,
)
LOSSES = (LOSS, DEEP_LOSS, HOMOZYGOUS_DELETION)
GAINS = (GAIN, HIGH_GAIN, AMPLIFICATION)


@dataclass(frozen=True, kw_only=True)
class SegmentCall:
    """A segment with its state.

    ``segment.copy_number`` is at least 0 and ``copy_number_raw`` as computed; all copy numbers
    are None without a purity. ``state`` compares with the rounded ploidy, ``state_from_two`` with
    the copies of a normal cell. ``minor_copies`` are those of the minor allele as computed, ``loh``
    whether it is lost, None where nobody can tell. ``state_probability`` is the share of a fitted
    posterior of purity and ploidy at which the state is the same, None without one;
    ``other_states`` names the others with theirs.
    ``event_start`` .. ``event_end`` is the segment with neighbours that keep at least half of its
    change, ``focal`` whether that is small.
    """

    segment: Segment
    state: str
    state_from_two: str | None = None
    copy_number_low: float | None = None
    copy_number_high: float | None = None
    copy_number_raw: float | None = None
    focal: bool = False
    event_start: int = 0
    event_end: int = 0
    minor_copies: float | None = None
    minor_copies_low: float | None = None
    minor_copies_high: float | None = None
    loh: bool | None = None
    state_probability: float | None = None
    other_states: str = ""


@dataclass(frozen=True, kw_only=True)
class ArmCall:
    """A chromosome arm: how much of what segments cover of it is lost, gained, in LOH.

    Fractions are of ``covered`` bases (of those with known alleles for LOH); ``largest_loss`` is
    the longest stretch lost, in bases.
    """

    contig: str
    arm: str
    start: int
    end: int
    covered: int
    log2_ratio: float | None
    copy_number: float | None
    loss_fraction: float | None
    gain_fraction: float | None
    loh_fraction: float | None
    largest_loss: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ArmEvent:
    """A named event of arms: ``present``, ``partial``, ``absent`` or ``not evaluable``, and why."""

    event: str
    meaning: str
    status: str
    reason: str
    fractions: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class GenomeState:
    """The autosomes as a whole: share changed, share in LOH, whether the genome was doubled."""

    covered: int
    fraction_changed: float | None
    fraction_loh: float | None
    doubling: str
    doubling_reason: str
    major_two_fraction: float | None
    doubled_autosomes: int | None


@dataclass(frozen=True, kw_only=True)
class GeneCall:
    """A gene with its level, state and the evidence for it.

    ``log2_ratio`` is the robust mean of the gene's bins, ``segments`` the number of segments that
    they lie in (above 1: a breakpoint inside). The state is that of the most changed of these
    segments, or of the part of the gene that the test found. ``flank_log2`` is the level around
    the gene, ``z`` how far the gene's bins lie from it, ``q_value`` the chance of that among all
    genes for the gene or its most changed part. ``lowest_bins`` and ``highest_bins`` are the
    gene's bins in its lowest and highest segment, with the levels beside them. ``part_start`` ..
    ``part_end`` is the stretch that stands out most. ``loh`` is None where alleles are unknown.
    ``z_normals`` is how far the gene's bins lie from no change by their spread among normals, None
    without a panel. ``breaks`` lists breakpoints between the gene's segments, 1-based, each with
    its interval and the change of log2 across it. ``state_probability`` and ``other_states`` are
    as those of segments.
    """

    gene: str
    contig: str
    start: int
    end: int
    log2_ratio: float
    log2_low: float | None
    log2_high: float | None
    bins: int | None
    segments: int
    state: str
    focal: bool
    copy_number: float | None
    copy_number_low: float | None
    copy_number_high: float | None
    copy_number_raw: float | None
    flank_log2: float | None
    z: float | None
    q_value: float | None
    z_normals: float | None
    lowest_log2: float
    lowest_bins: int | None
    highest_log2: float
    highest_bins: int | None
    part_start: int | None
    part_end: int | None
    part_bins: int | None
    part_log2: float | None
    state_from_two: str | None
    min_copy_number: float | None
    max_copy_number: float | None
    event_start: int
    event_end: int
    loh: bool | None
    breaks: str = ""
    state_probability: float | None = None
    other_states: str = ""


GENE_SCHEMA = TableSchema(
    "genes",
    "Copy number of genes; 0-based half-open; unknown is empty.",
    (
        Column("gene", str, "Name; a name on two loci is two genes.", optional=False),
        Column("contig", str, "Contig.", optional=False),
        Column("start", int, "First base.", optional=False),
        Column("end", int, "Base after the last.", optional=False),
        Column("log2_ratio", float, "Robust mean of the gene's bins.", optional=False),
        Column("log2_low", float, "Lower end of its interval."),
        Column("log2_high", float, "Upper end of its interval."),
        Column("bins", int, "Bins in the gene."),
        Column("segments", int, "Segments that the gene lies in.", optional=False),
        Column("state", str, "State of the most changed part.", optional=False),
        Column("focal", bool, "Whether the event is small or the gene stands out."),
        Column("copy_number", float, "Copies, at least 0; only with a known purity."),
        Column("copy_number_low", float, "Lower end of its interval."),
        Column("copy_number_high", float, "Upper end of its interval."),
        Column("copy_number_raw", float, "Copies as computed, perhaps below 0."),
        Column("flank_log2", float, "Level of the bins around the gene."),
        Column("z", float, "Distance of the gene's bins from the flanks."),
        Column("q_value", float, "Chance of that, among all genes."),
        Column("z_normals", float, "Distance from no change by the spread among normals."),
        Column("lowest_log2", float, "Level of the gene's lowest segment."),
        Column("lowest_bins", int, "The gene's bins in it."),
        Column("highest_log2", float, "Level of the gene's highest segment."),
        Column("highest_bins", int, "The gene's bins in it."),
        Column("part_start", int, "First base of the part that stands out most."),
        Column("part_end", int, "Base after its last."),
        Column("part_bins", int, "Bins of it."),
        Column("part_log2", float, "Level of it."),
        Column("state_from_two", str, "State against the copies of a normal cell."),
        Column("min_copy_number", float, "Copies of the gene's lowest segment."),
        Column("max_copy_number", float, "Copies of the gene's highest segment."),
        Column("event_start", int, "First base of the event.", optional=False),
        Column("event_end", int, "Base after its last.", optional=False),
        Column("loh", bool, "Whether an allele is lost; empty where alleles are unknown."),
        Column("breaks", str, "Breakpoints inside: position[low-high]change, by semicolons."),
        Column("state_probability", float, "Over a fitted posterior of purity and ploidy."),
        Column("other_states", str, "States of its other solutions, each with its probability."),
    ),
)

ARM_SCHEMA = TableSchema(
    "arms",
    "Chromosome arms; 0-based half-open, without centromeres; unknown is empty.",
    (
        Column("contig", str, "Contig.", optional=False),
        Column("arm", str, "p or q.", optional=False),
        Column("start", int, "First base.", optional=False),
        Column("end", int, "Base after the last.", optional=False),
        Column("covered", int, "Bases that callable segments cover.", optional=False),
        Column("log2_ratio", float, "Mean by length."),
        Column("copy_number", float, "Mean by length; only with a known purity."),
        Column("loss_fraction", float, "Share of the covered bases that is lost."),
        Column("gain_fraction", float, "Share that is gained."),
        Column("loh_fraction", float, "Share without one allele, where alleles are known."),
        Column("largest_loss", int, "Longest stretch lost, in bases.", optional=False),
        Column("state", str, "Loss, gain, partial loss or gain, neutral, not callable."),
    ),
)


@dataclass(frozen=True, kw_only=True)
class CallResult(Result):
    """Calls of all segments, of the genes that have bins, of arms and of the genome as a whole.

    ``arms`` and ``events`` are empty where the build is not known.

    ``sex`` is the one given, else the one that X and Y show (``sex_evidence``), None where neither
    tells. ``purity`` and ``ploidy`` are None where unknown; ``notes`` says what that means and
    what was assumed. ``genes_without_bins`` counts the genes that no bin touches.
    """

    schema_name: ClassVar[str] = "copynumber.call"

    segments: tuple[SegmentCall, ...]
    genes: tuple[GeneCall, ...]
    arms: tuple[ArmCall, ...]
    events: tuple[ArmEvent, ...]
    genome: GenomeState
    purity: float | None
    ploidy: float | None
    sex: str | None
    sex_evidence: SexEvidence
    noise: Noise | None
    genes_without_bins: int
    notes: tuple[str, ...]
    params: CallParams

    def labelled(self, sample: str, inputs: tuple[InputFile, ...]) -> Self:
        """Return the same result with the sample's name and its inputs."""
        return replace(self, sample=sample, inputs=inputs)
