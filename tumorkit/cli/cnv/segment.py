"""``tumorkit cnv segment``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    build_option,
    output_options,
    settings_options,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.copynumber.segment import SegmentParams
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.genome.build import build_named
from tumorkit.io.outputs import Outputs


@click.command("segment")
@click.argument("ratios", type=PATH)
@build_option
@click.option("--snps", type=PATH, help="Allele counts: VCF, snp-pileup CSV or table.")
@click.option("--snp-sites", type=PATH, help="Population sites: use SNPs of this list only.")
@click.option("--tumor-sample", metavar="NAME", help="The tumour's column in the VCF of SNPs.")
@click.option("--normal-sample", metavar="NAME", help="The matched normal's column.")
@click.option("--path", "path_table", type=PATH, help="Number of segments by sensitivity (TSV).")
@settings_options(SegmentParams)
@output_options(output="Segments (.cns, - is stdout).")
@verbosity_options
def command(
    ratios: Path,
    build: str | None,
    snps: Path | None,
    snp_sites: Path | None,
    tumor_sample: str | None,
    normal_sample: str | None,
    path_table: Path | None,
    params: SegmentParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Find segments of constant copy number in RATIOS.

    RATIOS are copy ratios of bins: CNVkit .cnr or .cnn, or GATK denoised copy ratios. With a
    build (given, in the file's header, or the only one whose contigs can hold the bins) no
    segment crosses a centromere.

    With --snps both are segmented together, and copy-neutral loss of heterozygosity is found.
    Heterozygous SNPs are those of the matched normal where the file has one.
    """
    named = build_named(build) if build else None
    result = run_segment(
        ratios,
        params=params,
        build=named,
        snps=snps,
        snp_sites=snp_sites,
        tumor_sample=tumor_sample,
        normal_sample=normal_sample,
        long_path=path_table is not None,
        progress=progress,
    )
    write_segment(result, outputs, path_table=path_table)
