"""``tumorkit report build``."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.report.params import ReportParams
from tumorkit.report.run import run_report, write_report

DEFAULT_OUTPUT = Path("report.html")


@click.command("build")
@click.argument("profile", type=PATH)
@settings_options(ReportParams)
@verbosity_options
@output_options(
    output="The report as one HTML file (- is stdout) [default: report.html].", json=False
)
def command(profile: Path, params: ReportParams, progress: Progress, outputs: Outputs) -> None:
    """Make the report of a finished PROFILE (profile.json).

    Pictures are taken from the folder of the profile. The page is one file that fetches nothing;
    it can be mailed, archived and printed.
    """
    outputs = dataclasses.replace(outputs, output=outputs.output or DEFAULT_OUTPUT)
    write_report(run_report(profile, params=params, progress=progress), outputs)
