"""``tumorkit variants annotate``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    reference_option,
    settings_options,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.variants.annotate.params import AnnotateParams
from tumorkit.variants.annotate.run import run_annotate, write_annotate


@click.command("annotate")
@click.argument("vcf", type=PATH)
@click.option(
    "--population",
    "populations",
    multiple=True,
    metavar="NAME=FILE[:FIELD]",
    help="Population source (VCF or BCF): AF, AC, AN, popmax, or the named field. Repeatable.",
)
@click.option(
    "--population-regions",
    multiple=True,
    metavar="NAME=FILE",
    help="BED of where that source looked; elsewhere its frequency is unknown. Repeatable.",
)
@click.option(
    "--regions", multiple=True, metavar="LABEL=FILE", help="BED under a label. Repeatable."
)
@click.option("--hotspots", type=PATH, help="Hotspots: VCF or table of alleles, or of places.")
@reference_option
@settings_options(AnnotateParams, leave_out=("block_size",))
@output_options(output="Write the annotated VCF (.vcf; .vcf.gz, .bcf with index; - is stdout).")
@verbosity_options
def command(
    vcf: Path,
    populations: tuple[str, ...],
    population_regions: tuple[str, ...],
    regions: tuple[str, ...],
    hotspots: Path | None,
    reference: Path | None,
    params: AnnotateParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Add population frequencies, labelled regions and hotspots from local files.

    Alleles are compared, not positions: without shared bases, and leftmost where a reference is
    given. All records are kept; only INFO changes.
    """
    result = run_annotate(
        vcf,
        output=outputs.output,
        populations=populations,
        population_regions=population_regions,
        regions=regions,
        hotspots=hotspots,
        reference=reference,
        params=params,
        progress=progress,
    )
    write_annotate(result, outputs)
