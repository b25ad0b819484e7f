"""Learn from normals how each microsatellite stutters in the laboratory's hands.

One normal helps, more help more; each is measured against its own length, so that germline
differences are no stutter. The table also carries msisensor-pro's thresholds.

>>> import numpy as np
>>> from tumorkit.genome.repeat import Repeat
>>> from tumorkit.msi.sites import site_lengths
>>> site = Repeat(contig="1", start=9, unit="A", repeats=8, left_flank="C", right_flank="G")
>>> row = pool_lengths([site_lengths([site], [[0] * 7 + [3, 97]])]).sites[0]
>>> row.normals, dict(row.steps)
(1, {-1: 3, 0: 97})
"""

from tumorkit.msi.baseline.analysis import pool_lengths
from tumorkit.msi.baseline.params import BaselineParams
from tumorkit.msi.baseline.result import BaselineResult, BaselineSite

__all__ = ["BaselineParams", "BaselineResult", "BaselineSite", "pool_lengths"]
