"""``tumorkit cnv bins``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    genes_option,
    output_options,
    settings_options,
    targets_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.bins import BinsParams
from tumorkit.copynumber.bins.run import BinsFiles, run_bins, write_bins
from tumorkit.io.outputs import Outputs


@click.command("bins")
@click.option("--reference", type=PATH, required=True, help="Reference FASTA (indexed).")
@targets_option
@click.option("--access", type=PATH, help="Accessible regions; by default the FASTA's, without N.")
@click.option("--tumor", type=PATH, help="BAM or CRAM whose depth chooses the bin sizes.")
@click.option("--mappability", type=PATH, help="Mappability track: bedGraph, or BED of good bases.")
@click.option("--repeats", type=PATH, help="Repeats BED; by default lower case in the FASTA.")
@genes_option
@settings_options(BinsParams)
@output_options(output="Bins (BED with a header and gc, repeat, mappability; - is stdout).")
@verbosity_options
def command(params: BinsParams, outputs: Outputs, progress: Progress, **files: Path | None) -> None:
    """Make bins of a panel's targets, or of a genome, with GC, repeats and mappability.

    Hybrid capture gets off-target bins between the targets, too; they are labelled Antitarget.
    Overlapping targets are joined.
    """
    write_bins(run_bins(BinsFiles(**files), params=params, progress=progress), outputs)  # type: ignore[arg-type]
