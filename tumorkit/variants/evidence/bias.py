"""Strand and orientation: is the allele on reads of one kind only?"""

from __future__ import annotations

import numpy as np

from tumorkit.core.beta_binomial import log_beta_binomial
from tumorkit.core.log_space import log_choose, log_sum
from tumorkit.variants.evidence.nouns import (
    CONTEXTS,
    AlleleEvidence,
    BiasSource,
    Codes,
    Places,
    SampleFit,
    Substitution,
    Values,
)
from tumorkit.variants.evidence.params import EvidenceParams

# GATK StrandArtifactFilter: the allele fraction of an artefact on its strand, and of sequencing
# errors on the other one by the kind of change; longer indels are exempt, since alignment gives
# them one-sided support without any artefact.
ARTIFACT_STRAND = (1.0, 20.0)
ERROR_SNV, ERROR_SHORT_INDEL, ERROR_LONG_INDEL = 1000.0, 5000.0, 50000.0
LONG_INDEL, LONGEST_INDEL = 3, 4
# GATK read orientation model: F1R2 share of an artefact (or mirrored) and of a variant; allele
# fractions of artefacts, somatic and heterozygous variants. Homozygous ones: a tenth as many.
ONE_SIDED = (100.0, 1.0)
EVEN = (10.0, 10.0)
ARTIFACT_FRACTION = (1.0, 9.0)
SOMATIC_FRACTION = (2.0, 5.0)
GERMLINE_FRACTION = (10.0, 10.0)
HOMOZYGOUS_FRACTION = (30.0, 1.0)
HOMOZYGOUS_SHARE = 0.1
GROUPS = 7  # six substitutions and all else
SHRINK = 20.0  # alleles by which a context leans on its substitution, and that on the sample
EM_STEPS = 50
MOST = 20_000  # alleles from which shares are learned; evenly spaced over the sample


def strand_bias_probability(evidence: AlleleEvidence, params: EvidenceParams) -> Values:
    """Return the probability that an allele is an artefact of one strand; NaN unknown.

    GATK's three states: artefact on the forward strand (beta-binomial (1, 20) there, errors on
    the reverse strand), on the reverse strand, or none (hypergeometric split of the reads). 0 for
    indels of more than 4 bases and for alleles without a read, as there.

    >>> evidence = AlleleEvidence.of(
    ...     2, tumor_ref_forward=[80, 50], tumor_ref_reverse=[100, 50],
    ...     tumor_alt_forward=[20, 50], tumor_alt_reverse=[0, 50])
    >>> strand_bias_probability(evidence, EvidenceParams()).round(3).tolist()
    [0.999, 0.0]
    """
    f, r = evidence.tumor_alt_forward, evidence.tumor_alt_reverse
    forward, reverse = evidence.tumor_ref_forward + f, evidence.tumor_ref_reverse + r
    size = np.abs(evidence.indel_length)
    error = np.where(
        size == 0, ERROR_SNV, np.where(size < LONG_INDEL, ERROR_SHORT_INDEL, ERROR_LONG_INDEL)
    )
    with np.errstate(divide="ignore"):
        artifact, none = np.log(params.strand_prior / 2), np.log1p(-params.strand_prior)
    on_forward = (
        log_beta_binomial(f, forward, *ARTIFACT_STRAND)
        + log_beta_binomial(r, reverse, 1.0, error)
        + artifact
    )
    on_reverse = (
        log_beta_binomial(r, reverse, *ARTIFACT_STRAND)
        + log_beta_binomial(f, forward, 1.0, error)
        + artifact
    )
    # A flat allele fraction: beta-binomial (1, 1) is 1 / (depth + 1).
    neither = (
        log_choose(forward, f)
        + log_choose(reverse, r)
        - log_choose(forward + reverse, f + r)
        - np.log1p(forward + reverse)
        + none
    )
    biased = log_sum(on_forward, on_reverse)
    found: Values = np.exp(biased - log_sum(biased, neither))
    known = ~np.isnan(found)
    found[known & ((f + r == 0) | (size > LONGEST_INDEL))] = 0.0
    return found


def orientation_bias_probability(
    evidence: AlleleEvidence, fit: SampleFit | None, params: EvidenceParams
) -> tuple[Values, Codes]:
    """Return the probability of an orientation artefact and the reads it was judged by.

    Damage of one strand of the DNA (FFPE C>T, oxidation G>T) shows on pairs of one orientation.
    Three states: F1R2 artefact, F2R1 artefact, none; their shares are those of the allele's
    context in ``fit``, or the default. Where F1R2 and F2R1 are not known, the strand bias stands
    in, and the code is :attr:`BiasSource.STRAND`: an artefact may then go unseen. NaN and
    :attr:`BiasSource.UNKNOWN` where neither is known.

    >>> evidence = AlleleEvidence.of(
    ...     2, tumor_ref_f1r2=[70, 70], tumor_ref_f2r1=[70, 70],
    ...     tumor_alt_f1r2=[10, 5], tumor_alt_f2r1=[0, 5])
    >>> orientation_bias_probability(evidence, None, EvidenceParams())[0].round(3).tolist()
    [0.928, 0.0]
    """
    logs = orientation_logs(evidence, params)
    if fit is None:
        prior = np.full((len(evidence), 2), params.orientation_prior)
    else:
        group, context = orientation_places(evidence)
        prior = fit.orientation_prior[group, context]
    shares = np.column_stack((prior, 1 - prior.sum(axis=1)))
    with np.errstate(divide="ignore"):
        joint = logs + np.log(shares)
    biased = log_sum(joint[:, 0], joint[:, 1])
    found = np.exp(biased - log_sum(biased, joint[:, 2]))
    found[evidence.tumor_alt_f1r2 + evidence.tumor_alt_f2r1 == 0] = 0.0
    source = np.full(len(evidence), BiasSource.ORIENTATION, dtype=np.int8)
    lost = np.flatnonzero(np.isnan(found))
    if len(lost):
        found[lost] = strand_bias_probability(evidence.take(lost), params)
        source[lost] = np.where(np.isnan(found[lost]), BiasSource.UNKNOWN, BiasSource.STRAND)
    return found, source


