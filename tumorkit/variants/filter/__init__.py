"""Which variant calls to believe, and for every variant the reason.

A specification names each filter, says in words what it means and gives its limits, which may
differ between tiers (a known hotspot needs fewer reads than any other change). It is judged for
each alternative allele, with matched normal or without. A value that nobody measured makes a
filter *unknown*: neither pass nor fail, and said so. Rescues lift filters by name.

>>> from tumorkit.variants.filter import preset
>>> preset("twist-solid").filters[0].says
'Intron variant outside splice regions and outside MET and TERT, not in COSMIC'
"""

from tumorkit.variants.filter.analysis import filter_variants
from tumorkit.variants.filter.params import FilterParams
from tumorkit.variants.filter.presets import preset, preset_names, preset_text
from tumorkit.variants.filter.result import FilteredVariant, FilterResult, Reason, WaterfallRow
from tumorkit.variants.filter.specification import Specification, load_specification

__all__ = [
    "FilterParams",
    "FilterResult",
    "FilteredVariant",
    "Reason",
    "Specification",
    "WaterfallRow",
    "filter_variants",
    "load_specification",
    "preset",
    "preset_names",
    "preset_text",
]
