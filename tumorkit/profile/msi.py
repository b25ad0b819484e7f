"""The part of microsatellite instability: counted here, or taken from an earlier step."""

from __future__ import annotations

from tumorkit.contract.result import to_document
from tumorkit.profile.result import Part
from tumorkit.profile.work import Work, earlier_part, known, unknown


def msi_part(work: Work) -> Part:
    """Score the tumour's BAM, beside its normal's where there is one."""
    inputs = work.case.inputs
    if inputs.msi_result is not None:
        return earlier_part(work, "msi", inputs.msi_result)
    if inputs.tumor is None:
        return unknown("msi", "no tumour BAM was given (--tumor), and no MSI result (--msi-result)")
    if inputs.loci is None:
        return unknown("msi", "no microsatellites were given (--loci; see `tumorkit msi scan`)")
    from tumorkit.io.loci import is_list
    from tumorkit.io.outputs import Outputs
    from tumorkit.msi.score import MsiParams
    from tumorkit.msi.score.run import run_msi, write_msi

    assay = work.case.assay
    preset = work.case.case.msi_preset or (assay.msi if is_list(inputs.loci) else assay.msi_loci)
    result = run_msi(
        inputs.tumor,
        loci=inputs.loci,
        normal=inputs.normal,
        baseline=inputs.msi_baseline,
        reference=inputs.reference,
        params=MsiParams(purity=work.document("purity").get("value"), preset=preset),
        threads=work.threads,
        progress=work.progress,
    )
    outputs = Outputs(json=work.outdir / "msi.json", output=work.outdir / "msi.sites.tsv")
    write_msi(result, outputs)
    return known("msi", to_document(result), "msi.json", "msi.sites.tsv")
