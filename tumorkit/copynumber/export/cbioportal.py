"""Genes for cBioPortal: discrete calls of -2 to 2 and log2 ratios.

Source: cBioPortal file formats, discrete copy-number data and continuous (log2) data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tumorkit.copynumber.call.result import NOT_CALLABLE, GeneCall
from tumorkit.copynumber.export.calls import Calls
from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.written import STEPS, Written, named, shown

UNKNOWN = "NA"
TWO_LOCI = "genes whose loci differ (a name stands once in this format)"


def discrete(calls: Calls, params: ExportParams) -> Written:
    """Return -2 (deep deletion), -1, 0, 1, 2 (amplification) a gene; NA where not callable.

    Only here does a deep loss that no purity supports carry the format's word for it.
    """
    del params
    return matrix(
        calls, lambda gene: UNKNOWN if gene.state == NOT_CALLABLE else str(STEPS[gene.state])
    )


def continuous(calls: Calls, params: ExportParams) -> Written:
    """Return the log2 ratio a gene; NA where unknown."""
    del params
    return matrix(calls, lambda gene: shown(gene.log2_ratio, UNKNOWN))


def matrix(calls: Calls, value: Callable[[GeneCall], str]) -> Written:
    """Return a matrix of one sample; a gene on several loci stands in it where they agree."""
    out = Written([f"Hugo_Symbol\t{named(calls.sample)}"])
    by_name: dict[str, list[GeneCall]] = {}
    for gene in calls.genes or ():
        by_name.setdefault(gene.gene, []).append(gene)
    for name, loci in by_name.items():
        values = unique([value(gene) for gene in loci])
        if len(values) > 1:
            out.left_out[TWO_LOCI] += 1
        else:
            out.row((name, values[0]))
    return out


def unique(values: Sequence[str]) -> list[str]:
    """Return different values in order."""
    return list(dict.fromkeys(values))
