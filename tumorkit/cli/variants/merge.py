"""``tumorkit variants merge``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.variants.merge.params import MergeParams
from tumorkit.variants.merge.run import caller_file, run_merge, write_merge


@click.command("merge")
@click.argument("vcfs", type=PATH, nargs=-1, metavar="VCF...")
@click.option(
    "--reference", type=PATH, required=True, help="Reference FASTA (indexed) of the calls."
)
@click.option(
    "--caller",
    "callers",
    multiple=True,
    metavar="NAME=FILE",
    help="Calls of a caller that you name; NAME:FILE does as well.",
)
@click.option("--hotspots", type=PATH, help="VCF of alleles that one caller is enough for.")
@click.option("--tumor-sample", "tumor", help="Name of the tumour's sample where several differ.")
@click.option("--normal-sample", "normal", help="Name of the matched normal's sample.")
@settings_options(MergeParams, leave_out=("block_size", "max_listed"))
@output_options(output="Merged VCF (.vcf; .vcf.gz, .bcf with index; - is stdout).")
@verbosity_options
def command(
    vcfs: tuple[Path, ...],
    reference: Path,
    callers: tuple[str, ...],
    hotspots: Path | None,
    tumor: str | None,
    normal: str | None,
    params: MergeParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Merge the calls of one tumour by several callers: one record for each allele.

    Alleles are left-aligned against the reference, haplotypes compared, and each record says who
    found it. Nothing is dropped: what too few callers pass gets FILTER few_callers.
    """
    result = run_merge(
        vcfs,
        reference=reference,
        output=outputs.output,
        named=[caller_file(text) for text in callers],
        hotspots=hotspots,
        tumor=tumor,
        normal=normal,
        params=params,
        progress=progress,
    )
    write_merge(result, outputs)
