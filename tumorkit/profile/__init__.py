"""The main job: one tumour's case in, one folder with its report out.

A case names what a laboratory has: alignments, the VCF of any caller, copy ratios, panel and
genes. Every part that these allow is run; what they do not allow is said to be not evaluable, with
the reason, and what was never looked at is said to be not assessed.

>>> from tumorkit.profile import Case, CaseInputs, assay_named
>>> assay_named("gms560-ffpe").filter_tumor_only
'twist-solid'
"""

from tumorkit.profile.assays import ASSAYS, Assay, assay_named
from tumorkit.profile.params import Case, CaseInputs
from tumorkit.profile.result import Biomarker, CaseSummary, Part, ProfileResult

__all__ = [
    "ASSAYS",
    "Assay",
    "Biomarker",
    "Case",
    "CaseInputs",
    "CaseSummary",
    "Part",
    "ProfileResult",
    "assay_named",
]
