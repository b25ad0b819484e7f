"""What local files know of each allele: population frequency, labelled regions, hotspots.

A frequency belongs to an allele, not to a position: both sides are brought to one spelling before
they are compared. An allele that a source does not list is *absent* from it; one that the source
never looked at is *unknown*; the output tells the two apart. Nothing leaves the computer.

>>> from tumorkit.variants.annotate.places import touched
>>> touched(100, "AGG", "A")  # the two bases that are deleted
(100, 102)
"""

from tumorkit.variants.annotate.analysis import Sources, annotate_variants
from tumorkit.variants.annotate.params import AnnotateParams
from tumorkit.variants.annotate.result import (
    AnnotateResult,
    HotspotsRow,
    PopulationRow,
    RegionsRow,
)

__all__ = [
    "AnnotateParams",
    "AnnotateResult",
    "HotspotsRow",
    "PopulationRow",
    "RegionsRow",
    "Sources",
    "annotate_variants",
]
