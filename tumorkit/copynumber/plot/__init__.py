"""Pictures of copy number: bins as points, segments as lines, small events with their genes.

Losses are blue and gains orange (told apart by colour-blind readers, too); grey is neither. Bins
without reads are triangles at the lower edge, bins above the picture triangles at the upper one.
"""

from tumorkit.copynumber.plot.figure import figure_bytes, genome_figure
from tumorkit.copynumber.plot.labels import GeneLabel, labels_of

__all__ = ["GeneLabel", "figure_bytes", "genome_figure", "labels_of"]
