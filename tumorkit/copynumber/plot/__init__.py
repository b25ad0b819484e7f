"""Pictures of copy number: bins as points, segments as lines, small events with their genes.

Losses are blue and gains orange (told apart by colour-blind readers, too), copy-neutral loss of
heterozygosity is green; a legend says it in words. Focal events carry a diamond. Bins without reads
are triangles at the lower edge, bins above the picture triangles at the upper one.
"""

from tumorkit.copynumber.plot.figure import genome_figure, region_figure
from tumorkit.copynumber.plot.gene import gene_figure
from tumorkit.copynumber.plot.labels import GeneLabel, labels_of
from tumorkit.copynumber.plot.style import figure_bytes
from tumorkit.copynumber.plot.tracks import Profile

__all__ = [
    "GeneLabel",
    "Profile",
    "figure_bytes",
    "gene_figure",
    "genome_figure",
    "labels_of",
    "region_figure",
]
