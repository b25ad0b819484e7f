"""``tumorkit cnv plot``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tumorkit.cli.options import PATH, build_option, genes_option, verbosity_options
from tumorkit.genome.build import build_named


@click.command("plot")
@click.argument("ratios", type=PATH)
@click.argument("segments", type=PATH)
@click.option(
    "-o", "--output", type=PATH, required=True, help="Picture: .svg, .png or .pdf by its suffix."
)
@genes_option
@build_option
@click.option("--contig", default="", help="Draw this chromosome alone.")
@click.option("--region", default="", metavar="PLACE", help="Draw a stretch: chr17:7-8Mb.")
@click.option("--gene", default="", metavar="NAME", help="Draw a gene with exons and flanks.")
@click.option("--snps", type=PATH, help="Allele counts: VCF, snp-pileup CSV or table.")
@click.option("--snp-sites", type=PATH, help="Population sites: show SNPs of this list only.")
@click.option("--tumor-sample", metavar="NAME", help="The tumour's column in the VCF of SNPs.")
@click.option("--normal-sample", metavar="NAME", help="The matched normal's column.")
@click.option("--purity", type=float, help="Fraction of tumour cells: adds an axis of copies.")
@click.option("--ploidy", type=float, help="Mean copies of the tumour's genome.")
@click.option("--sex", type=click.Choice(["male", "female"]), help="Sex, for X and Y.")
@click.option("--title", default="", help="Title; by default the sample.")
@verbosity_options
def command(ratios: Path, segments: Path, output: Path, build: str | None, **options: Any) -> None:
    """Draw copy RATIOS and SEGMENTS: the genome, a chromosome, a stretch or a gene.

    Colours follow the states of `cnv call`. With genes small events carry their names; with SNPs,
    or with SEGMENTS that know them, allele fractions are drawn below.
    """
    from tumorkit.copynumber.plot.run import format_of, run_plot, write_plot

    format_of(output)
    named = build_named(build) if build else None
    write_plot(run_plot(ratios, segments, build=named, **options), output)
