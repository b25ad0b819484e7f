"""The part of mutational signatures: matrices of what passed, and a fit where a table is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tumorkit.contract.result import to_document
from tumorkit.profile.result import Part
from tumorkit.profile.work import Work, earlier_part, known, unknown

if TYPE_CHECKING:
    from tumorkit.signatures.matrix.result import MatrixResult

FILTERED = "variants.vcf.gz"
RESULT, TABLE, PICTURE = "signatures.json", "signatures.tsv", "signatures.svg"
MATRICES = {
    "SBS96": "signatures.sbs96.tsv",
    "DBS78": "signatures.dbs78.tsv",
    "ID83": "signatures.id83.tsv",
}
NO_TABLE = "{} substitutions were counted; no table of signatures was given (--signatures)"


def signatures_part(work: Work) -> Part:
    """Count the variants that passed by class, and explain them by the table of the case."""
    inputs = work.case.inputs
    if inputs.signatures_result is not None:
        return earlier_part(work, "signatures", inputs.signatures_result)
    variants = work.done.get("variants")
    if variants is None or FILTERED not in variants.files:
        return unknown("signatures", "no filtered variants: no somatic VCF was given (--somatic)")
    if inputs.reference is None:
        return unknown("signatures", "no reference was given (--reference): contexts are unknown")
    counted = count_mutations(work)
    if inputs.signatures is None:
        reason = NO_TABLE.format(f"{counted.samples[0].mutations['SBS96']:.6g}")
        return replace(unknown("signatures", reason), files=tuple(MATRICES.values()))
    return explained(work)


def count_mutations(work: Work) -> MatrixResult:
    """Write the matrices; without a normal each variant counts by its P(somatic), if it has one."""
    from tumorkit.io.outputs import Outputs
    from tumorkit.signatures.matrix.params import MatrixParams
    from tumorkit.signatures.matrix.run import MatrixFiles, run_matrix, write_matrix

    reference, roles = work.case.inputs.reference, work.case.roles
    assert reference is not None
    weighed = work.case.normal is None and bool(work.document("variants").get("evidence"))
    result = run_matrix(
        [work.outdir / FILTERED],
        reference=reference,
        tumor=roles.tumor if roles else None,
        params=MatrixParams(somatic_weights=weighed),
        progress=work.progress,
    )
    write_matrix(
        result,
        Outputs(output=work.outdir / MATRICES["SBS96"]),
        files=MatrixFiles(
            dbs78=work.outdir / MATRICES["DBS78"], id83=work.outdir / MATRICES["ID83"]
        ),
    )
    return result


def explained(work: Work) -> Part:
    """Fit the matrix that the table's classes belong to, with a picture beside it."""
    from tumorkit.copynumber.plot.style import figure_bytes
    from tumorkit.io.atomic import write_bytes
    from tumorkit.io.outputs import Outputs
    from tumorkit.io.profiles import read_profiles
    from tumorkit.signatures.fit.params import FitParams
    from tumorkit.signatures.fit.run import Territory, run_fit, write_fit
    from tumorkit.signatures.plot.run import run_signatures_plot

    inputs, case, assay = work.case.inputs, work.case.case, work.case.assay
    table = inputs.signatures
    assert table is not None
    matrix = work.outdir / MATRICES[read_profiles(table, what="signatures").kind]
    targets = inputs.targets
    ffpe = (case.material or assay.material) == "ffpe"
    result = run_fit(
        matrix,
        signatures=table,
        territory=Territory(
            targets=targets, reference=inputs.reference if targets is not None else None
        ),
        params=FitParams(preparation="ffpe" if ffpe else "unknown"),
        progress=work.progress,
    )
    result = replace(result, sample=work.case.sample)
    json_path = work.outdir / RESULT
    write_fit(result, Outputs(output=work.outdir / TABLE, json=json_path))
    figure = run_signatures_plot(matrix, fit=json_path)
    write_bytes(work.outdir / PICTURE, figure_bytes(figure, "svg"))
    part = known("signatures", to_document(result), RESULT, TABLE, PICTURE, *MATRICES.values())
    only = result.samples[0]
    return (
        part if only.status == "ok" else replace(part, status="not_evaluable", reason=only.reason)
    )
