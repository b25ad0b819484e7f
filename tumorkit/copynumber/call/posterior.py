"""Copies and states where purity and ploidy are known as a posterior, not as two numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.call.result import AMPLIFICATION, HOMOZYGOUS_DELETION, GeneCall
from tumorkit.copynumber.call.states import Mixture

Values = NDArray[np.float64]

# Quantiles of a Gaussian at the middles of nine equal shares: a level within its interval.
NODES = np.array([-1.593, -0.967, -0.589, -0.282, 0.0, 0.282, 0.589, 0.967, 1.593])
WIDTH_95 = 3.92
BOUNDS = (0.025, 0.975)
# The heaviest points that a state is asked at.
MOST_ASKED = 60
# States that a treatment may hang on; the least probability that is said; genes named in a note.
DECISIVE = (AMPLIFICATION, HOMOZYGOUS_DELETION)
LEAST_SAID = 0.05
MOST_NAMED = 10


def copy_bounds(
    mixture: Mixture,
    level: float,
    interval: tuple[float | None, float | None],
    contig: str,
    position: int,
) -> tuple[float | None, float | None]:
    """Return the 95 % interval of copies: from the level's interval and, if there is one, the
    posterior of purity and ploidy.

    Without a posterior, the copies at the ends of the level's interval. Else the level is spread
    over its interval, and purity and ploidy over theirs, and weighted quantiles are taken.
    """
    raw = mixture.copies(level, contig, position)
    if raw is None:
        return None, None
    low, high = interval
    if mixture.points is None:
        return (
            None if low is None else mixture.copies(low, contig, position),
            None if high is None else mixture.copies(high, contig, position),
        )
    sd = 0.0 if low is None or high is None else (high - low) / WIDTH_95
    ratio = 2.0 ** (level + NODES * sd) / mixture.baseline
    ratio *= mixture.reference_copies(contig, position) / 2
    purity, ploidy, weight = mixture.points.T
    normal = mixture.normal_copies(contig, position) * (1 - purity)
    average = purity * ploidy + 2 * (1 - purity)
    copies = (ratio[:, None] * average - normal) / purity
    flat = copies.ravel()
    order = np.argsort(flat, kind="stable")
    mass = np.cumsum(np.tile(weight, len(NODES))[order])
    at = np.minimum(np.searchsorted(mass, np.array(BOUNDS) * mass[-1]), len(flat) - 1)
    return min(float(flat[order[at[0]]]), raw), max(float(flat[order[at[1]]]), raw)


def state_shares(
    mixture: Mixture,
    level: float,
    interval: tuple[float | None, float | None],
    contig: str,
    position: int,
    *,
    focal: bool,
) -> dict[str, float]:
    """Return the share of the posterior at which a level has each state; empty without one."""
    if mixture.points is None or mixture.copies(level, contig, position) is None:
        return {}
    asked = mixture.points[np.argsort(-mixture.points[:, 2], kind="stable")[:MOST_ASKED]]
    shares: dict[str, float] = {}
    for purity, ploidy, weight in (asked / [1.0, 1.0, asked[:, 2].sum()]).tolist():
        own = replace(mixture, purity=purity, ploidy=ploidy, points=None)
        state = own.state(level, interval, contig, position, focal=focal)
        shares[state] = shares.get(state, 0.0) + weight
    return shares


def others_in_words(shares: Mapping[str, float], state: str) -> str:
    """Return the states of other solutions with their probability, those below .05 left out.

    >>> others_in_words({"loss": 0.6, "homozygous deletion": 0.38, "neutral": 0.02}, "loss")
    'homozygous deletion 0.38'
    """
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(
        f"{name} {share:.2f}" for name, share in ranked if name != state and share >= LEAST_SAID
    )


def doubtful_genes(genes: Sequence[GeneCall]) -> tuple[str, ...]:
    """Return a note on genes that only some solutions call amplified or deleted in full."""
    said = [
        f"{gene.gene} {gene.state} ({gene.state_probability or 0.0:.2f}), {gene.other_states}"
        for gene in genes
        if gene.state_probability is not None
        and (gene.state in DECISIVE or any(name in gene.other_states for name in DECISIVE))
        and gene.other_states
    ]
    if not said:
        return ()
    more = "" if len(said) <= MOST_NAMED else f"; and {len(said) - MOST_NAMED} more"
    named = "; ".join(said[:MOST_NAMED])
    return (f"solutions of purity and ploidy differ in (probability): {named}{more}",)
