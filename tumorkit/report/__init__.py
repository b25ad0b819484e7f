"""The report of a tumour: one page that a tumour board can read.

Page one says who was tested, the biomarkers with interval, class and certainty, the variants
that passed, the copy-number events, and what was *not* looked at. After it come all variants with
the reason of every verdict, genes and segments, settings, and inputs with their digests. The
report is a view: it measures nothing, and it never shows a number for what could not be measured.

>>> document = {"schema": "tumorkit/profile", "schema_version": "1.0", "sample": "T1",
...             "case": {"tumor_only": True}, "parts": [], "biomarkers": []}
>>> summarize_report(document).title
'T1: tumour-only, no matched normal'
"""

from tumorkit.report.html import render_report
from tumorkit.report.params import ReportParams
from tumorkit.report.summary import summarize_report

__all__ = ["ReportParams", "render_report", "summarize_report"]
