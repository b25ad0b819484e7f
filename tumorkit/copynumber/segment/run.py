"""Join reading, segmentation and writing."""

from __future__ import annotations

from pathlib import Path

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.copynumber.segment.analysis import segment
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.copynumber.segment.result import SegmentResult
from tumorkit.errors import InputError, ParameterError, TumorkitError
from tumorkit.genome.build import Build, detect_build
from tumorkit.io.copy_ratios import read_contig_lengths, read_copy_ratios
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import Outputs
from tumorkit.io.segments import segments_text


def run_segment(
    path: Path,
    *,
    params: SegmentParams | None = None,
    build: Build | None = None,
    sample: str = "",
    progress: Progress = SILENT,
) -> SegmentResult:
    """Read copy ratios and segment them.

    The build is the one given, else the one of the file's header (GATK), else the only one whose
    contigs can hold the bins. ``sample`` is by default the file's name up to the first dot.
    """
    ratios = read_copy_ratios(path)
    build = build or detect_build(read_contig_lengths(path))
    progress.log(f"{path.name}: {len(ratios)} bins on {len(ratios.contigs)} contigs")
    try:
        found = segment(ratios, params, build=build)
    except ParameterError:
        raise
    except TumorkitError as error:
        raise InputError(path, error.message, hint=error.hint) from error
    described = (input_file("copy_ratios", path),)
    return found.labelled(sample or path.name.partition(".")[0], described)


def write_segment(result: SegmentResult, outputs: Outputs) -> None:
    """Write segments, JSON and the short table where they were asked for."""
    outputs.write_output(segments_text(result.segments))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def summary(result: SegmentResult) -> Summary:
    """Return the short table: what was found, in how much noise."""
    noise = result.noise
    focal = sum(segment.focal for segment in result.segments)
    dropped = ", ".join(f"{item.count} {item.reason}" for item in result.dropped) or "none"
    rows = (
        ("segments", str(len(result.segments))),
        ("of them focal", str(focal)),
        ("bins used", f"{result.bins_used} of {result.bins}"),
        ("bins left out", dropped),
        ("bins (almost) without reads", str(result.floor_bins)),
        ("noise (sd of a bin, log2)", f"{noise.sd:.3f}"),
        ("noise at lag 20, 50 over lag 1", f"{noise.lag20_ratio:.2f}, {noise.lag50_ratio:.2f}"),
        ("slow wave (sd, log2)", f"{noise.wave_sd:.3f}"),
        ("steps taken for waves", str(result.steps_rejected)),
    )
    notes = () if result.arms else ("build unknown: segments may cross a centromere; use --build",)
    return Summary(
        title=f"{result.sample}: copy-number segments",
        columns=("what", "value"),
        rows=rows,
        notes=notes,
    )
