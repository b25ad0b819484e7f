"""Two profiles of one tumour: what changed, per biomarker, variant and gene, and why.

A report that is amended says what changed (ESMO, recommendations for reporting NGS, 2022). Causes
are found by comparing what both profiles record of themselves: digests of inputs, settings and
thresholds, knowledge, the version of the software. Where several changed at once, all are named.

>>> old = {"schema": "tumorkit/profile", "schema_version": "1.0", "sample": "T1",
...        "tumorkit_version": "1", "case": {"tumor_only": True}, "parts": [], "biomarkers": []}
>>> diff_profiles(old, {**old, "tumorkit_version": "2"}).causes
(Cause(kind='version', name='tumorkit', old='1', new='2'),)
"""

from tumorkit.report.diff.analysis import diff_profiles
from tumorkit.report.diff.params import ReportDiffParams
from tumorkit.report.diff.result import ReportDiffResult

__all__ = ["ReportDiffParams", "ReportDiffResult", "diff_profiles"]
