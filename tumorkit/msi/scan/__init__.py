"""Find the microsatellites of a reference.

Homopolymers of at least eight bases, and units of two to six bases that are repeated at least
five times, with five known bases on both sides; in the whole reference or in targets.

>>> [str(repeat) for repeat in scan_sequence("7", ["GGTCA" + 6 * "CT" + "AAGCT"])]
['7:6 (CT)6']
"""

from tumorkit.msi.scan.analysis import scan_sequence
from tumorkit.msi.scan.params import ScanParams
from tumorkit.msi.scan.result import ScanResult

__all__ = ["ScanParams", "ScanResult", "scan_sequence"]
