"""``tumorkit signatures matrix``."""

from __future__ import annotations

from pathlib import Path

import click

from tumorkit.cli.options import PATH, output_options, settings_options, verbosity_options
from tumorkit.contract.progress import Progress
from tumorkit.io.outputs import Outputs
from tumorkit.signatures.matrix import MatrixParams
from tumorkit.signatures.matrix.run import MatrixFiles, run_matrix, write_matrix


@click.command("matrix")
@click.argument("variants", type=PATH, nargs=-1, required=True)
@click.option("--reference", type=PATH, required=True, help="Reference FASTA (indexed).")
@click.option("--tumor", help="Tumour's sample name, where a VCF does not tell.")
@click.option("--dbs78", type=PATH, help="Write the matrix of doublets (- is stdout).")
@click.option("--id83", type=PATH, help="Write the matrix of insertions and deletions.")
@click.option("--rejected", type=PATH, help="List the variants left out, with reasons.")
@settings_options(MatrixParams)
@output_options(output="Matrix of 96 substitutions, SigProfiler's layout (- is stdout).")
@verbosity_options
def command(
    *,
    variants: tuple[Path, ...],
    reference: Path,
    tumor: str | None,
    dbs78: Path | None,
    id83: Path | None,
    rejected: Path | None,
    params: MatrixParams,
    outputs: Outputs,
    progress: Progress,
) -> None:
    """Count the mutations of VARIANTS by class: VCFs of one tumour each, or MAFs of many.

    Only PASS is counted unless --filters says otherwise.
    """
    files = MatrixFiles(dbs78=dbs78, id83=id83, rejected=rejected)
    outputs.claim(*files.paths())
    result = run_matrix(
        variants, reference=reference, tumor=tumor, params=params, progress=progress
    )
    write_matrix(result, outputs, files=files)
