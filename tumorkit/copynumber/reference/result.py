"""A panel of normals, and what was found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.result import Result
from tumorkit.copynumber.bias import Effect
from tumorkit.copynumber.reference.params import ReferenceParams
from tumorkit.copynumber.sex import Sex
from tumorkit.genome.bins import ReferenceBins


@dataclass(frozen=True, kw_only=True)
class Normal:
    """One normal of the panel.

    ``noise`` is the standard deviation of a bin by differences of neighbours, ``spread`` by the
    deviation from the panel (log2). ``altered`` is the share of autosomal bins on changed levels,
    ``empty`` the share of targets without reads, ``missing`` counts bins that it lacks. ``outlier``
    gives the reason, value and limit; empty for a good normal. ``pooled`` says if it counts.
    """

    sample: str
    sex: Sex
    noise: float
    spread: float
    altered: float
    empty: float
    missing: int
    outlier: str
    pooled: bool


@dataclass(frozen=True, kw_only=True)
class ComponentFit:
    """Variance that so many components leave in normals left out, relative to none."""

    components: int
    variance_left: float
    standard_error: float


@dataclass(frozen=True, kw_only=True)
class ReferenceResult(Result):
    """A reference: usual log2 and spread of each bin, shapes that normals share.

    ``bins`` = rows of ``reference``; ``left_out`` counts bins that fewer than half of the normals
    have. ``spread`` is the median spread of autosomal targets, ``rest`` after ``components``
    components, whose number ``component_fits`` explains. ``effects`` are the mean biases taken
    out of the pooled level. ``flat`` is a reference without normals.
    """

    schema_name: ClassVar[str] = "copynumber.reference"

    reference: ReferenceBins = field(metadata={"document": False})
    bins: int
    targets: int
    left_out: int
    flat: bool
    normals: tuple[Normal, ...]
    spread: float | None
    rest: float | None
    components: int
    component_fits: tuple[ComponentFit, ...]
    effects: tuple[Effect, ...]
    notes: tuple[str, ...] = ()
    params: ReferenceParams
