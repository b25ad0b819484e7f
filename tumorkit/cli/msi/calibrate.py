"""``tumorkit msi calibrate``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.msi.calibrate import CalibrateParams
from tumorkit.msi.calibrate.run import run_calibrate, write_calibrate


@click.command("calibrate")
@click.argument("table", type=PATH)
@settings_options(CalibrateParams)
@output_options()
@verbosity_options
def command(table: Path, params: CalibrateParams, outputs: Outputs, progress: Progress) -> None:
    """Set a cut-off from TABLE, cases of known status (columns status, and score or result).

    Give it to `msi score` with --cutoff and --cutoff-source.
    """
    write_calibrate(run_calibrate(table, params=params, progress=progress), outputs)
