"""``tumorkit verdict mmr``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.verdict.params import MmrTests
from tumorkit.verdict.run import check_evaluable, run_mmr, write_verdict


@click.command("mmr")
@click.argument("results", type=PATH, nargs=-1)
@click.option("--require-evaluable", is_flag=True, help="Exit 1 where the lines do not suffice.")
@settings_options(MmrTests)
@output_options(output="Table of the lines (- is stdout).")
@verbosity_options
def command(
    *,
    results: tuple[Path, ...],
    require_evaluable: bool,
    params: MmrTests,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Whether the tests of mismatch repair agree, from RESULTS as JSON.

    RESULTS: a profile.json, or the JSON of single commands (msi, tmb, purity, signatures).
    """
    result = run_mmr(results, params=params, progress=progress)
    write_verdict(result, outputs)
    if require_evaluable:
        check_evaluable(result)
