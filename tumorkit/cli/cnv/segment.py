"""``tumorkit cnv segment``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    build_option,
    output_options,
    settings_options,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.segment import SegmentParams
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.genome.build import build_named
from tumorkit.io.outputs import Outputs


@click.command("segment")
@click.argument("ratios", type=PATH)
@build_option
@settings_options(SegmentParams)
@output_options(output="Segments (.cns, - is stdout).")
@verbosity_options
def command(
    ratios: Path,
    build: str | None,
    params: SegmentParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Find segments of constant copy number in RATIOS.

    RATIOS are copy ratios of bins: CNVkit .cnr or .cnn, or GATK denoised copy ratios. With a
    build (given, in the file's header, or the only one whose contigs can hold the bins) no
    segment crosses a centromere.
    """
    named = build_named(build) if build else None
    result = run_segment(ratios, params=params, build=named, progress=progress)
    write_segment(result, outputs)
