"""``tumorkit variants filter``."""

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
from tumorkit.variants.filter.params import FilterParams, Preparation
from tumorkit.variants.filter.run import run_filter, write_filter


@click.command("filter")
@click.argument("vcf", type=PATH)
@click.option("--preset", help="Specification that comes with tumorkit, such as twist-solid.")
@click.option("--spec", type=PATH, help="Your own specification (YAML), or hydra's.")
@click.option("--audit", type=PATH, help="Table of the reasons for every allele (- is stdout).")
@click.option(
    "--tumor-sample", "tumor", help="Name of the tumour's sample, if the header does not say."
)
@click.option("--normal-sample", "normal", help="Name of the matched normal's sample.")
@transcripts_option
@case_options
@settings_options(FilterParams, leave_out=("block_size",))
@settings_options(Preparation, name="preparation")
@output_options(output="Write the filtered VCF (.vcf; .vcf.gz, .bcf with index; - is stdout).")
@verbosity_options
def command(
    vcf: Path,
    preset: str | None,
    spec: Path | None,
    audit: Path | None,
    tumor: str | None,
    normal: str | None,
    transcripts: Path | None,
    case_files: CaseFiles,
    preparation: Preparation,
    params: FilterParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Filter a VCF by a specification, with a reason for every verdict.

    All records are kept: FILTER is set where all alternative alleles fail, and INFO says for each
    allele which filters it fails.
    """
    outputs.claim(audit)
    result = run_filter(
        vcf,
        output=outputs.output,
        audit=audit,
        preset=preset,
        spec=spec,
        tumor=tumor,
        normal=normal,
        transcripts=transcripts,
        files=case_files,
        preparation=preparation,
        params=params,
        progress=progress,
    )
    write_filter(result, outputs, audit=audit)
