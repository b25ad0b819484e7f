"""Calls of segments and genes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from tumorkit.contract.result import InputFile, Result
from tumorkit.copynumber.call.params import CallParams
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
    the copies of a normal cell. ``event_start`` .. ``event_end`` is the segment with neighbours
    that keep at least half of its change, ``focal`` whether that is small.
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
    ),
)


@dataclass(frozen=True, kw_only=True)
class CallResult(Result):
    """Calls of all segments, and of the genes that have bins.

    ``purity`` and ``ploidy`` are None where unknown; ``notes`` says what that means and what was
    assumed. ``genes_without_bins`` counts the genes that no bin touches.
    """

    schema_name: ClassVar[str] = "copynumber.call"

    segments: tuple[SegmentCall, ...]
    genes: tuple[GeneCall, ...]
    purity: float | None
    ploidy: float | None
    sex: str | None
    noise: Noise | None
    genes_without_bins: int
    notes: tuple[str, ...]
    params: CallParams

    def labelled(self, sample: str, inputs: tuple[InputFile, ...]) -> Self:
        """Return the same result with the sample's name and its inputs."""
        return replace(self, sample=sample, inputs=inputs)
