"""``tumorkit report build``."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    settings_options,
    threads_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.report.board import BoardParams
from tumorkit.report.board.run import BoardFiles
from tumorkit.report.params import ReportParams
from tumorkit.report.run import run_report, write_report

DEFAULT_OUTPUT = Path("report.html")


@click.command("build")
@click.argument("profile", type=PATH)
@click.option(
    "--actionable", type=PATH, help="Genes to look for: table of gene, class, tumor_type, note."
)
@click.option("--external", type=PATH, help="Values measured elsewhere (table; see the methods).")
@click.option("--coverage", type=PATH, help="Depth of the tumour: BAM, CRAM or .cnn.")
@click.option("--exons", type=PATH, help="Exons, for depth from reads: GTF, GFF3, refFlat, BED.")
@click.option(
    "--interpretation", type=PATH, help="Tiers and classes (tumorkit interpretation classify)."
)
@click.option("--previous", type=PATH, help="Profile (JSON) of the report that this one amends.")
@click.option("--reference", type=PATH, help="Reference FASTA, for CRAM.")
@click.option("--spec", "specification", type=PATH, help="Filter specification of the variants.")
@click.option("--pdf", type=PATH, help="Page one as PDF (needs the extra pdf).")
@settings_options(ReportParams)
@settings_options(BoardParams, name="board_params")
@threads_option
@verbosity_options
@output_options(
    output="The report as one HTML file (- is stdout) [default: report.html].", json=False
)
def command(
    profile: Path,
    params: ReportParams,
    board_params: BoardParams,
    pdf: Path | None,
    threads: int,
    progress: Progress,
    outputs: Outputs,
    **files: Path | None,
) -> None:
    """Make the report of a finished PROFILE (profile.json).

    Pictures are taken from the folder of the profile. The page is one file that fetches nothing;
    it can be mailed, archived and printed.
    """
    outputs = dataclasses.replace(outputs, output=outputs.output or DEFAULT_OUTPUT)
    made = run_report(
        profile,
        params=params,
        board=BoardFiles(**files),
        board_params=board_params,
        sheet=pdf is not None,
        threads=threads,
        progress=progress,
    )
    write_report(made, outputs, pdf=pdf)
