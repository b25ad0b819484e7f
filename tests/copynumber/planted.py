"""Cases with planted copy number, read by read, and what a whole run finds of them."""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass, replace
from pathlib import Path

from tumorkit.copynumber.workflow.files import Known, RunFiles
from tumorkit.copynumber.workflow.result import RunResult
from tumorkit.copynumber.workflow.run import run_copy_number
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import CopyRatios, Segment
from tumorkit.io.copy_ratios import read_copy_ratios
from tumorkit.io.segments import read_segments
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.run import run_simulate

FOCAL = 5_000_000
# A breakpoint this many bins from a true one, or less, is that one.
NEAR = 5
UNBALANCED_P = 0.001


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a run found: events by name, and calls that nothing was planted for."""

    events: dict[str, bool]
    true_breaks: int
    found_breaks: int
    false_breaks: int
    false_focal: int
    balanced: int
    false_unbalanced: int
    unbalanced: int
    found_unbalanced: int
    copies_right: float


def simulate_case(
    folder: Path, *, purity: float, seed: int, doubled: bool = False, size: float = 1.0
) -> SimulateParams:
    """Write a case whose panel is about ``size`` times 60 genes and 1,000 SNPs."""
    params = SimulateParams(
        seed=seed,
        purity=purity,
        ploidy=3.7 if doubled else 2.1,
        doubled=doubled,
        exon_deletion=True,
        genes=max(20, round(60 * size)),
        coding_kb=max(67, 200 * size),
        backbone_snps=round(1000 * size),
        msi_targets=0,
        msi=False,
        snvs=0,
        indels=0,
        strand_artefacts=0,
        ffpe_artefacts=0,
        duplicate_rate=0.0,
        depth=150,
        normal_depth=100,
    )
    run_simulate(folder, params=params)
    return params


def files_of(folder: Path) -> RunFiles:
    """Return the inputs of a run on a simulated case."""
    return RunFiles(
        tumor=folder / "tumor.bam",
        normal=folder / "normal.bam",
        targets=folder / "targets.bed",
        reference=folder / "reference.fa.gz",
        germline=folder / "germline.vcf.gz",
        genes=folder / "genes.bed",
    )


def run_case(folder: Path, out: Path, params: SimulateParams, *, threads: int = 1) -> RunResult:
    """Run copy number with the case's true purity and ploidy."""
    with (folder / "truth" / "case.tsv").open() as handle:
        truth = {row["name"]: row["value"] for row in csv.DictReader(handle, delimiter="\t")}
    ploidy = float(truth["ploidy"])
    known = Known(purity=params.purity, ploidy=ploidy)
    return run_copy_number(files_of(folder), outdir=out, known=known, threads=threads)


@dataclass(frozen=True, kw_only=True)
class TrueState:
    """A row of the truth."""

    contig: str
    start: int
    end: int
    major: int
    minor: int
    log2_ratio: float
    event: str

    @property
    def copies(self) -> int:
        """Copies of both alleles."""
        return self.major + self.minor


def read_truth(folder: Path) -> list[TrueState]:
    """Return the planted segments of the autosomes."""
    with (folder / "truth" / "segments.tsv").open() as handle:
        return [
            TrueState(
                contig=row["contig"],
                start=int(row["start"]),
                end=int(row["end"]),
                major=int(row["major_cn"]),
                minor=int(row["minor_cn"]),
                log2_ratio=float(row["log2_ratio"] or "-20"),
                event=row["event"],
            )
            for row in csv.DictReader(handle, delimiter="\t")
            if row["contig"] != "chrX"
        ]


def judge(folder: Path, out: Path, result: RunResult, *, doubled: bool) -> Found:
    """Compare a run with the truth of its case."""
    truth = read_truth(folder)
    listed = [s for s in read_segments(out / f"{result.sample}.call.cns") if s.contig != "chrX"]
    bins = read_copy_ratios(out / f"{result.sample}.cnr")
    # Where 0 stands is the sample's median, not its mean genome: both are set to one level.
    shift = level_of(listed, truth)
    listed = [replace(one, log2_ratio=one.log2_ratio - shift) for one in listed]
    starts = {
        name: bins.start[first:last].tolist() for name, first, last in bins.runs() if name != "chrX"
    }
    events = {one.event: event_found(one, truth, listed, bins) for one in truth if one.event}
    events["whole-genome doubling" if doubled else "no doubling"] = result.genome.doubling == (
        "yes" if doubled else "no"
    )
    real = breaks_of([(one.contig, one.start, one.end) for one in truth], starts)
    seen = breaks_of([(one.contig, one.start, one.end) for one in listed], starts)
    matched = match(real, seen)
    balanced, wrong, unbalanced, right = 0, 0, 0, 0
    copies, known = 0, 0
    for one in listed:
        at = state_at(truth, one)
        if at is None:
            continue
        known += one.bins
        total = round(one.copy_number) if one.copy_number is not None else None
        copies += one.bins * (total == at.copies)
        if one.imbalance_p is None:
            continue
        shown = one.imbalance_p < UNBALANCED_P
        if at.major == at.minor:
            balanced, wrong = balanced + 1, wrong + shown
        else:
            unbalanced, right = unbalanced + 1, right + shown
    return Found(
        events=events,
        true_breaks=len(real),
        found_breaks=matched,
        false_breaks=len(seen) - matched,
        false_focal=sum(one.focal and not focal_truth(one, truth) for one in listed),
        balanced=balanced,
        false_unbalanced=wrong,
        unbalanced=unbalanced,
        found_unbalanced=right,
        copies_right=copies / known if known else float("nan"),
    )


