"""``tumorkit report diff``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.report.diff import ReportDiffParams
from tumorkit.report.diff.run import run_report_diff, write_report_diff


@click.command("diff")
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@click.option(
    "--exit-code",
    is_flag=True,
    help="Exit 1 where a class, a status, a variant or a copy-number state changed.",
)
@settings_options(ReportDiffParams)
@output_options(output="Write every change (tab-separated, - is stdout).")
@verbosity_options
def command(
    old: Path,
    new: Path,
    exit_code: bool,
    params: ReportDiffParams,
    outputs: Outputs,
    progress: Progress,
) -> int:
    """Say what changed from the profile OLD to NEW (profile.json), and by what.

    Causes are inputs, settings, knowledge, purity or the version of the software.
    """
    result = run_report_diff(old, new, params=params, progress=progress)
    write_report_diff(result, outputs)
    return int(exit_code and result.clinical)
