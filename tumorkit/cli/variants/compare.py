"""``tumorkit variants compare``."""

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
from tumorkit.variants.compare import CompareParams
from tumorkit.variants.compare.run import run_compare, write_compare


@click.command("compare")
@click.argument("truth", type=PATH)
@click.argument("query", type=PATH)
@click.option("--confident", type=PATH, help="BED in which the truth is complete; else UNK.")
@click.option(
    "--false-positive", type=PATH, help="BED in which a call that is not in the truth is FP."
)
@click.option("--tumor-sample", "tumor", help="Name of the tumour's sample in QUERY.")
@reference_option
@settings_options(CompareParams)
@output_options(output="Write every record with its class (tab-separated, - is stdout).")
@verbosity_options
def command(
    truth: Path,
    query: Path,
    confident: Path | None,
    false_positive: Path | None,
    tumor: str | None,
    reference: Path | None,
    params: CompareParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Compare the calls of QUERY with TRUTH (both VCF): TP, FP, FN, recall and precision.

    Records are the same where contig (under any name), position, REF and the set of ALT are.
    """
    result = run_compare(
        truth,
        query,
        output=outputs.output,
        confident=confident,
        false_positive=false_positive,
        reference=reference,
        tumor=tumor,
        params=params,
        progress=progress,
    )
    write_compare(result, outputs)
