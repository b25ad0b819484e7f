"""A cut-off and how well it parts the cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.msi.calibrate.params import CalibrateParams


@dataclass(frozen=True, kw_only=True)
class CalibrateResult(Result):
    """Cut-off, and sensitivity and specificity on cases that did not set it.

    ``cutoff``'s interval is the range of cut-offs that part the cases equally well; ``area`` is the
    area under the receiver operating characteristic.
    """

    schema_name: ClassVar[str] = "msi.calibrate"
    main: ClassVar[str] = "cutoff"

    cutoff: Estimate
    sensitivity: Estimate
    specificity: Estimate
    area: float | None
    unstable_cases: int
    stable_cases: int
    left_out: int = 0
    notes: tuple[str, ...] = ()
    params: CalibrateParams = field(default_factory=CalibrateParams)
