"""TMB of every sample of a cohort, from one pass over its variants."""

from tumorkit.tmb.cohort.analysis import cohort_row, estimate_cohort

__all__ = ["cohort_row", "estimate_cohort"]
