"""``tumorkit tmb score``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from tumorkit.cli.options import (
    PATH,
    case_options,
    changed_options,
    output_options,
    settings_options,
    transcripts_option,
    verbosity_options,
)
from tumorkit.cli.tmb import territory_options
from tumorkit.contract.progress import Progress
from tumorkit.io.maf import is_maf
from tumorkit.io.outputs import Outputs
from tumorkit.tmb import run
from tumorkit.tmb.cohort import run as cohort
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.schemes import SCHEME_NAMES


@click.command("score")
@click.argument("variants", type=PATH)
@click.option(
    "--preset",
    multiple=True,
    help=f"TMB scheme, or a YAML file of rules; repeat to compare. {', '.join(SCHEME_NAMES)}.",
)
@territory_options
@click.option("--tumor-sample", "tumor", help="Tumour's name in the VCF.")
@click.option("--normal-sample", "normal", help="Matched normal's name in the VCF.")
@transcripts_option
@click.option("--calibration", type=PATH, help="Calibration to an exome (tumorkit tmb calibrate).")
@case_options
@click.option("--require-evaluable", is_flag=True, help="Exit 1 where there is no TMB.")
@settings_options(run.TmbFiles, name="files", leave_out=("tagged",))
@changed_options(TmbParams, leave_out=("scheme", "changed", "megabases"))
@output_options(output="VCF with the first scheme's verdict on every record; MAF: the table.")
@verbosity_options
def command(
    *,
    variants: Path,
    preset: tuple[str, ...],
    require_evaluable: bool,
    files: run.TmbFiles,
    changes: dict[str, object],
    outputs: Outputs,
    progress: Progress,
    **inputs: Any,
) -> None:
    """Tumour mutational burden of VARIANTS (VCF or MAF), in mutations per megabase.

    The schemes' own limits hold unless an option changes them. A MAF gives one row per sample.
    """
    outputs.claim(*vars(files).values())
    rules: dict[str, Any] = {"preset": preset, "changes": changes, "progress": progress}
    if is_maf(variants):
        found = cohort.run_tmb_cohort(variants, **rules, **cohort.for_maf(files, inputs))
        cohort.write_cohort(found, outputs, trace=files.trace)
        return
    files = replace(files, tagged=outputs.output)
    result = run.run_tmb(variants, files=files, **rules, **inputs)
    run.write_tmb(result, outputs, trace=files.trace)
    if require_evaluable:
        run.check_evaluable(result)
