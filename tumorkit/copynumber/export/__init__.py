"""Copy number for other programs: the same calls in the formats that they read.

Each format says what it can and no more: what is unknown stays unknown in it (empty, ``.``, ``NA``,
never 0), what it cannot say is left out and counted.

>>> from tumorkit.copynumber.export.calls import calls_of
>>> from tumorkit.genome.segment import Segment
>>> loss = Segment(contig="chr9", start=999, end=9_000, log2_ratio=-1.3, bins=9)
>>> result = export(calls_of([loss], sample="T"), ["seg", "vcf"])
>>> [(item.format, item.records) for item in result.files]
[('seg', 1), ('vcf', 1)]
>>> print(result.texts["seg"].splitlines()[1].expandtabs(2))
T chr9  1000  9000  9 -1.3
"""

from tumorkit.contract.exported import ExportedFile
from tumorkit.copynumber.export.analysis import FORMATS, export, formats_of
from tumorkit.copynumber.export.calls import Calls, calls_of
from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.result import ExportResult

__all__ = [
    "FORMATS",
    "Calls",
    "ExportParams",
    "ExportResult",
    "ExportedFile",
    "calls_of",
    "export",
    "formats_of",
]
