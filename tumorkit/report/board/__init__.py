"""What a tumour board asks besides: what was looked for, how well, and what others found.

A laboratory's table says which genes matter in which tumour type; coverage says whether they were
read deeply enough; the filters say how faint a variant they let through; and a second table holds
what was measured elsewhere (immunohistochemistry, PCR, in-situ hybridisation). Nothing in here
comes from us: without a table there is no list, and without coverage nothing is called negative.
"""

from tumorkit.report.board.coverage import Coverage, GeneCoverage, Stretch, gene_coverage
from tumorkit.report.board.detection import limits_of, needed_depth
from tumorkit.report.board.loci import unreadable
from tumorkit.report.board.params import BoardParams
from tumorkit.report.board.tables import CLASSES, Actionable, External

__all__ = [
    "CLASSES",
    "Actionable",
    "BoardParams",
    "Coverage",
    "External",
    "GeneCoverage",
    "Stretch",
    "gene_coverage",
    "limits_of",
    "needed_depth",
    "unreadable",
]
