"""Sequence a planned case island by island: reads, depths, counts and calls."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tumorkit.genome.aligned_reads import AlignedReads
from tumorkit.simulate.calling import Call, Candidate, call
from tumorkit.simulate.copy_number import SegmentIndex
from tumorkit.simulate.edits import IslandPlan, plan_islands
from tumorkit.simulate.evidence import (
    count_length,
    count_substitution,
    lengths_seen,
    noisy_places,
)
from tumorkit.simulate.fragments import (
    SampleSetup,
    depth_profile,
    draw_fragments,
    setups,
)
from tumorkit.simulate.nouns import (
    BASES,
    Case,
    Counts,
    GermlineVariant,
    Microsatellite,
    SomaticVariant,
)
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.reads import Block, aligned_reads, sequence_island

BIN = 600  # bins shorter than two fragments share their noise with their neighbours
NOISE_READS = 4
LEFTOVER = 0.08  # share of inherited heterozygous sites that the somatic caller mentions


@dataclass(frozen=True, kw_only=True)
class Bin:
    """A bin of a target with its mean depth in both samples."""

    contig: str
    start: int
    end: int
    gene: str
    tumor_depth: float
    normal_depth: float


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What sequencing shows of a planted variant or repeat in both samples."""

    source: SomaticVariant | GermlineVariant | Microsatellite
    tumor: Counts
    normal: Counts


@dataclass(frozen=True, kw_only=True)
class IslandData:
    """All that sequencing an island gave; ``reads`` are the tumour's and the normal's."""

    reads: tuple[AlignedReads, AlignedReads] | None
    bins: list[Bin]
    calls: list[Call]
    observed: list[Observed]

    def without_reads(self) -> IslandData:
        """Return the same without its reads, which are large and written already."""
        return replace(self, reads=None)


def sequence_case(case: Case, params: SimulateParams) -> Iterator[IslandData]:
    """Yield islands in genome order, each drawn from its own seed."""
    segments = SegmentIndex(case.segments)
    plans = plan_islands(case, segments)
    both = setups(params)
    names = [0, 0]
    for number, island in enumerate(case.panel.islands):
        blocks = []
        depths = []
        for setup in both:
            fragments = draw_fragments(case, number, setup, segments, params)
            depths.append(depth_profile(fragments, island, params.read_length))
            blocks.append(sequence_island(case, number, plans[number], fragments, setup, params))
        reads = None
        if params.reads:
            reads = (
                reads_of(blocks[0], island.contig, names, both[0], params),
                reads_of(blocks[1], island.contig, names, both[1], params),
            )
        observed = list(observe(blocks[0], blocks[1], plans[number], params.read_length))
        yield IslandData(
            reads=reads,
            bins=list(bins_of(case, number, depths[0], depths[1])),
            calls=calls_of(case, number, blocks[0], blocks[1], plans[number], observed, params),
            observed=observed,
        )


def reads_of(
    block: Block, contig: str, names: list[int], setup: SampleSetup, params: SimulateParams
) -> AlignedReads:
    """Return the aligned reads of a block; names count on through the sample."""
    made = aligned_reads(block, contig, names[setup.number], setup, params.read_length)
    names[setup.number] += len(block.fragments)
    return made


def bins_of(case: Case, number: int, tumor: np.ndarray, normal: np.ndarray) -> Iterator[Bin]:
    """Cut the targets of an island into bins of about :data:`BIN` bases."""
    island = case.panel.islands[number]
    for index in island.targets:
        target = case.panel.targets[index]
        count = max(1, round((target.end - target.start) / BIN))
        edges = np.rint(np.linspace(target.start, target.end, count + 1)).astype(int).tolist()
        for start, end in pairwise(edges):
            low, high = start - island.start, end - island.start
            yield Bin(
                contig=target.contig,
                start=start,
                end=end,
                gene=target.gene,
                tumor_depth=float(tumor[low:high].mean()),
                normal_depth=float(normal[low:high].mean()),
            )


def observe(tumor: Block, normal: Block, plan: IslandPlan, size: int) -> Iterator[Observed]:
    """Count every planted variant and repeat of an island in both samples."""
    for item in plan.substitutions:
        v = item.source
        yield Observed(
            source=v,
            tumor=count_substitution(tumor, item.position, v.ref, v.alt, size),
            normal=count_substitution(normal, item.position, v.ref, v.alt, size),
        )
    for index, change in enumerate(plan.lengths):
        delta, source = change.delta, change.source
        if change.repeat is not None:
            source_repeat = change.repeat
            delta = repeat_delta(tumor, index, change.position, change.repeat)
            yield Observed(
                source=source_repeat,
                tumor=count_length(tumor, index, change.position, delta, size),
                normal=count_length(normal, index, change.position, delta, size),
            )
        elif source is not None:
            yield Observed(
                source=source,
                tumor=count_length(tumor, index, change.position, delta, size),
                normal=count_length(normal, index, change.position, delta, size),
            )


