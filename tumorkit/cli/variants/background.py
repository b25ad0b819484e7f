"""``tumorkit variants background``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    settings_options,
    threads_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.errors import ParameterError
from tumorkit.io.outputs import Outputs
from tumorkit.variants.background.params import BackgroundParams
from tumorkit.variants.background.run import run_background, write_background_summary


@click.command("background")
@click.argument("normals", type=PATH, nargs=-1)
@click.option("--targets", type=PATH, required=True, help="Panel BED.")
@click.option("--reference", type=PATH, required=True, help="Reference FASTA (indexed).")
@settings_options(BackgroundParams)
@threads_option
@output_options(output="Background, bgzipped (.tsv.gz); its tabix index is written beside it.")
@verbosity_options
def command(
    normals: tuple[Path, ...],
    targets: Path,
    reference: Path,
    params: BackgroundParams,
    threads: int,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Learn from NORMALS (BAM, CRAM or VCF of all sites, indexed) how often alleles are errors.

    The normals should be of the tumours' material and library, at best 20 and more.
    """
    if outputs.output is None:
        raise ParameterError("no output was named", "give -o background.tsv.gz")
    result = run_background(
        normals,
        targets=targets,
        reference=reference,
        output=outputs.output,
        params=params,
        threads=threads,
        progress=progress,
    )
    write_background_summary(result, outputs)
