"""``tumorkit simulate``: a tumour-normal case with its truth."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    outdir_option,
    output_options,
    settings_options,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.simulate.params import SimulateParams


@click.command("simulate")
@outdir_option
@settings_options(SimulateParams)
@output_options()
@verbosity_options
def command(outdir: Path, params: SimulateParams, outputs: Outputs, progress: Progress) -> None:
    """Make a tumour-normal case whose truth is known, from a seed.

    The folder holds BAM files of tumour and normal, a somatic VCF in the shape of a caller's,
    a germline VCF, copy ratios, panel, exons, reference, the case file for `tumorkit profile`,
    and the truth. Sequence is invented; gene names and loci are real.
    """
    from tumorkit.simulate.run import run_simulate, write_simulate

    write_simulate(run_simulate(outdir, params=params, progress=progress), outputs)
