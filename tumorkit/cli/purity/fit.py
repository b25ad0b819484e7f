"""``tumorkit purity fit``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tumorkit.cli.options import (
    PATH,
    build_option,
    genes_option,
    output_options,
    settings_options,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.genome.build import build_named
from tumorkit.io.outputs import Outputs
from tumorkit.purity.params import PurityParams
from tumorkit.purity.run import PurityFiles, check_evaluable, run_purity, write_purity


@click.command("fit")
@click.argument("segments", type=PATH)
@click.option("--normal-coverage", type=PATH, help="Normal's coverage; SEGMENTS is the tumour's.")
@click.option("--snps", type=PATH, help="Allele counts of SNPs: VCF, snp-pileup CSV or table.")
@click.option("--somatic", type=PATH, help="Somatic VCF; its allele fractions speak, too.")
@click.option("--germline", type=PATH, help="Annotated germline VCF, for genes with two hits.")
@genes_option
@click.option("--sex", type=click.Choice(["male", "female"]), help="Sex, for X.")
@click.option("--tumor-sample", "tumor", help="Tumour's name in VCFs.")
@click.option("--normal-sample", "normal", help="Matched normal's name in VCFs.")
@click.option(
    "--paired/--tumor-only",
    default=None,
    help="Whether --somatic was called against the normal; by default, whether it holds one.",
)
@build_option
@click.option("--require-evaluable", is_flag=True, help="Exit 1 where there is no purity.")
@settings_options(PurityFiles, name="files")
@settings_options(PurityParams)
@output_options(output="Table of segments with their copies (- is stdout).")
@verbosity_options
def command(
    *,
    segments: Path,
    build: str | None,
    require_evaluable: bool,
    files: PurityFiles,
    params: PurityParams,
    outputs: Outputs,
    progress: Progress,
    **inputs: Any,
) -> None:
    """Purity, ploidy and copies of each allele from SEGMENTS.

    A .cns, SEG or GATK's segments; or copy ratios of bins, snp-pileup's CSV, or a coverage with its
    normal's (--normal-coverage), which are segmented first.
    """
    outputs.claim(*vars(files).values())
    result = run_purity(
        segments,
        params=params,
        build=build_named(build) if build else None,
        progress=progress,
        **inputs,
    )
    write_purity(result, outputs, files)
    if require_evaluable:
        check_evaluable(result)
