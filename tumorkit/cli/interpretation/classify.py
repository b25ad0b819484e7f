"""``tumorkit interpretation classify``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.interpretation.classify import ClassifyParams
from tumorkit.interpretation.classify.run import (
    TableFiles,
    run_classify,
    with_named,
    write_classify,
)
from tumorkit.io.outputs import Outputs


@click.command("classify")
@click.argument("variants", type=PATH)
@click.option(
    "--tables",
    "named",
    type=PATH,
    help="TOML file naming tables and settings; options lead.",
)
@click.option("--evidence", type=PATH, help="Statements (tumorkit interpretation import).")
@click.option("--tiers", type=PATH, help="Tier table: which evidence gives which tier.")
@click.option("--laboratory", type=PATH, help="The laboratory's own classification.")
@click.option("--escat", type=PATH, help="ESCAT tiers of alterations in tumour types.")
@click.option("--roles", type=PATH, help="Gene roles: oncogene, tumor suppressor or both.")
@click.option("--hotspots", type=PATH, help="Counts of tumours by residue and change.")
@click.option("--domains", type=PATH, help="Critical domains by residues.")
@click.option("--criteria", type=PATH, help="Criteria that a reviewer judged.")
@click.option("--synonyms", type=PATH, help="Diseases that are a tumour type.")
@click.option("--parents", type=PATH, help="Groups that diseases belong to.")
@click.option("--exons", type=PATH, help="Gene model (GTF, refFlat): exons of null variants.")
@click.option("--structural", type=PATH, help="Events (JSON of tumorkit variants import).")
@click.option("--tumor", help="Tumour sample of a VCF.")
@settings_options(ClassifyParams)
@output_options(output="Table (.tsv), or the VCF with tags (.vcf, .vcf.gz); - is stdout.")
@verbosity_options
def command(
    *,
    variants: Path,
    named: Path | None,
    structural: Path | None,
    tumor: str | None,
    params: ClassifyParams,
    outputs: Outputs,
    progress: Progress,
    **tables: Any,
) -> None:
    """Give VARIANTS (annotated VCF, JSON of variants filter or import, profile.json) their tiers.

    Everything rests on the tables that are given; without evidence there is no tier.
    """
    files = TableFiles(**tables)
    if named is not None:
        files, params = with_named(named, files, params)
    result = run_classify(
        variants, files, structural=structural, tumor=tumor, params=params, progress=progress
    )
    write_classify(result, variants, outputs)
