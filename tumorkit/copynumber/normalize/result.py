"""Copy ratios of a sample, what was corrected, and every bin that could not be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.result import Result
from tumorkit.copynumber.bias import Effect
from tumorkit.copynumber.normalize.params import NormalizeParams
from tumorkit.copynumber.sex import Sex
from tumorkit.genome.segment import CopyRatios


@dataclass(frozen=True, kw_only=True)
class DroppedBin:
    """A bin that is left out: why, the value that decided, and the limit (None if none)."""

    contig: str
    start: int
    end: int
    gene: str
    reason: str
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True, kw_only=True)
class DropReason:
    """How many bins left for one reason."""

    reason: str
    targets: int
    off_targets: int


@dataclass(frozen=True, kw_only=True)
class NormalizeResult(Result):
    """Copy ratios against normals.

    ``bins`` of the sample = ``bins_used`` + bins of ``dropped`` that the sample has;
    ``only_reference`` counts bins that the reference has and the sample lacks. ``no_reads``
    counts used bins without a read: they stand as deep as half a read would, marked in
    ``empty`` (one flag per row of ``ratios``). ``against`` says what the sample is held against.
    ``center`` was subtracted to set the autosomes to 0, ``offset`` is how far off-target bins
    were moved towards targets. ``coefficients`` tell how much of each component was removed.
    ``noise`` is the standard deviation of a target by differences of neighbours,
    ``noise_before`` the same before biases and components were removed. ``haploid_x_reference``
    is true where one X stands at log2 0, None where that is not known. ``left_out_normal`` names
    the panel's own member, where the sample is one.
    """

    schema_name: ClassVar[str] = "copynumber.normalize"

    ratios: CopyRatios = field(metadata={"document": False})
    empty: NDArray[np.bool_] = field(metadata={"document": False})
    against: str
    sex: Sex
    bins: int
    bins_used: int
    only_reference: int
    no_reads: int
    drop_reasons: tuple[DropReason, ...]
    dropped: tuple[DroppedBin, ...]
    center: float
    offset: float | None
    noise: float | None
    noise_before: float | None
    noise_off_target: float | None
    effects: tuple[Effect, ...]
    coefficients: tuple[float, ...]
    haploid_x_reference: bool | None
    left_out_normal: str = ""
    notes: tuple[str, ...] = ()
    params: NormalizeParams
