"""``tumorkit report collect``."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.profile.collect import DEFAULT_OUTPUT, NOT_CASE, run_collect, write_collect
from tumorkit.profile.params import Case


@click.command("collect")
@click.argument("results", type=PATH, nargs=-1, required=True)
@settings_options(Case, name="case", leave_out=NOT_CASE)
@click.option(
    "--alias",
    "aliases",
    multiple=True,
    metavar="NAME",
    help="Another name of the same tumour in a result: its BAM's, its file's. May be repeated.",
)
@click.option("--picture", type=PATH, help="Picture of copy number (tumorkit cnv plot, SVG).")
@output_options(output="The profile (- is stdout) [default: profile.json].", json=False)
@verbosity_options
def command(
    results: tuple[Path, ...],
    case: Case,
    aliases: tuple[str, ...],
    picture: Path | None,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Join the RESULTS of steps (their JSON files) to one profile.

    For pipelines that run variants, copy number, TMB and the others apart. Sample, build and the
    digests of inputs must agree. The profile goes where the results are, and `tumorkit report
    build` makes the same report of it as of a profile that was run at once.
    """
    outputs = dataclasses.replace(outputs, output=outputs.output or DEFAULT_OUTPUT)
    result = run_collect(results, case=case, aliases=aliases, picture=picture, progress=progress)
    write_collect(result, outputs)
