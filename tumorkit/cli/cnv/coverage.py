"""``tumorkit cnv coverage``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    reference_option,
    settings_options,
    threads_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.coverage import CoverageParams
from tumorkit.copynumber.coverage.run import run_coverage, write_coverage
from tumorkit.io.outputs import Outputs


@click.command("coverage")
@click.argument("alignment", type=PATH)
@click.option("--targets", type=PATH, required=True, help="Panel BED.")
@reference_option
@settings_options(CoverageParams)
@threads_option
@output_options(output="Coverage (.cnn, - is stdout).")
@verbosity_options
def command(
    alignment: Path,
    targets: Path,
    reference: Path | None,
    params: CoverageParams,
    threads: int,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Mean depth of every target in ALIGNMENT (BAM or CRAM, indexed).

    Each fragment counts once where its reads overlap; duplicates, secondary, supplementary and
    QC-failed reads do not count, nor do deleted bases.
    """
    result = run_coverage(
        alignment,
        targets=targets,
        reference=reference,
        params=params,
        threads=threads,
        progress=progress,
    )
    write_coverage(result, outputs)
