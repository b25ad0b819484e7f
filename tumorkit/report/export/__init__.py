"""A finished case for other programs: the same variants, segments and biomarkers, no more.

Each format says what it can: what is unknown stays unknown in it (empty, ``.``, ``NA``, a
``dataAbsentReason``; never 0), what it cannot say is left out and counted. A class is passed on
only where the biomarker was evaluated.

>>> from tumorkit.genome.variant import Variant
>>> from tumorkit.report.export.case import ExportCase
>>> from tumorkit.variants.reported import ReportedVariant
>>> found = ReportedVariant(variant=Variant(contig="chr7", pos=140753336, ref="A", alt="T"))
>>> case = ExportCase(sample="T", normal_sample="", build="GRCh38", variants=(found,))
>>> result = export_case(case, ["maf"])
>>> [(file.name, file.records) for file in result.files]
[('T.maf', 1)]
"""

from tumorkit.report.export.analysis import FORMATS, export_case, formats_of
from tumorkit.report.export.case import ExportCase
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.export.result import ReportExportResult, WrittenFile

__all__ = [
    "FORMATS",
    "ExportCase",
    "ReportExportParams",
    "ReportExportResult",
    "WrittenFile",
    "export_case",
    "formats_of",
]
