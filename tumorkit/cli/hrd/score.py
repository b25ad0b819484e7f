"""``tumorkit hrd score``."""

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
from tumorkit.genome.build import build_named
from tumorkit.hrd.params import HrdParams
from tumorkit.hrd.presets import PRESETS
from tumorkit.hrd.run import HrdFiles, check_evaluable, run_hrd, write_hrd
from tumorkit.io.outputs import Outputs


@click.command("score")
@click.argument("segments", type=PATH)
@click.option("--purity-fit", type=PATH, help="JSON of tumorkit purity fit on the same segments.")
@click.option(
    "--preset",
    multiple=True,
    help=f"Cut-off, by name or as a YAML file; may be repeated. {', '.join(PRESETS)}.",
)
@click.option(
    "--sample",
    default="",
    help="Name of the sample; the one to take where the table holds several.",
)
@build_option
@click.option("--require-evaluable", is_flag=True, help="Exit 1 where there is no HRD sum.")
@settings_options(HrdFiles, name="files")
@settings_options(HrdParams)
@output_options(output="Table of scars (- is stdout).")
@verbosity_options
def command(
    *,
    segments: Path,
    purity_fit: Path | None,
    preset: tuple[str, ...],
    sample: str,
    build: str | None,
    require_evaluable: bool,
    files: HrdFiles,
    params: HrdParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Scars of failed homologous recombination in SEGMENTS with the copies of both alleles.

    SEGMENTS: ours, CNVkit call.cns, FACETS, ASCAT, Sequenza, PureCN loh, PURPLE, GATK (with
    --purity-fit), or a table for scarHRD. No cut-off is used unless --preset names one.
    """
    outputs.claim(files.scar_bed, files.scarhrd_input, files.scarhrd_result)
    result = run_hrd(
        segments,
        purity_fit=purity_fit,
        preset=preset,
        params=params,
        build=build_named(build) if build else None,
        sample=sample,
        progress=progress,
    )
    write_hrd(result, outputs, files)
    if require_evaluable:
        check_evaluable(result)