def repeat_delta(tumor: Block, index: int, position: int, repeat: Microsatellite) -> int:
    """Return the change in bases to look at: the planted one, else the commonest other length."""
    if repeat.shift:
        side = repeat.germline[repeat.haplotype]
        planted = (side + repeat.shift) * len(repeat.unit)
        if planted:
            return max(planted, (1 - repeat.repeats) * len(repeat.unit))
    seen = lengths_seen(tumor, index, position)
    others = {length: n for length, n in seen.items() if length}
    return max(others, key=lambda d: (others[d], -abs(d), d), default=-len(repeat.unit))


def calls_of(
    case: Case,
    number: int,
    tumor: Block,
    normal: Block,
    plan: IslandPlan,
    observed: list[Observed],
    params: SimulateParams,
) -> list[Call]:
    """Return what a caller writes of an island, in order of position."""
    island, size = case.panel.islands[number], params.read_length
    found: list[Call | None] = []
    known: set[int] = set()
    for item in observed:
        candidate = candidate_of(case, item.source, item, params.seed)
        if not isinstance(item.source, Microsatellite):
            known.add(item.source.pos - 1)
        if candidate is not None:
            found.append(call(candidate, item.tumor, item.normal))
    sites: list[tuple[int, str, str]] = [(a.pos - 1, a.alt, a.kind) for a in plan.artefacts]
    sites += [(position, BASES[base], "paralogue") for position, base in plan.paralogue]
    known |= {position for position, _, _ in sites}
    codes = case.sequence.codes[number]
    spans = [(case.panel.targets[t].start, case.panel.targets[t].end) for t in island.targets]
    noise = noisy_places(tumor, codes, island.start, spans, NOISE_READS)
    sites += [(position, BASES[base], "noise") for position, base in noise if position not in known]
    for position, alt, truth in sites:
        ref = BASES[int(codes[position - island.start])]
        candidate = Candidate(contig=island.contig, pos=position + 1, ref=ref, alt=alt, truth=truth)
        found.append(
            call(
                candidate,
                count_substitution(tumor, position, ref, alt, size),
                count_substitution(normal, position, ref, alt, size),
            )
        )
    made = {(c.candidate.pos, c.candidate.ref, c.candidate.alt): c for c in found if c is not None}
    return [made[key] for key in sorted(made)]


def candidate_of(case: Case, source: object, item: Observed, seed: int) -> Candidate | None:
    """Return the allele of a planted variant as a caller sees it, None if it does not look."""
    if isinstance(source, SomaticVariant):
        return Candidate(
            contig=source.contig, pos=source.pos, ref=source.ref, alt=source.alt, truth="somatic"
        )
    if isinstance(source, GermlineVariant):
        token = f"{seed}:{source.contig}:{source.pos}".encode()
        if sum(source.genotype) == 2 or zlib.crc32(token) / 2**32 > LEFTOVER:
            return None
        return Candidate(
            contig=source.contig,
            pos=source.pos,
            ref=source.ref,
            alt=source.alt,
            truth="germline",
            population_af=source.population_af,
        )
    if isinstance(source, Microsatellite):
        return repeat_candidate(case, source)
    return None


def repeat_candidate(case: Case, repeat: Microsatellite) -> Candidate | None:
    """Return the left-aligned allele of a shifted repeat; unshifted ones are not called."""
    change = (repeat.germline[repeat.haplotype] + repeat.shift) * len(repeat.unit)
    change = max(change, (1 - repeat.repeats) * len(repeat.unit))
    if not repeat.shift or not change:
        return None
    anchor = case.sequence.text(repeat.contig, repeat.start - 1, repeat.start)
    moved = repeat.unit * (abs(change) // len(repeat.unit))
    return Candidate(
        contig=repeat.contig,
        pos=repeat.start,
        ref=anchor + moved if change < 0 else anchor,
        alt=anchor if change < 0 else anchor + moved,
        truth="somatic",
        repeat=(repeat.unit, repeat.repeats),
    )
