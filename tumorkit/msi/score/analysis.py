"""Which sites can be judged, how they are called, and what the sample is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Cutoff, Estimate
from tumorkit.msi.likelihood import Sites
from tumorkit.msi.mixture import Known, nothing_known
from tumorkit.msi.score.judge import Judged, detectable, judge
from tumorkit.msi.score.params import MsiParams
from tumorkit.msi.score.peers import PeerSite, peer_scores, peer_values
from tumorkit.msi.score.result import Call, MsiResult, SiteCall
from tumorkit.msi.score.shown import clearest_sites, moved_sites
from tumorkit.msi.sites import INTERRUPTED, LOST, SiteLengths

UNIT = ""
# Of a heterozygous change in a diploid tumour, half of the tumour's reads show it.
ONE_ALLELE = 0.5
SHALLOW, NORMAL_SHALLOW = "depth below the limit", "normal's depth below the limit"
BROKEN = "tract interrupted in too many reads"
# Instability mostly loses units; another person's alleles are as often longer as shorter.
MANY_GAINS, MANY_SHARE = 5, 1 / 3
CLASSES = ("1", "2", "3 and more")


@dataclass(frozen=True, kw_only=True)
class SiteNormals:
    """What a baseline says of the sites: stutter, and msisensor-pro's thresholds (NaN unknown)."""

    known: Known
    thresholds: NDArray[np.float64]


def score_lengths(
    tumor: SiteLengths,
    normal: SiteLengths | None = None,
    *,
    baseline: SiteNormals | None = None,
    absent: Mapping[int, str] | None = None,
    params: MsiParams | None = None,
) -> MsiResult:
    """Estimate the share of unstable microsatellites from counted lengths.

    ``normal`` holds the same sites of the matched normal. ``absent`` says of sites why they could
    not be counted at all. The result is not evaluable where fewer than ``min_sites`` sites are
    usable, or where the depth could not show instability at the known purity.
    """
    params = params or MsiParams()
    reasons = usable_reasons(tumor, normal, dict(absent or {}), params)
    rows, listed = np.flatnonzero([not reason for reason in reasons]), len(tumor.loci)
    thresholds = np.full(listed, np.nan) if baseline is None else baseline.thresholds
    peers = peer_values(tumor, normal, thresholds, reasons, params)
    common = {
        **totals_of(tumor, normal, rows, reasons),
        "peers": peer_scores(peers, baseline is not None, params),
        "params": params,
    }
    sites = [
        site_row(tumor, normal, number, reasons[number], peers.row(number))
        for number in range(listed)
    ]
    if rows.size < params.min_sites:
        reason = too_few(rows.size, listed, Counter(filter(None, reasons)), params)
        return MsiResult(msi=Estimate.not_evaluable(reason), sites=tuple(sites), **common)  # type: ignore[arg-type]
    seen = taken(tumor, rows)
    judged = judge(
        seen,
        None if normal is None else taken(normal, rows),
        nothing_known(rows.size) if baseline is None else baseline.known.taken(rows),
        max_fraction=params.purity or 1.0,
        overdispersion=params.overdispersion,
        cutoff=params.cutoff,
        level=params.level,
    )
    q = false_shares(judged.probability)
    calls = [call_of(*pair, params) for pair in zip(judged.probability, q, strict=True)]
    for place, number in enumerate(rows.tolist()):
        sites[number] = with_verdict(sites[number], judged, place, float(q[place]), calls[place])
    least = detectable(seen, judged.stutter, judged.fit)
    return MsiResult(
        msi=estimate_of(judged, calls, least, common["median_depth"], params),  # type: ignore[arg-type]
        sites=tuple(sites),
        clearest=clearest_sites(sites, judged.fit.shape),
        moved=moved_sites(sites, judged.fit.shape),
        notes=odd_shifts(judged, calls),
        unstable=calls.count("unstable"),
        undetermined=calls.count("undetermined"),
        detectable_fraction=least,
        detectable_purity=least / ONE_ALLELE if least <= ONE_ALLELE else None,
        stutter_offsets=dict(zip(CLASSES, judged.fit.offsets.tolist(), strict=True)),
        stutter_spread=judged.fit.spread,
        heterozygous=None if normal is not None else judged.fit.heterozygous,
        **common,  # type: ignore[arg-type]
    )


def totals_of(
    tumor: SiteLengths,
    normal: SiteLengths | None,
    rows: NDArray[np.int64],
    reasons: Sequence[str],
) -> dict[str, object]:
    """Return what was counted, at which sites, and what was left out."""
    both = normal is not None and bool(rows.size)
    return {
        "paired": normal is not None,
        "listed": len(tumor.loci),
        "usable": int(rows.size),
        "votes": int(tumor.votes.sum()),
        "normal_votes": None if normal is None else int(normal.votes.sum()),
        "lost_reads": lost_reads(tumor),
        "normal_lost_reads": None if normal is None else lost_reads(normal),
        "lost_sites": dict(sorted(Counter(filter(None, reasons)).items())),
        "median_depth": float(np.median(tumor.depth[rows])) if rows.size else None,
        "normal_median_depth": (
            float(np.median(normal.depth[rows])) if normal is not None and both else None
        ),
    }


def too_few(usable: int, listed: int, lost: Mapping[str, int], params: MsiParams) -> str:
    """Say that there are too few sites, and why."""
    why = ", ".join(f"{count} {name}" for name, count in sorted(lost.items()))
    return f"{usable} usable microsatellites, {params.min_sites} are needed: {listed} listed" + (
        f", of them {why}" if why else ""
    )


