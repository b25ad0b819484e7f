"""``tumorkit cnv alleles``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    reference_option,
    settings_options,
    targets_option,
    threads_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.alleles import AllelesParams
from tumorkit.copynumber.alleles.run import AllelesFiles, run_alleles, write_alleles
from tumorkit.io.outputs import Outputs


@click.command("alleles")
@click.argument("tumor", type=PATH)
@click.option("--normal", type=PATH, help="The patient's normal (BAM or CRAM).")
@click.option("--germline", type=PATH, help="Germline VCF of the normal.")
@click.option("--normal-sample", metavar="NAME", help="The normal's column in the germline VCF.")
@click.option("--snps", type=PATH, help="Population sites: VCF, table or BED of alleles.")
@targets_option
@reference_option
@settings_options(AllelesParams)
@threads_option
@output_options(output="Reads of both alleles at SNPs (TSV, - is stdout).")
@verbosity_options
def command(
    params: AllelesParams,
    threads: int,
    outputs: Outputs,
    progress: Progress,
    **files: Path | str | None,
) -> None:
    """Count reads of both alleles at SNPs of TUMOR (BAM or CRAM) for `cnv segment --snps`.

    SNPs are those of the germline VCF, of a list of sites, or, with --targets and --reference,
    those that the reads show. A normal, or the VCF's read counts, tells which are heterozygous.
    """
    result = run_alleles(
        AllelesFiles(**files),  # type: ignore[arg-type]
        params=params,
        threads=threads,
        progress=progress,
    )
    write_alleles(result, outputs)
