"""Microsatellite instability: the share of a tumour's short repeats that changed their length.

Cells without mismatch repair lose and gain units of repeats. ``scan`` finds the repeats of a
reference, ``score`` counts their lengths in a tumour, alone or beside its normal, and estimates
the share of unstable ones with its interval; ``baseline`` learns from normals how much each repeat
stutters in the laboratory's hands, ``calibrate`` sets a cut-off from cases whose status is known.
Too few usable repeats are not evaluable, never stable.

>>> from tumorkit.msi.scan import scan_sequence
>>> [str(repeat) for repeat in scan_sequence("chr1", ["GGTCA" + 9 * "T" + "CAGCT"])]
['chr1:6 (T)9']
"""

from tumorkit.msi.baseline import BaselineParams, BaselineResult, pool_lengths
from tumorkit.msi.calibrate import CalibrateParams, CalibrateResult, calibrate
from tumorkit.msi.scan import ScanParams, ScanResult, scan_sequence
from tumorkit.msi.score import MsiParams, MsiResult, score_lengths

__all__ = [
    "BaselineParams",
    "BaselineResult",
    "CalibrateParams",
    "CalibrateResult",
    "MsiParams",
    "MsiResult",
    "ScanParams",
    "ScanResult",
    "calibrate",
    "pool_lengths",
    "scan_sequence",
    "score_lengths",
]
