"""``tumorkit variants import``."""

from __future__ import annotations

from pathlib import Path

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
from tumorkit.variants.structural import StructuralParams
from tumorkit.variants.structural.callers import CLASSES
from tumorkit.variants.structural.run import run_structural, write_structural


@click.command("import")
@click.argument("calls", type=PATH, nargs=-1, required=True)
@genes_option
@build_option
@click.option("--tumor", help="Tumour sample of the VCFs, where the header does not say.")
@click.option("--called-for", type=click.Choice(CLASSES), help="What the calls were made for.")
@settings_options(StructuralParams)
@output_options(output="Events (tab-separated, - is stdout).")
@verbosity_options
def command(
    calls: tuple[Path, ...],
    genes: Path | None,
    build: str | None,
    tumor: str | None,
    called_for: str | None,
    params: StructuralParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Read structural variants, fusions and tandem duplications that other programs called.

    CALLS are VCFs (Manta, DRAGEN, GRIDSS, Delly, Pindel, ScanITD) and tables of Arriba,
    STAR-Fusion and GMS's fusion report, or JSON of earlier imports. What several callers saw is one
    event. FLT3-ITD, KMT2A-PTD, EGFRvIII and MET exon 14 skipping are
    named by their breakpoints.
    """
    result = run_structural(
        calls,
        genes=genes,
        tumor=tumor,
        called_for=called_for or "",
        build=build_named(build) if build else None,
        params=params,
        progress=progress,
    )
    write_structural(result, outputs)
