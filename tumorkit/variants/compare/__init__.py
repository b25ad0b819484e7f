"""How well a call set finds what is known to be there.

Every record of both files gets one class: true positive, false positive, false negative, unknown
(outside the regions in which the truth is complete), or the reason why it takes no part. Recall
and precision carry exact intervals, by type of variant and by variant allele fraction.

>>> from tumorkit.variants.compare import Call, compare_calls
>>> truth = [Call("chr1", 8, "A", ("T",), "snv"), Call("chr1", 9, "C", ("G",), "snv")]
>>> compared = compare_calls(truth, truth[:1])
>>> compared.tp, compared.fn, compared.recall.value
(1, 1, 0.5)
"""

from tumorkit.variants.compare.analysis import Call, calls_of, compare_calls
from tumorkit.variants.compare.params import CompareParams
from tumorkit.variants.compare.result import CompareResult, LeftOut, Stratum

__all__ = [
    "Call",
    "CompareParams",
    "CompareResult",
    "LeftOut",
    "Stratum",
    "calls_of",
    "compare_calls",
]
