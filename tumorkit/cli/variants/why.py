"""``tumorkit variants why``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    case_options,
    output_options,
    settings_options,
    transcripts_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.variants.evidence.run import CaseFiles
from tumorkit.variants.filter.params import Preparation
from tumorkit.variants.why.run import run_why, write_why


@click.command("why")
@click.argument("locus")
@click.argument("vcf", type=PATH)
@click.option(
    "--input", "earlier", type=PATH, help="The VCF that was filtered: says where it was lost."
)
@click.option("--preset", help="Specification that comes with tumorkit; else the header's.")
@click.option("--spec", type=PATH, help="Your own specification (YAML), or hydra's.")
@click.option(
    "--tumor-sample", "tumor", help="Name of the tumour's sample, if the header does not say."
)
@click.option("--normal-sample", "normal", help="Name of the matched normal's sample.")
@transcripts_option
@case_options
@settings_options(Preparation, name="preparation")
@output_options()
@verbosity_options
def command(
    locus: str,
    vcf: Path,
    earlier: Path | None,
    preset: str | None,
    spec: Path | None,
    tumor: str | None,
    normal: str | None,
    transcripts: Path | None,
    case_files: CaseFiles,
    preparation: Preparation,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Tell why a variant is in or out of VCF, also when it is not there.

    LOCUS is contig:position or contig:position:REF>ALT (1-based, as in the VCF).
    """
    result = run_why(
        locus,
        vcf,
        earlier=earlier,
        preset=preset,
        spec=spec,
        tumor=tumor,
        normal=normal,
        transcripts=transcripts,
        files=case_files,
        preparation=preparation,
        progress=progress,
    )
    write_why(result, outputs)
