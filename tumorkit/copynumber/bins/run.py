"""Join reading, making and writing of bins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.copynumber.bins.analysis import make_bins, off_target_bins, usual_contigs
from tumorkit.copynumber.bins.params import BinsParams
from tumorkit.copynumber.bins.result import BinsResult
from tumorkit.errors import ParameterError
from tumorkit.genome.build import detect_build
from tumorkit.genome.contigs import match_names
from tumorkit.genome.interval import Interval, Territory
from tumorkit.io.alignment import Alignment, open_alignment, placed_on
from tumorkit.io.bed import read_intervals
from tumorkit.io.bins import bins_text
from tumorkit.io.content import with_content
from tumorkit.io.depth import mean_depths
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import open_fasta
from tumorkit.io.genes import read_genes
from tumorkit.io.outputs import Outputs
from tumorkit.io.sequence_content import accessible_regions

# Intervals in which depth is measured to choose a size, and their size for off-target.
SAMPLED = 200
SAMPLED_SIZE = 20_000
MIN_MAPPING_QUALITY = 20


@dataclass(frozen=True, kw_only=True)
class BinsFiles:
    """Inputs of bins; only the reference is always needed.

    ``access`` lists accessible regions (by default the FASTA between its gaps), ``tumor`` is an
    alignment whose depth chooses the sizes that were not given.
    """

    reference: Path
    targets: Path | None = None
    access: Path | None = None
    tumor: Path | None = None
    mappability: Path | None = None
    repeats: Path | None = None
    genes: Path | None = None

    def given(self) -> list[tuple[str, Path]]:
        """Return role and path of each file that was given."""
        listed = vars(self).items()
        return [(role, path) for role, path in listed if path is not None]


def run_bins(
    files: BinsFiles, *, params: BinsParams | None = None, progress: Progress = SILENT
) -> BinsResult:
    """Make bins of targets or of a genome, with GC, repeats and mappability.

    Raises :class:`ParameterError` where the method needs targets and none were given.
    """
    params = params or BinsParams()
    if files.targets is None and params.method != "wgs":
        raise ParameterError(
            f"method {params.method} needs targets", "add --targets BED, or --method wgs"
        )
    with open_fasta(files.reference) as fasta:
        lengths = dict(fasta.lengths)
        targets = read_intervals(files.targets) if files.targets and params.method != "wgs" else []
        access = read_intervals(files.access) if files.access else None
        contigs = usual_contigs(spelled_as(targets, lengths), targets)
        if access is None and params.method != "amplicon":
            access = accessible_regions(fasta, contigs, progress=progress)
    names = {item.contig for item in targets}
    regions = renamed(access or [], names) if names else (access or [])
    depths: tuple[float | None, float | None] = (None, None)
    if files.tumor is not None:
        depths = measured(files.tumor, targets, regions, params, files.reference, progress)
    result = make_bins(
        targets,
        regions,
        params,
        target_depth=depths[0],
        off_target_depth=depths[1],
        genes=read_genes(files.genes) if files.genes else (),
    )
    progress.log(f"{len(result.bins)} bins: reading their sequence")
    bins = with_content(
        result.bins,
        reference=files.reference,
        mappability=files.mappability,
        repeats=files.repeats,
        progress=progress,
    )
    unknown = int(np.isnan(bins.gc).sum())
    notes = [f"{unknown} bins have no known base in {files.reference.name}"] if unknown else []
    build = detect_build(lengths)
    return replace(
        result,
        bins=bins,
        build=build.name if build else "",
        notes=(*result.notes, *notes),
        inputs=tuple(input_file(role, path) for role, path in files.given()),
    )


def spelled_as(targets: list[Interval], lengths: dict[str, int]) -> list[str]:
    """Return the contigs of the FASTA as the targets spell them, where they have them."""
    spelled = {
        there: own for own, there in match_names({t.contig for t in targets}, lengths).items()
    }
    chr_style = any(own.startswith("chr") for own in spelled.values())
    listed = []
    for name in lengths:
        own = spelled.get(name, name)
        if spelled and name not in spelled and chr_style != name.startswith("chr"):
            own = f"chr{name}" if chr_style else name.removeprefix("chr")
        listed.append(own)
    return listed


def renamed(regions: list[Interval], wanted: set[str]) -> list[Interval]:
    """Return regions with the contig names of the targets where these have them."""
    names = {there: own for own, there in match_names(wanted, {r.contig for r in regions}).items()}
    return [
        Interval(names.get(item.contig, item.contig), item.start, item.end, item.name)
        for item in regions
    ]


def measured(
    alignment: Path,
    targets: list[Interval],
    regions: list[Interval],
    params: BinsParams,
    reference: Path,
    progress: Progress,
) -> tuple[float | None, float | None]:
    """Return the median depth of sampled targets and the mean depth between them."""
    opened = open_alignment(alignment, reference=reference, progress=progress)
    if params.method == "wgs":
        return sampled_depth(opened, regions, alignment, progress), None
    on = sampled_depth(opened, list(Territory(targets)), alignment, progress)
    if params.method != "hybrid":
        return on, None
    between = off_target_bins(targets, regions, SAMPLED_SIZE, params.off_target_gap)
    return on, sampled_depth(opened, between, alignment, progress)


def sampled_depth(
    opened: Alignment, intervals: list[Interval], source: Path, progress: Progress
) -> float | None:
    """Return the mean depth over evenly picked stretches of intervals; None if there are none."""
    there = match_names({item.contig for item in intervals}, opened.lengths)
    kept = [item for item in intervals if item.contig in there]
    if not kept:
        return None
    # Longer intervals hold more picks, so that a genome of few regions is sampled all over.
    cut = [
        Interval(item.contig, at, min(at + SAMPLED_SIZE, item.end))
        for item in kept
        for at in range(item.start, item.end, max(SAMPLED_SIZE, len(item) // SAMPLED))
    ]
    picked = cut[:: max(1, len(cut) // SAMPLED)]
    placed = placed_on(opened, picked, source=source, progress=progress)
    depth = mean_depths(opened, placed, min_mapping_quality=MIN_MAPPING_QUALITY)
    sizes = np.array([len(item) for item in placed])
    known = np.isfinite(depth)
    if not known.any():
        return None
    return float((depth[known] * sizes[known]).sum() / sizes[known].sum())


def write_bins(result: BinsResult, outputs: Outputs) -> None:
    """Write the bins, JSON and the short table where they were asked for."""
    outputs.write_output(bins_text(result.bins))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def summary(result: BinsResult) -> Summary:
    """Return the short table."""

    def bins(count: int, bases: int, size: int | None) -> str:
        if not count:
            return "none"
        return f"{count} of about {size:,} bases, {bases / 1e6:.3f} Mb"

    rows = [
        ("intervals given", str(result.intervals)),
        ("of them joined to another", str(result.merged)),
        (
            "windows" if result.method == "wgs" else "target bins",
            bins(result.target_bins, result.target_bases, result.target_size),
        ),
        (
            "off-target bins",
            bins(result.off_target_bins, result.off_target_bases, result.off_target_size),
        ),
    ]
    for name, depth in (
        ("depth of targets", result.target_depth),
        ("depth between targets", result.off_target_depth),
    ):
        if depth is not None:
            rows.append((name, f"{depth:.4g}x"))
    for name, column in (("median GC", result.bins.gc), ("median repeat", result.bins.repeat)):
        known = column[np.isfinite(column)]
        rows.append((name, f"{np.median(known):.3f}" if len(known) else "unknown"))
    return Summary(
        title=f"bins: {result.method}",
        columns=("what", "value"),
        rows=tuple(rows),
        notes=result.notes,
    )
