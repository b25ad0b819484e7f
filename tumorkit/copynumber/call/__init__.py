"""Calls: what a segment and a gene are, in words, and in copies where the purity is known.

Without a purity a copy ratio cannot be turned into copies: a shallow loss of all cells and a deep
one of few look alike. The words are then ``gain``, ``loss``, ``deep loss (log2)``, ``high gain
(log2)`` and ``neutral``, and no copy number is given. With a purity, copies follow from the
mixture of tumour and normal cells, never below 0, with the value as computed beside them. Each
gene is also tested on its own, against the bins around it, without looking at segments: an event
may hit a part of a gene, or run over its neighbours. Where the alleles were measured, each
segment has its copies of both; arms, the events of arms that name a tumour (1p/19q codeletion,
+7/-10, ...) and whole-genome doubling follow from the segments, by build.

>>> from tumorkit.genome.segment import Gene, Segment
>>> deletion = Segment(contig="chr9", start=0, end=9_000, log2_ratio=-1.3, bins=9)
>>> gene = Gene(name="CDKN2A", contig="chr9", start=1_000, end=8_000)
>>> [(g.gene, g.state, g.copy_number) for g in call(None, [deletion], [gene]).genes]
[('CDKN2A', 'deep loss (log2)', None)]
>>> [g.state for g in call(None, [deletion], [gene], purity=0.6, ploidy=2).genes]
['homozygous deletion']
"""

from tumorkit.copynumber.call.analysis import call
from tumorkit.copynumber.call.params import CallParams
from tumorkit.copynumber.call.result import (
    ArmCall,
    ArmEvent,
    CallResult,
    GeneCall,
    GenomeState,
    SegmentCall,
)

__all__ = [
    "ArmCall",
    "ArmEvent",
    "CallParams",
    "CallResult",
    "GeneCall",
    "GenomeState",
    "SegmentCall",
    "call",
]
