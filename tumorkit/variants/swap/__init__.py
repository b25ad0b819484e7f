"""How many false positives a filter specification lets through, by exchanging tumour and normal.

A variant that the specification passes in the *normal* against the tumour cannot be a somatic
variant of the tumour. What passes so is a **lower bound** of false positives: a caller writes
only what it saw in the tumour, so most noise of the normal never reached the file. A germline
variant that the tumour lost looks like one and is counted apart.
"""

from tumorkit.variants.swap.analysis import swap_roles
from tumorkit.variants.swap.params import SwapParams
from tumorkit.variants.swap.result import FilterPasses, SwapResult

__all__ = ["FilterPasses", "SwapParams", "SwapResult", "swap_roles"]
