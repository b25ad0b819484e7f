"""``tumorkit tmb score``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    changed_options,
    output_options,
    targets_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.errors import ParameterError
from tumorkit.io.maf import is_maf
from tumorkit.io.outputs import STDOUT, Outputs
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.run import (
    TmbFiles,
    check_evaluable,
    run_tmb,
    run_tmb_cohort,
    write_cohort,
    write_tmb,
)
from tumorkit.tmb.schemes import SCHEME_NAMES


@click.command("score")
@click.argument("variants", type=PATH)
@click.option(
    "--preset",
    multiple=True,
    help=f"TMB scheme, or a YAML file of rules; repeat to compare. {', '.join(SCHEME_NAMES)}.",
)
@targets_option
@click.option("--exons", type=PATH, help="Coding exons: GTF, GFF3, refFlat or BED.")
@click.option("--mask", "masks", type=PATH, multiple=True, help="BED to leave out; repeatable.")
@click.option(
    "--coverage", type=PATH, help="Depth: mosdepth's per-base or quantized BED, or a .cnn."
)
@click.option("--megabases", type=click.FloatRange(0), help="Size to divide by. [Mb]")
@click.option("--tumor", help="Tumour's name in the VCF.")
@click.option("--normal", help="Matched normal's name in the VCF.")
@click.option("--trace", type=PATH, help="Table of every variant: counted or rejected, and why.")
@click.option("--hydra", type=PATH, help="Write hydra-genetics' TMB.txt.")
@click.option("--balsamic-stat", type=PATH, help="Write BALSAMIC's balsamic_stat.")
@click.option("--gene-table", type=PATH, help="Table of the megabases of each gene.")
@click.option("--territory", type=PATH, help="Write the first scheme's territory as BED.")
@click.option("--require-evaluable", is_flag=True, help="Exit 1 where there is no TMB.")
@changed_options(TmbParams, leave_out=("scheme", "changed", "megabases"))
@output_options(output="VCF with the first scheme's verdict on every record.")
@verbosity_options
def command(
    *,
    variants: Path,
    preset: tuple[str, ...],
    targets: Path | None,
    exons: Path | None,
    masks: tuple[Path, ...],
    coverage: Path | None,
    megabases: float | None,
    tumor: str | None,
    normal: str | None,
    trace: Path | None,
    hydra: Path | None,
    balsamic_stat: Path | None,
    gene_table: Path | None,
    territory: Path | None,
    require_evaluable: bool,
    changes: dict[str, object],
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Tumour mutational burden of VARIANTS (VCF or MAF), in mutations per megabase.

    The schemes' own limits hold unless an option changes them. A MAF gives one row per sample; its
    -o is that table.
    """
    files = TmbFiles(
        trace=trace,
        tagged=outputs.output,
        hydra=hydra,
        balsamic_stat=balsamic_stat,
        genes=gene_table,
        territory=territory,
    )
    if is_maf(variants):
        refuse_for_maf(replace(files, tagged=None), coverage, tumor, normal)
        cohort = run_tmb_cohort(
            variants,
            targets=targets,
            exons=exons,
            masks=masks,
            megabases=megabases,
            preset=preset,
            changes=changes,
            progress=progress,
        )
        write_cohort(cohort, outputs)
        return
    result = run_tmb(
        variants,
        targets=targets,
        exons=exons,
        masks=masks,
        coverage=coverage,
        megabases=megabases,
        preset=preset,
        changes=changes,
        tumor=tumor,
        normal=normal,
        files=files,
        progress=progress,
    )
    if trace == STDOUT:
        outputs = replace(outputs, show=None)
    write_tmb(result, outputs)
    if require_evaluable:
        check_evaluable(result)


def refuse_for_maf(files: TmbFiles, *options: object) -> None:
    """Raise where an option was given that needs a VCF."""
    if any(vars(files).values()) or any(options):
        raise ParameterError(
            "a MAF gives one row per sample: options that write single variants, --coverage, "
            "--tumor and --normal need a VCF"
        )
