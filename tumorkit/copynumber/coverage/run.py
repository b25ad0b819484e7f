"""Join reading, counting and writing of coverage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.copynumber.coverage.analysis import tabulate_coverage
from tumorkit.copynumber.coverage.params import CoverageParams
from tumorkit.copynumber.coverage.result import CoverageResult
from tumorkit.io.alignment import open_alignment, placed_on, renaming_note
from tumorkit.io.bed import read_intervals
from tumorkit.io.coverage import coverage_text
from tumorkit.io.depth import mean_depths
from tumorkit.io.digest import digest_beside, input_file
from tumorkit.io.outputs import Outputs


def run_coverage(
    alignment: Path,
    *,
    targets: Path,
    reference: Path | None = None,
    params: CoverageParams | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
) -> CoverageResult:
    """Measure the mean depth of every target in a BAM or CRAM.

    ``targets`` is a BED; its contigs may be spelled otherwise than the alignment's. A CRAM needs
    its ``reference``. The number of threads changes nothing but the time.
    """
    params = params or CoverageParams()
    opened = open_alignment(alignment, reference=reference, progress=progress)
    digest_beside([alignment, targets])
    listed = read_intervals(targets)
    placed = placed_on(opened, listed, source=targets, progress=progress)
    progress.log(f"{alignment.name}: depth of {len(placed)} targets")
    depths = mean_depths(
        opened,
        placed,
        min_mapping_quality=params.min_mapping_quality,
        threads=threads,
        progress=progress,
    )
    result = tabulate_coverage(placed, depths, params)
    if result.rejected:
        progress.log(f"{targets.name}: {result.rejected} targets hold no base and are left out")
    return replace(
        result,
        sample=opened.sample,
        build=opened.build.name if opened.build else "",
        inputs=(input_file("alignment", alignment), input_file("targets", targets)),
        notes=tuple(filter(None, [renaming_note(opened, listed, targets)])),
    )


def write_coverage(result: CoverageResult, outputs: Outputs) -> None:
    """Write the ``.cnn`` table, JSON and the short table where they were asked for."""
    outputs.write_output(coverage_text(result.depths))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def summary(result: CoverageResult) -> Summary:
    """Return the short table."""

    def said(value: float | None) -> str:
        return "not evaluable" if value is None else f"{value:.1f}x"

    def deep(value: float | None) -> str:
        return "not evaluable" if value is None else f"{value:.4g}x"

    rows: tuple[tuple[str, str], ...] = (
        ("mean depth", said(result.mean_depth.value)),
        ("median depth of targets", said(result.median_depth.value)),
        ("targets", str(result.targets)),
        ("targets without reads", str(result.without_reads)),
        ("bins without bases, left out", str(result.rejected)),
    )
    if result.off_targets:
        rows += (
            ("off-target bins", str(result.off_targets)),
            ("off-target bins without reads", str(result.off_targets_without_reads)),
            ("mean depth off target", deep(result.off_target_depth.value)),
        )
    return Summary(
        title=f"{result.sample}: coverage",
        columns=("what", "value"),
        rows=rows,
        notes=result.notes,
    )
