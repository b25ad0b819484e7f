"""``tumorkit tmb calibrate``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.tmb.calibrate.params import CalibrateParams
from tumorkit.tmb.calibrate.run import run_calibrate, write_calibration


@click.command("calibrate")
@click.argument("table", type=PATH)
@settings_options(CalibrateParams)
@output_options()
@verbosity_options
def command(*, table: Path, params: CalibrateParams, outputs: Outputs, progress: Progress) -> None:
    """Fit exome TMB by panel TMB from TABLE: both are counts, and both are unsure.

    TABLE has the columns sample, panel_count, panel_megabases, exome_count, exome_megabases. The
    JSON is what tmb score --calibration takes.
    """
    progress.log(f"Fitting {table.name}")
    write_calibration(run_calibrate(table, params=params), outputs)
