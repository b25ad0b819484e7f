"""A fit of the purity in a file, for the steps that build on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tumorkit.contract.result import dumps, to_document
from tumorkit.genome.build import GRCH38
from tumorkit.genome.segment import Segment
from tumorkit.purity import PurityResult, fit_purity

LEVELS = {
    3: (-0.514, 0.714),
    5: (0.0, 0.8),
    7: (0.379, 0.615),
    8: (0.678, 0.688),
    13: (-0.514, 0.714),
}


def segments_of(*, alleles: bool = True, flat: bool = False) -> list[Segment]:
    """Return segments of a tumour with a purity of .6, or of a normal."""
    found = []
    for number in range(1, 23):
        level, baf = (0.0, 0.5) if flat else LEVELS.get(number, (0.0, 0.5))
        name = f"chr{number}"
        more: dict[str, Any] = {}
        if alleles:
            more = {
                "baf": baf, "snps": 300, "baf_low": max(0.5, baf - 0.01), "baf_high": baf + 0.01,
            }  # fmt: skip
        found.append(
            Segment(
                contig=name, start=0, end=GRCH38.lengths[name], log2_ratio=level, bins=400,
                log2_low=level - 0.012, log2_high=level + 0.012, **more,
            )
        )  # fmt: skip
    return found


def fitted_result(*, alleles: bool = True, flat: bool = False) -> PurityResult:
    """Fit the purity of such segments."""
    return fit_purity(segments_of(alleles=alleles, flat=flat), build=GRCH38)


def write_fit(path: Path, *, alleles: bool = True, flat: bool = False) -> Path:
    """Write the fit's JSON."""
    path.write_text(dumps(to_document(fitted_result(alleles=alleles, flat=flat))))
    return path
