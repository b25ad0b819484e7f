"""``tumorkit cnv reference``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    build_option,
    output_options,
    reference_option,
    settings_options,
    targets_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.reference import ReferenceParams
from tumorkit.copynumber.reference.run import run_flat, run_reference, write_reference
from tumorkit.errors import ParameterError
from tumorkit.genome.build import build_named
from tumorkit.io.outputs import Outputs


@click.command("reference")
@click.argument("normals", type=PATH, nargs=-1)
@reference_option
@click.option("--bins", type=PATH, help="Bins with gc, repeat, mappability (tumorkit cnv bins).")
@click.option("--flat", is_flag=True, help="No normals: a flat reference of --targets.")
@targets_option
@build_option
@settings_options(ReferenceParams)
@output_options(output="Reference (.cnn, - is stdout).")
@verbosity_options
def command(
    normals: tuple[Path, ...],
    reference: Path | None,
    bins: Path | None,
    flat: bool,
    targets: Path | None,
    build: str | None,
    params: ReferenceParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Pool the coverages of NORMALS (.cnn) into a panel of normals.

    GC and repeats come from the FASTA or from --bins. A normal may be two files, of targets and
    of antitargets, as CNVkit writes them.
    """
    named = build_named(build) if build else None
    if flat:
        if targets is None or normals:
            raise ParameterError("--flat needs --targets and no normals", "name the bins or a BED")
        result = run_flat(targets, reference=reference, progress=progress)
    else:
        result = run_reference(
            normals,
            reference=reference,
            bins=bins or targets,
            params=params,
            build=named,
            progress=progress,
        )
    write_reference(result, outputs)
