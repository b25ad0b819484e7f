"""``tumorkit report verify``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.report.verify.run import run_report_verify, write_report_verify


@click.command("verify")
@click.argument("manifest", type=PATH)
@click.option("--inputs", multiple=True, type=PATH, help="Folder with inputs. May be repeated.")
@click.option("--case", type=PATH, help="Case file (TOML): run it again and compare the result.")
@output_options()
@verbosity_options
def command(
    manifest: Path,
    inputs: tuple[Path, ...],
    case: Path | None,
    outputs: Outputs,
    progress: Progress,
) -> int:
    """Check the files of a profile against its MANIFEST; exit 1 if one differs.

    MANIFEST is a manifest.json, or the folder that holds it.
    """
    again = None
    if case is not None:
        from tumorkit.profile.run import load_case, run_profile

        settings, files = load_case(case, settings={}, files={})

        def again(outdir: Path) -> object:
            return run_profile(settings, files, outdir=outdir)

    result = run_report_verify(manifest, inputs=inputs, again=again, progress=progress)
    write_report_verify(result, outputs)
    return 0 if result.intact else 1
