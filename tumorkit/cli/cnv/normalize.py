"""``tumorkit cnv normalize``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    build_option,
    output_options,
    reference_option,
    settings_options,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.normalize import NormalizeParams
from tumorkit.copynumber.normalize.run import Against, run_normalize, write_normalize
from tumorkit.genome.build import build_named
from tumorkit.io.outputs import Outputs


@click.command("normalize")
@click.argument("coverage", type=PATH, nargs=-1, required=True)
@click.option(
    "--panel-of-normals", "--pon", "panel_of_normals", type=PATH, help="Reference (.cnn)."
)
@click.option("--normal", type=PATH, help="Coverage of the patient's own normal (.cnn).")
@click.option("--flat", is_flag=True, help="No normals: only GC, repeats and edges.")
@reference_option
@click.option("--bins", type=PATH, help="Bins with gc, repeat, mappability (tumorkit cnv bins).")
@click.option("--sex", type=click.Choice(["male", "female"]), help="Sex, instead of inferring it.")
@build_option
@click.option("--dropped", type=PATH, help="Bins left out, with reasons (TSV).")
@settings_options(NormalizeParams)
@output_options(output="Copy ratios (.cnr, - is stdout).")
@verbosity_options
def command(
    coverage: tuple[Path, ...],
    sex: str | None,
    build: str | None,
    dropped: Path | None,
    params: NormalizeParams,
    outputs: Outputs,
    progress: Progress,
    **against: Path | bool | None,
) -> None:
    """Turn COVERAGE (.cnn) into copy ratios against a panel of normals, a normal, or nothing.

    Targets without reads stay: they are what a homozygous deletion leaves. COVERAGE may be two
    files, of targets and of antitargets, as CNVkit writes them.
    """
    outputs.claim(dropped)
    result = run_normalize(
        coverage,
        Against(**against),  # type: ignore[arg-type]
        params=params,
        build=build_named(build) if build else None,
        sex=sex,
        progress=progress,
    )
    write_normalize(result, outputs, dropped=dropped)
