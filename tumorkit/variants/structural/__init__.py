"""Structural variants, fusions and tandem duplications that other programs found.

tumorkit calls none of them: it reads what a caller wrote, gives each event one shape with the
caller's own evidence beside it, and names the few that a pathologist asks for by name.

>>> from tumorkit.genome.structural import Breakpoint, StructuralEvent
>>> copies = StructuralEvent(kind="duplication", caller="scanitd", length=51, filters=("PASS",),
...     first=Breakpoint(contig="chr13", pos=28034100), second=Breakpoint(contig="chr13",
...     pos=28034151))
>>> found = gather([copies], build="GRCh38").events[0]
>>> found.name, found.frame, found.frame_source
('FLT3-ITD', 'in-frame', 'length')
"""

from tumorkit.variants.structural.analysis import gather
from tumorkit.variants.structural.params import StructuralParams
from tumorkit.variants.structural.result import StructuralResult

__all__ = ["StructuralParams", "StructuralResult", "gather"]
