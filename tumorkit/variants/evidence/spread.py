"""How reads scatter around an allele fraction, learned from common germline variants."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from tumorkit.variants.evidence.nouns import (
    AlleleEvidence,
    Flags,
    Places,
    SampleFit,
    Surroundings,
    Values,
)
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
    unsure_states,
)

COMMON = 0.01  # population frequency from which hardly any allele is anything but germline
MIN_DEPTH = 20
FEWEST = 30  # alleles below which the defaults stand
MOST = 800
BIASES = np.linspace(0.88, 1.04, 9)
OVERDISPERSIONS = np.array([3e-4, 6e-4, 1.2e-3, 2e-3, 3.5e-3, 6e-3, 1e-2, 2e-2])
BIAS_SD, LOG_SD = 0.04, 1.0  # of samples around the defaults
GERMLINE = (HET, HOM)
ODD = 0.03  # share of sites where copies are wrong, or the alignment is


def fit_spread(
    evidence: AlleleEvidence,
    surroundings: Surroundings,
    params: EvidenceParams,
    fit: SampleFit | None = None,
) -> tuple[float, float]:
    """Return mapping bias and overdispersion of a sample: posterior means on a grid.

    Germline variants that are common among people are read in the tumour where purity and copies
    are known, else in the normal, where a heterozygous one is at one half, else in the tumour at
    the purity and copy states of ``fit``, where one is given. With fewer than 30 of them, or none
    of these, the defaults stand. 3 % of the sites may be anywhere.
    """
    common = evidence.judged & (evidence.population_af >= COMMON)
    common &= surroundings.normal_copies >= 2
    known = common & ~np.isnan(surroundings.copy_number) & (evidence.tumor_depth >= MIN_DEPTH)
    paired = common & evidence.paired & (evidence.normal_depth >= MIN_DEPTH)
    copies, minor = surroundings.copy_number, surroundings.minor_cn
    learned = None
    if surroundings.purity_known and known.sum() >= FEWEST:
        rows = _some(known)
        purity, weight = surroundings.purity, surroundings.purity_weight
    elif paired.sum() >= FEWEST:
        rows = _some(paired)
        purity, weight = np.zeros(1), np.ones(1)
        copies, minor = np.full(len(evidence), 2.0), np.full(len(evidence), 1.0)
    elif fit is not None and len(fit.copy_weight) and len(fit.copy_weight) == len(fit.purity):
        rows = _some(common & (evidence.tumor_depth >= MIN_DEPTH))
        purity, weight, learned = fit.purity, fit.purity_weight, fit.copy_weight
    else:
        rows = np.empty(0, dtype=np.int64)
    if len(rows) < FEWEST:
        return params.mapping_bias, params.overdispersion
    if surroundings.purity_known or learned is not None or not paired.any():
        counts = evidence.tumor_alt_depth[rows], evidence.tumor_depth[rows]
    else:
        counts = evidence.normal_alt_depth[rows], evidence.normal_depth[rows]
    table = np.column_stack(
        (
            np.nan_to_num(np.round(copies[rows] * 20) / 20, nan=-1.0),
            np.nan_to_num(np.round(minor[rows] * 20) / 20, nan=-1.0),
        )
    )
    kinds, groups = np.unique(table, axis=0, return_inverse=True)
    order = np.argsort(groups.reshape(-1), kind="stable")
    q = evidence.population_af[rows][order]
    sites = _Sites(
        likelihood=likelihood_rows(counts[0][order], counts[1][order]),
        het=2 * (1 - q) / (2 - q),  # of those who carry the allele
        kinds=np.where(kinds < 0, np.nan, kinds),
        ends=np.cumsum(np.bincount(groups.reshape(-1))),
        learned=learned,
    )
    logs = _grid_logs(sites, Sampling(purity, weight, 0.0, params))
    logs -= 0.5 * ((BIASES[:, None] - params.mapping_bias) / BIAS_SD) ** 2
    logs -= 0.5 * (np.log(OVERDISPERSIONS / params.overdispersion) / LOG_SD) ** 2
    share = np.exp(logs - logs.max())
    share /= share.sum()
    bias = float((share.sum(axis=1) * BIASES).sum())
    return bias, float(np.exp((share.sum(axis=0) * np.log(OVERDISPERSIONS)).sum()))


@dataclass(frozen=True, kw_only=True)
class _Sites:
    """Common germline variants, sorted by the kind of their copies; ``ends`` of each kind."""

    likelihood: Values
    het: Values
    kinds: Values
    ends: Places
    learned: Values | None


def _grid_logs(sites: _Sites, sampling: Sampling) -> Values:
    """Return the log likelihood at each bias and overdispersion."""
    found = np.zeros((len(BIASES), len(OVERDISPERSIONS)))
    anywhere = ODD * sites.likelihood @ np.diff(EDGES)
    tables = []
    for bias in BIASES.tolist():
        # Sites differ in bias around the sample's: that spread is the model's own.
        own = dataclasses.replace(
            sampling, params=dataclasses.replace(sampling.params, mapping_bias=bias)
        )
        for copies, minor in sites.kinds.tolist():
            if np.isnan(copies):
                tables.append(unsure_states(own, 2, np.nan, sites.learned, GERMLINE)[:2])
            else:
                tables.append(states_of(own, copies, minor, 2, np.nan, GERMLINE)[:2])
    # Axes: biases, kinds, heterozygous or homozygous, cells.
    table = np.reshape(tables, (len(BIASES), len(sites.kinds), 2, CELLS))
    for at, spread in enumerate(OVERDISPERSIONS.tolist()):
        density = table @ spread_matrix(spread)
        for kind, end in enumerate(sites.ends.tolist()):
            rows = slice(0 if kind == 0 else int(sites.ends[kind - 1]), end)
            two = sites.likelihood[rows] @ density[:, kind].reshape(-1, CELLS).T
            two = two.reshape(-1, len(BIASES), 2)
            het = sites.het[rows, None]
            both = het * two[:, :, 0] + (1 - het) * two[:, :, 1]
            floor = anywhere[rows, None] + 1e-300
            found[:, at] += np.log((1 - ODD) * both + floor).sum(axis=0)
    return found


def _some(mask: Flags) -> Places:
    """Return the rows of a mask, evenly thinned if they are many."""
    rows = np.flatnonzero(mask)
    if len(rows) > MOST:
        rows = rows[np.linspace(0, len(rows) - 1, MOST).astype(np.int64)]
    return rows
