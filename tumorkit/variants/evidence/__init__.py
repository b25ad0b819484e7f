"""What the reads of an allele say: noise or not, biased or not, germline or somatic.

A sample is looked at once as a whole (:func:`fit_sample`): tumour cells in the normal, rates of
somatic and private germline variants, damage of the DNA. Then each allele gets log odds, bias
probabilities and a posterior of its origin, or the reason why nobody can tell.

>>> evidence = AlleleEvidence.of(
...     2, tumor_depth=400, tumor_alt_depth=[118, 196], population_af=[0.0, 0.02])
>>> params = EvidenceParams()
>>> around = Surroundings.of(2, purity=0.6, copy_number=2, minor_cn=1)
>>> fit = fit_sample(evidence, params, around)
>>> [Call(code).words for code in origin_posterior(evidence, around, fit, params).call]
['somatic', 'germline']
"""

from tumorkit.variants.evidence.bias import (
    orientation_bias_probability,
    strand_bias_probability,
)
from tumorkit.variants.evidence.combine import combine_errors, gatk_germline_posterior
from tumorkit.variants.evidence.fit import fit_sample
from tumorkit.variants.evidence.fractions import (
    blood_fraction,
    germline_fraction,
    somatic_fraction,
)
from tumorkit.variants.evidence.log_odds import normal_log_odds, tumor_log_odds
from tumorkit.variants.evidence.nouns import (
    AlleleEvidence,
    BiasSource,
    Call,
    Excess,
    OriginPosterior,
    Reason,
    SampleFit,
    Scenario,
    Substitution,
    Surroundings,
)
from tumorkit.variants.evidence.origin import origin_over, origin_posterior
from tumorkit.variants.evidence.params import EvidenceParams
from tumorkit.variants.evidence.tumor_in_normal import in_normal_probability

__all__ = [
    "AlleleEvidence",
    "BiasSource",
    "Call",
    "EvidenceParams",
    "Excess",
    "OriginPosterior",
    "Reason",
    "SampleFit",
    "Scenario",
    "Substitution",
    "Surroundings",
    "blood_fraction",
    "combine_errors",
    "fit_sample",
    "gatk_germline_posterior",
    "germline_fraction",
    "in_normal_probability",
    "normal_log_odds",
    "orientation_bias_probability",
    "origin_over",
    "origin_posterior",
    "somatic_fraction",
    "strand_bias_probability",
    "tumor_log_odds",
]
