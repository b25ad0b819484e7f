"""From a panel's TMB to an exome's: the line between them, and how far samples stray from it.

>>> pairs = [PairedBurden(sample=str(n), panel_count=n, panel_megabases=1.0,
...                       exome_count=30 * n, exome_megabases=30.0) for n in range(1, 41)]
>>> found = calibrate_tmb(pairs)
>>> round(found.slope), found.samples
(1, 40)
"""

from tumorkit.tmb.calibrate.analysis import calibrate_tmb
from tumorkit.tmb.calibrate.params import CalibrateParams
from tumorkit.tmb.calibrate.result import PairedBurden, TmbCalibration

__all__ = ["CalibrateParams", "PairedBurden", "TmbCalibration", "calibrate_tmb"]
