"""``tumorkit variants check``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, case_options, settings_options, show, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.variants.check.run import run_review
from tumorkit.variants.evidence.run import CaseFiles
from tumorkit.variants.filter.params import Preparation


@click.command("check")
@click.argument("names", nargs=-1, metavar="[SPEC.yaml|PRESET] [VCF]")
@click.option("--preset", help="Specification that comes with tumorkit, such as twist-solid.")
@click.option("--print", "words", is_flag=True, help="Say every filter in a sentence, too.")
@click.option("--write-spec", type=PATH, help="Write the specification as YAML, flattened.")
@click.option(
    "--tumor-sample", "tumor", help="Name of the tumour's sample, if the header does not say."
)
@click.option("--normal-sample", "normal", help="Name of the matched normal's sample.")
@case_options
@settings_options(Preparation, name="preparation")
@verbosity_options
def command(
    names: tuple[str, ...],
    preset: str | None,
    words: bool,
    write_spec: Path | None,
    tumor: str | None,
    normal: str | None,
    case_files: CaseFiles,
    preparation: Preparation,
    progress: Progress,
) -> None:
    """Say what a specification means, and which of its filters a VCF can answer.

    SPEC.yaml may be a filter file of hydra-genetics: then its traps are listed. Two of them, soft
    and hard, are compared. With --reference the REF of the VCF's first records is compared, too.
    """
    if not names and not preset:
        raise click.UsageError("give a specification or a preset, and perhaps a VCF")
    for summary in run_review(
        names,
        preset=preset,
        words=words,
        write_spec=write_spec,
        tumor=tumor,
        normal=normal,
        files=case_files,
        preparation=preparation,
        progress=progress,
    ):
        show(summary)
