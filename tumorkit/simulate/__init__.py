"""Make a tumour-normal case whose truth is known, from a seed.

A laboratory that validates a pipeline needs cases in which every answer is known. This room
invents one: a panel with exons at the loci of known genes, inherited and somatic variants,
allele-specific copy number mixed with normal cells, repeats that shift when mismatch repair is
lost, artefacts of strand and formalin, duplicates and doubtful reads. It gives the reads, the
caller's files and the truth; or, for calibrations, counts and segments alone.
Reads and capture are cleaner than real ones: what is found here is an upper limit.

>>> from tumorkit.simulate import SimulateParams, simulate_counts
>>> import numpy as np
>>> case = simulate_counts(SimulateParams(purity=0.4, genes=20), np.random.default_rng(3))
>>> case.purity, round(case.ploidy, 1)
(0.4, 2.8)
"""

from tumorkit.simulate.analysis import simulate_case, simulate_counts
from tumorkit.simulate.counts import AlleleTable, SimulatedCounts
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.result import SimulateResult

__all__ = [
    "AlleleTable",
    "SimulateParams",
    "SimulateResult",
    "SimulatedCounts",
    "simulate_case",
    "simulate_counts",
]
