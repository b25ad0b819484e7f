"""Count the reads for and against listed variants in a BAM or CRAM.

For hotspots, for a known clone in a later plasma sample, for a variant of one sample in another:
how many DNA fragments carry the reference, the variant, something else. Each fragment counts
once, on good bases of well-mapped reads. A site that nothing covers is not evaluable, which is
not the same as a variant that is absent.

>>> import numpy as np
>>> from tumorkit.genome import Variant
>>> kras = Variant(contig="chr12", pos=25245350, ref="C", alt="T")
>>> tabulate_counts([kras], np.zeros((1, 5, 2), dtype=np.int32), [""]).sites[0].status
'not_evaluable'
"""

from tumorkit.variants.count.analysis import tabulate_counts
from tumorkit.variants.count.params import CountParams
from tumorkit.variants.count.result import CountResult, SiteCount

__all__ = ["CountParams", "CountResult", "SiteCount", "tabulate_counts"]
