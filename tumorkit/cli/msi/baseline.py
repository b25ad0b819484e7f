"""``tumorkit msi baseline``."""

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
from tumorkit.io.outputs import Outputs
from tumorkit.msi.baseline import BaselineParams
from tumorkit.msi.baseline.run import run_baseline, write_baseline


@click.command("baseline")
@click.argument("normals", type=PATH, nargs=-1)
@click.option(
    "--loci", type=PATH, required=True, help="Microsatellites: a list, or a BED with --reference."
)
@reference_option
@settings_options(BaselineParams)
@threads_option
@output_options(output="Baseline (tab-separated, - is stdout).")
@verbosity_options
def command(
    normals: tuple[Path, ...],
    loci: Path,
    reference: Path | None,
    params: BaselineParams,
    threads: int,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Learn how microsatellites stutter in NORMALS (BAM or CRAM, indexed; one or more)."""
    result = run_baseline(
        normals, loci=loci, reference=reference, params=params, threads=threads, progress=progress
    )
    write_baseline(result, outputs)
