"""The whole trail of one variant: what every filter says of it, or at which stage it was lost.

>>> from tumorkit.variants.why import Locus
>>> Locus.parse("chr17:7,675,088:C>T")
Locus(contig='chr17', pos=7675088, ref='C', alt='T')
"""

from tumorkit.variants.why.analysis import Search, explain, trails
from tumorkit.variants.why.locus import Locus
from tumorkit.variants.why.result import AlleleTrail, Neighbour, WhyResult

__all__ = ["AlleleTrail", "Locus", "Neighbour", "Search", "WhyResult", "explain", "trails"]
