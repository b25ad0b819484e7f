"""Variants that are probably inherited leave in no file unless the patient consented."""

from __future__ import annotations

from dataclasses import replace

from tumorkit.report.consent import GERMLINE, without_germline
from tumorkit.report.export.case import ExportCase
from tumorkit.report.export.params import ReportExportParams

ALT = 4


def consented(case: ExportCase, params: ReportExportParams) -> ExportCase:
    """Return a case without variants whose most probable origin is the germline; they are counted.

    Only an origin that a filtering computed is known: a VCF of another program has none.
    """
    if params.germline_consent:
        return case
    hidden = {
        (item.variant.contig, item.variant.pos, item.variant.ref, item.variant.alt)
        for item in case.variants
        if item.origin == GERMLINE
    }
    document = without_germline(case.document, case.source) if case.document else case.document
    if not hidden:
        return replace(case, document=document)
    note = (
        f"{len(hidden)} alleles that are probably inherited are left out "
        "(--germline-consent writes them)"
    )
    return replace(
        case,
        variants=tuple(item for item in case.variants if item.origin != GERMLINE),
        vcf=tuple(line for line in case.vcf if not wholly(line, hidden)),
        document=document,
        notes=(*case.notes, note),
    )


def wholly(line: str, hidden: set[tuple[str, int, str, str]]) -> bool:
    """Whether every allele of a record is one that must not leave."""
    if line.startswith("#"):
        return False
    contig, pos, _, ref, alts = line.split("\t", ALT + 1)[: ALT + 1]
    return all((contig, int(pos), ref, alt) in hidden for alt in alts.split(","))
