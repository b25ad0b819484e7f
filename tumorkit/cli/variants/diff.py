"""``tumorkit variants diff``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    case_options,
    output_options,
    settings_options,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.variants.diff import DiffParams
from tumorkit.variants.diff.run import run_diff, write_diff
from tumorkit.variants.evidence.run import CaseFiles
from tumorkit.variants.filter.params import Preparation


@click.command("diff")
@click.argument("a")
@click.argument("b")
@click.argument("vcf", type=PATH)
@click.option(
    "--tumor-sample", "tumor", help="Name of the tumour's sample, if the header does not say."
)
@click.option("--normal-sample", "normal", help="Name of the matched normal's sample.")
@settings_options(DiffParams, leave_out=("block_size",))
@case_options
@settings_options(Preparation, name="preparation")
@output_options(output="Write every flip with its filters (tab-separated, - is stdout).")
@verbosity_options
def command(
    a: str,
    b: str,
    vcf: Path,
    tumor: str | None,
    normal: str | None,
    case_files: CaseFiles,
    preparation: Preparation,
    params: DiffParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Say which alleles of VCF the specifications A and B judge differently, and why.

    A and B are presets by name, or YAML files (their name ends in .yaml, or has a folder).
    """
    result = run_diff(
        a,
        b,
        vcf,
        output=outputs.output,
        tumor=tumor,
        normal=normal,
        files=case_files,
        preparation=preparation,
        params=params,
        progress=progress,
    )
    write_diff(result, outputs)
