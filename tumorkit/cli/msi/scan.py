"""``tumorkit msi scan``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    settings_options,
    targets_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.msi.scan import ScanParams
from tumorkit.msi.scan.run import run_scan, write_scan


@click.command("scan")
@click.argument("reference", type=PATH)
@targets_option
@settings_options(ScanParams)
@output_options(output="List of microsatellites (tab-separated, - is stdout).")
@verbosity_options
def command(
    reference: Path, targets: Path | None, params: ScanParams, outputs: Outputs, progress: Progress
) -> None:
    """Find the microsatellites of REFERENCE (indexed FASTA), or those within targets."""
    write_scan(run_scan(reference, targets=targets, params=params, progress=progress), outputs)
