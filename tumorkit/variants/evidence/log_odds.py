"""Is there more than noise in the tumour, and less than a germline variant in the normal?"""

from __future__ import annotations

import numpy as np

from tumorkit.core.beta_binomial import beta_shapes, log_beta_binomial
from tumorkit.core.log_space import log_binomial, log_sum
from tumorkit.variants.evidence.nouns import AlleleEvidence, Values
from tumorkit.variants.evidence.params import EvidenceParams

# Allele fractions of variants before the reads are seen: weight, alpha, beta. Half low, as most
# somatic variants are; half anything; GATK's hundredth near 1.
FRACTIONS = ((0.495, 1.0, 9.0), (0.495, 1.0, 1.0), (0.01, 10.0, 1.0))
LOG10 = float(np.log(10))


def tumor_log_odds(
    evidence: AlleleEvidence, params: EvidenceParams, error: Values | None = None
) -> Values:
    """Return log10 odds of a variant over noise, given the tumour's reads; NaN unknown.

    log10 of sum over f of pi(f) BetaBin(k; n, f) / BetaBin(k; n, error), with pi a mixture of
    three Beta densities, so that the sum is closed. ``error`` is the share of wrong reads of each
    allele where it is known (NaN: the default).

    >>> evidence = AlleleEvidence.of(2, tumor_depth=200, tumor_alt_depth=[0, 20])
    >>> tumor_log_odds(evidence, EvidenceParams()).round(1).tolist()
    [-1.5, 14.1]
    """
    k, n = evidence.tumor_alt_depth, evidence.tumor_depth
    variant = log_sum(
        *(np.log(weight) + log_beta_binomial(k, n, a, b) for weight, a, b in FRACTIONS)
    )
    noise = log_beta_binomial(k, n, *beta_shapes(_rates(evidence, params, error), _spread(params)))
    return np.where(evidence.judged, (variant - noise) / LOG10, np.nan)


def normal_log_odds(
    evidence: AlleleEvidence, params: EvidenceParams, error: Values | None = None
) -> Values:
    """Return log10 odds of noise over a germline variant, given the normal's reads; NaN unknown.

    log10 of Bin(k; n, error) over the larger share of a heterozygous (beta-binomial around one
    half) or homozygous variant, as in Mutect's NLOD: above about 2.2 the normal has no variant.

    >>> evidence = AlleleEvidence.of(
    ...     3, tumor_depth=9, tumor_alt_depth=3,
    ...     normal_depth=[30, 30, np.nan], normal_alt_depth=[0, 14, np.nan])
    >>> normal_log_odds(evidence, EvidenceParams()).round(1).tolist()
    [8.5, -32.8, nan]
    """
    k, n = evidence.normal_alt_depth, evidence.normal_depth
    rate = _rates(evidence, params, error)
    spread = params.overdispersion
    germline = log_sum(
        log_beta_binomial(k, n, *beta_shapes(0.5 * params.mapping_bias, spread)) + np.log(2 / 3),
        log_beta_binomial(k, n, *beta_shapes(1 - params.error_rate, spread)) + np.log(1 / 3),
    )
    noise = log_binomial(k, n, rate)
    return np.where(evidence.paired, (noise - germline) / LOG10, np.nan)


def _spread(params: EvidenceParams) -> float:
    """Noise spreads between sites: its rate has a coefficient of variation of about 1."""
    return min(0.5, params.error_rate / (1 + params.error_rate))


def _rates(evidence: AlleleEvidence, params: EvidenceParams, error: Values | None) -> Values:
    if error is None:
        return np.full(len(evidence), params.error_rate)
    return np.where(np.isnan(error), params.error_rate, error)
