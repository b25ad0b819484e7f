"""Artefacts: how common damage is in a sample, and what speaks for one in an allele's reads."""

from __future__ import annotations

import numpy as np

from tumorkit.variants.evidence.bias import one_sided_ratio
from tumorkit.variants.evidence.nouns import AlleleEvidence, Excess, SampleFit, Substitution, Values
from tumorkit.variants.evidence.params import EvidenceParams

SUBSTITUTIONS = 6
MIN_LOW = 20  # alleles of low fraction, and of others, below which no excess is stated
# Kinds of artefact before the reads are seen: noise of the site, one strand, one orientation, rest.
NOISE_KIND, STRAND_KIND, ORIENTATION_KIND, OTHER_KIND = 0.4, 0.15, 0.15, 0.3
# P-values of real variants are Beta(.1, 1) (Sellke, Bayarri and Berger 2001).
REAL_P_SHAPE = 0.1
# Artefacts are about three times as often of low fraction as somatic mutations.
LOW_AMONG_SOMATIC = 0.3


def substitution_excess(
    evidence: AlleleEvidence, substitution: Substitution, params: EvidenceParams
) -> Excess:
    """Return how much commoner a substitution is among alleles of low fraction than among others.

    With shares s_low and s_high of the class among substitutions below and above
    ``low_fraction``, e = (s_low - s_high) / (1 - s_high) of all low alleles are surplus, which is
    e / s_low of the low alleles of the class. Never below 0; NaN with fewer than 20 alleles on
    either side. Alleles that people carry are left out: their spectrum is that of evolution.
    """
    k, n = evidence.tumor_alt_depth, evidence.tumor_depth
    single = (evidence.substitution >= 0) & (evidence.substitution < SUBSTITUTIONS)
    with np.errstate(invalid="ignore"):
        used = evidence.judged & single & ~(evidence.population_af > 0) & (k > 0)
        low = used & (k < params.low_fraction * n)
    high = used & ~low
    own = evidence.substitution == substitution
    low_count, high_count = int((low & own).sum()), int((high & own).sum())
    low_total, high_total = int(low.sum()), int(high.sum())
    if min(low_total, high_total) < MIN_LOW:
        return Excess(excess=np.nan, low_count=low_count, low_share=np.nan, high_share=np.nan)
    # Half an allele more on either side: no share is 0 or 1.
    low_share = (low_count + 0.5) / (low_total + 1)
    high_share = (high_count + 0.5) / (high_total + 1)
    # One standard error is taken off, so that chance makes no artefacts.
    error = np.sqrt(
        low_share * (1 - low_share) / low_total + high_share * (1 - high_share) / high_total
    )
    surplus = max(0.0, low_share - high_share - error) / (1 - high_share)
    return Excess(
        excess=float(min(surplus / low_share, 1.0)),
        low_count=low_count,
        low_share=low_share,
        high_share=high_share,
    )


def artifact_ratio(evidence: AlleleEvidence) -> Values:
    """Return how much likelier an allele's strands, orientations and background make an artefact.

    A mixture over kinds of artefact: noise that the background of normals knows, support on one
    strand, on one orientation, and others that nothing here shows. Blind to the allele fraction,
    which has its own density. What is unknown counts 1.
    """
    share = evidence.tumor_ref_forward / _positive(
        evidence.tumor_ref_forward + evidence.tumor_ref_reverse
    )
    strand = one_sided_ratio(
        evidence.tumor_alt_forward,
        evidence.tumor_alt_reverse,
        np.where(np.isnan(share), 0.5, share),
    )
    orientation = one_sided_ratio(evidence.tumor_alt_f1r2, evidence.tumor_alt_f2r1, 0.5)
    p = np.clip(evidence.background_p, 1e-30, 1.0)
    noise = np.where(np.isnan(p), 1.0, p ** (1 - REAL_P_SHAPE) / REAL_P_SHAPE)
    found: Values = (
        NOISE_KIND * noise + STRAND_KIND * strand + ORIENTATION_KIND * orientation + OTHER_KIND
    )
    return found


def artifact_rates(evidence: AlleleEvidence, fit: SampleFit, params: EvidenceParams) -> Values:
    """Return the rate of artefacts per possible allele, for each allele, before its reads."""
    rate = np.full(len(evidence), fit.artifact_rate)
    for substitution, excess in (
        (Substitution.C_TO_T, fit.ffpe.excess),
        (Substitution.C_TO_A, fit.oxog.excess),
    ):
        if excess > 0:
            damage = fit.somatic_rate * LOW_AMONG_SOMATIC * excess / max(1 - excess, 0.01)
            own = evidence.substitution == substitution
            rate[own] = np.maximum(rate[own], damage)
    return np.where(evidence.caller_pass, rate, rate * params.failed_caller_odds)


def _positive(values: Values) -> Values:
    return np.where(values > 0, values, np.nan)