def orientation_logs(evidence: AlleleEvidence, params: EvidenceParams) -> Values:
    """Return log likelihoods, shape (alleles, 3), of both artefacts and of none.

    The artefacts come in the order of the pyrimidine's strand: for a folded allele an F1R2
    artefact is listed as F2R1.
    """
    first, second = evidence.tumor_alt_f1r2, evidence.tumor_alt_f2r1
    flip = evidence.folded
    first, second = np.where(flip, second, first), np.where(flip, first, second)
    alt = first + second
    depth = alt + evidence.tumor_ref_f1r2 + evidence.tumor_ref_f2r1
    germline = params.orientation_germline_share
    somatic = 1 - germline
    with np.errstate(divide="ignore"):
        fraction = log_sum(
            np.log(somatic) + log_beta_binomial(alt, depth, *SOMATIC_FRACTION),
            np.log(germline * (1 - HOMOZYGOUS_SHARE))
            + log_beta_binomial(alt, depth, *GERMLINE_FRACTION),
            np.log(germline * HOMOZYGOUS_SHARE)
            + log_beta_binomial(alt, depth, *HOMOZYGOUS_FRACTION),
        )
    artifact = log_beta_binomial(alt, depth, *ARTIFACT_FRACTION)
    return np.column_stack(
        (
            artifact + log_beta_binomial(first, alt, *ONE_SIDED),
            artifact + log_beta_binomial(second, alt, *ONE_SIDED),
            fraction + log_beta_binomial(first, alt, *EVEN),
        )
    )


def orientation_places(evidence: AlleleEvidence) -> tuple[Codes, Codes]:
    """Return row and column of each allele in a table of priors."""
    other = (evidence.substitution < 0) | (evidence.substitution >= Substitution.INDEL)
    group = np.where(other, GROUPS - 1, evidence.substitution)
    context = np.where(other | (evidence.context < 0), CONTEXTS, evidence.context)
    return group, context


def fit_orientation(evidence: AlleleEvidence, params: EvidenceParams) -> Values:
    """Return the share of F1R2 and F2R1 artefacts by substitution and context, shape (7, 17, 2).

    Expectation-maximisation; a context leans on its substitution with the weight of 20 alleles,
    a substitution on the sample, the sample on the default. Contexts nobody saw have the share
    of their substitution. Alleles whose orientation is unknown take no part.
    """
    if len(evidence) > MOST:
        evidence = evidence.take(np.linspace(0, len(evidence) - 1, MOST).astype(np.int64))
    logs = orientation_logs(evidence, params)
    known = ~np.isnan(logs).any(axis=1)
    known &= (evidence.tumor_alt_f1r2 + evidence.tumor_alt_f2r1) > 0
    default = np.array([params.orientation_prior] * 2)
    if not known.any():
        return np.broadcast_to(default, (GROUPS, CONTEXTS + 1, 2)).copy()
    logs = logs[known]
    likelihood = np.exp(logs - logs.max(axis=1, keepdims=True))
    group, context = (place[known].astype(np.int64) for place in orientation_places(evidence))
    whole = _shares(likelihood, np.zeros(len(group), dtype=np.int64), default[None, :])
    by_group = _shares(likelihood, group, np.broadcast_to(whole, (GROUPS, 2)))
    cells = group * (CONTEXTS + 1) + context
    lean = np.repeat(by_group, CONTEXTS + 1, axis=0)
    return _shares(likelihood, cells, lean).reshape(GROUPS, CONTEXTS + 1, 2)


def _shares(likelihood: Values, cells: Places, lean: Values) -> Values:
    """Return the shares of artefacts in each cell, leaning on ``lean``."""
    count = np.bincount(cells, minlength=len(lean)).astype(float)
    shares = lean.copy()
    for _ in range(EM_STEPS):
        own = shares[cells]
        weighted = likelihood * np.column_stack((own, 1 - own.sum(axis=1)))
        weighted /= weighted.sum(axis=1, keepdims=True)
        seen = np.column_stack(
            [np.bincount(cells, weights=weighted[:, at], minlength=len(lean)) for at in (0, 1)]
        )
        moved = (seen + SHRINK * lean) / (count + SHRINK)[:, None]
        done = np.abs(moved - shares).max() < 1e-7
        shares = moved
        if done:
            break
    return shares


def one_sided_ratio(first: Values, second: Values, share: Values | float) -> Values:
    """Return how much likelier a split of reads is if all should be of one kind.

    The likelihood ratio of an artefact seen on one kind only, either one, against a variant of
    which a ``share`` is expected on the first kind. Blind to the allele fraction. 1 if unknown.

    >>> one_sided_ratio(np.array([10.0, 5.0]), np.array([0.0, 5.0]), 0.5).round(2).tolist()
    [98.56, 0.0]
    """
    total = first + second
    own = np.clip(share, 0.02, 0.98)
    size = sum(EVEN)
    ratio = np.exp(
        log_sum(
            log_beta_binomial(first, total, *ONE_SIDED),
            log_beta_binomial(second, total, *ONE_SIDED),
        )
        - np.log(2)
        - log_beta_binomial(first, total, own * size, (1 - own) * size)
    )
    return np.where(np.isnan(ratio), 1.0, ratio)
