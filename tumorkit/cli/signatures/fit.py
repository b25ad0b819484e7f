"""``tumorkit signatures fit``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    reference_option,
    settings_options,
    targets_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.signatures.fit import FitParams
from tumorkit.signatures.fit.run import Territory, check_evaluable, run_fit, write_fit


@click.command("fit")
@click.argument("matrix", type=PATH)
@click.option("--signatures", type=PATH, help="Table of signatures: COSMIC's, Signal's, your own.")
@targets_option
@reference_option
@click.option("--contexts", type=PATH, help="Keep the panel's counted contexts here, or read them.")
@click.option("--priors", type=PATH, help="Table of signature and prior probability.")
@click.option("--require-evaluable", is_flag=True, help="Exit 1 where mutations are too few.")
@settings_options(FitParams)
@output_options(output="Table of signatures (tab-separated, - is stdout).")
@verbosity_options
def command(
    *,
    matrix: Path,
    signatures: Path | None,
    targets: Path | None,
    reference: Path | None,
    contexts: Path | None,
    priors: Path | None,
    require_evaluable: bool,
    params: FitParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Explain the mutations of MATRIX (from `signatures matrix`, or SigProfiler's) by signatures.

    Processes come first, single signatures after. No table of signatures is shipped: give
    COSMIC's or Signal's.
    """
    result = run_fit(
        matrix,
        signatures=signatures,
        territory=Territory(targets=targets, reference=reference, contexts=contexts),
        priors=priors,
        params=params,
        progress=progress,
    )
    write_fit(result, outputs)
    if require_evaluable:
        check_evaluable(result)
