"""``tumorkit signatures plot``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, verbosity_options
from tumorkit.contract.progress import Progress


@click.command("plot")
@click.argument("matrix", type=PATH)
@click.option(
    "-o", "--output", type=PATH, required=True, help="Picture: .svg, .png or .pdf by its suffix."
)
@click.option("--fit", type=PATH, help="JSON of `signatures fit`: draw what it expects beneath.")
@click.option("--sample", "samples", multiple=True, metavar="NAME", help="Draw this one (repeat).")
@verbosity_options
def command(
    *,
    matrix: Path,
    output: Path,
    fit: Path | None,
    samples: tuple[str, ...],
    progress: Progress,
) -> None:
    """Draw the spectra of MATRIX (96, 78 or 83 channels), also those of a table of signatures."""
    from tumorkit.signatures.plot.run import (
        picture_format,
        run_signatures_plot,
        write_signatures_plot,
    )

    picture_format(output)
    figure = run_signatures_plot(matrix, fit=fit, samples=samples, progress=progress)
    write_signatures_plot(figure, output)
