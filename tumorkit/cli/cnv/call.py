"""``tumorkit cnv call``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from tumorkit.cli.options import (
    PATH,
    build_option,
    genes_option,
    output_options,
    purity_fit_option,
    settings_options,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.call import CallParams
from tumorkit.copynumber.call.run import run_call, write_call
from tumorkit.genome.build import build_named
from tumorkit.io.outputs import Outputs


@click.command("call")
@click.argument("segments", type=PATH)
@click.option("--ratios", type=PATH, help="Copy ratios of the bins; genes then have their own.")
@genes_option
@click.option("--gene-table", type=PATH, help="Write the gene table (- is stdout).")
@click.option("--arm-table", type=PATH, help="Write the table of arms (- is stdout).")
@click.option("--purity", type=float, help="Fraction of tumour cells; without it no copies.")
@click.option("--ploidy", type=float, help="Mean copies of the tumour's genome.")
@purity_fit_option
@click.option("--sex", type=click.Choice(["male", "female"]), help="Sex, for X and Y.")
@build_option
@settings_options(CallParams)
@output_options(output="Called segments (.cns, - is stdout).")
@verbosity_options
def command(
    segments: Path,
    ratios: Path | None,
    genes: Path | None,
    gene_table: Path | None,
    arm_table: Path | None,
    purity: float | None,
    ploidy: float | None,
    purity_fit: Path | None,
    sex: Literal["male", "female"] | None,
    build: str | None,
    params: CallParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Call genes and SEGMENTS (.cns); absolute copies only with a purity."""
    outputs.claim(gene_table, arm_table)
    result = run_call(
        segments,
        ratios=ratios,
        genes=genes,
        params=params,
        purity=purity,
        ploidy=ploidy,
        purity_fit=purity_fit,
        sex=sex,
        build=build_named(build) if build else None,
        progress=progress,
    )
    write_call(result, outputs, gene_table=gene_table, arm_table=arm_table)
