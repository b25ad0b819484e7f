"""What a whole run found, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tumorkit.contract.result import InputFile, Result
from tumorkit.copynumber.call.result import ArmEvent, GenomeState
from tumorkit.copynumber.normalize.result import DropReason
from tumorkit.copynumber.workflow.params import RunParams


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """One step: the files it read and wrote, what it counted, what it says."""

    name: str
    inputs: tuple[InputFile, ...]
    files: tuple[str, ...]
    counted: Mapping[str, float | None]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SettledSex:
    """The person's sex and what tells it.

    ``by_coverage`` is that of X and Y (of the normal where there is one), ``by_alleles`` that of
    heterozygous SNPs on X of the normal; None where they do not tell. Where both contradict each
    other ``sex`` is None.
    """

    sex: str | None
    by_coverage: str | None
    by_alleles: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class RunQuality:
    """How good the data are.

    ``noise`` is the standard deviation of a target's log2 ratio by differences of neighbours,
    ``noise_before`` the same before biases were removed, ``lag50_ratio`` how much larger it is 50
    bins apart, ``wave_sd`` the slow wave. ``no_reads`` counts used bins without a read.
    """

    tumor_depth: float | None
    normal_depth: float | None
    bins: int
    bins_used: int
    no_reads: int
    noise: float | None
    noise_before: float | None
    noise_off_target: float | None
    lag50_ratio: float
    wave_sd: float
    snps_used: int | None


@dataclass(frozen=True, kw_only=True)
class RunResult(Result):
    """Copy number of a tumour from its reads.

    ``against`` says what it is held against. ``segments``, ``focal`` and ``unbalanced`` count
    segments: all, focal ones, those whose alleles are out of balance (p < .001; None without
    alleles). ``states`` counts segments by state. ``dropped`` tells why bins were left out; they
    are listed in ``dropped_bins.tsv``.
    """

    schema_name: ClassVar[str] = "copynumber.run"

    method: str
    against: str
    sex: SettledSex
    quality: RunQuality
    segments: int
    focal: int
    unbalanced: int | None
    states: Mapping[str, int]
    genes: int
    events: tuple[ArmEvent, ...]
    genome: GenomeState
    dropped: tuple[DropReason, ...]
    steps: tuple[StepReport, ...]
    notes: tuple[str, ...]
    params: RunParams