def level_of(listed: list[Segment], truth: list[TrueState]) -> float:
    """Return the median distance of segments from the truth, each weighing its bins."""
    pairs = [(one, state_at(truth, one)) for one in listed]
    apart = sorted((one.log2_ratio - at.log2_ratio, one.bins) for one, at in pairs if at)
    half, passed = sum(bins for _, bins in apart) / 2, 0
    for value, bins in apart:
        passed += bins
        if passed >= half:
            return value
    return 0.0


def event_found(
    event: TrueState, truth: list[TrueState], listed: list[Segment], bins: CopyRatios
) -> bool:
    """Whether the segments of at least half of an event's bins show its level, and its alleles.

    Half-way to what lies around it (focal), or to two copies (arms), decides on the level. A
    copy-neutral loss of heterozygosity shows by its alleles, at the level of two copies.
    """
    two = next((one.log2_ratio for one in truth if one.copies == 2), None)
    around = [
        one
        for one in truth
        if one.contig == event.contig and (one.end == event.start or one.start == event.end)
    ]
    middle = (bins.start + bins.end) // 2
    inside = (bins.contig == event.contig) & (middle >= event.start) & (middle < event.end)
    shown = []
    for at in middle[inside].tolist():
        one = next((s for s in listed if s.contig == event.contig and s.start <= at < s.end), None)
        if one is None:
            shown.append(False)
        elif event.end - event.start <= FOCAL:
            halves = [(event.log2_ratio + near.log2_ratio) / 2 for near in around]
            low = event.copies < min(near.copies for near in around)
            shown.append(one.log2_ratio < min(halves) if low else one.log2_ratio > max(halves))
        else:
            apart = 0.0 if two is None else abs(event.log2_ratio - two)
            margin = apart / 2 or 0.12
            right = abs(one.log2_ratio - event.log2_ratio) < margin
            unbalanced = one.imbalance_p is not None and one.imbalance_p < UNBALANCED_P
            shown.append(right and (unbalanced or "LOH" not in event.event))
    return 2 * sum(shown) >= max(len(shown), 1)


def breaks_of(
    rows: list[tuple[str, int, int]], starts: dict[str, list[int]]
) -> list[tuple[str, int]]:
    """Return breakpoints as numbers of bins; ends and centromeres of chromosomes do not count."""
    found = []
    for (left, _, end), (contig, place, _) in itertools.pairwise(rows):
        if left != contig or contig not in starts:
            continue
        low, high = GRCH38.centromeres[contig]
        if end <= high and place >= low:
            continue
        before = sum(start < place for start in starts[contig])
        if NEAR <= before <= len(starts[contig]) - NEAR:
            found.append((contig, before))
    return sorted(set(found))


def match(real: list[tuple[str, int]], seen: list[tuple[str, int]]) -> int:
    """Return how many true and found breakpoints lie near each other, one to one."""
    left, count = list(seen), 0
    for contig, at in real:
        near = [one for one in left if one[0] == contig and abs(one[1] - at) <= NEAR]
        if near:
            left.remove(min(near, key=lambda one: abs(one[1] - at)))
            count += 1
    return count


def state_at(truth: list[TrueState], segment: Segment) -> TrueState | None:
    """Return the truth of most of a segment."""
    overlaps = [
        (min(one.end, segment.end) - max(one.start, segment.start), number)
        for number, one in enumerate(truth)
        if one.contig == segment.contig
    ]
    best = max(overlaps, default=(0, 0))
    return truth[best[1]] if best[0] > 0 else None


def focal_truth(segment: Segment, truth: list[TrueState]) -> bool:
    """Whether a focal segment lies over a planted focal event."""
    return any(
        one.event
        and one.end - one.start <= FOCAL
        and one.contig == segment.contig
        and one.start < segment.end
        and segment.start < one.end
        for one in truth
    )
