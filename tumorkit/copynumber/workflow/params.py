"""Settings of a whole run: those of its steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.copynumber.alleles.params import AllelesParams
from tumorkit.copynumber.bins.params import BinsParams
from tumorkit.copynumber.call.params import CallParams
from tumorkit.copynumber.coverage.params import CoverageParams
from tumorkit.copynumber.normalize.params import NormalizeParams
from tumorkit.copynumber.segment.params import SegmentParams


@dataclass(frozen=True, kw_only=True)
class RunParams:
    """Settings of each step; the mapping quality of coverage is that of alleles, too."""

    bins: BinsParams = field(default_factory=BinsParams)
    coverage: CoverageParams = field(default_factory=CoverageParams)
    alleles: AllelesParams = field(default_factory=AllelesParams)
    normalize: NormalizeParams = field(default_factory=NormalizeParams)
    segment: SegmentParams = field(default_factory=SegmentParams)
    call: CallParams = field(default_factory=CallParams)
