"""``tumorkit cnv run``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tumorkit.cli.options import (
    PATH,
    build_option,
    genes_option,
    outdir_option,
    output_options,
    steps_options,
    targets_option,
    threads_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.workflow import RunParams
from tumorkit.copynumber.workflow.files import files_of, known_of
from tumorkit.copynumber.workflow.run import run_copy_number, write_run
from tumorkit.io.outputs import Outputs


@click.command("run")
@click.option("--tumor", type=PATH, required=True, help="Tumour BAM or CRAM.")
@click.option("--reference", type=PATH, required=True, help="Reference FASTA (indexed).")
@targets_option
@click.option("--bins", type=PATH, help="Bins made before (tumorkit cnv bins), for speed.")
@click.option("--normal", type=PATH, help="The patient's normal (BAM or CRAM).")
@click.option("--panel-of-normals", "--pon", type=PATH, help="Reference (.cnn).")
@click.option("--germline", type=PATH, help="Germline VCF of the normal, for SNPs.")
@click.option("--normal-sample", metavar="NAME", help="The normal's column in the germline VCF.")
@click.option("--snps", type=PATH, help="Population sites: VCF, table or BED of alleles.")
@genes_option
@click.option("--access", type=PATH, help="Accessible regions; by default the FASTA's, without N.")
@click.option("--mappability", type=PATH, help="Mappability track: bedGraph, or BED of good bases.")
@click.option("--repeats", type=PATH, help="Repeats BED; by default lower case in the FASTA.")
@click.option("--sample", default="", help="Name of the tumour; by default the alignment's.")
@click.option("--purity", type=float, help="Fraction of tumour cells; without it no copies.")
@click.option("--ploidy", type=float, help="Mean copies of the tumour's genome.")
@click.option("--sex", type=click.Choice(["male", "female"]), help="Sex, instead of inferring it.")
@build_option
@outdir_option
@steps_options(RunParams, leave_out=("alleles.min_mapping_quality",))
@threads_option
@output_options()
@verbosity_options
def command(
    outdir: Path,
    params: RunParams,
    threads: int,
    outputs: Outputs,
    progress: Progress,
    **given: Any,
) -> None:
    """Copy number of a tumour in one command: BAM in; bins, ratios, segments, genes, picture out.

    The tumour is held against a panel of normals, its own normal, or nothing. SNPs of the germline
    VCF, of a list, or found in the reads tell of lost alleles. run.json says what each step did.
    """
    result = run_copy_number(
        files_of(given),
        outdir=outdir,
        params=params,
        known=known_of(given),
        threads=threads,
        progress=progress,
    )
    write_run(result, outdir, outputs)
