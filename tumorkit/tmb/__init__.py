"""Tumour mutational burden: how many eligible mutations a tumour carries per megabase sought.

Laboratories count different variants and divide by different sizes, so a TMB means something only
with the name of its scheme: each published one is a preset. The number comes with its exact
interval, the probability that the truth lies at or above the cut-off, and the account of every
variant: counted, or rejected by which rule with which value. What cannot be known (no
annotation, tumour-only without population frequencies, no territory) is not evaluable, in words.

>>> from tumorkit.genome import Variant
>>> hits = [Variant(contig="chr1", pos=pos, ref="A", alt="T") for pos in range(1, 9)]
>>> result = estimate_tmb(hits, None, annotated=False, megabases=0.8)
>>> result.tmb.value, round(result.tmb.low, 3), round(result.tmb.high, 3)
(10.0, 4.317, 19.704)
"""

from tumorkit.tmb.analysis import compare_tmb, estimate_tmb
from tumorkit.tmb.cohort import estimate_cohort
from tumorkit.tmb.params import TmbParams
from tumorkit.tmb.result import TmbCohort, TmbResult
from tumorkit.tmb.schemes import SCHEME_NAMES, SCHEMES, scheme_named

__all__ = [
    "SCHEMES",
    "SCHEME_NAMES",
    "TmbCohort",
    "TmbParams",
    "TmbResult",
    "compare_tmb",
    "estimate_cohort",
    "estimate_tmb",
    "scheme_named",
]
