"""How well a purity and a ploidy explain segments and mutations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumorkit.purity.evidence import Evidence, angle
from tumorkit.purity.params import PurityParams
from tumorkit.purity.spectrum import SUBCLONAL_ODDS, Spectrum
from tumorkit.purity.states import LETHAL_COST, LETHAL_LENGTH, allele_states

Values = NDArray[np.float64]
Floats = NDArray[np.float32]

# Degrees of freedom of a segment's level: five let single levels be off by far.
FREEDOM = 5
# Gamma(3) / (Gamma(5/2) sqrt(5 pi)): the height of that density.
HEIGHT = 0.3796066898224944
# Share of levels that nothing explains, and the log2 range that they fall in.
WILD_SHARE = 0.004
WILD_RANGE = 8.0
# The lowest share of reads that a deleted segment keeps (mapping errors).
LEAST_RATIO = 0.03
# Shares of segments that stay as they were, of a plain and of a doubled genome: a quiet one, and
# ever more rearranged ones. Which one holds is not known, so all are summed over. Doubled genomes
# are hardly ever quiet (Bielski 2018, Nature Genetics 50:1189): were they, each quiet genome would
# fit as well with twice the copies. A few are, and mutations on two copies can tell.
UNCHANGED = ((0.92, 0.75, 0.5, 0.25), (0.92, 0.6, 0.45, 0.3, 0.15))
QUIET_DOUBLED = 0.05
ODDS = (
    (0.25,) * 4,
    (QUIET_DOUBLED, *((1 - QUIET_DOUBLED) / 4,) * 4),
)
# Fewer of them do for a first look.
MIDDLING = ((0.6,), (0.92, 0.4))
FIRST_ODDS = ((1.0,), (QUIET_DOUBLED, 1 - QUIET_DOUBLED))
# A segment of this length has half the say of a long one: short ones are often noise, or mixtures
# of events, and a handful of them must not decide between two ploidies (PURPLE weighs by SNPs).
HALF_TRUSTED = 3_000_000
# Copies over which subclonal changes spread: of a plain genome and of a doubled one.
SPREAD = (4.0, 6.0)
BASE_COPIES = (2, 4)
TAIL_SHARE, TAIL_COPIES = 0.05, 8.0


# Where no alleles speak, a wrong scale is told from a right one by small misfits
# of levels alone, and these are as much the segments' common errors as their own: each then counts
# for so much (calibrated, docs/methods/purity.md).
LEVELS_ALONE = 0.4


class Likelihood:
    """Log-likelihood of points of purity and ploidy; made once for a sample's evidence.

    Each segment's allele state is summed over: states of all tumour cells, a broad range of
    subclonal ones, and levels that nothing explains. The mean ratio of the autosomes stands for
    the mean copies of the mixture, so that a ploidy fixes the scale whatever log2 0 is.
    """

    def __init__(self, evidence: Evidence, params: PurityParams) -> None:
        self.evidence = evidence
        self.params = params
        self.states = allele_states(params.event_cost)
        self.trust = evidence.length / (evidence.length + HALF_TRUSTED)
        self.totals = np.unique(self.states.total)
        self.first = np.searchsorted(self.states.total, self.totals)
        lethal = (evidence.length > LETHAL_LENGTH) * LETHAL_COST
        prior = self.states.log_prior[:, :, None] - np.where(
            (self.states.total == 0)[None, :, None], lethal[None, None, :], 0.0
        )
        self.prior = np.exp(prior)
        # Where the unchanged states, 1+1 and 2+2, stand; the other states' odds are among them.
        at = {pair: number for number, pair in enumerate(self.states.pairs())}
        self.base = (at[1, 1], at[2, 2])
        for history, base in enumerate(self.base):
            self.prior[history, base] = 0.0
            self.prior[history] /= np.exp(self.states.log_prior[history]).sum() - np.exp(
                self.states.log_prior[history, base]
            )
        spacing = np.gradient(evidence.levels)
        weights = np.exp(evidence.curve) * spacing
        self.below = np.cumsum(weights, axis=1) / np.cumsum(spacing)
        self.spectrum = Spectrum(evidence, self.states)
        self.share = 1.0 if evidence.measured.any() else LEVELS_ALONE

    def whole_prior(self, history: int) -> Values:
        """Return the prior of all states, half of it for the unchanged one."""
        found: Values = 0.5 * self.prior[history]
        found[self.base[history]] = 0.5
        return found

    def scale(self, purity: float, ploidy: Values | float) -> Values:
        """Return the copies that a ratio of 1 stands for."""
        return np.asarray(
            (purity * np.asarray(ploidy) + 2 * (1 - purity)) / self.evidence.mean_ratio
        )

    def at(self, purity: float, ploidy: Values, *, quick: bool = False) -> Values:
        """Return log-likelihoods, shape (2, points): of a plain and of a doubled genome."""
        said = self.alleles(purity)
        density = self.levels(purity, ploidy)
        share = self.params.subclonal_share
        ratio = 2.0**self.evidence.log2_ratio
        scale = self.scale(purity, ploidy)
        raw = (scale[:, None] * ratio - self.evidence.normal * (1 - purity)) / purity
        jump = scale[:, None] * ratio * (np.log(2) / purity)
        tail = np.where(raw > 0, np.exp(-np.maximum(raw, 0) / TAIL_COPIES) / TAIL_COPIES, 0.0)
        found = np.empty((2, len(ploidy)))
        for history in (0, 1):
            spread = SPREAD[history]
            mix = (MIDDLING if quick else UNCHANGED)[history]
            odds = np.log((FIRST_ODDS if quick else ODDS)[history])
            inside = (raw > -0.3) & (raw < spread + 0.3)
            free = jump * ((1 - TAIL_SHARE) * inside / spread + TAIL_SHARE * tail)
            base, other, anything, wild, constant = said[history]
            same = density[:, BASE_COPIES[history]] * base
            changed = (1 - share) * np.einsum(
                "kts,ts->ks", density, other.astype(np.float32)
            ).astype(np.float64)
            changed += share * free * anything
            scores = [
                np.log(
                    np.maximum(
                        (1 - WILD_SHARE) * (part * same + (1 - part) * changed)
                        + WILD_SHARE / WILD_RANGE * wild,
                        1e-290,
                    )
                )
                @ self.trust
                for part in mix
            ]
            found[history] = np.logaddexp.reduce(np.add(scores, odds[:, None]), axis=0) + constant
        return found

    def levels(self, purity: float, ploidy: Values) -> Floats:
        """Return densities of the observed levels, shape (points, totals, segments).

        In single precision and in place: nine tenths of the fit's time is spent here.
        """
        own = self.evidence
        expected = purity * self.totals[:, None] + own.normal * (1 - purity)
        off = (own.log2_ratio - np.log2(np.maximum(expected, LEAST_RATIO))) / own.sd
        shift = np.log2(self.scale(purity, ploidy))[:, None] / own.sd
        z = off.astype(np.float32) + shift.astype(np.float32)[:, None, :]
        z *= z
        z *= np.float32(1 / FREEDOM)
        z += np.float32(1)
        cube = z * z
        cube *= z
        return np.divide((HEIGHT / own.sd).astype(np.float32), cube, out=cube)

    def alleles(self, purity: float) -> list[tuple[Values, Values, Values, Values, float]]:
        """Return what allele fractions and mutations say at a purity, by history.

        Of the unchanged state, and by total copies of all others; for anything between; for wild
        levels; and a constant that was taken out lest products vanish.
        """
        balance = self.balance(purity)
        variants, between = self.spectrum.at(purity)
        highest = (1 + purity) / 2
        last = min(
            int(np.searchsorted(self.evidence.levels, highest)), len(self.evidence.levels) - 1
        )
        found = []
        for history, base in enumerate(self.base):
            chosen, others_too = self.subclonal(balance, variants, history)
            top = variants[chosen].max(axis=0)
            by_state = balance * np.exp(variants[chosen] - top)
            others = np.add.reduceat(self.prior[history] * by_state, self.first, axis=0)
            free = np.exp(np.minimum(between[chosen] - top, 0))
            found.append(
                (
                    by_state[base],
                    others,
                    self.below[:, last] * free,
                    self.below[:, -1] * free,
                    float(top @ self.trust) + others_too,
                )
            )
        return found

    def subclonal(self, balance: Values, variants: Values, history: int) -> tuple[int, float]:
        """Return which share of subclonal mutations fits best, and the log of all over the best.

        The share is that of the sample, not of a segment. Levels have no say in it: shares are
        weighed by alleles and mutations, all states summed over.
        """
        if len(self.spectrum) == 0:
            return 0, 0.0
        held = self.spectrum.held
        prior = self.whole_prior(history)[:, held]
        own = variants[:, :, held]
        top = own.max(axis=1)
        each = np.einsum("ts,kts->ks", prior * balance[:, held], np.exp(own - top[:, None]))
        scores = (np.log(np.maximum(each, 1e-290)) + top) @ self.trust[held]
        scores += np.log(SUBCLONAL_ODDS)
        best = int(scores.argmax())
        others = float(np.logaddexp.reduce(scores) - scores[best] + np.log(SUBCLONAL_ODDS[best]))
        return best, others

    def balance(self, purity: float) -> Values:
        """Return the likelihood of each segment's allele fraction in each state."""
        own = self.evidence
        total = self.states.total
        expected = (purity * self.states.major + 1 - purity) / (
            purity * total + 2 * (1 - purity) + 1e-9
        )
        place = angle(np.clip(expected, own.levels[0], own.levels[-1]))
        scale = (len(own.levels) - 1) / (angle(own.levels[-1]) - np.pi / 4)
        at = (place - np.pi / 4) * scale
        low = np.minimum(at.astype(np.int64), len(own.levels) - 2)
        part = at - low
        curve = own.curve.T
        return np.asarray(np.exp(curve[low] * (1 - part)[:, None] + curve[low + 1] * part[:, None]))

    def mutations(self, purity: float, history: int) -> Values:
        """Return the log-likelihood of each segment's mutations in each state."""
        variants, _ = self.spectrum.at(purity)
        chosen, _ = self.subclonal(self.balance(purity), variants, history)
        return np.asarray(variants[chosen])

    def nothing(self) -> float:
        """Return the log-likelihood of a sample without tumour, its scale at its best."""
        own = self.evidence
        shifts = np.linspace(-0.15, 0.15, 61)
        off = (own.log2_ratio - np.log2(own.normal / 2)) / own.sd
        center = np.median(own.log2_ratio - np.log2(own.normal / 2)) if len(own) else 0.0
        z = off - (center + shifts)[:, None] / own.sd
        base = 1 + z * z / FREEDOM
        density = HEIGHT / own.sd / (base * base * base) * np.exp(own.curve[:, 0])
        total = (1 - WILD_SHARE) * density + WILD_SHARE / WILD_RANGE * self.below[:, -1]
        alien = self.spectrum.alien() @ self.trust
        by_shift = np.log(np.maximum(total, 1e-290)) @ self.trust
        return float(by_shift.max() + alien)
