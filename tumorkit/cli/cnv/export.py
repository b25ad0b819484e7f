"""``tumorkit cnv export``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from tumorkit.cli.options import (
    PATH,
    build_option,
    genes_option,
    output_options,
    settings_options,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.export import ExportParams
from tumorkit.copynumber.export.analysis import BUNDLES, FORMATS
from tumorkit.copynumber.export.run import Source, run_export, write_export
from tumorkit.errors import ParameterError
from tumorkit.genome.build import build_named
from tumorkit.io.outputs import Outputs

NAMES = f"One of {', '.join(FORMATS)}; or several: {', '.join(BUNDLES)}. May be repeated."


@click.command("export")
@click.argument("calls", type=PATH)
@click.option("--to", "formats", multiple=True, required=True, metavar="FORMAT", help=NAMES)
@click.option("--outdir", type=PATH, help="Folder for the files; made if need be.")
@genes_option
@click.option("--ratios", type=PATH, help="Copy ratios of the bins, for small events.")
@build_option
@click.option("--sample", default="", help="Sample to read, and the name that is written.")
@click.option("--caller", "chosen", default="", help="Caller to read from a VCF of several.")
@click.option("--sex", type=click.Choice(["male", "female"]), help="Sex, for X and Y.")
@click.option("--lenient", is_flag=True, help="Take impossible allele fractions as unknown.")
@settings_options(ExportParams, leave_out=("caller",))
@output_options(output="The file, where one format is asked for (- is stdout).")
@verbosity_options
def command(
    calls: Path,
    formats: tuple[str, ...],
    outdir: Path | None,
    genes: Path | None,
    ratios: Path | None,
    build: str | None,
    sample: str,
    chosen: str,
    sex: Literal["male", "female"] | None,
    lenient: bool,
    params: ExportParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Write CALLS (.cns, JSON of cnv call, segments of others) in formats of other programs."""
    if outdir is None and outputs.output is None and outputs.json is None:
        raise ParameterError("nowhere to write to", "give -o FILE or --outdir FOLDER")
    source = Source(
        sample=sample,
        caller=chosen,
        lenient=lenient,
        sex=sex,
        build=build_named(build) if build else None,
    )
    result = run_export(
        calls, formats, genes=genes, ratios=ratios, source=source, params=params, progress=progress
    )
    write_export(result, outputs, outdir=outdir)
