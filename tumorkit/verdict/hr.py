"""Lines on homologous recombination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tumorkit.verdict.documents import Document, is_borderline, of_kind
from tumorkit.verdict.lines import CAUSE, absent, closed, gene_line, said, signature_lines
from tumorkit.verdict.params import HrTests
from tumorkit.verdict.result import Direction, Line

GENES = ("BRCA1", "BRCA2", "PALB2", "RAD51C", "RAD51D")
SCARS, SIGNATURES, FUNCTION = "scars of copy number", "signatures", "function"
SUM_NAME = "HRD sum"
CATALOGUES = {
    "SBS96": ("SBS3", SIGNATURES),
    "ID83": ("ID6", SIGNATURES),
    "DBS78": ("DBS13", SIGNATURES),
}
# Signatures of indels cannot be read where slippage makes most of them (as CHORD refuses above
# 14,000 indels in repeats).
UNSTABLE = "microsatellites are unstable: slippage hides these signatures"


def hr_lines(documents: Sequence[Document], tests: HrTests) -> list[Line]:
    """Return every line on homologous recombination, given or not."""
    msi = of_kind(documents, "msi")
    unstable = msi is not None and msi.get("call") == "MSI-H"
    signatures = signature_lines(documents, "hr", CATALOGUES)
    if unstable:
        signatures = [hidden(line) for line in signatures]
    return [
        sum_line(documents),
        *signatures,
        gene_line(documents, GENES, "methylation of BRCA1 and RAD51C is not seen in the sequence"),
        methylation_line("BRCA1", tests.brca1_methylation),
        methylation_line("RAD51C", tests.rad51c_methylation),
        foci_line(tests),
    ]


def hidden(line: Line) -> Line:
    """Return a line of signatures as not evaluable, if it was given."""
    if line.evaluable == "not given":
        return line
    return replace(line, finding="", direction="neither", evaluable="no", reason=UNSTABLE)


def sum_line(documents: Sequence[Document]) -> Line:
    """Return the line of the HRD sum: it points somewhere only by a cut-off that was named."""
    found = of_kind(documents, "hrd")
    if found is None:
        return absent(SUM_NAME, SCARS, "no HRD score was given")
    total: Mapping[str, Any] = found.get("sum") or found.content
    if total.get("status") != "ok":
        return closed(SUM_NAME, SCARS, total.get("reason") or "not evaluable", found.source)
    words = f"{total['value']:.3g}"
    if total.get("low") is not None and total.get("high") is not None:
        words += f" ({total['low']:.3g} to {total['high']:.3g})"
    if found.get("doubled"):
        words += ", genome doubled"
    cutoffs = total.get("cutoffs") or ()
    if not cutoffs:
        why = "no validated cut-off for this assay was named (--preset of hrd score)"
        return said(SUM_NAME, SCARS, words, "neither", found.source, why)
    words += f"; {total.get('call')}"
    if "grey zone" in str(total.get("call")) or is_borderline(total):
        return said(SUM_NAME, SCARS, words, "neither", found.source, "borderline")
    above = {total["value"] >= cut["value"] for cut in cutoffs}
    if len(above) > 1:
        return said(SUM_NAME, SCARS, words, "neither", found.source, "its cut-offs disagree")
    where: Direction = "deficient" if above == {True} else "proficient"
    return said(SUM_NAME, SCARS, words, where, found.source)


def methylation_line(gene: str, found: str) -> Line:
    """Return the line of a promoter: its methylation is a cause, its lack says nothing."""
    name = f"{gene} methylation"
    if not found:
        return absent(name, CAUSE, "not tested")
    if found == "methylated":
        return said(name, CAUSE, "methylated", "deficient", "given", "one allele or both: not told")
    return said(name, CAUSE, "unmethylated", "neither", "given", "other causes remain")


def foci_line(tests: HrTests) -> Line:
    """Return the line of RAD51 foci: what the tumour can do today."""
    name = "RAD51 foci"
    if not tests.rad51_foci:
        return absent(name, FUNCTION, "not tested")
    where: Direction = "deficient" if tests.rad51_foci == "absent" else "proficient"
    return said(name, FUNCTION, tests.rad51_foci, where, "given")
