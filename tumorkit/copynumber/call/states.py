"""From a copy ratio to copies, and from either to a word."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from tumorkit.copynumber.call.params import CallParams
from tumorkit.copynumber.call.result import (
    AMPLIFICATION,
    DEEP_LOSS,
    GAIN,
    HIGH_GAIN,
    HOMOZYGOUS_DELETION,
    LOSS,
    NEUTRAL,
    NOT_CALLABLE,
)
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import standard


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """What turns a copy ratio at a locus into copies: purity, ploidy and copies of normal cells.

    ``sex`` is ``male``, ``female`` or None; ``x_unclear`` marks a sample of unknown sex whose X is
    low throughout, which may be a loss or a male. ``baseline`` is the mean copy ratio of the
    autosomes as given: a ploidy is the mean of the genome, while copy ratios may stand at 1 for its
    median. ``points`` are purity, ploidy and weight of the posterior of a fit, shape (points, 3),
    None where purity and ploidy are two numbers.
    """

    purity: float | None
    ploidy: float
    sex: str | None
    build: Build | None
    params: CallParams
    x_unclear: bool = False
    baseline: float = 1.0
    points: NDArray[np.float64] | None = None

    def normal_copies(self, contig: str, position: int) -> int:
        """Return the copies of a normal cell; without a build the X of a male counts as one."""
        if self.build is not None:
            return self.build.normal_copies(contig, position, self.sex or "female")
        name = standard(contig)
        if name == "chrY":
            return 1 if self.sex == "male" else 0
        return 1 if name == "chrX" and self.sex == "male" else 2

    def callable(self, contig: str) -> bool:
        """Whether a contig can be judged: Y only in a male, X not where it is unclear."""
        name = standard(contig)
        if name == "chrY":
            return self.sex == "male"
        return not (name == "chrX" and self.x_unclear)

    def expected_log2(self, contig: str, position: int) -> float:
        """Return the log2 ratio at which a locus without change stands: -1, 0 or 1."""
        normal = self.normal_copies(contig, position)
        reference = self.reference_copies(contig, position)
        return float(np.log2(normal / reference)) if normal else 0.0

    def reference_copies(self, contig: str, position: int) -> int:
        """Return the copies that stand at log2 0 at a locus.

        Y counts as of one copy, X as of two, against a reference of men as of one; against the
        patient's own normal each counts as that has it.
        """
        if self.params.matched_normal:
            return max(self.normal_copies(contig, position), 1)
        name = standard(contig)
        if name not in ("chrX", "chrY"):
            return 2
        if self.build is not None and self.build.normal_copies(name, position, "male") == 2:
            return 2
        return 1 if name == "chrY" or self.params.haploid_x_reference else 2

    def copies(self, log2_ratio: float, contig: str, position: int) -> float | None:
        """Return the tumour's copies as computed, perhaps below 0.

        None without a purity, for an unknown level, and where a contig cannot be judged.
        ``ratio / baseline * reference / 2 = (purity * copies + normal * (1 - purity)) / average``
        with ``average = purity * ploidy + 2 * (1 - purity)``, solved for the copies.

        >>> mix = Mixture(purity=0.5, ploidy=2, sex=None, build=None, params=CallParams())
        >>> mix.copies(0.0, "chr1", 0), round(mix.copies(-0.4150375, "chr1", 0), 3)
        (2.0, 1.0)
        """
        if self.purity is None or isnan(log2_ratio) or not self.callable(contig):
            return None
        normal = self.normal_copies(contig, position)
        ratio = float(2.0**log2_ratio) / self.baseline
        ratio *= self.reference_copies(contig, position) / 2
        average = self.purity * self.ploidy + 2 * (1 - self.purity)
        return (ratio * average - normal * (1 - self.purity)) / self.purity

    def state(
        self,
        log2_ratio: float,
        interval: tuple[float | None, float | None],
        contig: str,
        position: int,
        *,
        focal: bool,
    ) -> str:
        """Return the state of a level; ``interval`` bounds it in log2."""
        if isnan(log2_ratio) or not self.callable(contig):
            return NOT_CALLABLE
        expected = self.expected_log2(contig, position)
        copies = self.copies(log2_ratio, contig, position)
        if self.purity is None or copies is None:
            return self.log2_state(log2_ratio - expected)
        if self.purity < self.params.min_purity:
            return self.faint_state(interval, expected)
        return self.copy_state(copies, self.normal_copies(contig, position), focal=focal)

    def copy_state(self, copies: float, normal: int, *, focal: bool) -> str:
        """Return the state of a number of copies where a normal cell has ``normal``."""
        usual = round(self.ploidy) * normal / 2
        factor = self.params.amplification_ploidy_factor
        if copies < self.params.homozygous_deletion_copies:
            return HOMOZYGOUS_DELETION
        if copies > factor * self.ploidy * normal / 2:
            return AMPLIFICATION
        if focal and copies >= self.params.amplification_focal_copies:
            return AMPLIFICATION
        return relative_state(copies, usual)

    def log2_state(self, log2_ratio: float) -> str:
        """Return the state by log2 ratio alone."""
        if log2_ratio <= self.params.deep_loss_log2:
            return DEEP_LOSS
        if log2_ratio <= self.params.loss_log2:
            return LOSS
        if log2_ratio >= self.params.high_gain_log2:
            return HIGH_GAIN
        return GAIN if log2_ratio >= self.params.gain_log2 else NEUTRAL

    def faint_state(self, interval: tuple[float | None, float | None], expected: float) -> str:
        """Return the state at a purity so low that only the interval can speak."""
        low, high = interval
        if low is None or high is None:
            return NOT_CALLABLE
        if high < expected:
            return LOSS
        if low > expected:
            return GAIN
        # One copy more or less would move the ratio by half the purity.
        one_copy = (self.purity or 0.0) / 2
        return NEUTRAL if 2.0**high - 2.0**low < one_copy else NOT_CALLABLE


def relative_state(copies: float, usual: float) -> str:
    """Return gain, loss or neutral against a usual number of copies."""
    if copies >= usual + 0.5:
        return GAIN
    return LOSS if copies < usual - 0.5 else NEUTRAL


def at_least_zero(copies: float | None) -> float | None:
    """Return copies that a cell can have; None stays None."""
    return None if copies is None else max(0.0, copies)
