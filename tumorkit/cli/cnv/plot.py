"""``tumorkit cnv plot``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, build_option, genes_option, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.genome.build import build_named


@click.command("plot")
@click.argument("ratios", type=PATH)
@click.argument("segments", type=PATH)
@click.option(
    "-o", "--output", type=PATH, required=True, help="Picture: .svg, .png or .pdf by its suffix."
)
@genes_option
@build_option
@click.option("--contig", default="", help="Draw this contig alone.")
@click.option("--title", default="", help="Title; by default the sample.")
@verbosity_options
def command(
    ratios: Path,
    segments: Path,
    output: Path,
    genes: Path | None,
    build: str | None,
    contig: str,
    title: str,
    progress: Progress,
) -> None:
    """Draw copy RATIOS and SEGMENTS; with genes, small events carry their names."""
    from tumorkit.copynumber.plot.run import format_of, run_plot, write_plot

    format_of(output)
    named = build_named(build) if build else None
    figure = run_plot(
        ratios,
        segments,
        genes=genes,
        build=named,
        contig=contig,
        title=title,
        progress=progress,
    )
    write_plot(figure, output)
