"""Copy number in one run: from alignments to segments, genes, arms and a picture.

The steps are those of the single commands and give the same files: bins, coverage of tumour and
normal, alleles at SNPs, copy ratios, segments of both together, calls, picture. What a step knows
it hands on: off-target bins that hold too few reads are left out, the sex is told by coverage and
by the SNPs of X together, and whatever looks wrong about the inputs is said.

>>> settle_sex("female", None, "two X and no Y").sex
'female'
"""

from tumorkit.copynumber.workflow.analysis import settle_sex
from tumorkit.copynumber.workflow.params import RunParams
from tumorkit.copynumber.workflow.result import RunResult

__all__ = ["RunParams", "RunResult", "settle_sex"]
