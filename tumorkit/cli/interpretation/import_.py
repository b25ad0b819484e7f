"""``tumorkit interpretation import``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.interpretation.importing import ImportParams
from tumorkit.interpretation.importing.run import SOURCES, run_import, write_import
from tumorkit.io.outputs import Outputs


@click.command("import")
@click.argument("source", type=click.Choice(SOURCES))
@click.argument("dump", type=PATH)
@settings_options(ImportParams)
@output_options(output="The statements (JSON), for interpretation classify; - is stdout.")
@verbosity_options
def command(
    source: str, dump: Path, params: ImportParams, outputs: Outputs, progress: Progress
) -> None:
    """Take over the DUMP of a knowledge base with its date and digest; nothing is fetched.

    SOURCE is civic: ClinicalEvidenceSummaries.tsv of CIViC's data releases.
    """
    del source
    write_import(run_import(dump, params=params, progress=progress), outputs)
