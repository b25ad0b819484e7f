"""Error probabilities of several filters made one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tumorkit.variants.evidence.nouns import Values


def combine_errors(by_type: Mapping[str, Sequence[Values]]) -> Values:
    """Return the probability that an allele is an error of any type.

    ``by_type`` holds, for each type of error (artefact, not somatic, sequencing), what the
    filters of that type say. Within a type they look at the same thing: the largest counts.
    Types are independent: 1 - product of (1 - p). An unknown probability has no say; NaN where
    all are unknown. (GATK ErrorProbabilities.)

    >>> strand, orientation = np.array([0.5, np.nan]), np.array([0.2, 0.1])
    >>> germline = np.array([0.5, np.nan])
    >>> combine_errors({"artifact": [strand, orientation], "germline": [germline]}).tolist()
    [0.75, 0.09999999999999998]
    """
    worst: list[Values] = []
    for probabilities in by_type.values():
        if probabilities:
            # fmax: the larger; of one unknown the other.
            worst.append(np.fmax.reduce(np.asarray(probabilities, dtype=np.float64)))
    if not worst:
        return np.empty(0)
    table = np.asarray(worst)
    combined = 1 - np.prod(1 - np.nan_to_num(table, nan=0.0), axis=0)
    return np.where(np.isnan(table).all(axis=0), np.nan, combined)


def gatk_germline_posterior(
    log10_normal: Values,
    log10_het: Values,
    log10_hom: Values,
    population_af: Values,
    log10_somatic_prior: Values,
) -> Values:
    """Return the log10 posterior of a germline variant, in GATK's form.

    ``log10_normal``: log10 odds of the normal for germline over none. ``log10_het`` and
    ``log10_hom``: log10 likelihood of the tumour's reads under a heterozygous and a homozygous
    germline variant over that under a somatic one. ``population_af``: 0 to 1.
    ``log10_somatic_prior``: log10 of the prior probability of a somatic variant, at most 0.
    (GermlineFilter of GATK.)

    >>> round(float(gatk_germline_posterior(0, 0, 0, 0.5, -1)), 10)
    -0.0157942672
    """
    scale = np.log(10)
    f = np.asarray(population_af, dtype=float)
    normal, het, hom, somatic = (
        np.asarray(value, dtype=float) * scale
        for value in (log10_normal, log10_het, log10_hom, log10_somatic_prior)
    )
    with np.errstate(divide="ignore"):
        not_somatic = np.log(-np.expm1(somatic))
        log_f, log_rest = np.log(f), np.log1p(-f)
    germline = np.logaddexp(
        np.log(2) + log_f + log_rest + het + normal + not_somatic,
        2 * log_f + hom + normal + not_somatic,
    )
    found: Values = (germline - np.logaddexp(germline, 2 * log_rest + somatic)) / scale
    return found
