"""From counted and drawn numbers of scars to estimates with intervals and named cut-offs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Cutoff, Estimate
from tumorkit.hrd.params import HrdParams
from tumorkit.hrd.presets import NO_CUTOFF, HrdPreset

Values = NDArray[np.float64]
# Each doubling of a genome adds so many transitions (Christinat 2023, JCO Precis Oncol 7).
PER_DOUBLING = 3.5
# scarHRD's factor of the ploidy (Timms 2014, Breast Cancer Res 16:475).
PER_PLOIDY = 15.5
# Scars gather: their number on unseen arms scatters so many times more than a Poisson number.
DISPERSION = 2.0
# What markers hide: scars missed and scars that are none, as constant and per scar counted, where
# heterozygous SNPs are SPACING apart; learnt from simulated panels (docs/methods/hrd.md). Short
# ends between markers are missed most, breaks misplaced across a limit of length go both ways.
MISSED = ((0.0, 0.09), (0.9, 0.03), (0.2, 0.13))
FALSE = ((0.0, 0.04), (0.4, 0.03), (0.1, 0.12))
SPACING = 2_000_000
LEAST_HIDDEN, MOST_HIDDEN = 0.3, 1.25


@dataclass(frozen=True)
class Tally:
    """Numbers of one genome on evaluable arms: LOH, TAI, LST, percent in LOH."""

    loh: int
    tai: int
    lst: int
    genomic_loh: float

    @property
    def row(self) -> tuple[float, ...]:
        """The counts, their sum, and the percentage."""
        return self.loh, self.tai, self.lst, self.loh + self.tai + self.lst, self.genomic_loh


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """All that the estimates are made from."""

    tally: Tally
    drawn: Values | None
    share: float
    doubled: bool | None
    ploidy: float | None
    reason: str
    presets: Sequence[HrdPreset]
    params: HrdParams

    def all(self) -> dict[str, Estimate]:
        """Return every estimate under its name."""
        found = {
            name: self.scaled(name, column)
            for column, name in enumerate(("loh", "tai", "lst", "sum"))
        }
        lst = found["lst"]
        found["genomic_loh"] = self.percent()
        found["normalized_lst"] = self.shifted(
            "normalized_lst", lst, None if self.doubled is None else PER_DOUBLING * self.doubled
        )
        found["adjusted_lst"] = self.shifted(
            "adjusted_lst", lst, None if self.ploidy is None else PER_PLOIDY * self.ploidy
        )
        return found

    def scaled(self, name: str, column: int) -> Estimate:
        """Return a count on the whole autosomes; unseen arms widen its interval."""
        if self.reason:
            return Estimate.not_evaluable(self.reason, unit="scars")
        seen = self.tally.row[column]
        value = seen / self.share if self.share < 1 else seen
        values = None if self.drawn is None else self.drawn[:, column].astype(float)
        if self.share < 1:
            base = np.full(self.params.draws, seen) if values is None else values
            values = base + unseen(base, self.share, self.params.seed)
        return self.estimate(name, value, values, "scars", {"counted": seen})

    def percent(self) -> Estimate:
        """Return the share of the genome in LOH."""
        if self.reason:
            return Estimate.not_evaluable(self.reason, unit="%")
        values = None if self.drawn is None else self.drawn[:, 4]
        return self.estimate("genomic_loh", self.tally.genomic_loh, values, "%", {})

    def shifted(self, name: str, lst: Estimate, less: float | None) -> Estimate:
        """Return LST less a number."""
        if lst.value is None:
            return Estimate.not_evaluable(self.reason, unit="scars")
        if less is None:
            return Estimate.not_evaluable("the copies of the genome are unknown", unit="scars")
        low, high = (None if end is None else end - less for end in (lst.low, lst.high))
        made = replace(
            lst, value=lst.value - less, low=low, high=high, evidence={"less": less}, cutoffs=()
        )
        return self.called(name, made, None)

    def estimate(
        self,
        name: str,
        value: float,
        values: Values | None,
        unit: str,
        evidence: dict[str, float | int | str],
    ) -> Estimate:
        """Return a value with the interval of drawn ones, which always holds it."""
        low = high = level = None
        if values is not None:
            level = self.params.level
            low, high = (
                float(end) for end in np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
            )
            low, high = min(low, value), max(high, value)
        made = Estimate(
            value=value, unit=unit, low=low, high=high, level=level,
            evidence={**evidence, "evaluable": self.share},
        )  # fmt: skip
        return self.called(name, made, values)

    def called(self, name: str, made: Estimate, values: Values | None) -> Estimate:
        """Return an estimate with the cut-offs that were named for it."""
        own = [preset for preset in self.presets if preset.measure == name]
        if not own or made.value is None:
            return replace(made, call=NO_CUTOFF if name == "sum" else None)
        cutoffs = tuple(
            Cutoff(
                name=preset.name,
                value=preset.cutoff,
                source=preset.source,
                probability_above=(
                    None if values is None else float(np.mean(values >= preset.cutoff))
                ),
            )
            for preset in own
        )
        call = "; ".join(f"{preset.call(made.value)} ({preset.name})" for preset in own)
        return replace(made, call=call, cutoffs=cutoffs)


def unseen(seen: Values, share: float, seed: int) -> Values:
    """Return drawn numbers of scars on the arms that are not evaluable.

    Their expectation follows from the density on the others; the scatter is that of a negative
    binomial, for scars of one tumour gather on some arms.
    """
    rng = np.random.default_rng([seed, 1])
    expected = np.maximum((seen + 0.5) * (1 - share) / share, 1e-6)
    size = expected / (DISPERSION - 1)
    return rng.poisson(rng.gamma(size, DISPERSION - 1)).astype(float)


def with_hidden(drawn: Values, spacing: float | None, seed: int) -> Values:
    """Return drawn numbers with what markers hide: LOH, TAI, LST, their sum, percent in LOH.

    ``spacing`` is the mean distance of heterozygous SNPs in bases, None where nobody counted them.
    """
    rng = np.random.default_rng([seed, 2])
    factor = 1.0
    if spacing is not None:
        factor = float(np.clip((spacing / SPACING) ** 0.5, LEAST_HIDDEN, MOST_HIDDEN))
    found = drawn.copy()
    for column, (missed, false) in enumerate(zip(MISSED, FALSE, strict=True)):
        own = drawn[:, column]
        more = rng.poisson(factor * (missed[0] + missed[1] * own))
        less = rng.poisson(factor * (false[0] + false[1] * own))
        found[:, column] = np.maximum(own + more - less, 0)
    found[:, 3] = found[:, :3].sum(axis=1)
    return found
