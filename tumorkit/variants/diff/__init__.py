"""What changes when one filter specification takes the place of another.

Both judge the same records; alleles that one keeps and the other fails are *flips*, each with the
filters that make the difference.
"""

from tumorkit.variants.diff.analysis import diff_specifications
from tumorkit.variants.diff.params import DiffParams
from tumorkit.variants.diff.result import DiffResult, Flip, FlipFilter

__all__ = ["DiffParams", "DiffResult", "Flip", "FlipFilter", "diff_specifications"]
