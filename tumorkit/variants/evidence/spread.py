"""How reads scatter around an allele fraction, learned from common germline variants."""

from __future__ import annotations

import dataclasses

import numpy as np

from tumorkit.variants.evidence.nouns import AlleleEvidence, Flags, Places, Surroundings, Values
from tumorkit.variants.evidence.params import EvidenceParams
from tumorkit.variants.evidence.states import (
    CELLS,
    EDGES,
    HET,
    HOM,
    Sampling,
    likelihood_rows,
    spread_matrix,
    states_of,
)

COMMON = 0.01  # population frequency from which hardly any allele is anything but germline
MIN_DEPTH = 20
FEWEST = 30  # alleles below which the defaults stand
MOST = 800
BIASES = np.linspace(0.88, 1.04, 9)
OVERDISPERSIONS = np.array([3e-4, 6e-4, 1.2e-3, 2e-3, 3.5e-3, 6e-3, 1e-2, 2e-2])
BIAS_SD, LOG_SD = 0.04, 1.0  # of samples around the defaults
ODD = 0.03  # share of sites where copies are wrong, or the alignment is


def fit_spread(
    evidence: AlleleEvidence, surroundings: Surroundings, params: EvidenceParams
) -> tuple[float, float]:
    """Return mapping bias and overdispersion of a sample: posterior means on a grid.

    Germline variants that are common among people are read in the tumour where purity and copies
    are known, else in the normal, where a heterozygous one is at one half. With fewer than 30 of
    them, or neither, the defaults stand. 3 % of the sites may be anywhere.
    """
    common = evidence.judged & (evidence.population_af >= COMMON)
    known = common & ~np.isnan(surroundings.copy_number) & (surroundings.normal_copies >= 2)
    if surroundings.purity_known and known.sum() >= FEWEST:
        rows = _some(known & (evidence.tumor_depth >= MIN_DEPTH))
        counts = evidence.tumor_alt_depth[rows], evidence.tumor_depth[rows]
        purity, weight = surroundings.purity, surroundings.purity_weight
    else:
        known = common & evidence.paired & (surroundings.normal_copies >= 2)
        rows = _some(known & (evidence.normal_depth >= MIN_DEPTH))
        counts = evidence.normal_alt_depth[rows], evidence.normal_depth[rows]
        purity, weight = np.zeros(1), np.ones(1)
    if len(rows) < FEWEST:
        return params.mapping_bias, params.overdispersion
    table = np.column_stack(
        (
            np.round(np.nan_to_num(surroundings.copy_number[rows], nan=2.0) * 20) / 20,
            np.nan_to_num(np.round(surroundings.minor_cn[rows] * 20) / 20, nan=-1.0),
        )
    )
    kinds, groups = np.unique(table, axis=0, return_inverse=True)
    likelihood = likelihood_rows(*counts)
    q = evidence.population_af[rows]
    het = 2 * (1 - q) / (2 - q)  # of those who carry the allele
    sampling = Sampling(purity, weight, 0.0, params)
    logs = _grid_logs(likelihood, het, kinds, groups.reshape(-1), sampling)
    logs -= 0.5 * ((BIASES[:, None] - params.mapping_bias) / BIAS_SD) ** 2
    logs -= 0.5 * (np.log(OVERDISPERSIONS / params.overdispersion) / LOG_SD) ** 2
    share = np.exp(logs - logs.max())
    share /= share.sum()
    bias = float((share.sum(axis=1) * BIASES).sum())
    return bias, float(np.exp((share.sum(axis=0) * np.log(OVERDISPERSIONS)).sum()))


def _grid_logs(
    likelihood: Values, het: Values, kinds: Values, groups: Places, sampling: Sampling
) -> Values:
    """Return the log likelihood at each bias and overdispersion."""
    found = np.zeros((len(BIASES), len(OVERDISPERSIONS)))
    spreads = [spread_matrix(float(value)) for value in OVERDISPERSIONS]
    members = [np.flatnonzero(groups == at) for at in range(len(kinds))]
    anywhere = ODD * likelihood @ np.diff(EDGES)
    for number, bias in enumerate(BIASES):
        # Sites differ in bias around the sample's: that spread is the model's own.
        own = dataclasses.replace(
            sampling, params=dataclasses.replace(sampling.params, mapping_bias=float(bias))
        )
        states = [
            states_of(own, copies, np.nan if minor < 0 else minor, 2, np.nan, (HET, HOM))
            for copies, minor in kinds.tolist()
        ]
        table = np.array([one[[HET, HOM]] for one in states]).reshape(-1, CELLS)
        for at, spread in enumerate(spreads):
            density = (table @ spread).reshape(len(kinds), 2, CELLS)
            for kind, rows in enumerate(members):
                two = likelihood[rows] @ density[kind].T
                both = het[rows] * two[:, 0] + (1 - het[rows]) * two[:, 1]
                found[number, at] += np.log((1 - ODD) * both + anywhere[rows] + 1e-300).sum()
    return found


def _some(mask: Flags) -> Places:
    """Return the rows of a mask, evenly thinned if they are many."""
    rows = np.flatnonzero(mask)
    if len(rows) > MOST:
        rows = rows[np.linspace(0, len(rows) - 1, MOST).astype(np.int64)]
    return rows
