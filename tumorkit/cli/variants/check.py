"""``tumorkit variants check``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, reference_option, show
from tumorkit.variants.filter.run import check_summary, first_oddities, run_check


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="[SPEC.yaml] VCF")
@click.option("--preset", help="Check a preset; then only the VCF is given.")
@click.option(
    "--tumor-sample", "tumor", help="Name of the tumour's sample, if the header does not say."
)
@click.option("--normal-sample", "normal", help="Name of the matched normal's sample.")
@reference_option
def command(
    files: tuple[Path, ...],
    preset: str | None,
    tumor: str | None,
    normal: str | None,
    reference: Path | None,
) -> None:
    """Say which filters of a specification a VCF can answer.

    Give SPEC.yaml and the VCF, or --preset and the VCF. With --reference the REF of the first
    records is compared, too.
    """
    expected = 1 if preset else 2
    if len(files) != expected:
        wanted = "the VCF alone" if preset else "a specification and a VCF"
        raise click.UsageError(f"expected {wanted}, found {len(files)} files")
    spec = None if preset else files[0]
    found = run_check(files[-1], preset=preset, spec=spec, tumor=tumor, normal=normal)
    show(check_summary(*found, first_oddities(files[-1], reference)))
