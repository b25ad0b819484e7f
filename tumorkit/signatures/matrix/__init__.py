"""Count a tumour's mutations by class: 96 substitutions, 78 doublets, 83 insertions and deletions.

Every variant ends in one class or on the list of those left out, with a reason. Two neighbouring
substitutions are a doublet; insertions and deletions are moved as far left as they go first.

>>> class Short:
...     lengths = {"chr1": 12}
...     def name_of(self, contig): return contig
...     def fetch(self, contig, start, end): return "TACGTTTTTGCA"[start:end]
>>> calls = Calls(sample="one")
>>> calls.add("chr1", 3, "C", "T")
>>> calls.add("chr1", 4, "GT", "G")
>>> found = classify(calls, Short())
>>> found.counts.counted
{'SBS96': 1, 'DBS78': 0, 'ID83': 1}
"""

from tumorkit.signatures.matrix.analysis import Calls, Classified, classify
from tumorkit.signatures.matrix.params import MatrixParams
from tumorkit.signatures.matrix.result import MatrixResult, Rejected, SampleCounts

__all__ = [
    "Calls",
    "Classified",
    "MatrixParams",
    "MatrixResult",
    "Rejected",
    "SampleCounts",
    "classify",
]
