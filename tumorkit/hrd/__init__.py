"""Scars of failed homologous recombination: allele losses, imbalanced ends, large transitions.

A tumour that cannot repair breaks by homologous recombination gathers three kinds of scars in its
copy number: losses of an allele longer than 15 Mb, chromosome ends with alleles out of balance,
and breaks between stretches of 10 Mb. Their sum (HRD sum) is counted from segments with the copies
of both alleles, every scar with its place. Arms with too few markers are said not to be evaluable;
what is missed there widens the interval. There is no cut-off that holds for every assay: none is
used unless it is named. Scars stay when repair comes back (reversion), and say nothing of how it
failed.

>>> from tumorkit.genome.build import GRCH38
>>> from tumorkit.genome.segment import Segment
>>> def piece(start, end, major, minor):
...     return Segment(contig="chr4", start=start, end=end, log2_ratio=0.0, bins=900,
...                    major_cn=major, minor_cn=minor)
>>> chromosome = [piece(0, 20_000_000, 1, 0), piece(20_000_000, 190_000_000, 1, 1)]
>>> [(scar.kind, scar.arm, scar.state) for scar in score_hrd(chromosome, GRCH38).scars]
[('LOH', 'p', '1+0'), ('TAI', 'p', '1+0'), ('LST', 'p', '1+0>1+1')]
"""

from tumorkit.hrd.analysis import score_hrd
from tumorkit.hrd.params import HrdParams
from tumorkit.hrd.presets import HrdPreset, preset_named
from tumorkit.hrd.result import ArmEvidence, HrdResult, ScarCounts, SolutionScore
from tumorkit.hrd.scars import Scar, find_scars, pieces_of, stretches_of

__all__ = [
    "ArmEvidence",
    "HrdParams",
    "HrdPreset",
    "HrdResult",
    "Scar",
    "ScarCounts",
    "SolutionScore",
    "find_scars",
    "pieces_of",
    "preset_named",
    "score_hrd",
    "stretches_of",
]
