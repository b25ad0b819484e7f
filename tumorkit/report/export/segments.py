"""Segments of a case as SEG, for IGV, GISTIC and cBioPortal."""

from __future__ import annotations

from dataclasses import replace

from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.tables import seg as seg_lines
from tumorkit.report.export.case import ExportCase, File, file_stem
from tumorkit.report.export.params import ReportExportParams


def seg(case: ExportCase, params: ReportExportParams) -> File:
    """Return SEG: 1-based, one row a segment with a known log2 ratio."""
    del params
    assert case.calls is not None
    # A step of copy number names its sample after a file; a study knows the case's name alone.
    made = seg_lines(replace(case.calls, sample=case.sample), ExportParams())
    return File(
        name=f"{file_stem(case.sample)}.seg",
        content=made.text,
        records=made.records,
        left_out=made.left_out,
    )