def usable_reasons(
    tumor: SiteLengths, normal: SiteLengths | None, absent: Mapping[int, str], params: MsiParams
) -> list[str]:
    """Say of every site why it is not judged, empty where it is."""
    broken = tumor.lost[:, INTERRUPTED] > params.max_interrupted * (
        tumor.lost[:, INTERRUPTED] + np.maximum(tumor.depth, 1)
    )
    own = None if normal is None else normal.depth
    reasons = []
    for site, depth in enumerate(tumor.depth.tolist()):
        reason = absent.get(site, "")
        if not reason and broken[site] and tumor.lost[site, INTERRUPTED] >= params.min_depth:
            reason = BROKEN
        if not reason and depth < params.min_depth:
            reason = SHALLOW
        if not reason and own is not None and own[site] < params.min_depth:
            reason = NORMAL_SHALLOW
        reasons.append(reason)
    return reasons


def lost_reads(counts: SiteLengths) -> dict[str, int]:
    """Return alignments that did not vote, by reason."""
    totals = counts.lost.sum(axis=0, dtype=np.int64).tolist()
    return dict(zip(LOST, totals, strict=True))


def taken(counts: SiteLengths, rows: NDArray[np.int64]) -> Sites:
    """Return some sites in the form that is judged."""
    return Sites(steps=counts.steps()[rows], repeats=counts.repeats[rows], units=counts.units[rows])


def false_shares(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each site's q: the mean chance of being stable among sites at least as likely.

    The direct posterior approach to false discovery rates (Newton 2004, Biostatistics 5:155).

    >>> false_shares(np.array([0.5, 1.0, 0.9])).round(3).tolist()
    [0.2, 0.0, 0.05]
    """
    order = np.argsort(-probability, kind="stable")
    q = np.empty(probability.size)
    q[order] = np.cumsum(1 - probability[order]) / np.arange(1, probability.size + 1)
    return q


def call_of(probability: float, q: float, params: MsiParams) -> Call:
    """Return a site's call: unstable by q and more likely than not, stable by the same odds."""
    if q <= params.max_q and probability > 0.5:
        return "unstable"
    return "stable" if probability <= params.max_q else "undetermined"


def estimate_of(
    judged: Judged, calls: Sequence[Call], least: float, depth: float, params: MsiParams
) -> Estimate:
    """Return the score, or why there is none although there are sites."""
    high = judged.share >= params.cutoff
    shown = None if params.purity is None else ONE_ALLELE * params.purity
    if not high and (not np.isfinite(least) or (shown is not None and shown < least)):
        told = f"at purity {params.purity:g} half of it, {shown:g}, is expected" if shown else ""
        limit = f"{least:g}" if np.isfinite(least) else "nine tenths"
        return Estimate.not_evaluable(
            f"depth and stutter hide shifts in less than {limit} of the reads"
            + (f"; {told}" if told else "")
        )
    return Estimate(
        value=judged.share,
        unit=UNIT,
        low=judged.low,
        high=judged.high,
        level=params.level,
        evidence={
            "sites": len(calls),
            "unstable_sites": calls.count("unstable"),
            "median_depth": depth,
        },
        call="MSI-H" if high else "MSS",
        cutoffs=(
            Cutoff(
                name="MSI-H",
                value=params.cutoff,
                source=params.cutoff_source,
                probability_above=judged.above,
            ),
        ),
    )


def odd_shifts(judged: Judged, calls: Sequence[Call]) -> tuple[str, ...]:
    """Say that unstable sites gain units too often for a tumour without mismatch repair."""
    found = [shift for shift, call in zip(judged.shift, calls, strict=True) if call == "unstable"]
    gains = sum(shift > 0 for shift in found)
    if gains < MANY_GAINS or gains < MANY_SHARE * len(found):
        return ()
    return (
        f"{gains} of {len(found)} unstable sites gained units; instability mostly loses them: look "
        "for another person's DNA in the sample",
    )


def site_row(
    tumor: SiteLengths,
    normal: SiteLengths | None,
    number: int,
    reason: str,
    peer: PeerSite,
) -> SiteCall:
    """Return a site before it is judged."""
    locus = tumor.loci[number]
    votes = tumor.at(number)
    own = None if normal is None else normal.at(number)
    return SiteCall(
        contig=locus.contig,
        location=locus.start,
        unit=locus.unit,
        repeats=locus.repeats,
        depth=int(votes.sum()),
        normal_depth=None if own is None else int(own.sum()),
        status="not_evaluable" if reason else "ok",
        reason=reason or None,
        lengths=shown_lengths(votes),
        normal_lengths="" if own is None else shown_lengths(own),
        pro=peer.pro,
        threshold=peer.threshold,
        difference=peer.difference,
    )


def shown_lengths(votes: NDArray[np.int32]) -> str:
    """Return lengths as ``units:fragments``.

    >>> shown_lengths(np.array([0, 0, 3, 9], dtype=np.int32))
    '2:3,3:9'
    """
    return ",".join(f"{units}:{count}" for units, count in enumerate(votes.tolist()) if count)


def with_verdict(row: SiteCall, judged: Judged, place: int, q: float, call: Call) -> SiteCall:
    """Return a site with what was found of it."""
    return replace(
        row,
        call=call,
        probability=float(judged.probability[place]),
        q=q,
        log_likelihood_ratio=float(judged.ratio[place]),
        fraction=float(judged.fraction[place]),
        shift=float(judged.shift[place]),
        stutter=float(judged.stutter[place]),
    )
