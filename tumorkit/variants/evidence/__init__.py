"""What the reads of an allele say: noise or not, biased or not, germline or somatic.

>>> evidence = AlleleEvidence.of(1, tumor_depth=200, tumor_alt_depth=58)
>>> bool(evidence.judged[0]), bool(evidence.paired[0])
(True, False)
"""

from tumorkit.variants.evidence.nouns import (
    AlleleEvidence,
    BiasSource,
    Call,
    Excess,
    OriginPosterior,
    Reason,
    SampleFit,
    Substitution,
    Surroundings,
)

__all__ = [
    "AlleleEvidence",
    "BiasSource",
    "Call",
    "Excess",
    "OriginPosterior",
    "Reason",
    "SampleFit",
    "Substitution",
    "Surroundings",
]
