"""Set a laboratory's own cut-off from cases whose status is known by another method.

The cut-off lies between the classes where the sum of sensitivity and specificity is highest; how
well it will do is judged on each case by a cut-off set without that case.

>>> cases = [("MSS", 0.01), ("MSS", 0.02), ("MSI-H", 0.31), ("MSI-H", 0.5)] * 3
>>> round(calibrate(cases).cutoff.value, 3)
0.165
"""

from tumorkit.msi.calibrate.analysis import calibrate
from tumorkit.msi.calibrate.params import CalibrateParams
from tumorkit.msi.calibrate.result import CalibrateResult

__all__ = ["CalibrateParams", "CalibrateResult", "calibrate"]
