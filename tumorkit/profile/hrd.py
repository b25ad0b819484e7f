"""Scars of failed recombination in a case: from its segments and its fitted or called copies."""

from __future__ import annotations

from dataclasses import replace

from tumorkit.contract.result import to_document
from tumorkit.profile.purity import fit_of
from tumorkit.profile.result import Part
from tumorkit.profile.segments import segmented_files
from tumorkit.profile.work import Work, earlier_part, known, unknown

RESULT, TABLE, BED, CALLED = "hrd.json", "hrd.scars.tsv", "hrd.scars.bed", "segments.call.cns"
NO_COPIES = "no purity, so no copies of both alleles in which scars could be counted"


def hrd_part(work: Work) -> Part:
    """Count scars by the fit where later steps build on it, else in the called segments."""
    inputs = work.case.inputs
    if inputs.hrd_result is not None:
        return earlier_part(work, "hrd", inputs.hrd_result)
    found, fit = segmented_files(work), fit_of(work)
    if found is None:
        return unknown("hrd", "no segments were given or made, and no result (--hrd-result)")
    called = work.done.get("copy_number")
    has_calls = called is not None and CALLED in called.files
    source = found.segments if fit is not None else work.outdir / CALLED if has_calls else None
    if source is None or (fit is None and work.case.case.purity is None):
        return unknown("hrd", NO_COPIES)
    from tumorkit.hrd.run import HrdFiles, run_hrd, write_hrd
    from tumorkit.io.outputs import Outputs

    result = run_hrd(source, purity_fit=fit, build=work.case.build, progress=work.progress)
    result = replace(result, sample=work.case.sample)
    outputs = Outputs(output=work.outdir / TABLE, json=work.outdir / RESULT)
    write_hrd(result, outputs, HrdFiles(scar_bed=work.outdir / BED))
    part = known("hrd", to_document(result), RESULT, TABLE, BED)
    total = result.sum
    return part if total.status == "ok" else replace(part, status=total.status, reason=total.reason)
