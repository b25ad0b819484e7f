"""One list of variants out of the calls of several callers of one tumour.

Callers write one change in many ways: further right in a repeat, as one replacement or as several
substitutions, two alternatives in one record or in two. Here every allele is brought to one
spelling against the reference, and haplotypes are compared, not strings. Each allele of the merged
list says which callers found it, what their filters said and what they counted; it passes where
enough callers pass it. Substitutions of one codon on one haplotype are joined, because the amino
acid that they make together is not the one that either makes alone.

>>> from tumorkit.genome.normalization import Allele, atoms_of
>>> [str(atom) for atom in atoms_of(Allele(100, "CC", "TT"))]
['100:C>T', '101:C>T']
"""

from tumorkit.variants.merge.analysis import Merger
from tumorkit.variants.merge.params import MergeParams
from tumorkit.variants.merge.result import MergeResult

__all__ = ["MergeParams", "MergeResult", "Merger"]
