"""``tumorkit msi score``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    purity_fit_option,
    reference_option,
    settings_options,
    threads_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.msi.score import MsiParams
from tumorkit.msi.score.run import check_evaluable, run_msi, write_msi


@click.command("score")
@click.option("--tumor", type=PATH, required=True, help="Tumour BAM or CRAM (indexed).")
@click.option("--normal", type=PATH, help="Matched normal BAM or CRAM.")
@click.option("--loci", type=PATH, required=True, help="Microsatellites: a list, or a BED.")
@click.option("--baseline", type=PATH, help="Baseline of normals, ours or msisensor-pro's.")
@reference_option
@click.option("--msisensor", type=PATH, help="Write msisensor-pro's three columns, by its formula.")
@click.option("--plot", type=PATH, help="Draw the sample and its most unstable sites (.svg, ...).")
@click.option("--require-evaluable", is_flag=True, help="Exit 1 where there is no score.")
@settings_options(MsiParams)
@purity_fit_option
@threads_option
@output_options(output="Table of sites (tab-separated, - is stdout).")
@verbosity_options
def command(
    *,
    tumor: Path,
    normal: Path | None,
    loci: Path,
    baseline: Path | None,
    reference: Path | None,
    msisensor: Path | None,
    plot: Path | None,
    require_evaluable: bool,
    params: MsiParams,
    purity_fit: Path | None,
    threads: int,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Share of unstable microsatellites of a tumour, alone or beside its normal.

    Too few usable sites, or too little depth for the purity, is not evaluable.
    """
    outputs.claim(msisensor, plot)
    result = run_msi(
        tumor, loci=loci, normal=normal, baseline=baseline, reference=reference, params=params,
        purity_fit=purity_fit, threads=threads, progress=progress,
    )  # fmt: skip
    write_msi(result, outputs, msisensor=msisensor, plot=plot)
    if require_evaluable:
        check_evaluable(result)
