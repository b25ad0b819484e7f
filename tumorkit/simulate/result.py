"""The result of a simulation: what was planted, in numbers, and which files hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.simulate.params import SimulateParams


@dataclass(frozen=True, kw_only=True)
class SimulateResult(Result):
    """The truth of a case. Values are exact: they were planted, not measured.

    ``tmb`` counts all coding somatic variants per coding megabase, ``tmb_nonsynonymous`` leaves
    out the synonymous ones; ``msi`` is the share of repeats that shifted.
    """

    schema_name: ClassVar[str] = "simulate"

    params: SimulateParams
    purity: Estimate
    ploidy: Estimate
    tmb: Estimate
    tmb_nonsynonymous: Estimate
    msi: Estimate
    targets: int
    genes: int
    coding_bases: int
    segments: int
    germline_variants: int
    somatic_snvs: int
    somatic_indels: int
    microsatellites: int
    shifted_microsatellites: int
    artefacts: int
    calls: int
    calls_passed: int
    reads: int
    files: tuple[str, ...] = ()
