"""The calls that are exported: ours as they are, others' with states that follow from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from tumorkit.copynumber.call.alleles import given_alleles
from tumorkit.copynumber.call.analysis import Sex, event_of
from tumorkit.copynumber.call.arms import arm_events, call_arms
from tumorkit.copynumber.call.doubling import genome_state
from tumorkit.copynumber.call.params import CallParams
from tumorkit.copynumber.call.result import (
    AMPLIFICATION,
    GAIN,
    GAINS,
    LOSSES,
    STATES,
    ArmCall,
    ArmEvent,
    GeneCall,
    GenomeState,
    SegmentCall,
)
from tumorkit.copynumber.call.states import Mixture
from tumorkit.copynumber.call.table import gene_by_segments
from tumorkit.genome.build import Build
from tumorkit.genome.segment import CopyRatios, Gene, Segment

Words = Mapping[str, Sequence[str]]
Noun = TypeVar("Noun")


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Calls of one sample, and what other formats want to know beside them.

    ``genes`` is None where no genes were given, ``ratios`` where no bins were. ``lengths`` are
    contig lengths by the names of the segments, as far as known. ``caller`` is the program that
    made the calls, where the file names it.
    """

    sample: str
    build: Build | None
    segments: tuple[SegmentCall, ...]
    genes: tuple[GeneCall, ...] | None
    arms: tuple[ArmCall, ...]
    events: tuple[ArmEvent, ...]
    genome: GenomeState
    lengths: Mapping[str, int] = field(default_factory=dict)
    ratios: CopyRatios | None = None
    source: str = ""
    caller: str = ""
    notes: tuple[str, ...] = ()


def calls_of(
    segments: Sequence[Segment],
    *,
    sample: str = "",
    words: Words | None = None,
    genes: Sequence[Gene] | None = None,
    build: Build | None = None,
    sex: Sex | None = None,
    params: CallParams | None = None,
    ratios: CopyRatios | None = None,
    source: str = "",
    caller: str = "",
    notes: Sequence[str] = (),
    lengths: Mapping[str, int] | None = None,
) -> Calls:
    """Return calls from segments and the words that their file has beside them.

    A state that is not there follows from the copies, against 2 (1 on a man's X), or from the log2
    ratio where copies are unknown. LOH is where the minor allele has no copy.
    """
    params = params or CallParams()
    mixture = Mixture(purity=None, ploidy=2.0, sex=sex, build=build, params=params)
    words = words or {}
    listed = list(segments)
    called = [called_segment(listed, at, words, mixture, build) for at in range(len(listed))]
    derived = sum(state not in STATES for state in words.get("state", [""] * len(listed)))
    said = list(notes)
    if derived:
        said.append(f"states of {derived} segments follow from copies, else from log2 ratios")
        if sex is None:
            said.append("sex not given: Y has no state, X is judged as two copies")
    rows = None
    if genes is not None:
        made = [gene_by_segments(gene, called, mixture) for gene in genes]
        rows = tuple(with_copies(row) for row in made if row is not None)
        if len(rows) < len(genes):
            said.append(f"{len(genes) - len(rows)} genes lie in no segment with a log2 ratio")
    arms = tuple(call_arms(called, build, params)) if build else ()
    return Calls(
        sample=sample,
        build=build,
        segments=tuple(called),
        genes=rows,
        arms=arms,
        events=tuple(arm_events(arms, params)) if build else (),
        genome=genome_state(called),
        lengths=lengths or {},
        ratios=ratios,
        source=source,
        caller=caller,
        notes=tuple(said),
    )


def called_segment(
    listed: list[Segment], at: int, words: Words, mixture: Mixture, build: Build | None
) -> SegmentCall:
    """Return one segment with its state and event."""
    segment = listed[at]

    def word(name: str) -> str:
        return words[name][at] if name in words else ""

    def number(name: str) -> float | None:
        text = word(name)
        return float(text) if text not in ("", "NA", ".") else None

    start, end = event_of(listed, at, mixture, build)
    focal = end - start <= mixture.params.focal_max_mb * 1e6
    state = word("state")
    if state not in STATES:
        state = derived_state(segment, mixture, focal=focal)
    elif word("event") == "DUP" and state == GAIN:
        # Others' duplications have no word for how far they go; their copies say it.
        derived = derived_state(segment, mixture, focal=focal)
        state = derived if derived == AMPLIFICATION else state
    lost = {"yes": True, "no": False}.get(word("loh"))
    if lost is None and "loh" not in words and segment.minor_cn is not None:
        lost = given_alleles(segment).loh
    return SegmentCall(
        segment=segment,
        state=state,
        state_from_two=word("state_from_two") or None,
        copy_number_low=number("copy_number_low"),
        copy_number_high=number("copy_number_high"),
        copy_number_raw=number("copy_number_raw"),
        focal=focal and state in (*LOSSES, *GAINS),
        event_start=start,
        event_end=end,
        minor_copies=number("minor_copies"),
        minor_copies_low=number("minor_copies_low"),
        minor_copies_high=number("minor_copies_high"),
        loh=lost,
    )


def derived_state(segment: Segment, mixture: Mixture, *, focal: bool) -> str:
    """Return the state of a segment that has none: from copies, else from the log2 ratio."""
    middle = (segment.start + segment.end) // 2
    if segment.copy_number is not None and mixture.callable(segment.contig):
        normal = mixture.normal_copies(segment.contig, middle)
        return mixture.copy_state(segment.copy_number, normal, focal=focal)
    none = (None, None)
    return mixture.state(segment.log2_ratio, none, segment.contig, middle, focal=focal)


def with_copies(gene: GeneCall) -> GeneCall:
    """Give a gene that lies in one segment the copies of it."""
    if gene.segments != 1 or gene.copy_number is not None:
        return gene
    return replace(gene, copy_number=gene.min_copy_number)


def calls_of_document(document: Mapping[str, Any], build: Build | None) -> Calls:
    """Return the calls of a ``tumorkit/copynumber.call`` document.

    Raises ``KeyError`` or ``TypeError`` for a document of another shape.
    """
    segments = tuple(
        noun(SegmentCall, {**row, "segment": noun(Segment, row["segment"])})
        for row in document["segments"]
    )
    return Calls(
        sample=document["sample"],
        build=build,
        segments=segments,
        genes=tuple(noun(GeneCall, row) for row in document["genes"]) or None,
        arms=tuple(noun(ArmCall, row) for row in document["arms"]),
        events=tuple(noun(ArmEvent, row) for row in document["events"]),
        genome=noun(GenomeState, document["genome"]),
        source="tumorkit cnv call (JSON)",
        notes=tuple(document["notes"]),
    )


def noun(kind: type[Noun], row: Mapping[str, Any]) -> Noun:
    """Return a noun from its document; null where the noun has a plain number is NaN."""
    values = dict(row)
    for item in fields(kind):  # type: ignore[arg-type]
        if item.type == "float" and values.get(item.name) is None:
            values[item.name] = float("nan")
    return kind(**values)
