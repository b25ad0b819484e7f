"""``tumorkit variants swap``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    settings_options,
    targets_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.variants.swap import SwapParams
from tumorkit.variants.swap.run import run_swap, write_swap


@click.command("swap")
@click.argument("vcf", type=PATH)
@click.option("--preset", help="Specification that comes with tumorkit.")
@click.option("--spec", type=PATH, help="Your own specification (YAML).")
@targets_option
@click.option(
    "--tumor-sample", "tumor", help="Name of the tumour's sample, if the header does not say."
)
@click.option("--normal-sample", "normal", help="Name of the matched normal's sample.")
@settings_options(SwapParams, leave_out=("block_size",))
@output_options()
@verbosity_options
def command(
    vcf: Path,
    preset: str | None,
    spec: Path | None,
    targets: Path | None,
    tumor: str | None,
    normal: str | None,
    params: SwapParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Exchange tumour and normal: what then passes bounds the false positives from below.

    Refused where the two samples differ in material, or in depth by more than twofold.
    """
    result = run_swap(
        vcf,
        preset=preset,
        spec=spec,
        targets=targets,
        tumor=tumor,
        normal=normal,
        params=params,
        progress=progress,
    )
    write_swap(result, outputs)
