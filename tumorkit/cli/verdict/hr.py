"""``tumorkit verdict hr``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.verdict.params import HrTests
from tumorkit.verdict.run import check_evaluable, run_hr, write_verdict


@click.command("hr")
@click.argument("results", type=PATH, nargs=-1)
@click.option("--require-evaluable", is_flag=True, help="Exit 1 where the lines do not suffice.")
@settings_options(HrTests)
@output_options(output="Table of the lines (- is stdout).")
@verbosity_options
def command(
    *,
    results: tuple[Path, ...],
    require_evaluable: bool,
    params: HrTests,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Whether the tests of homologous recombination agree, from RESULTS as JSON.

    RESULTS: a profile.json, or the JSON of single commands (hrd, purity, msi, signatures).
    """
    result = run_hr(results, params=params, progress=progress)
    write_verdict(result, outputs)
    if require_evaluable:
        check_evaluable(result)
