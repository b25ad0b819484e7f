"""What segmentation finds, and how noisy the sample is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from tumorkit.contract.result import InputFile, Result
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.genome.segment import Segment

# The biweight keeps about 95 % of a mean's precision.
EFFICIENCY = 0.95


@dataclass(frozen=True, kw_only=True)
class AlleleNoise:
    """How reads scatter over the alleles of a SNP.

    ``reference_share`` is the reference's share of reads where alleles are in balance, .5 unless
    mapping clearly favours one. ``concentration`` is that of the beta-binomial distribution: the
    larger, the closer to binomial.
    """

    reference_share: float
    concentration: float


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Noise of a sample in log2 units, for a bin of average weight.

    ``sd`` comes from differences of neighbours; ``sd_target`` and ``sd_off_target`` are None where
    there are too few bins of that kind. ``lag20_ratio`` and ``lag50_ratio`` say how much larger it
    is between bins 20 and 50 apart: above 1 there are slow waves or many steps. ``spread`` is the
    variance of a bin about its segment with wild bins clipped. ``wave`` maps a block of bins to
    the variance by which means of neighbouring blocks differ beyond that. ``mad`` is the scale of
    what the segments leave, ``outlier_fraction`` the share of bins beyond 5 sd. ``alleles`` is
    None where no SNPs were given.
    """

    sd: float
    bins: int
    sd_target: float | None
    sd_off_target: float | None
    lag20_ratio: float
    lag50_ratio: float
    spread: float
    wave: dict[int, float] = field(default_factory=dict)
    mad: float = float("nan")
    outlier_fraction: float = float("nan")
    alleles: AlleleNoise | None = None

    @property
    def wave_sd(self) -> float:
        """Standard deviation of the slow wave, by its largest trace in neighbouring blocks."""
        return float((max(self.wave.values(), default=0.0) / 2) ** 0.5)

    def error_of(self, weight: float, bins: int) -> float:
        """Return the standard error of a level of bins whose weights sum up to ``weight``.

        Independent noise shrinks with the weight, what waves leave in a block of that many bins
        does not.
        """
        near = [wave for size, wave in self.wave.items() if size <= bins]
        return float((self.spread / (weight * EFFICIENCY) + (near[-1] if near else 0.0) / 2) ** 0.5)


@dataclass(frozen=True, kw_only=True)
class DroppedBins:
    """Bins that took no part, and why."""

    reason: str
    count: int


@dataclass(frozen=True, kw_only=True)
class SnpSummary:
    """Which SNPs took part: ``given`` = ``used`` + all ``dropped``.

    ``matched`` says whether a normal told which are heterozygous, ``rule`` how. ``swapped`` is
    True where the normal's alleles are out of balance and the tumour's are not.
    """

    given: int
    used: int
    dropped: tuple[DroppedBins, ...]
    matched: bool
    rule: str
    swapped: bool


@dataclass(frozen=True, kw_only=True)
class PathPoint:
    """How many segments another sensitivity would give.

    ``candidates`` are those of the exact fit, ``segments`` those left after the check for waves;
    the focal pass comes on top.
    """

    sensitivity: float
    candidates: int
    segments: int


@dataclass(frozen=True, kw_only=True)
class SegmentResult(Result):
    """Segments in genome order with the noise they were found in.

    ``bins`` = ``bins_used`` + all ``dropped``. ``arms`` says whether centromeres were known, so
    that no segment crosses one. ``floor_bins`` counts bins (almost) without reads, which stand at
    ``floor``. ``steps_rejected`` counts steps no sharper than the sample's waves. ``snps`` is None
    where only log2 ratios were segmented.
    """

    schema_name: ClassVar[str] = "copynumber.segment"

    segments: tuple[Segment, ...]
    noise: Noise
    path: tuple[PathPoint, ...]
    bins: int
    bins_used: int
    floor_bins: int
    floor: float
    dropped: tuple[DroppedBins, ...]
    steps_rejected: int
    arms: bool
    params: SegmentParams
    snps: SnpSummary | None = None

    def labelled(self, sample: str, inputs: tuple[InputFile, ...]) -> Self:
        """Return the same result with the sample's name and its inputs."""
        return replace(self, sample=sample, inputs=inputs)
