"""``tumorkit report export``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import (
    PATH,
    output_options,
    settings_options,
    transcripts_option,
    verbosity_options,
)
from tumorkit.contract.progress import Progress
from tumorkit.errors import ParameterError
from tumorkit.io.outputs import Outputs
from tumorkit.report.export import FORMATS, ReportExportParams
from tumorkit.report.export.run import run_report_export, write_report_export

NAMES = f"One of {', '.join(FORMATS)}, or all; several with commas."


@click.command("export")
@click.argument("case", type=PATH)
@click.option("--to", "formats", multiple=True, required=True, metavar="FORMAT", help=NAMES)
@click.option("--outdir", type=PATH, help="Folder for the files; made if need be.")
@click.option("--tumor", help="Tumour sample of a VCF.")
@click.option("--normal", help="Normal sample of a VCF.")
@click.option("--events", type=PATH, help="Structural events (JSON of variants import).")
@click.option("--ratios", type=PATH, help="Copy ratios, where none are beside the profile.")
@click.option("--hotspots", type=PATH, help="GMS hotspot table, for gms-table.")
@click.option("--depth", type=PATH, help="Depth at hotspots: BAM, CRAM, gVCF, BED or .cnn.")
@click.option("--reference", type=PATH, help="FASTA of a CRAM.")
@transcripts_option
@settings_options(ReportExportParams)
@output_options(output="The file, where one format of one file is asked for (- is stdout).")
@verbosity_options
def command(
    case: Path,
    formats: tuple[str, ...],
    outdir: Path | None,
    tumor: str | None,
    normal: str | None,
    transcripts: Path | None,
    events: Path | None,
    ratios: Path | None,
    hotspots: Path | None,
    depth: Path | None,
    reference: Path | None,
    params: ReportExportParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Write CASE (profile.json, or an annotated VCF) for other programs, and count what is lost."""
    if not (outdir or outputs.output or outputs.json):
        raise ParameterError("nowhere to write to", "give -o FILE or --outdir FOLDER")
    result = run_report_export(
        case,
        formats,
        tumor=tumor,
        normal=normal,
        transcripts=transcripts,
        events=events,
        ratios=ratios,
        hotspots=hotspots,
        depth=depth,
        reference=reference,
        params=params,
        progress=progress,
    )
    write_report_export(result, outputs, outdir=outdir)
