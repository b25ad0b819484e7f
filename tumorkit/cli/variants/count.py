"""``tumorkit variants count``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    reference_option,
    settings_options,
    threads_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.variants.count import CountParams
from tumorkit.variants.count.run import run_count, write_count


@click.command("count")
@click.argument("alignment", type=PATH)
@click.option(
    "--sites",
    type=PATH,
    required=True,
    help="VCF, table with contig pos ref alt, or BED with ref and alt.",
)
@reference_option
@click.option("--background", type=PATH, help="Background of normals: says what is present.")
@settings_options(CountParams)
@threads_option
@output_options(output="Counts (tab-separated, - is stdout).")
@verbosity_options
def command(
    alignment: Path,
    sites: Path,
    reference: Path | None,
    background: Path | None,
    params: CountParams,
    threads: int,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Count reference and alternative fragments in ALIGNMENT (BAM or CRAM, indexed).

    A fragment whose mates overlap counts once; mates that disagree count as discordant only.
    """
    result = run_count(
        alignment,
        sites=sites,
        reference=reference,
        background=background,
        params=params,
        threads=threads,
        progress=progress,
    )
    write_count(result, outputs)
