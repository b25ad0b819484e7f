"""Scores by msisensor-pro's formulas beside ours, each with the cut-offs of its own preset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Cutoff, Estimate
from tumorkit.msi.peers import paired_tests, pro_shares
from tumorkit.msi.score.params import MsiParams
from tumorkit.msi.score.result import PeerScore
from tumorkit.msi.sites import SiteLengths

Floats = NDArray[np.float64]
PRO, MSI = "msisensor-pro pro", "msisensor-pro msi"
# Least coverage: msisensor-pro's default, and genomic-medicine-sweden/Twist_Solid's -c 50.
COVERAGE, GMS_COVERAGE = 15, 50
TWIST = "genomic-medicine-sweden/Twist_Solid"
# Preset: score, whether it needs a baseline, cut-offs in percent.
PRESETS: dict[str, tuple[str, bool, tuple[tuple[str, float, str], ...]]] = {
    "gms560-unfiltered": (PRO, True, (("MSI", 10.0, f"{TWIST}, all sites of its baseline"),)),
    "gms560-filtered": (
        PRO,
        True,
        (
            ("grey zone", 2.5, f"{TWIST}, clinical loci"),
            ("MSI", 6.0, f"{TWIST}, clinical loci"),
        ),
    ),
    "msk-impact": (
        MSI,
        False,
        (
            ("grey zone", 3.0, "MSK-IMPACT with MSIsensor, PMID 30211344"),
            ("MSI-H", 10.0, "MSK-IMPACT with MSIsensor, PMID 30211344"),
        ),
    ),
}
FALSE_DISCOVERY = 0.05


@dataclass(frozen=True)
class PeerSite:
    """msisensor-pro's quantities of one site, None where it has none."""

    pro: float | None
    threshold: float | None
    difference: float | None


@dataclass(frozen=True, kw_only=True)
class PeerValues:
    """msisensor-pro's quantities by site, NaN where it has none; ``q`` only beside a normal."""

    pro: Floats
    threshold: Floats
    covered: NDArray[np.bool_]
    difference: Floats | None = None
    q: Floats | None = None

    def row(self, site: int) -> PeerSite:
        """Return what the table of sites tells of one."""
        values = [
            None if column is None or not np.isfinite(column[site]) else float(column[site])
            for column in (self.pro, self.threshold, self.difference)
        ]
        return PeerSite(*values)


def peer_values(
    tumor: SiteLengths,
    normal: SiteLengths | None,
    thresholds: Floats,
    reasons: Sequence[str],
    params: MsiParams,
) -> PeerValues:
    """Return msisensor-pro's quantities of all sites."""
    least = GMS_COVERAGE if params.preset.startswith("gms560") else COVERAGE
    covered = tumor.depth >= least
    limit = np.where(np.isfinite(thresholds), thresholds, params.pro_threshold)
    if normal is None:
        return PeerValues(pro=pro_shares(tumor), threshold=limit, covered=covered)
    both = covered & (normal.depth >= least)
    difference, q = paired_tests(tumor, normal, both, scaled=params.scale_pair)
    return PeerValues(
        pro=pro_shares(tumor), threshold=limit, covered=covered, difference=difference, q=q
    )


def peer_scores(values: PeerValues, baseline: bool, params: MsiParams) -> tuple[PeerScore, ...]:
    """Return the scores, with cut-offs only where the preset is that score's own."""
    with np.errstate(invalid="ignore"):
        unstable = values.covered & (values.pro > values.threshold)
    scores = [scored(PRO, values.covered, unstable, baseline, params)]
    if values.q is not None:
        tested = np.isfinite(values.q)
        with np.errstate(invalid="ignore"):
            moved = tested & (values.q <= FALSE_DISCOVERY)
        scores.append(scored(MSI, tested, moved, baseline, params))
    return tuple(scores)


def scored(
    name: str,
    counted: NDArray[np.bool_],
    unstable: NDArray[np.bool_],
    baseline: bool,
    params: MsiParams,
) -> PeerScore:
    """Return one score in percent of the sites counted."""
    sites, found = int(counted.sum()), int(unstable.sum())
    owner, needs_baseline, limits = PRESETS.get(params.preset, ("", False, ()))
    if owner != name or (needs_baseline and not baseline):
        limits = ()
    if sites < params.min_sites:
        reason = f"{sites} sites are covered well enough, {params.min_sites} are needed"
        score = Estimate.not_evaluable(reason, unit="%")
        return PeerScore(name=name, sites=sites, unstable=found, score=score)
    value = 100 * found / sites
    # The published limits are exceeded, not met.
    passed = [label for label, limit, _ in limits if value > limit]
    score = Estimate(
        value=value,
        unit="%",
        evidence={"sites": sites, "unstable_sites": found},
        call=(passed[-1] if passed else "below all limits") if limits else None,
        cutoffs=tuple(
            Cutoff(name=label, value=limit, source=source) for label, limit, source in limits
        ),
    )
    return PeerScore(name=name, sites=sites, unstable=found, score=score)
